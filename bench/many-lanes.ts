/** Measures the throughput of eight clients on four instances at once, against as many connections without a hub. */
import { HubProcess } from "../test/support/hub-process.ts";
import { Caller } from "./parts/caller.ts";
import { quantile } from "./parts/measure.ts";
import { endAll, startPart } from "./parts/processes.ts";

const INSTANCES = 4;
const CLIENTS = 8;
const DEPTH = 8;
const CALLS = 3_000;
const TURNS = 5;

/** Runs the benchmark and prints its figures. */
export async function manyLanes(): Promise<void> {
  const hub = await HubProcess.start();
  try {
    const names = Array.from({ length: INSTANCES }, (_, n) => `lane-${n}`);
    const ports = await Promise.all(names.map((name) => startPart("target", [hub.url, hub.token, "", "0", name])));
    const indexes = Array.from({ length: CLIENTS }, (_, n) => n);
    const direct = await Promise.all(indexes.map((n) => Caller.connect(`ws://127.0.0.1:${ports[n % INSTANCES]}`)));
    const through = await Promise.all(indexes.map((n) => Caller.connect(hub.url, hub.token, names[n % INSTANCES])));
    for (const caller of through) await caller.untilAnswered();
    const rates = { direct: [] as number[], through: [] as number[] };
    for (let turn = 0; turn <= TURNS; turn += 1) {
      const [without, beside] = [await rateOf(direct), await rateOf(through)];
      if (turn === 0) continue;
      rates.direct.push(without);
      rates.through.push(beside);
    }
    const [without, beside] = [median(rates.direct), median(rates.through)];
    console.log(
      `  ${CLIENTS} clients on ${INSTANCES} instances, 200 B, ${DEPTH} in flight each: direct ${without.toFixed(0)}/s, through the hub ${beside.toFixed(0)}/s: x${(beside / without).toFixed(2)} (goal: 0.35 or more)`,
    );
  } finally {
    endAll();
    await hub.dispose();
  }
}

/** Calls a second of all callers together. */
async function rateOf(callers: readonly Caller[]): Promise<number> {
  const begin = performance.now();
  let left = CALLS;
  const lane = async (caller: Caller) => {
    while (left > 0) {
      left -= 1;
      await caller.call(100);
    }
  };
  await Promise.all(callers.flatMap((caller) => Array.from({ length: DEPTH }, () => lane(caller))));
  return (CALLS * 1_000) / (performance.now() - begin);
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
