/** Measures how one agent that floods an instance, or moves large answers, slows another that asks now and then. */
import { setTimeout as delay } from "node:timers/promises";
import { getGodot } from "../scripts/get-godot.mjs";
import { HubProcess } from "../test/support/hub-process.ts";
import { Studio } from "../test/support/studio.ts";
import { Caller } from "./parts/caller.ts";
import { quantile } from "./parts/measure.ts";
import { endAll, type Load, startLoad, startPart } from "./parts/processes.ts";

const ROUNDS = 7;
const CALLS = 200;
const FLOOD_DEPTH = "200";
const LARGE_BYTES = String(8 * 1024 * 1024);
/** Until a load that was turned on or off has taken effect, ms. */
const SETTLE_MS = 200;

/** Runs the benchmark and prints its figures. */
export async function fairness(): Promise<void> {
  await withHub(async ({ url, token }) => {
    // Half a millisecond for each command: ten times what a small one takes in a real editor.
    await startPart("target", [url, token, "", "0.5"]);
    const load = await startLoad([url, token, "bench", "bytes", "100", FLOOD_DEPTH]);
    await beside("a flood of small commands", await lightClient(url, token, "bench", "bytes"), load, 0.95);
  });
  await withHub(async ({ url, token }) => {
    await startPart("target", [url, token]);
    await startPart("target", [url, token, "", "0", "large"]);
    const load = await startLoad([url, token, "large", "bytes", LARGE_BYTES, "2"]);
    await beside("8 MB answers of another instance", await lightClient(url, token, "bench", "bytes"), load, 0.99);
  });
  process.env.GODOT = await getGodot();
  const studio = await Studio.open();
  try {
    const { url, token } = studio.hub;
    await studio.editors(["fair"]);
    const load = await startLoad([url, token, "fair", "run.status", "0", FLOOD_DEPTH]);
    await beside("a flood of a real editor", await lightClient(url, token, "fair", "run.status"), load, 0.95);
  } finally {
    endAll();
    await studio.dispose();
  }
}

async function withHub(run: (hub: HubProcess) => Promise<void>): Promise<void> {
  const hub = await HubProcess.start();
  try {
    await run(hub);
  } finally {
    endAll();
    await hub.dispose();
  }
}

async function lightClient(url: string, token: string, target: string, command: string): Promise<Caller> {
  const light = await Caller.connect(url, token, target, command);
  await light.untilAnswered();
  return light;
}

/** Measures the light client alone and beside the load, in turns. */
async function beside(what: string, light: Caller, load: Load, q: number): Promise<void> {
  const alone: number[] = [];
  const together: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(...(await lightCalls(light)));
    load.start();
    await delay(SETTLE_MS);
    together.push(...(await lightCalls(light)));
    load.stop();
    await delay(SETTLE_MS);
  }
  const at = (times: number[]) =>
    quantile(
      times.toSorted((a, b) => a - b),
      q,
    );
  const [before, after] = [at(alone), at(together)];
  const ratio = (after / before).toFixed(2);
  console.log(
    `  light client p${q * 100}: alone ${before.toFixed(2)} ms, beside ${what} ${after.toFixed(2)} ms: x${ratio}`,
  );
}

async function lightCalls(light: Caller): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    const begin = performance.now();
    await light.call(0);
    times.push(performance.now() - begin);
  }
  return times;
}
