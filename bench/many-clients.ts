/** Measures a thousand clients: their cost when idle, and the cost of an event to all of them. */
import { setTimeout as delay } from "node:timers/promises";
import { HubProcess } from "../test/support/hub-process.ts";
import { openAdapter, type ProtocolClient } from "../test/support/protocol-client.ts";
import { StubInstance } from "../test/support/stub-instance.ts";
import { until } from "../test/support/wait.ts";
import { cpuMsOf, memoryOf } from "./parts/process-figures.ts";

const CLIENTS = 1_000;
const IDLE_MS = 10_000;
const SETTLE_MS = 3_000;
const EVENTS = 50;
const EVENT_BYTES = 4 * 1024;

/** Runs the benchmark and prints its figures; memory and CPU are read from /proc, so on Linux only. */
export async function manyClients(): Promise<void> {
  // A tenth of the real interval, so that ten seconds have as many heartbeats as a hundred.
  const hub = await HubProcess.start({
    args: ["--max-connections", "1100", "--heartbeat-interval-ms", "3000", "--resume-grace-ms", "0"],
  });
  const clients: ProtocolClient[] = [];
  try {
    const editor = new StubInstance();
    await editor.connect(hub.url, hub.token);
    // Once before, so that the process's first permanent growth does not count as the clients'.
    for (const client of await connectAll(hub)) client.terminate();
    await delay(SETTLE_MS);
    const before = memoryOf(hub.pid);
    const begin = performance.now();
    clients.push(...(await connectAll(hub)));
    console.log(`  ${CLIENTS} clients connected and identified in ${(performance.now() - begin).toFixed(0)} ms`);
    await delay(SETTLE_MS);
    console.log(`  memory: ${((memoryOf(hub.pid) - before) / CLIENTS / 1024).toFixed(1)} KiB each (goal: 20 or less)`);
    const cpu = cpuMsOf(hub.pid);
    await delay(IDLE_MS);
    const share = (cpuMsOf(hub.pid) - cpu) / IDLE_MS;
    console.log(
      `  heartbeats every 3 s: ${(share * 100).toFixed(1)} % of a core, so ${(share * 10).toFixed(2)} % at 30 s (goal: 1 or less)`,
    );
    await fanOut(hub, editor, clients);
  } finally {
    for (const client of clients) client.terminate();
    await hub.dispose();
  }
}

async function connectAll(hub: HubProcess): Promise<ProtocolClient[]> {
  const clients: ProtocolClient[] = [];
  for (let n = 0; n < CLIENTS; n += 100) {
    const opened = await Promise.all(Array.from({ length: 100 }, () => openAdapter(hub.url, hub.token)));
    clients.push(...opened.map(({ client }) => client));
  }
  return clients;
}

async function fanOut(hub: HubProcess, editor: StubInstance, clients: readonly ProtocolClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.request("hub.subscribe", { events: ["bench.*"] })));
  const text = "x".repeat(EVENT_BYTES);
  const cpu = cpuMsOf(hub.pid);
  for (let n = 0; n < EVENTS; n += 1) editor.emit("bench.event", { text });
  await until(() => clients.every(({ queued }) => queued.length >= EVENTS), {
    what: "every event",
    deadlineMs: 60_000,
  });
  const us = ((cpuMsOf(hub.pid) - cpu) * 1_000) / EVENTS / clients.length;
  console.log(`  an event of 4 KB to ${clients.length} subscribers: ${us.toFixed(1)} µs of the hub's CPU each`);
}
