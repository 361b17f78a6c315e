/** Attacks through an address that a person has given: another program that listens there never gets the token, nor anything else of use. */
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { readHubFile, readToken } from "../../hub-client/state-dir.ts";
import { ProofExchange } from "../../protocol/proof.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { CommandLine } from "../hub/cli/command-line.ts";
import { GodotEditor } from "../support/godot-editor.ts";
import { startMcpClient } from "../support/mcp-client.ts";
import { until } from "../support/wait.ts";

/** Another program's server, which opens every connection as a hub would, and what it has heard. */
async function listenAs(host: string, port = 0): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const foreign = new WebSocketServer({ host, port });
  onTestFinished(() => {
    for (const socket of foreign.clients) socket.terminate();
    foreign.close();
  });
  foreign.on("connection", (socket, request) => {
    heard.push(request.rawHeaders.join(" "));
    socket.on("message", (data) => heard.push(String(data)));
    const limits = { heartbeat: { intervalMs: 30_000, timeoutMs: 60_000 }, identifyTimeoutMs: 9_000 };
    const versions = { serverVersion: PRODUCT_VERSION, protocolVersion: PROTOCOL_VERSION };
    const handshake = { type: "handshake", clientId: "c", maxMessageBytes: 1_000_000, ...versions, ...limits };
    socket.send(JSON.stringify(handshake));
  });
  await once(foreign, "listening");
  return { port: (foreign.address() as AddressInfo).port, heard };
}

/** A port that is free on 127.0.0.1, and that the other program has on the other loopback address. */
async function besides(): Promise<{ port: number; heard: string[] }> {
  const foreign = await listenAs("::1");
  const probe = createServer().listen(foreign.port, "127.0.0.1");
  await once(probe, "listening");
  probe.close();
  await once(probe, "close");
  return foreign;
}

let cli: CommandLine;
beforeEach(() => {
  cli = new CommandLine();
});

async function startHub(port: number, ...options: string[]) {
  const child = cli.spawn(["run", "--port", String(port), ...options]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += text));
  const hub = await until(() => readHubFile(cli.home), { what: "hub.json", deadlineMs: 30_000 });
  return { child, hub, said: () => said };
}

/** Waits for an editor at the hub of a command line's state directory. */
async function comesTo(line: CommandLine): Promise<void> {
  const hasCome = async () => (await line.run(["status"])).stdout.includes("Instances: 1");
  await until(hasCome, { what: "the editor at the hub", deadlineMs: 150_000 });
}

/** What an adapter with these variables says of the hub. */
async function askedWith(env: Record<string, string>) {
  const mcp = await startMcpClient({ home: cli.home, cwd: cli.home, env });
  onTestFinished(() => mcp.close());
  const { content, isError } = await mcp.client.callTool({ name: "hub_status", arguments: {} });
  return { isError: isError ?? false, text: JSON.stringify(content) };
}

const further = () => cli.run(["token", "create", "--name", "ci"]);

describe("an address that means the hub and another program's, too", () => {
  it("leads an adapter to the hub, whichever token it has, and tells the other program nothing", async () => {
    const { port, heard } = await besides();
    const { hub, said } = await startHub(port);
    expect(hub.url).toBe(`ws://127.0.0.1:${port}`);
    await until(() => said().includes("another program listens there"), { what: "the hub's word about ::1" });
    const own = readToken(cli.home) ?? "";
    const other = (await further()).stdout.trim();
    const urls = [
      `ws://localhost:${port}`,
      `ws://LOCALHOST.:${port}/`,
      `ws://a.localhost:${port}`,
      `ws://[::1]:${port}`,
    ];
    for (const url of urls) expect(await askedWith({ GODOT_HUB_URL: url }), url).toMatchObject({ isError: false });
    for (const token of [own, other]) {
      const env = { GODOT_HUB_URL: `ws://localhost:${port}`, GODOT_HUB_TOKEN: token };
      expect(await askedWith(env)).toMatchObject({ isError: false });
    }
    expect(heard).toEqual([]);
  });

  it("leads an editor there, too", async () => {
    const { port, heard } = await besides();
    await startHub(port);
    const env = { GODOT_HUB_HOME: cli.home, GODOT_HUB_URL: `ws://localhost:${port}` };
    const editor = GodotEditor.start({ env });
    onTestFinished(() => editor.dispose());
    await comesTo(cli);
    expect(heard).toEqual([]);
  });
});

