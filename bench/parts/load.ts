/**
 * Makes another client's load in a separate process: keeps `depth` requests in flight between the lines "start" and
 * "stop" on its stdin. Arguments: the hub's url and token, the target, the command, the bytes of an answer, the depth.
 * Prints 0 once it is connected.
 */
import { createInterface } from "node:readline";
import { Caller } from "./caller.ts";

const [url = "", token = "", target = "", command = "", bytes = "0", depth = "1"] = process.argv.slice(2);
const caller = await Caller.connect(url, token, target, command);
let isRunning = false;

async function lane(): Promise<void> {
  while (isRunning) await caller.call(Number(bytes));
}

createInterface({ input: process.stdin }).on("line", (line) => {
  isRunning = line === "start";
  if (isRunning) for (let n = 0; n < Number(depth); n += 1) void lane();
});
process.stdin.on("end", () => process.exit(0));
console.log(0);
