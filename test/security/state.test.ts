/** Attacks by way of the state directory: files that others could read, and a hub.json that leads to somebody else. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocketServer } from "ws";
import { ensureHome } from "../../hub/state-files.ts";
import { readToken, tokenPath } from "../../protocol/state-dir.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { CommandLine, temporaryFolder } from "../hub/cli/command-line.ts";

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

  it("of a hub that is gone does not lead to the token being told to who listens in its place", async () => {
    const cli = new CommandLine();
    await cli.run(["token"]);
    const told: string[] = [];
    const impostor = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    onTestFinished(() => impostor.close());
    impostor.on("connection", (socket, request) => {
      told.push(JSON.stringify([request.url, request.rawHeaders]));
      socket.on("message", (data) => told.push(String(data)));
      const heartbeat = { intervalMs: 30_000, timeoutMs: 60_000 };
      const handshake = {
        type: "handshake",
        clientId: "c",
        serverVersion: PRODUCT_VERSION,
        protocolVersion: PROTOCOL_VERSION,
      };
      const proof = "0".repeat(64);
      socket.send(
        JSON.stringify({ ...handshake, heartbeat, identifyTimeoutMs: 1_000, maxMessageBytes: 1_000_000, proof }),
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
    const heard = told.join("\n");
    expect(heard).toContain("Proof ");
    expect(heard).not.toContain(readToken(cli.home));
    expect(heard).not.toContain("identify");
  });
});
