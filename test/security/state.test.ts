/** Attacks through the state directory: files that others could read, and a hub.json that leads to another program. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocketServer } from "ws";
import { readHubFile, readToken, tokenPath } from "../../hub-client/state-dir.ts";
import { ensureHome } from "../../hub-client/state-files.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { CommandLine, temporaryFolder } from "../hub/cli/command-line.ts";
import { startMcpClient } from "../support/mcp-client.ts";
import { until } from "../support/wait.ts";

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("the state directory", () => {
  it("and its token are made their owner's alone, whatever they were", async () => {
    const cli = new CommandLine();
    mkdirSync(cli.home, { recursive: true });
    writeFileSync(tokenPath(cli.home), "ab".repeat(32));
    chmodSync(cli.home, 0o777);
    chmodSync(tokenPath(cli.home), 0o666);
    expect((await cli.run(["token"])).code).toBe(0);
    expect([modeOf(cli.home), modeOf(tokenPath(cli.home))]).toEqual(["700", "600"]);
  });

  it("of another account is not used: its owner would have put the token there", () => {
    const home = temporaryFolder();
    const stranger = 65_534;
    if (process.getuid?.() === 0) chownSync(home, stranger, stranger);
    else vi.spyOn(process, "getuid").mockReturnValue(stranger);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(() => ensureHome(home)).toThrow(/belongs to another account \(\d+\)/);
    expect(existsSync(tokenPath(home))).toBe(false);
  });

  it("takes a token by a link, makes its file private, and replaces the link, not the file, by a new token", async () => {
    const cli = new CommandLine();
    mkdirSync(cli.home, { recursive: true });
    const elsewhere = join(temporaryFolder(), "token");
    const first = "cd".repeat(32);
    writeFileSync(elsewhere, first);
    chmodSync(elsewhere, 0o644);
    symlinkSync(elsewhere, tokenPath(cli.home));
    expect((await cli.run(["token"])).code).toBe(0);
    expect(modeOf(elsewhere)).toBe("600");
    expect((await cli.run(["token", "rotate"])).code).toBe(0);
    expect(lstatSync(tokenPath(cli.home)).isFile()).toBe(true);
    expect(readFileSync(elsewhere, "utf8")).toBe(first);
    expect(readToken(cli.home)).not.toBe(first);
  });

  it("takes nothing for a token that is none, leaves what a link leads to as it is, and says what to do", async () => {
    const cli = new CommandLine();
    mkdirSync(cli.home, { recursive: true });
    const elsewhere = join(temporaryFolder(), "hostname");
    writeFileSync(elsewhere, "box\n");
    chmodSync(elsewhere, 0o644);
    symlinkSync(elsewhere, tokenPath(cli.home));
    const refused = await cli.run(["run", "--port", "0"]);
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining("godot-hub token rotate") });
    expect(modeOf(elsewhere)).toBe("644");
    rmSync(elsewhere);
    const dangling = await cli.run(["run", "--port", "0"]);
    expect(dangling).toMatchObject({ code: 5, stderr: expect.stringContaining("leads nowhere: remove it") });
  });

  it("keeps further tokens as digests in a private file, prints each once, and refuses an unfit name", async () => {
    const cli = new CommandLine();
    const created = await cli.run(["token", "create", "--name", "ci", "--read-only", "--deny", "game.*"]);
    const token = created.stdout.trim();
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const file = `${cli.home}/tokens.json`;
    expect(modeOf(file)).toBe("600");
    expect(readFileSync(file, "utf8")).not.toContain(token);
    expect(readFileSync(file, "utf8")).toContain(createHash("sha256").update(token).digest("hex"));
    const listed = (await cli.run(["token", "list"])).stdout;
    expect(listed).toMatch(/^ci, agent, read-only, deny game\.\*, since /);
    expect((await cli.run(["token", "create", "--name", "ci"])).stderr).toContain("already");
    expect((await cli.run(["token", "create", "--name", "../x"])).code).not.toBe(0);
    expect((await cli.run(["token", "revoke", "ci"])).code).toBe(0);
    expect((await cli.run(["token", "revoke", "ci"])).stderr).toContain("There is no token 'ci'");
  });

  it("of an ended hub does not give the token to a program that listens in its place", async () => {
    const cli = new CommandLine();
    await cli.run(["token"]);
    const seen: string[] = [];
    const impostor = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    onTestFinished(() => impostor.close());
    impostor.on("connection", (socket, request) => {
      seen.push(JSON.stringify([request.url, request.rawHeaders]));
      socket.on("message", (data) => seen.push(String(data)));
      const heartbeat = { intervalMs: 30_000, timeoutMs: 60_000 };
      const handshake = {
        type: "handshake",
        clientId: "c",
        serverVersion: PRODUCT_VERSION,
        protocolVersion: PROTOCOL_VERSION,
      };
      const [nonce, proof] = ["1".repeat(64), "0".repeat(64)];
      socket.send(
        JSON.stringify({ ...handshake, heartbeat, identifyTimeoutMs: 1_000, maxMessageBytes: 1_000_000, nonce, proof }),
      );
    });
    await once(impostor, "listening");
    // A process that lives stands for the hub that hub.json names; CommandLine ends it with the test.
    const { pid } = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
    const { port } = impostor.address() as AddressInfo;
    const hub = { pid, port, url: `ws://127.0.0.1:${port}`, version: PRODUCT_VERSION, protocolVersion: 1, proof: true };
    writeFileSync(`${cli.home}/hub.json`, JSON.stringify({ ...hub, startedAt: new Date(0).toISOString() }));
    for (const args of [["call", "node.add"], ["launch", "."], ["usage"]]) {
      const { code, stderr } = await cli.run(args);
      expect(code, args.join(" ")).not.toBe(0);
      expect(stderr, args.join(" ")).toMatch(/does not know the token|project\.godot/);
    }
    const heard = seen.join("\n");
    expect(heard).toContain("Challenge ");
    expect(heard).not.toContain(readToken(cli.home));
    expect(heard).not.toContain("identify");
  });
});

/** A program that has announced itself in a state directory, and the frames that it got. */
async function planted(home: string): Promise<{ heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    heard.push("a connection");
    socket.on("error", () => {}).on("data", (data) => heard.push(String(data)));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const hub = { pid: process.ppid, port, url: `ws://127.0.0.1:${port}`, version: PRODUCT_VERSION, protocolVersion: 1 };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, "hub.json"), JSON.stringify({ ...hub, startedAt: new Date().toISOString() }), {
    mode: 0o600,
  });
  writeFileSync(tokenPath(home), "ab".repeat(32), { mode: 0o600 });
  return { heard };
}

