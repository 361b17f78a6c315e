/** A blind TCP pipe, the floor of anything in Node that stands between two ends. Argument: the port behind it. Prints its own port. */
import { connect, createServer } from "node:net";

const behind = Number(process.argv[2]);
const server = createServer((near) => {
  const far = connect(behind, "127.0.0.1");
  for (const socket of [near, far]) {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
  }
  near.pipe(far);
  far.pipe(near);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(address.port);
});
