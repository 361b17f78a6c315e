/** One agent that floods an instance, and another that asks now and then: what the second one notices. */
import { getGodot } from "../scripts/get-godot.mjs";
import { HubProcess } from "../test/support/hub-process.ts";
import { Studio } from "../test/support/studio.ts";
import { until } from "../test/support/wait.ts";
import { Caller } from "./parts/caller.ts";
import { quantile } from "./parts/measure.ts";
import { endAll, startPart } from "./parts/processes.ts";

const ROUNDS = 5;
const CALLS = 200;
const FLOOD_DEPTH = 200;
const MIB = 1024 * 1024;

/** Runs the benchmark and prints its figures. */
export async function fairness(): Promise<void> {
  const hub = await HubProcess.start();
  try {
    // An instance that takes half a millisecond for each command, ten times what a small one takes in a real editor.
    await startPart("target", [hub.url, hub.token, "", "0.5"]);
    const light = await Caller.connect(hub.url, hub.token);
    const flooding = await Caller.connect(hub.url, hub.token);
    await until(() => light.call(1).then(() => true), { what: "the target" });
    await beside("a flood of small commands", light, () => flooding.call(100), FLOOD_DEPTH, 0.95);
  } finally {
    endAll();
    await hub.dispose();
  }
  await large();
  await editor();
}

/** The same beside a flood, with a real headless editor. */
async function editor(): Promise<void> {
  process.env.GODOT = await getGodot();
  const studio = await Studio.open();
  try {
    await studio.editors(["fair"]);
    const [light, flooding] = [
      await Caller.connect(studio.hub.url, studio.hub.token, "fair", "run.status"),
      await Caller.connect(studio.hub.url, studio.hub.token, "fair", "run.status"),
    ];
    await beside("a flood of a real editor", light, () => flooding.call(0), FLOOD_DEPTH, 0.95);
  } finally {
    await studio.dispose();
  }
}

/** Small commands of one client to one instance while another moves 8 MB answers of another instance. */
async function large(): Promise<void> {
  const hub = await HubProcess.start();
  try {
    await startPart("target", [hub.url, hub.token]);
    await startPart("target", [hub.url, hub.token, "", "0", "large"]);
    const light = await Caller.connect(hub.url, hub.token, "bench");
    const heavy = await Caller.connect(hub.url, hub.token, "large");
    await until(() => light.call(1).then(() => true), { what: "the target" });
    await until(() => heavy.call(1).then(() => true), { what: "the other target" });
    await beside("8 MB answers", light, () => heavy.call(8 * MIB), 2, 0.99);
  } finally {
    endAll();
    await hub.dispose();
  }
}

/** Measures the light client alone and beside the load, in turns. */
async function beside(what: string, light: Caller, load: () => Promise<void>, depth: number, q: number): Promise<void> {
  const alone: number[] = [];
  const together: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(...(await lightCalls(light)));
    let isOver = false;
    const lanes = Array.from({ length: depth }, async () => {
      while (!isOver) await load();
    });
    together.push(...(await lightCalls(light)));
    isOver = true;
    await Promise.all(lanes);
  }
  const [before, beside] = [alone, together].map((times) =>
    quantile(
      times.toSorted((a, b) => a - b),
      q,
    ),
  ) as [number, number];
  const p = `p${q * 100}`;
  console.log(
    `  light client ${p}: alone ${before.toFixed(2)} ms, beside ${what} ${beside.toFixed(2)} ms: x${(beside / before).toFixed(2)}`,
  );
}

async function lightCalls(light: Caller): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    const begin = performance.now();
    await light.call(100);
    times.push(performance.now() - begin);
  }
  return times;
}
