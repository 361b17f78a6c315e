/**
 * The far end of the relay benchmarks, in a separate process: a WebSocket server for the direct variant, and a Godot
 * client of a hub for the others. A command `bytes`, which reads, or `store_bytes`, which writes, is answered with a string of
 * `params.size` bytes.
 *
 * Arguments: the hub's url and token, the url of a relay, the time (ms) that a command keeps it busy, and its project. Prints the port of the server as its first line.
 */
import { WebSocket, WebSocketServer } from "ws";

const [hubUrl, token, relayUrl, workMs = "0", project = "bench"] = process.argv.slice(2);

const IDENTIFY = {
  type: "identify",
  clientType: "godot",
  clientVersion: "1",
  godotVersion: "4",
  project: { name: project, path: `/${project}` },
  instance: { epoch: project, pid: process.pid },
  capabilities: {
    commands: [
      { name: "bytes", description: "A text of any size.", readOnly: true, paramsSchema: {} },
      { name: "store_bytes", description: "The same, as a write.", readOnly: false, paramsSchema: {} },
    ],
    features: [],
  },
};

const answers = new Map<number, string>();

/** Everything of an answer but its id, made once: the target's own cost stays out of the figures. */
function answerTo(frame: string): string | undefined {
  const id = /"id":"([^"]*)"/.exec(frame)?.[1];
  if (id === undefined || !frame.includes('"method"')) return undefined;
  const size = Number(/"size":(\d+)/.exec(frame)?.[1] ?? 0);
  work(Number(workMs));
  let tail = answers.get(size);
  if (tail === undefined) {
    tail = `","jsonrpc":"2.0","result":"${"x".repeat(size)}"}`;
    answers.set(size, tail);
  }
  return `{"id":"${id}${tail}`;
}

/** Keeps this process busy, as a command keeps an editor's main thread. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, maxPayload: 0 });
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const answer = answerTo(data.toString());
    if (answer !== undefined) socket.send(answer);
  });
});
server.on("listening", () => {
  const address = server.address();
  if (typeof address === "object" && address) console.log(address.port);
});

/** Answers requests on a connection that this process opens; to a hub, after the handshake. */
function dial(url: string, headers: Record<string, string>): void {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload: 0 });
  socket.on("message", (data) => {
    const frame = data.toString();
    if (frame.startsWith('{"type":"handshake"')) socket.send(JSON.stringify(IDENTIFY));
    const answer = answerTo(frame);
    if (answer !== undefined) socket.send(answer);
  });
  socket.on("close", () => process.exit(0));
}

if (hubUrl && token) dial(hubUrl, { Authorization: `Bearer ${token}` });
if (relayUrl) dial(relayUrl, {});
