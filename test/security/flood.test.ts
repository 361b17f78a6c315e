/** Floods from real sockets of another process: an endless sender, with or without a token, slows no other client. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Flood, type FloodOptions } from "../support/flood.ts";
import { HubProcess } from "../support/hub-process.ts";
import { LocalHub } from "../support/local-hub.ts";
import { ProtocolClient } from "../support/protocol-client.ts";
import { OPCODES, rawFrame, upgradeRequest } from "../support/raw-frames.ts";
import { TurnWatch } from "../support/turn-watch.ts";
import { until, within } from "../support/wait.ts";
import { RawSocket } from "./raw-socket.ts";

const SOCKETS = 40;
/** Answers that another client waits for beside a flood. */
const ANSWERS = 40;
/** Longest turn of the event loop beside a flood, ms of the processor: garbage collection is in it. Without shares it is seconds. */
const TURN_MS = 400;
const IDENTIFY_MS = 3_000;

const HEARTBEAT = rawFrame({ payload: '{"type":"heartbeat","timestamp":1}' });
const request = (method: string) =>
  rawFrame({ payload: `{"jsonrpc":"2.0","id":"a","method":"${method}","params":{}}` });

let hub: LocalHub;
let flood: Flood | undefined;
const port = () => Number(new URL(hub.url).port);
const agents = () => ({ token: hub.token, identify: { clientType: "mcp" } });
const prepare = async (options: Omit<FloodOptions, "port">) => {
  flood = await Flood.prepare({ port: port(), ...options });
  return flood;
};

beforeEach(async () => {
  hub = await LocalHub.start({ identifyTimeoutMs: IDENTIFY_MS });
});
afterEach(async () => {
  flood?.end();
  await hub.dispose();
});

