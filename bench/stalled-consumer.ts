/** Measures the cost of a client that asks for 256 MB and reads nothing, for the hub and for another client. */
import { HubProcess } from "../test/support/hub-process.ts";
import { openAdapter } from "../test/support/protocol-client.ts";
import { Caller } from "./parts/caller.ts";
import { quantile } from "./parts/measure.ts";
import { memoryOf } from "./parts/process-figures.ts";
import { endAll, startPart } from "./parts/processes.ts";

const MIB = 1024 * 1024;
const ANSWERS = 64;
const ANSWER_BYTES = 4 * MIB;
const CALLS = 300;

/** Runs the benchmark and prints its figures; memory is read from /proc, so on Linux only. */
export async function stalledConsumer(): Promise<void> {
  const hub = await HubProcess.start();
  try {
    await startPart("target", [hub.url, hub.token]);
    const neighbour = await Caller.connect(hub.url, hub.token);
    await neighbour.untilAnswered();
    const alone = await p50(neighbour);
    const before = memoryOf(hub.pid);
    const { client } = await openAdapter(hub.url, hub.token);
    client.stopReading();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, memoryOf(hub.pid));
    }, 20);
    for (let n = 0; n < ANSWERS; n += 1) {
      client.sendMessage({ jsonrpc: "2.0", id: `s${n}`, method: "bytes", params: { size: ANSWER_BYTES } });
    }
    const beside = await p50(neighbour);
    clearInterval(watch);
    const grown = (bytes: number) => `+${((bytes - before) / MIB).toFixed(0)} MiB`;
    console.log(
      `  hub: ${grown(memoryOf(hub.pid))} after ${(ANSWERS * ANSWER_BYTES) / MIB} MiB (goal: +64 or less), ${grown(most)} at most`,
    );
    console.log(
      `  a neighbour's p50: alone ${alone.toFixed(3)} ms, beside it ${beside.toFixed(3)} ms: x${(beside / alone).toFixed(2)}`,
    );
    client.terminate();
  } finally {
    endAll();
    await hub.dispose();
  }
}

async function p50(caller: Caller): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    const begin = performance.now();
    await caller.call(100);
    times.push(performance.now() - begin);
  }
  return quantile(
    times.toSorted((a, b) => a - b),
    0.5,
  );
}
