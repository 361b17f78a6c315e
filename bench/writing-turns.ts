/** Measures each session's share of the time when several write one resource without a pause, for a minute. */
import { setTimeout as delay } from "node:timers/promises";
import { HubProcess } from "../test/support/hub-process.ts";
import { openAdapter, type ProtocolClient } from "../test/support/protocol-client.ts";
import { StubInstance } from "../test/support/stub-instance.ts";

const MINUTE_MS = 60_000;
/** As long as a small write of a real editor. */
const WRITE_MS = 2;
const EXPLICIT_MS = 1_000;

/** Runs the benchmark and prints its figures. */
export async function writingTurns(): Promise<void> {
  console.log(
    "  writers of      | writes of each: least, most | of an even share: least, most | longest wait | refused",
  );
  for (const [count, resource, explicit] of [
    [2, "scene:res://a.tscn", false],
    [4, "script:res://a.gd", false],
    [4, "scene:res://a.tscn", true],
    [20, "run", false],
  ] as const) {
    const { writes, longestMs, refused } = await minuteOf(count, resource, explicit);
    const even = writes.reduce((sum, each) => sum + each, 0) / count;
    const [least, most] = [Math.min(...writes), Math.max(...writes)];
    const name = `${count} x ${resource.split(":")[0]}${explicit ? ", explicit" : ""}`;
    const shares = `${(least / even).toFixed(2)}, ${(most / even).toFixed(2)}`;
    console.log(
      `  ${name.padEnd(19)} | ${least}, ${most} | ${shares} | ${(longestMs / 1_000).toFixed(1)} s | ${refused}`,
    );
  }
}

interface Minute {
  readonly writes: readonly number[];
  readonly longestMs: number;
  readonly refused: number;
}

/** @param explicit With one more session that takes the lease by name, for a second, again and again. */
async function minuteOf(count: number, resource: string, explicit: boolean): Promise<Minute> {
  const hub = await HubProcess.start({ args: ["--writes-per-minute", "0"] });
  const editor = new StubInstance({ handlers: { "node.add": () => delay(WRITE_MS, {}) } });
  const clients: ProtocolClient[] = [];
  try {
    await editor.connect(hub.url, hub.token);
    for (let index = 0; index <= count; index += 1) clients.push((await openAdapter(hub.url, hub.token)).client);
    const [taker, ...writers] = clients as [ProtocolClient, ...ProtocolClient[]];
    const end = performance.now() + MINUTE_MS;
    let [longestMs, refused] = [0, 0];
    const writes = writers.map(async (client) => {
      let done = 0;
      while (performance.now() < end) {
        const began = performance.now();
        const { error } = await client.request("node.add", {}, { resources: [resource] }, { deadlineMs: MINUTE_MS });
        longestMs = Math.max(longestMs, performance.now() - began);
        if (error) refused += 1;
        else done += 1;
      }
      return done;
    });
    const taking = explicit ? takeAgainAndAgain(taker, resource, end) : undefined;
    const result = { writes: await Promise.all(writes), longestMs, refused };
    await taking;
    return { ...result, longestMs, refused };
  } finally {
    for (const client of clients) client.terminate();
    editor.client.terminate();
    await hub.dispose();
  }
}

async function takeAgainAndAgain(client: ProtocolClient, resource: string, end: number): Promise<void> {
  const params = { resources: [resource] };
  while (performance.now() < end) {
    const { error } = await client.request("hub.acquire_lease", { ...params, durationMs: EXPLICIT_MS });
    if (!error) await delay(EXPLICIT_MS / 2);
    await client.request("hub.release_lease", params);
    await delay(EXPLICIT_MS);
  }
}
