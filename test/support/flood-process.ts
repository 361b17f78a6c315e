/**
 * Sends to a port without end in a separate process: opens sockets, sends the given opening, and then the same bytes again and
 * again, as fast as they are taken. Argument: a `FloodPlan` as JSON. Prints a line when all are open; sends between the lines
 * "start" and "stop" on its stdin.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** What a flood is made of; bytes as base64. */
export interface FloodPlan {
  port: number;
  sockets: number;
  /** Said once by each socket, and what the answer must hold before anything else is said. */
  opening: { say: string; until: string }[];
  /** Said again and again. */
  flood: string;
  /** Times that it is said by each socket; absent: without end. */
  times?: number;
  /** A socket that is closed is opened again. */
  again?: boolean;
}

/** Bytes that are written at once. */
const BLOCK_BYTES = 64 * 1024;

const plan: FloodPlan = JSON.parse(process.argv[2] ?? "{}");
const said = Buffer.from(plan.flood, "base64");
const block = Buffer.concat(Array.from({ length: Math.max(1, Math.floor(BLOCK_BYTES / said.length)) }, () => said));
let isRunning = false;
const open = new Set<Socket>();

async function visit(): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port: plan.port, noDelay: true });
  let heard = "";
  const more = () =>
    new Promise<void>((resolve) => socket.once("data", () => resolve()).once("close", () => resolve()));
  socket.on("data", (chunk: Buffer) => {
    heard = (heard + chunk.toString("latin1")).slice(-4_096);
  });
  socket.on("error", () => {});
  socket.once("close", () => {
    open.delete(socket);
    if (plan.again) void visit();
  });
  for (const { say, until } of plan.opening) {
    heard = "";
    socket.write(Buffer.from(say, "base64"));
    while (!heard.includes(until) && !socket.closed) await more();
  }
  if (socket.closed) return;
  open.add(socket);
  if (isRunning) send(socket);
}

function send(socket: Socket): void {
  if (plan.times !== undefined) {
    socket.write(Buffer.concat(Array.from({ length: plan.times }, () => said)));
    return;
  }
  const goOn = (): void => {
    while (isRunning && !socket.closed && socket.write(block));
    if (isRunning && !socket.closed) socket.once("drain", goOn);
  };
  goOn();
}

createInterface({ input: process.stdin }).on("line", (line) => {
  isRunning = line === "start";
  if (isRunning) for (const socket of open) send(socket);
});
process.stdin.on("end", () => process.exit(0));
await Promise.all(Array.from({ length: plan.sockets }, visit));
console.log(open.size);