describe("an address where the hub is not", () => {
  it.each(["localhost", "127.0.0.1", "[::1]"])("gets no token of a hub that has ended: %s", async (host) => {
    const { port, heard } = await listenAs(host === "[::1]" ? "::1" : "127.0.0.1");
    await cli.run(["token"]);
    const token = readToken(cli.home) ?? "";
    const url = `ws://${host}:${port}`;
    const lone = await askedWith({ GODOT_HUB_URL: url });
    expect(lone).toMatchObject({ isError: true, text: expect.stringContaining("No token is sent to") });
    expect(heard).toEqual([]);
    const further = "of-another-machine-behind-a-tunnel";
    for (const given of [token, further]) {
      const { isError, text } = await askedWith({ GODOT_HUB_URL: url, GODOT_HUB_TOKEN: given });
      expect(isError).toBe(true);
      expect(text).toContain("does not know the token of this hub");
    }
    // One that was killed has left its hub.json.
    announceDead(port);
    expect((await askedWith({ GODOT_HUB_URL: url, GODOT_HUB_TOKEN: token })).isError).toBe(true);
    expect(heard.join()).toContain("Challenge ");
    expect(heard.join()).not.toMatch(new RegExp(`${token}|${further}|identify`));
  });

  it("gets nothing from an adapter that knows where its hub is", async () => {
    const { port, heard } = await listenAs("127.0.0.1");
    const { hub } = await startHub(0);
    const { text } = await askedWith({ GODOT_HUB_URL: `ws://localhost:${port}` });
    expect(text).toContain(`listens at ${hub.url}`);
    expect(text).toContain("Unset GODOT_HUB_URL");
    expect(heard).toEqual([]);
  });

  it("hears nothing that opens the real hub, which runs elsewhere on this machine", async () => {
    const { hub } = await startHub(0);
    const { port, headers } = await collect();
    await askedWith({ GODOT_HUB_URL: `ws://127.0.0.1:${port}`, GODOT_HUB_TOKEN: readToken(cli.home) ?? "" });
    const [authorization = ""] = headers;
    expect(authorization).toContain(`Challenge 127.0.0.1:${port} `);
    const readdressed = authorization.replace(`127.0.0.1:${port}`, new URL(hub.url).host);
    const ends = { [authorization]: "4403", [readdressed]: "401" };
    for (const [replayed, end] of Object.entries(ends)) {
      const socket = new WebSocket(hub.url, { headers: { Authorization: replayed } });
      const ended = new Promise<string>((resolve) => {
        socket.on("close", (code) => resolve(String(code)));
        socket.on("error", ({ message }) => resolve(message));
      });
      expect(await ended).toContain(end);
    }
  });

  it("gets no token from an editor either", async () => {
    const { port, heard } = await besides();
    const there = await listenAs("127.0.0.1", port);
    await cli.run(["token"]);
    announceDead(port);
    const token = readToken(cli.home) ?? "";
    const env = { GODOT_HUB_HOME: cli.home, GODOT_HUB_URL: `ws://localhost:${port}`, GODOT_HUB_TOKEN: token };
    const editor = GodotEditor.start({ env });
    onTestFinished(() => editor.dispose());
    await until(() => there.heard.length > 0, { what: "an attempt where the hub was", deadlineMs: 150_000 });
    expect(there.heard.join()).toContain("Challenge ");
    expect([...heard, ...there.heard].join()).not.toMatch(new RegExp(`${token}|identify`));
    expect(heard).toEqual([]);
  });
});

