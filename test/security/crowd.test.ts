/** Attacks by number, from real sockets: who has no token, or a guest's, keeps the owner out of nothing. */

import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createToken } from "../../hub/access/token-book.ts";
import type { HubConfig } from "../../hub/config.ts";
import { Crowd } from "../support/crowd.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient } from "../support/protocol-client.ts";
import { upgradeRequest } from "../support/raw-frames.ts";
import { within } from "../support/wait.ts";
import { RawSocket } from "./raw-socket.ts";

const TLS = (name: string) => fileURLToPath(new URL(`../hub/cli/tls/${name}.pem`, import.meta.url));

let hub: LocalHub;
const crowd = new Crowd();
const clients: ProtocolClient[] = [];
const port = () => Number(new URL(hub.url).port);

async function open(config: Partial<HubConfig> = {}): Promise<void> {
  await hub?.dispose();
  hub = await LocalHub.start(config);
}

beforeEach(async () => {
  hub = await LocalHub.start();
});
afterEach(async () => {
  crowd.leave();
  for (const client of clients.splice(0)) client.terminate();
  await hub.dispose();
});

const grow = (count: number, text = "", from: { localAddress?: string } = {}) =>
  crowd.grow({ port: port(), count, text, ...from });

/** The owner's adapters and editors get in, and HTTP is answered. */
async function expectRoom(): Promise<void> {
  for (let count = 0; count < 3; count += 1) {
    const { client } = await openAdapter(hub.url, hub.token);
    clients.push(client);
    expect((await client.request("hub.status")).error).toBeUndefined();
    const later = await ProtocolClient.connect(hub.url);
    clients.push(later);
    expect((await later.identify({ clientType: "mcp", token: hub.token })).clientId).toBeDefined();
  }
  expect((await fetch(`${hub.url.replace("ws", "http")}/healthz`)).status).toBe(200);
}

describe("without a token the owner is not kept out", () => {
  it.each<[string, number, () => string]>([
    ["sockets that say nothing", 700, () => ""],
    ["requests that do not end", 700, () => "GET / HTTP/1.1\r\nHost: loc"],
    [
      "requests whose body does not come",
      700,
      () => "POST /session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n",
    ],
    ["sockets that have been answered and stay", 700, () => "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["WebSockets that do not say who they are", 400, () => upgradeRequest(port())],
  ])("by %s", async (_what, count, text) => {
    await grow(count, text());
    await expectRoom();
    await grow(count, text());
    await expectRoom();
  });

  it("by handshakes of TLS that do not end", async () => {
    await open({ tlsCert: TLS("certificate"), tlsKey: TLS("key") });
    // The first bytes of a ClientHello, which says that more follow.
    await grow(700, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    const socket = new WebSocket(hub.url, [], {
      rejectUnauthorized: false,
      headers: { Authorization: `Bearer ${hub.token}` },
    });
    const first = new Promise<string>((resolve, reject) => {
      socket.once("message", (data) => resolve(String(data)));
      socket.once("error", reject);
    });
    expect(await within(first, { what: "the handshake" })).toContain('"handshake"');
    socket.terminate();
  });

  it("by wrong tokens from many addresses of this machine: they are one", async () => {
    await open({ maxAuthFailures: 5 });
    const statuses: string[] = [];
    for (let host = 2; host < 12; host += 1) {
      const [socket] = await grow(1, "", { localAddress: `127.0.0.${host}` });
      const answer = new Promise<string>((resolve) => socket?.once("data", (data) => resolve(String(data))));
      socket?.write(upgradeRequest(port(), "f".repeat(64)));
      statuses.push((await within(answer, { what: "an answer" })).slice(9, 12));
    }
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill("401"));
    expect(statuses.slice(5)).toEqual(Array(5).fill("429"));
    await expectRoom();
  });
});

describe("who has proved nothing", () => {
  it("makes room for the next one beyond the limit, the oldest first, with a reason", async () => {
    await open({ maxConnections: 20 });
    const idle: ProtocolClient[] = [];
    for (let count = 0; count < 20; count += 1) idle.push(await ProtocolClient.connect(hub.url));
    clients.push(...idle);
    const [oldest] = idle;
    const next = await ProtocolClient.connect(hub.url);
    clients.push(next);
    expect((await within(oldest?.closed ?? Promise.reject(), { what: "the close" })).code).toBe(4429);
    expect(idle.slice(1).every((client) => client.isOpen)).toBe(true);
    expect((await next.identify({ clientType: "mcp", token: hub.token })).resumed).toBe(false);
    expect((await idle[1]?.identify({ clientType: "mcp", token: hub.token }))?.resumed).toBe(false);
  });

  it("has less time for its first byte than for its word, and no longer than that for everything", async () => {
    const silent = await RawSocket.open(port());
    const slow = await RawSocket.open(port());
    slow.send("GET");
    const first = Promise.race([silent.closed.then(() => "silent"), slow.closed.then(() => "slow")]);
    expect(await within(first, { what: "the end of one" })).toBe("silent");
    await within(slow.closed, { what: "the end of the other" });
  });

  it("does not end who waits in the line behind it: connections that have a token stay", async () => {
    const { client } = await openAdapter(hub.url, hub.token);
    clients.push(client);
    await grow(700);
    expect((await client.request("hub.status")).error).toBeUndefined();
  });
});

describe("with a guest's token", () => {
  it("no client takes all connections", async () => {
    await open({ maxConnections: 8, maxConnectionsPerAddress: 100 });
    const tokens = ["one", "two", "three"].map((name) =>
      createToken(hub.home, { name, role: "observer", readOnly: false, allow: [], deny: [] }),
    );
    const codes: (number | undefined)[] = [];
    for (const token of tokens) {
      for (let count = 0; count < 8; count += 1) {
        const client = await ProtocolClient.connect(hub.url, { token });
        clients.push(client);
        const closed = client.closed.then(({ code }) => code);
        const identified = client.identify({ clientType: "observer" }).then(() => undefined);
        codes.push(await Promise.race([closed, identified]).catch(() => closed));
      }
    }
    expect(codes.filter((code) => code === undefined)).toHaveLength(6);
    expect(codes.slice(0, 8).filter((code) => code === undefined)).toHaveLength(4);
    expect(codes.filter((code) => code !== undefined && code !== 4429)).toEqual([]);
    const owner = await openAdapter(hub.url, hub.token);
    clients.push(owner.client);
    expect((await owner.client.request("hub.status")).error).toBeUndefined();
  });
});
