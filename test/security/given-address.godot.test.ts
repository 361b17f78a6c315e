/** Attacks through an address that a person has given: another program that listens there never gets the token. */
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { type HubFile, readHubFile, readToken } from "../../protocol/state-dir.ts";
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

async function startHub(port: number): Promise<{ hub: HubFile; said: () => string }> {
  const child = cli.spawn(["run", "--port", String(port)]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += text));
  const hub = await until(() => readHubFile(cli.home), { what: "hub.json", deadlineMs: 30_000 });
  return { hub, said: () => said };
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
    const hasCome = async () => (await cli.run(["status"])).stdout.includes("Instances: 1");
    await until(hasCome, { what: "the editor at the hub", deadlineMs: 150_000 });
    expect(heard).toEqual([]);
  });
});

describe("an address where the hub is not", () => {
  it.each(["localhost", "127.0.0.1", "[::1]"])("is told no token of a hub that has ended: %s", async (host) => {
    const { port, heard } = await listenAs(host === "[::1]" ? "::1" : "127.0.0.1");
    await cli.run(["token"]);
    const token = readToken(cli.home) ?? "";
    const url = `ws://${host}:${port}`;
    for (const env of [{ GODOT_HUB_URL: url }, { GODOT_HUB_URL: url, GODOT_HUB_TOKEN: token }]) {
      expect(await askedWith(env)).toMatchObject({
        isError: true,
        text: expect.stringContaining("No token is sent to"),
      });
    }
    // One that was killed has left its hub.json: a proof for that one start is worth nothing to anybody.
    announceDead(port);
    expect((await askedWith({ GODOT_HUB_URL: url, GODOT_HUB_TOKEN: token })).isError).toBe(true);
    expect(heard.join()).not.toContain(token);
    expect(heard.join()).not.toContain("identify");
  });

  it("is told nothing by an adapter that knows where its hub is, and leads to where a token is given for", async () => {
    const { port, heard } = await listenAs("127.0.0.1");
    const { hub } = await startHub(0);
    const { text } = await askedWith({ GODOT_HUB_URL: `ws://localhost:${port}` });
    expect(text).toContain(`listens at ${hub.url}`);
    expect(text).toContain("Unset GODOT_HUB_URL");
    expect(heard).toEqual([]);
    const token = "of-another-machine-behind-a-tunnel";
    await askedWith({ GODOT_HUB_URL: `ws://localhost:${port}`, GODOT_HUB_TOKEN: token });
    expect(heard.join()).toContain(`Bearer ${token}`);
  });

  it("is told no token by an editor either", async () => {
    const { port, heard } = await besides();
    const there = await listenAs("127.0.0.1", port);
    await cli.run(["token"]);
    announceDead(port);
    const token = readToken(cli.home) ?? "";
    const env = { GODOT_HUB_HOME: cli.home, GODOT_HUB_URL: `ws://localhost:${port}`, GODOT_HUB_TOKEN: token };
    const editor = GodotEditor.start({ env });
    onTestFinished(() => editor.dispose());
    await until(() => there.heard.length > 0, { what: "an attempt where the hub was", deadlineMs: 150_000 });
    expect(there.heard.join()).toContain("Proof ");
    expect([...heard, ...there.heard].join()).not.toMatch(new RegExp(`${token}|identify`));
    expect(heard).toEqual([]);
  });
});

/** Leaves the hub.json of a hub that was killed. */
function announceDead(port: number): void {
  mkdirSync(cli.home, { recursive: true, mode: 0o700 });
  const hub = { pid: 2 ** 22 + 1, port, url: `ws://127.0.0.1:${port}`, version: PRODUCT_VERSION, protocolVersion: 1 };
  const path = join(cli.home, "hub.json");
  writeFileSync(path, JSON.stringify({ ...hub, proof: true, startedAt: new Date(0).toISOString() }), { mode: 0o600 });
  onTestFinished(() => rmSync(path, { force: true }));
}
