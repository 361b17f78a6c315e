/** Connections that go silent, stop reading, or come by the thousand. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { HubObserver } from "../support/hub-observer.ts";
import { HubProcess } from "../support/hub-process.ts";
import { isLong } from "../support/length.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { until, within } from "../support/wait.ts";
import { Relay } from "./relay.ts";

const MIB = 1024 * 1024;

/** What `start` makes is disposed of after the test, the latest first. */
const disposables: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const dispose of disposables.splice(0).reverse()) await dispose();
});

async function startHub(args: readonly string[] = []): Promise<{ hub: HubProcess; observer: HubObserver }> {
  const hub = await HubProcess.start({ args });
  disposables.push(() => hub.dispose());
  const observer = await HubObserver.open(hub);
  disposables.push(() => observer.close());
  return { hub, observer };
}

async function startEditor(
  { token }: HubProcess,
  url: string,
  handlers?: Record<string, (command: { params: Record<string, unknown> }) => unknown>,
): Promise<StubInstance> {
  // Its process is on another machine, for all that can be seen from here.
  const far = { epoch: "far", identify: { instance: { epoch: "far" } } };
  const editor = new StubInstance({ ...far, ...(handlers && { handlers }) });
  await editor.connect(url, token);
  disposables.push(() => editor.client.terminate());
  return editor;
}

async function startAdapter({ url, token }: HubProcess): Promise<ProtocolClient> {
  const { client } = await openAdapter(url, token);
  disposables.push(() => client.terminate());
  return client;
}

describe("half-open TCP", () => {
  const times = isLong ? [] : ["--heartbeat-interval-ms", "300", "--heartbeat-timeout-ms", "900"];
  const deadlineMs = 90_000;

  it("is noticed by the heartbeat and frees the slot, and a command in flight is answered", async () => {
    const { hub, observer } = await startHub([...times, "--max-connections", "3", "--resume-grace-ms", "100"]);
    const relay = await Relay.start(hub.port);
    disposables.push(() => relay.dispose());
    const editor = await startEditor(hub, relay.url, { "node.add": () => new Promise(() => {}) });
    const adapter = await startAdapter(hub);
    const command = adapter.request("node.add", {}, { deadlineMs: 2 * deadlineMs }, { deadlineMs });
    await until(() => editor.executed.length === 1, { what: "the command" });
    relay.swallow();
    expect((await command).error).toMatchObject({ data: { kind: "OUTCOME_UNKNOWN" } });
    expect(await observer.instances()).toEqual([]);
    const slotIsFree = () => openAdapter(hub.url, hub.token).catch(() => undefined);
    const { client } = await until(slotIsFree, { what: "a free slot", deadlineMs });
    client.terminate();
    expect(adapter.isOpen).toBe(true);
    const counters = await observer.untilIdle();
    expect(counters.accepted).toBe(counters.answered);
  }, 200_000);
});

describe("a client that stops reading", () => {
  it("is closed with 4430; the hub's memory is bounded and its neighbour notices nothing", async () => {
    const { hub, observer } = await startHub();
    await startEditor(hub, hub.url, { bytes: ({ params }) => "x".repeat(Number(params.size)) });
    const [stalled, neighbour] = [await startAdapter(hub), await startAdapter(hub)];
    await neighbour.request("bytes", { size: 4 * MIB });
    const memoryBefore = residentBytes(hub.pid);
    const alone = await medianMs(50, () => neighbour.request("bytes", { size: 200 }));
    stalled.stopReading();
    let peak = memoryBefore;
    let sent = 0;
    const beside = await medianMs(64, async () => {
      stalled.sendMessage({ jsonrpc: "2.0", id: `s${sent}`, method: "bytes", params: { size: 4 * MIB } });
      sent += 1;
      await observer.untilIdle();
      peak = Math.max(peak, residentBytes(hub.pid));
      const startedAt = performance.now();
      expect((await neighbour.request("bytes", { size: 200 })).error).toBeUndefined();
      return performance.now() - startedAt;
    });
    stalled.resumeReading();
    expect((await within(stalled.closed, { what: "the close", deadlineMs: 30_000 })).code).toBe(4430);
    console.info(
      `hub +${Math.round((peak - memoryBefore) / MIB)} MiB; p50 ${alone.toFixed(2)} ms alone, ${beside.toFixed(2)} ms beside`,
    );
    // Its answers have 256 MiB; an unbounded hub would hold all of them.
    expect(peak - memoryBefore).toBeLessThan(128 * MIB);
    expect(beside).toBeLessThan(10 * alone + 250);
    const counters = await observer.untilIdle();
    expect(counters.accepted).toBe(counters.answered);
  }, 120_000);

  /** Median over `count` runs: of what `work` returns, or of how long it takes. */
  async function medianMs(count: number, work: () => Promise<unknown>): Promise<number> {
    const durations: number[] = [];
    for (let run = 0; run < count; run += 1) {
      const startedAt = performance.now();
      const measured = await work();
      durations.push(typeof measured === "number" ? measured : performance.now() - startedAt);
    }
    return durations.toSorted((a, b) => a - b)[count >> 1] ?? 0;
  }
});

describe("a thousand clients at once", () => {
  const COUNT = 1_000;

  it("connect, identify and leave: all are served and the registry is empty afterwards", async () => {
    const { hub, observer } = await startHub(["--max-connections", String(COUNT + 10)]);
    const memoryBefore = residentBytes(hub.pid);
    const startedAt = performance.now();
    const visit = async (): Promise<ProtocolClient> => {
      const { client } = await openAdapter(hub.url, hub.token);
      const { error } = await client.request("hub.status", {}, {}, { deadlineMs: 60_000 });
      expect(error).toBeUndefined();
      return client;
    };
    const visitors = await Promise.all(Array.from({ length: COUNT }, visit));
    console.info(`${COUNT} clients served in ${Math.round(performance.now() - startedAt)} ms`);
    expect((await observer.status()).clients).toBe(COUNT + 1);
    await Promise.all(visitors.map((client) => client.close()));
    await until(async () => (await observer.status()).clients === 1, { what: "an empty registry", deadlineMs: 30_000 });
    expect(await observer.clients()).toEqual([]);
    const grownMib = Math.round((residentBytes(hub.pid) - memoryBefore) / MIB);
    console.info(`hub +${grownMib} MiB after they have left`);
    expect(grownMib).toBeLessThan(100);
  }, 120_000);
});

/** Memory that a process holds, from /proc. */
function residentBytes(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return Number(kib) * 1024;
}