const STRANGER = 65_534;
const isRoot = process.getuid?.() === 0;

describe("a state directory in which another account has a hand", () => {
  /** How to make the state, and the expected message. */
  type Way = readonly [how: string, spoil: (home: string) => void, message: RegExp];
  const OF_A_STRANGER: readonly Way[] = [
    ["it is his", (home) => chownSync(home, STRANGER, STRANGER), /belongs to another account \(65534\)/],
    ["its token is his", (home) => chownSync(tokenPath(home), STRANGER, STRANGER), /token belongs to another/],
    [
      "its list of tokens is his",
      (home) => {
        writeFileSync(join(home, "tokens.json"), '{"tokens":[]}');
        chownSync(join(home, "tokens.json"), STRANGER, STRANGER);
      },
      /tokens\.json belongs to another account/,
    ],
  ];
  const WAYS: readonly Way[] = [
    ["others can write to it", (home) => chmodSync(home, 0o777), /can be written by others \(mode 0777\).*chmod 700/],
    ["its group can", (home) => chmodSync(home, 0o770), /can be written by others \(mode 0770\)/],
    [
      "others can write its hub.json",
      (home) => {
        chmodSync(home, 0o755);
        chmodSync(join(home, "hub.json"), 0o666);
      },
      /hub\.json can be written by others \(mode 0666\).*chmod 600/,
    ],
    // Only the superuser can give files away.
    ...(isRoot ? OF_A_STRANGER : []),
  ];

  it.each(WAYS)("is not believed by the command line where %s", async (_how, spoil, message) => {
    const cli = new CommandLine();
    const { heard } = await planted(cli.home);
    spoil(cli.home);
    for (const args of [["status"], ["call", "node.add"]]) {
      const { code, stderr } = await cli.run(args);
      expect({ args, code }).toEqual({ args, code: 5 });
      expect(stderr).toMatch(message);
    }
    expect(heard).toEqual([]);
    // Nothing in it is the test's to end.
    rmSync(join(cli.home, "hub.json"));
  });

  it.each(WAYS)("is not believed by an adapter where %s, nor is a hub started in it", async (_how, spoil, message) => {
    const home = join(temporaryFolder(), "state");
    const { heard } = await planted(home);
    spoil(home);
    const before = readdirSync(home);
    const mcp = await startMcpClient({ home, cwd: dirname(home) });
    onTestFinished(() => mcp.close());
    const { content, isError } = await mcp.client.callTool({ name: "hub_status", arguments: {} });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toMatch(/HUB_REFUSED: The state directory is not trusted/);
    expect(JSON.stringify(content)).toMatch(message);
    expect(heard).toEqual([]);
    expect(readdirSync(home)).toEqual(before);
  });

  it("is used all the same where address and token are given", async () => {
    const cli = new CommandLine();
    cli.spawn(["run", "--port", "0"]);
    const hub = await until(() => readHubFile(cli.home), { what: "hub.json", deadlineMs: 30_000 });
    const home = join(temporaryFolder(), "state");
    mkdirSync(home);
    chmodSync(home, 0o777);
    const env = { GODOT_HUB_URL: hub.url, GODOT_HUB_TOKEN: readToken(cli.home) ?? "" };
    const mcp = await startMcpClient({ home, cwd: home, env });
    onTestFinished(() => mcp.close());
    expect((await mcp.client.callTool({ name: "hub_status", arguments: {} })).isError).toBeFalsy();
  });

  it.runIf(isRoot)("has no config.json that names programs and opens doors", async () => {
    const cli = new CommandLine();
    mkdirSync(cli.home, { mode: 0o700 });
    const config = join(cli.home, "config.json");
    writeFileSync(config, JSON.stringify({ enableExec: true, godot: "/tmp/evil" }));
    chownSync(config, STRANGER, STRANGER);
    const { code, stderr } = await cli.run(["run", "--port", "0"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.json can't be read: .*belongs to another account/);
  });

  it.runIf(isRoot)("has nothing of his left when a hub has made it private", () => {
    const home = temporaryFolder();
    for (const name of ["hub.json", "token", "launched.json"]) {
      const path = join(home, name);
      writeFileSync(path, "ab".repeat(32));
      chownSync(path, STRANGER, STRANGER);
      chmodSync(home, 0o777);
      expect(() => ensureHome(home), name).toThrow(/belongs to another account/);
      rmSync(path);
    }
    expect(() => ensureHome(home)).not.toThrow();
    expect(modeOf(home)).toBe("700");
  });
});
