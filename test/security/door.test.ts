/** Attacks on the open port by raw sockets: no client gets in without the token, and none keeps others out. */
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tokenDigest } from "../../protocol/proof.ts";
import { LocalHub } from "../support/local-hub.ts";
import { openAdapter, ProtocolClient, type UpgradeRefusedError } from "../support/protocol-client.ts";
import { rawFrame } from "../support/raw-frames.ts";
import { until, within } from "../support/wait.ts";
import { RawSocket } from "./raw-socket.ts";

const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13";
const WRONG = "f".repeat(64);

let hub: LocalHub;
const sockets: RawSocket[] = [];
beforeEach(async () => {
  hub = await LocalHub.start({ maxAuthFailures: 100 });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await hub.dispose();
});

/** Continues with a hub that has short deadlines and this many places. */
async function impatientHub(maxConnections: number): Promise<void> {
  await hub.dispose();
  hub = await LocalHub.start({ identifyTimeoutMs: 1_000, maxConnections });
}

const port = () => Number(new URL(hub.url).port);
const raw = async (text: string) => {
  const socket = await RawSocket.open(port());
  sockets.push(socket);
  socket.send(text);
  return socket;
};
const upgrade = (headers: string, path = "/") =>
  `GET ${path} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${KEY}\r\n${headers}\r\n\r\n`;
const statusOf = async (text: string) => (await raw(text)).status();
const host = () => `Host: 127.0.0.1:${port()}`;
const bearer = (token = hub.token) => `Authorization: Bearer ${token}`;
const refusal = (token: string | undefined, headers = {}) =>
  ProtocolClient.connect(hub.url, { token, headers }).then(
    () => undefined,
    (error: UpgradeRefusedError) => error.status,
  );

/** A client with the right token works as if nothing had happened. */
async function expectUnharmed(): Promise<void> {
  const { client } = await openAdapter(hub.url, hub.token);
  expect((await client.request("hub.status")).error).toBeUndefined();
  client.terminate();
}

describe("the token", () => {
  it("is asked of everybody: who has none is let in no further than the handshake", async () => {
    for (const message of [
      { type: "identify", clientType: "mcp" },
      { type: "identify", clientType: "godot", token: WRONG },
      { type: "identify", clientType: "mcp", token: "" },
    ]) {
      const client = await ProtocolClient.connect(hub.url);
      client.sendMessage({ clientVersion: "1", ...message });
      expect((await within(client.closed, { what: "the close" })).code).toBe(4401);
    }
    const client = await ProtocolClient.connect(hub.url);
    client.sendMessage({ jsonrpc: "2.0", id: "1", method: "hub.shutdown", params: {} });
    expect((await within(client.closed, { what: "the close" })).code).toBe(4400);
    await expectUnharmed();
  });

  it("does not count in a URL, a cookie, another scheme or a part of it", async () => {
    for (const [headers, path] of [
      ["", `/?token=${hub.token}`],
      ["", `/${hub.token}`],
      [`Cookie: token=${hub.token}`, "/"],
      [`Authorization: Basic ${Buffer.from(`hub:${hub.token}`).toString("base64")}`, "/"],
      [`Sec-WebSocket-Protocol: ${hub.token}`, "/"],
      [`X-Authorization: Bearer ${hub.token}`, "/"],
    ] as const) {
      const socket = await raw(upgrade([host(), headers].filter(Boolean).join("\r\n"), path));
      expect(await socket.status(), headers + path).toBe(101);
      socket.send(frame({ type: "identify", clientType: "mcp", clientVersion: "1" }));
      await until(() => socket.received.includes("The token is missing or wrong"), { what: "the refusal" });
    }
    expect(await refusal(hub.token.slice(0, -1))).toBe(401);
    expect(await refusal(`${hub.token}0`)).toBe(401);
    expect(await refusal(hub.token.toUpperCase())).toBe(401);
  });

  it("can't be guessed for long, and who knows it is not kept out by who does not", async () => {
    await hub.dispose();
    hub = await LocalHub.start({ maxAuthFailures: 5 });
    const statuses = [];
    for (let guess = 0; guess < 8; guess += 1) statuses.push(await refusal(String(guess).repeat(64)));
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.slice(5)).toEqual([429, 429, 429]);
    const client = await ProtocolClient.connect(hub.url);
    client.sendMessage({ type: "identify", clientType: "mcp", clientVersion: "1", token: WRONG });
    expect((await within(client.closed, { what: "the close" })).code).toBe(4429);
    await expectUnharmed();
  });

  it("is proved by an HMAC over what both sides have said, and only where the hub listens", async () => {
    const nonce = "a".repeat(64);
    const own = `127.0.0.1:${port()}`;
    const mac = (kind: string, subject: readonly string[], token = hub.token) =>
      createHmac("sha256", tokenDigest(token))
        .update(["godot-mcp-hub", kind, ...subject].join("\n"))
        .digest("hex");
    const dial = (address: string, claim = mac("claim", [address, nonce])) =>
      raw(upgrade(`${host()}\r\nAuthorization: Challenge ${address} ${nonce} ${claim}`));
    const demanded = async (socket: RawSocket): Promise<{ nonce: string; proof: string }> => {
      await until(() => socket.received.includes('"proof"'), { what: "the hub's own proof" });
      const said = (member: string) => new RegExp(`"${member}":"([0-9a-f]{64})"`).exec(socket.received)?.[1] ?? "";
      return { nonce: said("nonce"), proof: said("proof") };
    };
    const identify = { type: "identify", clientType: "mcp", clientVersion: "1" };

    const right = await dial(own);
    const asked = await demanded(right);
    expect(asked.proof).toBe(mac("hub", [own, nonce, asked.nonce]));
    const proof = mac("client", [own, nonce, asked.nonce]);
    right.send(frame({ ...identify, proof }));
    await until(() => right.received.includes('"identified"'), { what: "that it is let in" });

    const replayed = await dial(own);
    const askedAgain = await demanded(replayed);
    expect(askedAgain.nonce).not.toBe(asked.nonce);
    replayed.send(frame({ ...identify, proof }));
    const mirrored = await dial(own);
    mirrored.send(frame({ ...identify, proof: (await demanded(mirrored)).proof }));
    const silent = await dial(own);
    await demanded(silent);
    silent.send(frame(identify));
    for (const socket of [replayed, mirrored, silent]) {
      await until(() => socket.received.includes("The token is missing or wrong"), { what: "the refusal" });
    }

    for (const address of [
      `127.0.0.1:${port() + 1}`,
      `127.0.0.2:${port()}`,
      `evil.example:${port()}`,
      "127.0.0.1",
      "???",
    ]) {
      const elsewhere = await dial(address);
      await until(() => elsewhere.received.includes("--allow-ports"), { what: `the refusal of ${address}` });
      expect(elsewhere.received).not.toContain('"proof"');
    }
    expect(await (await dial(own, mac("claim", [own, nonce], WRONG))).status()).toBe(401);
    expect(await (await dial(own, mac("hub", [own, nonce]))).status()).toBe(401);
    const stranger = await raw(upgrade(host()));
    await until(() => stranger.received.includes('"handshake"'), { what: "the handshake" });
    expect(stranger.received).not.toContain('"proof"');
  });

  it("is not taken in the form in which it could be sent on, and its client gets the reason", async () => {
    const old = await raw(upgrade(`${host()}\r\nAuthorization: Proof ${"a".repeat(64)}.${"b".repeat(64)}`));
    await until(() => old.received.includes("update it"), { what: "the refusal" });
  });
});