describe("others are answered beside", () => {
  it.each<[string, () => Omit<FloodOptions, "port">]>([
    ["heartbeats before identify", () => ({ sockets: SOCKETS, flood: HEARTBEAT, webSocket: {}, again: true })],
    [
      "pings before identify",
      () => ({ sockets: SOCKETS, flood: rawFrame({ opcode: OPCODES.ping }), webSocket: {}, again: true }),
    ],
    ["heartbeats of agents", () => ({ sockets: SOCKETS, flood: HEARTBEAT, webSocket: agents() })],
    ["refused requests of agents", () => ({ sockets: SOCKETS, flood: request("hub.audit"), webSocket: agents() })],
    ["pings of agents", () => ({ sockets: SOCKETS, flood: rawFrame({ opcode: OPCODES.ping }), webSocket: agents() })],
    ["pongs of agents", () => ({ sockets: SOCKETS, flood: rawFrame({ opcode: OPCODES.pong }), webSocket: agents() })],
    ["empty frames of agents", () => ({ sockets: SOCKETS, flood: rawFrame(), webSocket: agents() })],
    [
      "parts without end",
      () => ({ sockets: SOCKETS, flood: rawFrame({ fin: false }), webSocket: agents(), again: true }),
    ],
    [
      "HTTP requests in one go",
      () => ({ sockets: SOCKETS, flood: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", again: true }),
    ],
    ["bytes that are no HTTP", () => ({ sockets: SOCKETS, flood: "nothing\r\n\r\n", again: true })],
  ])("%s", async (_what, options) => {
    const editor = await hub.editor();
    const light = await hub.adapter();
    const attack = await prepare(options());
    const idle = await ProtocolClient.connect(hub.url, { token: hub.token });
    const watch = new TurnWatch();
    attack.start();
    for (let answer = 0; answer < ANSWERS; answer += 1) {
      expect((await light.request("scene.get_tree")).error).toBeUndefined();
    }
    expect((await hub.adapter()).isOpen).toBe(true);
    const late = await ProtocolClient.connect(hub.url);
    expect((await late.identify({ clientType: "mcp", token: hub.token })).resumed).toBe(false);
    late.terminate();
    expect((await within(idle.closed, { what: "the deadline of who says nothing" })).code).toBe(4408);
    expect(watch.stop()).toBeLessThan(TURN_MS);
    expect(editor.executed).toHaveLength(ANSWERS);
  });

  it("one agent's 20,000 refused requests: they are answered amid them, not after", async () => {
    await hub.editor();
    const light = await hub.adapter();
    let refused = 0;
    hub.hub.events.on("refused", () => {
      refused += 1;
    });
    const burst = await prepare({ sockets: 1, flood: request("hub.audit"), times: 20_000, webSocket: agents() });
    burst.start();
    await until(() => refused > 0, { what: "the first refusal" });
    for (let answer = 0; answer < 5; answer += 1) await light.request("scene.get_tree");
    expect(refused).toBeLessThan(20_000);
    await until(() => refused === 20_000, { what: "every refusal" });
  });
});

describe("before it is identified a connection", () => {
  it.each([
    ["heartbeats", HEARTBEAT],
    ["pings", rawFrame({ opcode: OPCODES.ping })],
    ["pongs", rawFrame({ opcode: OPCODES.pong, payload: "x".repeat(100) })],
  ])("is closed with 4429 at the seventeenth of its %s, with and without the token", async (_what, frame) => {
    for (const token of [undefined, hub.token]) {
      const socket = await RawSocket.open(port());
      socket.send(upgradeRequest(port(), token));
      await until(() => socket.received.includes('"handshake"'), { what: "the handshake" });
      for (let count = 0; count < 16; count += 1) socket.send(frame);
      socket.send(rawFrame({ payload: JSON.stringify({ type: "heartbeat", timestamp: 7 }) }));
      await until(() => socket.received.includes("More than 16 frames"), { what: "the close" });
      expect(closeCodeIn(socket.received)).toBe(4429);
      await within(socket.closed, { what: "the end" });
    }
  });

  it("may say who it is after a few frames", async () => {
    const client = await ProtocolClient.connect(hub.url);
    for (let count = 0; count < 15; count += 1) client.sendMessage({ type: "heartbeat", timestamp: count });
    expect((await client.identify({ clientType: "mcp", token: hub.token })).resumed).toBe(false);
    for (let count = 0; count < 100; count += 1) client.sendMessage({ type: "heartbeat", timestamp: count });
    expect((await client.request("hub.status")).error).toBeUndefined();
    client.terminate();
  });

  it("is closed with 4429 at 128 KiB that are no message, whether in one frame, in parts or in small ones", async () => {
    for (const token of [undefined, hub.token]) {
      for (const bytes of [
        Buffer.concat([rawFrame({ length: 400_000 }), Buffer.alloc(200_000, "x")]),
        Buffer.concat(
          Array.from({ length: 200 }, () => rawFrame({ fin: false, payload: "x".repeat(1_000) })).map(asPart),
        ),
        Buffer.concat(Array.from({ length: 30_000 }, () => rawFrame({ fin: false })).map(asPart)),
      ]) {
        const socket = await RawSocket.open(port());
        socket.send(upgradeRequest(port(), token));
        await until(() => socket.received.includes('"handshake"'), { what: "the handshake" });
        socket.send(bytes);
        await within(socket.closed, { what: "the end" });
        expect([4429, 1008]).toContain(closeCodeIn(socket.received));
      }
    }
  });

  it("gets TOO_LARGE and is closed with 4400 if its identify has more than 64 KiB", async () => {
    for (const token of [undefined, hub.token]) {
      const client = await ProtocolClient.connect(hub.url, { token });
      client.sendMessage({ type: "identify", clientType: "mcp", token: hub.token, more: "x".repeat(64 * 1024) });
      expect((await client.response(null)).error).toMatchObject({ code: -32021, data: { limit: 65_536 } });
      expect((await within(client.closed, { what: "the close" })).code).toBe(4400);
      const large = await ProtocolClient.connect(hub.url, { token });
      const members = { clientType: "mcp", token: hub.token, more: "x".repeat(63 * 1024) };
      expect((await large.identify(members)).clientId).toBeDefined();
      large.terminate();
    }
  });
});

describe("the log", () => {
  it("is not filled by wrong tokens, nor by connections that have to be closed: they are counted", async () => {
    const loud = await HubProcess.start({ args: ["--max-auth-failures", "100000"] });
    const linesOf = (what: string) => loud.output.split("\n").filter((line) => line.includes(what));
    const refusals = Array.from({ length: 300 }, () =>
      ProtocolClient.connect(loud.url, { token: "f".repeat(64) }).catch(() => undefined),
    );
    await Promise.all(refusals);
    for (let count = 0; count < 100; count += 1) {
      const client = await ProtocolClient.connect(loud.url);
      client.sendMessage({ type: "identify", clientType: "mcp", token: "wrong" });
      await client.closed;
    }
    await until(() => linesOf("token is wrong").length > 0 && linesOf("closed by the hub").length > 0, {
      what: "lines",
    });
    expect(linesOf("token is wrong").length).toBeLessThanOrEqual(40);
    expect(linesOf("closed by the hub").length).toBeLessThanOrEqual(40);
    await loud.dispose();
  });
});

/** The first frame of several begins the message, the others go on with it. */
function asPart(frame: Buffer, index: number): Buffer {
  if (index > 0) frame[0] = OPCODES.continuation;
  return frame;
}

/** The code of the close frame that has come, as bytes of latin1. */
function closeCodeIn(received: string): number | undefined {
  const bytes = Buffer.from(received, "latin1");
  for (let at = bytes.length - 4; at >= 0; at -= 1) {
    const code = bytes.readUInt16BE(at + 2);
    if (bytes[at] === 0x88 && code >= 1_000 && code < 5_000) return code;
  }
  return undefined;
}