describe("another port that leads to the hub", () => {
  it("serves no client whose frames a program there passes on, until the hub's owner names its port", async () => {
    const { child, hub } = await startHub(0);
    const relay = await passOn(hub.port);
    const token = readToken(cli.home) ?? "";
    const env = { GODOT_HUB_URL: `ws://localhost:${relay.port}`, GODOT_HUB_TOKEN: token };
    const refused = await askedWith(env);
    expect(refused.isError).toBe(true);
    expect(refused.text).toContain(`--allow-ports ${relay.port}`);
    expect(relay.heard()).toContain("Challenge ");
    expect(relay.heard()).not.toMatch(new RegExp(`${token}|identify|"proof"`));
    child.kill();
    await once(child, "exit");
    await startHub(hub.port, "--allow-ports", `1,${relay.port}`);
    const further = (await cli.run(["token", "create", "--name", "ci"])).stdout.trim();
    for (const given of [token, further]) {
      expect((await askedWith({ ...env, GODOT_HUB_TOKEN: given })).isError).toBe(false);
      expect(relay.heard()).not.toContain(given);
    }
    const editor = GodotEditor.start({ env: { GODOT_HUB_HOME: cli.home, ...env } });
    onTestFinished(() => editor.dispose());
    await comesTo(cli);
    expect(relay.heard()).not.toContain(token);
  });

  it("is one of the other loopback address, too", async () => {
    const { port } = await besides();
    const { hub } = await startHub(port);
    // What a program at [::1] hears there is worth nothing at 127.0.0.1, although the port is the same.
    const exchange = new ProofExchange(readToken(cli.home) ?? "", `ws://[::1]:${port}`);
    const socket = new WebSocket(hub.url, { headers: { Authorization: exchange.authorization } });
    const [code, reason] = await once(socket, "close");
    expect([code, String(reason)]).toEqual([4403, expect.stringContaining(`[::1]:${port} is not this hub's`)]);
  });
});

/** A server that keeps the credentials of each upgrade and says nothing. */
async function collect(): Promise<{ port: number; headers: string[] }> {
  const headers: string[] = [];
  const server = createHttpServer().on("upgrade", ({ headers: { authorization } }, socket) => {
    headers.push(authorization ?? "");
    socket.end("HTTP/1.1 503 Busy\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, headers };
}

/** A program that passes on what it is sent, and reads it. */
async function passOn(target: number): Promise<{ port: number; heard: () => string }> {
  let heard = "";
  const server = createServer((client) => {
    const hub = connect(target, "127.0.0.1");
    for (const socket of [client, hub]) socket.on("error", () => {}).on("data", (data) => (heard += readable(data)));
    client.pipe(hub).pipe(client);
    onTestFinished(() => void client.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

/** Text of a piece of a connection; of a client's frame, which is masked (RFC 6455, section 5.3), too. */
function readable(piece: Buffer): string {
  if (piece[0] !== 0x81 || piece[1] === undefined || piece[1] < 0x80) return String(piece);
  const head = [2, 4, 10][Math.max(0, (piece[1] & 0x7f) - 125)] ?? 2;
  const [mask, payload] = [piece.subarray(head, head + 4), piece.subarray(head + 4)];
  return String(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}

/** Leaves the hub.json of a hub that was killed. */
function announceDead(port: number): void {
  mkdirSync(cli.home, { recursive: true, mode: 0o700 });
  const hub = { pid: 2 ** 22 + 1, port, url: `ws://127.0.0.1:${port}`, version: PRODUCT_VERSION, protocolVersion: 1 };
  const path = join(cli.home, "hub.json");
  writeFileSync(path, JSON.stringify({ ...hub, proof: true, startedAt: new Date(0).toISOString() }), { mode: 0o600 });
  onTestFinished(() => rmSync(path, { force: true }));
}