describe("web pages", () => {
  it("are refused by their Origin, with the right token too", async () => {
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost",
      `http://127.0.0.1:${port() + 1}`,
      `https://127.0.0.1:${port()}`,
      `http://127.0.0.1:${port()}.evil.example`,
      "file://",
      "chrome-extension://abcdefghijklmnop",
      "",
    ]) {
      expect(await statusOf(upgrade(`${host()}\r\n${bearer()}\r\nOrigin: ${origin}`)), origin).toBe(403);
      expect(await statusOf(`GET /healthz HTTP/1.1\r\n${host()}\r\nOrigin: ${origin}\r\n\r\n`), origin).toBe(403);
    }
    expect(await refusal(hub.token, { Origin: `http://127.0.0.1:${port()}` })).toBe(401);
  });

  it("are refused by the Host of a name that they have pointed here", async () => {
    for (const name of [
      "evil.example",
      `evil.example:${port()}`,
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "",
    ]) {
      expect(await statusOf(upgrade(`Host: ${name}\r\n${bearer()}`)), name).toBe(403);
      expect(await statusOf(`GET /metrics HTTP/1.1\r\nHost: ${name}\r\n${bearer()}\r\n\r\n`), name).toBe(403);
    }
    expect(
      await statusOf(`GET http://evil.example/metrics HTTP/1.1\r\nHost: evil.example\r\n${bearer()}\r\n\r\n`),
    ).toBe(403);
  });
});

