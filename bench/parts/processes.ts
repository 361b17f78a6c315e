/** The processes that benchmarks start, each on its own, and ended with the benchmark. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const children: ChildProcess[] = [];
process.once("exit", () => endAll());

/** Ends everything that was started here. */
export function endAll(): void {
  for (const child of children.splice(0)) child.kill("SIGKILL");
}

/** Starts a script of `bench/parts/` and waits for its first line, a port. */
export async function startPart(name: string, args: readonly string[] = []): Promise<number> {
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return Number(line);
}
