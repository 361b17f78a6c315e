/** The state directory under many hands: the token is made once, hub.json has one holder, and both are whole at any moment. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { hubFilePath, readHubFile, readToken, tokenPath } from "../../../hub-client/state-dir.ts";
import {
  claimHubFile,
  ensureHome,
  ensureToken,
  inspectHubFile,
  releaseHubFile,
} from "../../../hub-client/state-files.ts";
import { ProtocolClient } from "../../support/protocol-client.ts";
import { until } from "../../support/wait.ts";
import { CommandLine, PROGRAM, temporaryFolder } from "./command-line.ts";

const run = promisify(execFile);

function hubFile(pid: number, startedAt = "2026-01-01T00:00:00.000Z") {
  return { pid, port: 1, url: "ws://127.0.0.1:1", version: "0.1.0", protocolVersion: 1, startedAt, autoStarted: false };
}

describe("the token", () => {
  it("is the same for twenty processes that make it at once", async () => {
    const home = join(temporaryFolder(), "state");
    const env = { ...process.env, GODOT_HUB_HOME: home };
    await Promise.all(Array.from({ length: 20 }, () => run(process.execPath, [PROGRAM, "token"], { env })));
    expect(readFileSync(tokenPath(home), "utf8")).toMatch(/^[0-9a-f]{64}$/);
    expect(readdirSync(home)).toEqual(["token"]);
  });

  it("is made anew where a blank file lies, and made private where it was not", () => {
    const home = join(temporaryFolder(), "state");
    mkdirSync(home, { mode: 0o755 });
    writeFileSync(tokenPath(home), "\n", { mode: 0o644 });
    ensureHome(home);
    const token = ensureToken(home);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect([statSync(home).mode & 0o777, statSync(tokenPath(home)).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(ensureToken(home)).toBe(token);
  });

  it("of a running hub can be rotated: the old one is refused, the new one is taken", async () => {
    const cli = new CommandLine();
    await cli.run(["start", "--port", "0"]);
    const url = readHubFile(cli.home)?.url ?? "";
    const old = readToken(cli.home);
    const { stdout, code } = await cli.run(["token", "rotate"]);
    const fresh = readToken(cli.home);
    expect(code).toBe(0);
    expect(fresh).not.toBe(old);
    expect(stdout).not.toContain(fresh);
    await expect(ProtocolClient.connect(url, { token: old })).rejects.toMatchObject({ status: 401 });
    expect((await cli.run(["status"])).code).toBe(0);
  });

  it("that is given explicitly is not rotated here", async () => {
    const { code, stderr } = await new CommandLine({ GODOT_HUB_TOKEN: "0123456789abcdef" }).run(["token", "rotate"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "godot-hub: The token is given by GODOT_HUB_TOKEN: change it there.\n",
    });
  });

  it("is never printed by `token`, only where it is", async () => {
    const cli = new CommandLine();
    const { stdout } = await cli.run(["token"]);
    expect(stdout).toBe(`${tokenPath(cli.home)}\n`);
  });
});

describe("hub.json", () => {
  it("has one holder: a second claim fails and changes nothing", () => {
    const home = temporaryFolder();
    expect(claimHubFile(home, hubFile(1), undefined)).toBe(true);
    const text = inspectHubFile(home)?.text;
    expect(claimHubFile(home, hubFile(2), undefined)).toBe(false);
    expect(inspectHubFile(home)?.text).toBe(text);
  });

  it("that was found stale is replaced by one of those who found it so", () => {
    const home = temporaryFolder();
    claimHubFile(home, hubFile(1), undefined);
    const stale = inspectHubFile(home)?.text;
    expect(claimHubFile(home, hubFile(2), stale)).toBe(true);
    expect(claimHubFile(home, hubFile(3), stale)).toBe(false);
    expect(readHubFile(home)?.pid).toBe(2);
  });

  it("is removed by its holder only", () => {
    const home = temporaryFolder();
    claimHubFile(home, hubFile(2), undefined);
    releaseHubFile(home, hubFile(1));
    releaseHubFile(home, hubFile(2, "2026-01-02T00:00:00.000Z"));
    expect(existsSync(hubFilePath(home))).toBe(true);
    releaseHubFile(home, hubFile(2));
    expect(readdirSync(home)).toEqual([]);
  });

  it("can be claimed although a process died while it held the lock", () => {
    const home = temporaryFolder();
    claimHubFile(home, hubFile(1), undefined);
    // No process has this id: it is over the largest that a kernel gives.
    writeFileSync(`${hubFilePath(home)}.lock`, "99999999");
    expect(claimHubFile(home, hubFile(2), inspectHubFile(home)?.text)).toBe(true);
  });

  it("that is not readable as one is replaced", async () => {
    const cli = new CommandLine();
    mkdirSync(cli.home);
    writeFileSync(hubFilePath(cli.home), '{"pid":');
    expect(await cli.run(["start", "--port", "0"])).toMatchObject({ code: 0 });
  });

  it("of a live process that is no hub is replaced", async () => {
    const cli = new CommandLine();
    mkdirSync(cli.home);
    writeFileSync(
      hubFilePath(cli.home),
      JSON.stringify({ ...hubFile(process.pid), url: `ws://127.0.0.1:${await freePort()}` }),
    );
    expect(await cli.run(["start", "--port", "0"])).toMatchObject({ code: 0 });
    expect(readHubFile(cli.home)?.pid).not.toBe(process.pid);
  });

  it("is complete before the first connection is served", async () => {
    const cli = new CommandLine();
    const port = await freePort();
    cli.spawn(["run", "--port", String(port)]);
    const client = await until(() => ProtocolClient.connect(`ws://127.0.0.1:${port}`).catch(() => undefined), {
      what: "the first connection",
      deadlineMs: 30_000,
    });
    expect(readHubFile(cli.home)).toMatchObject({ port, url: `ws://127.0.0.1:${port}` });
    await client.close();
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