describe("HTTP", () => {
  it("that is none, or means two things, is refused and the connection ended", async () => {
    for (const [what, text] of [
      ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n"],
      ["two lengths", `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`],
      [
        "length and chunks",
        `POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ],
      ["two hosts", `GET / HTTP/1.1\r\n${host()}\r\nHost: evil.example\r\n\r\n`],
      ["no host", "GET /healthz HTTP/1.1\r\n\r\n"],
      ["a header with a line feed in it", `GET / HTTP/1.1\r\n${host()}\nX: 1\n\n\r\n\r\n`],
      ["headers of a megabyte", `GET / HTTP/1.1\r\n${host()}\r\nX: ${"x".repeat(1_000_000)}\r\n\r\n`],
      ["an address of a megabyte", `GET /${"x".repeat(1_000_000)} HTTP/1.1\r\n${host()}\r\n\r\n`],
    ] as const) {
      const socket = await raw(text);
      expect([400, 403, 431], what).toContain(await socket.status());
      socket.destroy();
    }
    await expectUnharmed();
  });

  it("of a smuggled second request is answered as a separate request, or not at all", async () => {
    const inner = `GET /metrics HTTP/1.1\r\n${host()}\r\n\r\n`;
    const socket = await raw(`GET /healthz HTTP/1.1\r\n${host()}\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`);
    expect(await socket.status()).toBe(200);
    const second = await raw(`GET /healthz HTTP/1.1\r\n${host()}\r\n${bearer()}\r\n\r\n${inner}`);
    await until(() => second.received.includes("401"), { what: "the second answer" });
    expect(socket.received).not.toContain("godot_hub_");
    expect(second.received).not.toContain("godot_hub_");
  });

  it("opens only public pages without the token, by any method or spelling", async () => {
    for (const path of [
      "/metrics",
      "//metrics",
      "/metrics/",
      "/./metrics",
      "/metrics?x",
      "/%6detrics",
      "/../metrics",
    ]) {
      for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"]) {
        const socket = await raw(`${method} ${path} HTTP/1.1\r\n${host()}\r\nContent-Length: 0\r\n\r\n`);
        expect([401, 404, 405], `${method} ${path}`).toContain(await socket.status());
        expect(socket.received.toLowerCase()).not.toContain("access-control-allow");
        socket.destroy();
      }
    }
  });

  it("that never ends is ended, however slowly it goes on, and half an upgrade too", async () => {
    await impatientHub(10);
    const slow = await raw("GET / HTTP/1.1\r\n");
    const drip = setInterval(() => slow.send("X"), 100);
    const silent = await raw("");
    const body = await raw(`POST /session HTTP/1.1\r\n${host()}\r\nContent-Length: 100\r\n\r\n{`);
    const half = await raw(`GET / HTTP/1.1\r\n${host()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`);
    await within(Promise.all([slow.closed, silent.closed, body.closed, half.closed]), { what: "the ends" });
    clearInterval(drip);
    await expectUnharmed();
  });
});

describe("upgrades", () => {
  it("that come in one go are one connection: what follows the first is no frame, and ends it", async () => {
    const second = upgrade(`${host()}\r\n${bearer()}`);
    const socket = await raw(upgrade(host()) + second);
    expect(await socket.status()).toBe(101);
    await within(socket.closed, { what: "the end" });
    expect(socket.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    const refused = await raw(upgrade("Host: evil.example") + second);
    expect(await refused.status()).toBe(403);
    await within(refused.closed, { what: "the end" });
    expect(refused.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    await expectUnharmed();
  });

  it("to an invalid address are refused or ended, and harm no client", async () => {
    for (const path of ["//[", "http://[::1", "/\\\\", "*", `/?clientType=${"x".repeat(5_000)}`, "/%00%ff"]) {
      const socket = await raw(upgrade(`${host()}\r\n${bearer(WRONG)}`, path));
      await within(socket.closed, { what: `the end of ${path}` });
      expect(socket.received, path).not.toContain(" 101 ");
    }
    await expectUnharmed();
  });
});

describe("room", () => {
  it("is not used up for long by connections that say nothing", async () => {
    await impatientHub(20);
    const idle = [];
    for (let index = 0; index < 25; index += 1) idle.push(await ProtocolClient.connect(hub.url));
    const codes = await Promise.all(idle.map(async ({ closed }) => (await within(closed, { what: "the close" })).code));
    // More than 20 have had room where the first were put out before the last came.
    expect(codes.filter((code) => code === 4408).length).toBeGreaterThanOrEqual(20);
    expect(codes.filter((code) => code !== 4408 && code !== 4429)).toEqual([]);
    await expectUnharmed();
  });

  it("is not used up by sockets: there are so many and no more, and they come free again", async () => {
    await impatientHub(1);
    const opened = await Promise.all(Array.from({ length: 120 }, () => raw("G")));
    await within(Promise.all(opened.map(({ closed }) => closed)), { what: "all to be ended" });
    await expectUnharmed();
  });

  it("for what comes before the token is small", async () => {
    const client = await ProtocolClient.connect(hub.url);
    expect((await client.handshake()).maxMessageBytes).toBe(524_288);
    client.sendFrame(`{"type":"identify","clientType":"mcp","name":"${"x".repeat(2_000_000)}"}`);
    expect((await within(client.closed, { what: "the close" })).code).toBe(1009);
    const deep = await ProtocolClient.connect(hub.url);
    deep.sendFrame(`{"type":"identify","x":${"[".repeat(1_000)}${"]".repeat(1_000)}}`);
    expect((await within(deep.closed, { what: "the close" })).code).toBe(4400);
  });
});

/** A masked text frame of less than 126 bytes (RFC 6455, section 5.2), with a mask of zeros. */
function frame(message: object): Buffer {
  return rawFrame({ payload: JSON.stringify(message) });
}
