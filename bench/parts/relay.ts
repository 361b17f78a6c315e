/**
 * The least that could stand between two ends: forwards frames unread between the one client and the one target that
 * connect to it (`/target`). Arguments: none. Prints its port.
 */
import { type WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, maxPayload: 0 });
let target: WebSocket | undefined;
let client: WebSocket | undefined;
server.on("connection", (socket, request) => {
  if (request.url === "/target") {
    target = socket;
    socket.on("message", (data, binary) => client?.send(data, { binary }));
  } else {
    client = socket;
    socket.on("message", (data, binary) => target?.send(data, { binary }));
  }
});
server.on("listening", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(address.port);
});
