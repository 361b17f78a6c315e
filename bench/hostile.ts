/** Measures a flooded hub's service for other clients: a light client's answers, and a new client's wait for `identified`. */
import { setTimeout as delay } from "node:timers/promises";
import { Flood, type FloodOptions } from "../test/support/flood.ts";
import { HubProcess } from "../test/support/hub-process.ts";
import { openAdapter } from "../test/support/protocol-client.ts";
import { OPCODES, rawFrame } from "../test/support/raw-frames.ts";
import { StubInstance } from "../test/support/stub-instance.ts";
import { quantile } from "./parts/measure.ts";

const SOCKETS = 40;
const LOOK_MS = 4_000;
const HEARTBEAT = rawFrame({ payload: '{"type":"heartbeat","timestamp":1}' });
const AGENT = { clientType: "mcp" };
const request = (method: string) =>
  rawFrame({ payload: `{"jsonrpc":"2.0","id":"a","method":"${method}","params":{}}` });

/** Each flood; `token` is filled in. */
const FLOODS: readonly (readonly [name: string, options: Omit<FloodOptions, "port">, hasToken: boolean])[] = [
  ["heartbeats before identify", { sockets: SOCKETS, flood: HEARTBEAT, webSocket: {}, again: true }, false],
  [
    "pings before identify",
    { sockets: SOCKETS, flood: rawFrame({ opcode: OPCODES.ping }), webSocket: {}, again: true },
    false,
  ],
  ["heartbeats of agents", { sockets: SOCKETS, flood: HEARTBEAT, webSocket: { identify: AGENT } }, true],
  [
    "one agent's refused requests",
    { sockets: 1, flood: request("hub.audit"), times: 20_000, webSocket: { identify: AGENT } },
    true,
  ],
  [
    "refused requests of agents",
    { sockets: SOCKETS, flood: request("hub.audit"), webSocket: { identify: AGENT } },
    true,
  ],
  [
    "pings of agents",
    { sockets: SOCKETS, flood: rawFrame({ opcode: OPCODES.ping }), webSocket: { identify: AGENT } },
    true,
  ],
  ["empty frames of agents", { sockets: SOCKETS, flood: rawFrame(), webSocket: { identify: AGENT } }, true],
  [
    "continuation frames of agents",
    {
      sockets: SOCKETS,
      flood: rawFrame({ opcode: OPCODES.text, fin: false }),
      webSocket: { identify: AGENT },
      again: true,
    },
    true,
  ],
  [
    "HTTP requests",
    { sockets: SOCKETS, flood: "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", again: true },
    false,
  ],
  ["new sockets", { sockets: SOCKETS, flood: "nothing\r\n\r\n", again: true }, false],
];

/** Runs the benchmark and prints its figures. */
export async function hostile(): Promise<void> {
  for (const [name, { webSocket, ...options }, hasToken] of FLOODS) {
    const hub = await HubProcess.start();
    try {
      const editor = new StubInstance();
      await editor.connect(hub.url, hub.token);
      const { client } = await openAdapter(hub.url, hub.token);
      const token = hasToken ? { token: hub.token } : {};
      const flood = await Flood.prepare({
        ...options,
        port: hub.port,
        ...(webSocket && { webSocket: { ...webSocket, ...token } }),
      });
      const alone = await look(hub, client);
      flood.start();
      const beside = await look(hub, client);
      flood.end();
      console.log(`  ${name.padEnd(30)} alone ${alone}\n  ${"".padEnd(30)} beside ${beside}`);
    } catch (error) {
      console.log(`  ${name.padEnd(30)} failed: ${error}`);
    } finally {
      await hub.dispose();
    }
  }
}

/** Asks again and again for a while, and lets newcomers in. */
async function look(hub: HubProcess, client: { request: (method: string) => Promise<unknown> }): Promise<string> {
  const [calls, arrivals]: [number[], number[]] = [[], []];
  const end = performance.now() + LOOK_MS;
  while (performance.now() < end) {
    calls.push(await timeOf(() => client.request("scene.get_tree")));
    if (calls.length % 20 === 1) {
      arrivals.push(await timeOf(async () => (await openAdapter(hub.url, hub.token)).client.terminate()));
    }
    await delay(2);
  }
  return `${figures("calls", calls)}; ${figures("newcomers", arrivals)}`;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function figures(what: string, times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number) => quantile(sorted, q).toFixed(1);
  return `${what} (${times.length}) p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${sorted.at(-1)?.toFixed(1)} ms`;
}
