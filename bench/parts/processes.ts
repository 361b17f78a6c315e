/** The processes that benchmarks start, each on its own, and ended with the benchmark. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const children: ChildProcess[] = [];
process.once("exit", () => endAll());

/** Ends everything that was started here. */
export function endAll(): void {
  for (const child of children.splice(0)) child.kill("SIGKILL");
}

/** Starts a script of `bench/parts/` and waits for its first line, a port. */
export async function startPart(name: string, args: readonly string[] = []): Promise<number> {
  const child = start(name, args);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return Number(line);
}

/** A load that can be turned on and off. */
export interface Load {
  start(): void;
  stop(): void;
}

/** Starts `bench/parts/load.ts` with its arguments and waits until it is connected. */
export async function startLoad(args: readonly string[]): Promise<Load> {
  const child = start("load", args);
  await once(createInterface({ input: child.stdout }), "line");
  return { start: () => void child.stdin.write("start\n"), stop: () => void child.stdin.write("stop\n") };
}

function start(name: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", path, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}
