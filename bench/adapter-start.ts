/** Measures an adapter's start, which each AI client and subagent pays: time from spawn to the first answer, and memory. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ADAPTER_PROGRAM } from "../test/support/mcp-client.ts";
import { envelope } from "../test/support/modern-client.ts";
import { quantile } from "./parts/measure.ts";
import { memoryOf } from "./parts/process-figures.ts";

const TURNS = 15;
const BARE_SERVER = fileURLToPath(new URL("parts/bare-server.mjs", import.meta.url));
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
};

const DISCOVER = { jsonrpc: "2.0", id: 1, method: "server/discover", params: envelope() };

/** Runs the benchmark and prints its figures. */
export async function adapterStart(): Promise<void> {
  const starts = [
    { program: BARE_SERVER, opening: INITIALIZE },
    { program: ADAPTER_PROGRAM, opening: INITIALIZE },
    { program: ADAPTER_PROGRAM, opening: DISCOVER },
  ];
  const seen = starts.map(() => ({ times: [] as number[], memory: [] as number[] }));
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const [index, { program, opening }] of starts.entries()) {
      const { ms, bytes } = await startOnce(program, opening);
      if (turn === 0) continue;
      seen[index]?.times.push(ms);
      seen[index]?.memory.push(bytes);
    }
  }
  const [bare, adapter, modern] = seen.map(({ times, memory }) => ({
    ms: median(times),
    mib: median(memory) / 1024 ** 2,
  }));
  if (!bare || !adapter || !modern) return;
  console.log(`  an empty server on the unbundled SDK: ${bare.ms.toFixed(0)} ms, ${bare.mib.toFixed(0)} MiB`);
  console.log(
    `  the adapter: ${adapter.ms.toFixed(0)} ms, ${adapter.mib.toFixed(0)} MiB: x${(adapter.ms / bare.ms).toFixed(2)} (goal: 0.60 or less, 60 MB or less)`,
  );
  console.log(`  the adapter for a client of MCP 2026-07-28: ${modern.ms.toFixed(0)} ms, ${modern.mib.toFixed(0)} MiB`);
}

async function startOnce(program: string, opening: object): Promise<{ ms: number; bytes: number }> {
  const begin = performance.now();
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.write(`${JSON.stringify(opening)}\n`);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const ms = performance.now() - begin;
  const bytes = memoryOf(child.pid ?? 0);
  child.kill("SIGKILL");
  return { ms, bytes };
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
