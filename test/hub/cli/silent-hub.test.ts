/** Tests a hub whose process lives and whose port does not answer: no program takes it for dead, or another process for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { findHub } from "../../../hub/cli/find-hub.ts";
import { isHubProcess } from "../../../hub-client/hub-process.ts";
import { processStart } from "../../../hub-client/process-probe.ts";
import { type HubFile, hubFilePath, readHubFile } from "../../../hub-client/state-dir.ts";
import { startMcpClient } from "../../support/mcp-client.ts";
import { until } from "../../support/wait.ts";
import { CommandLine } from "./command-line.ts";

const SERVING = { what: "hub.json", deadlineMs: 30_000 };

/** A hub in the foreground. */
async function foreground(
  cli: CommandLine,
  args: readonly string[] = [],
): Promise<{ child: ChildProcess; hub: HubFile }> {
  const child = cli.spawn(["run", "--port", "0", ...args]);
  const hub = await until(() => readHubFile(cli.home), SERVING);
  return { child, hub };
}

/** A port with a server that does that to each connection; undefined: no server. */
async function port(manner: ((socket: Socket) => void) | undefined): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    manner?.(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  if (manner) onTestFinished(close);
  else close();
  return port;
}

const MANNERS: readonly (readonly [string, ((socket: Socket) => void) | undefined])[] = [
  ["refuses connections", undefined],
  ["resets connections", (socket) => void socket.resetAndDestroy()],
  ["says nothing", () => {}],
  ["ends connections", (socket) => void socket.end()],
  ["is too busy", (socket) => void socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n")],
];

/** What hub.json says, with another address. */
function readdress(cli: CommandLine, hub: HubFile, port: number): string {
  const text = `${JSON.stringify({ ...hub, port, url: `ws://127.0.0.1:${port}` })}\n`;
  writeFileSync(hubFilePath(cli.home), text);
  return text;
}

/** A process that lives and is no hub. */
function sleeper(): ChildProcess & { pid: number } {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.pid === undefined) throw new Error("sleep did not start.");
  return Object.assign(child, { pid: child.pid });
}

describe("a hub whose process lives", () => {
  it("is silent, not gone, whatever its port does", async () => {
    const cli = new CommandLine();
    const { hub } = await foreground(cli);
    for (const [name, manner] of MANNERS) {
      readdress(cli, hub, await port(manner));
      const found = await findHub(cli.home);
      expect({ pid: found.running?.pid, isSilent: found.isSilent, stale: found.stale }, name).toEqual({
        pid: hub.pid,
        isSilent: true,
        stale: undefined,
      });
    }
  });

  it("keeps its place: a second one exits with 3, and `status` names the fault", async () => {
    const cli = new CommandLine();
    const { hub } = await foreground(cli);
    const text = readdress(cli, hub, await port((socket) => void socket.resetAndDestroy()));
    const status = await cli.run(["status"]);
    expect(status).toMatchObject({ code: 1, stdout: expect.stringContaining("A hub runs and does not answer") });
    const { stdout } = await cli.run(["status", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ running: true, silent: true, hub: { pid: hub.pid } });
    const second = await cli.run(["run", "--port", "0"]);
    expect(second).toMatchObject({ code: 3, stderr: expect.stringContaining(`pid ${hub.pid}`) });
    expect((await cli.run(["start", "--port", "0"])).stdout).toContain(`A hub runs already: pid ${hub.pid}`);
    expect(readFileSync(hubFilePath(cli.home), "utf8")).toBe(text);
  });

  it("is silent while it is stopped, and answers when it goes on", async () => {
    const cli = new CommandLine();
    const { child, hub } = await foreground(cli);
    child.kill("SIGSTOP");
    expect((await cli.run(["status"])).stdout).toContain("does not answer");
    expect((await cli.run(["run", "--port", "0"])).code).toBe(3);
    child.kill("SIGCONT");
    expect((await cli.run(["status"])).code).toBe(0);
    expect(readHubFile(cli.home)).toEqual(hub);
  });

  it("is not joined by a second one that an adapter starts: the call names the fault", async () => {
    const cli = new CommandLine();
    const { hub } = await foreground(cli);
    readdress(cli, hub, await port(undefined));
    const mcp = await startMcpClient({ home: cli.home, cwd: cli.home, args: ["--deadline-ms", "2000"] });
    onTestFinished(() => mcp.close());
    const { content, isError } = await mcp.client.callTool({ name: "hub_status", arguments: {} });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toMatch(new RegExp(`HUB_UNREACHABLE.*process \\(${hub.pid}\\) runs`));
    expect(readHubFile(cli.home)?.pid).toBe(hub.pid);
    // It serves again where hub.json says: the next call reaches it.
    writeFileSync(hubFilePath(cli.home), JSON.stringify(hub));
    const again = await mcp.client.callTool({ name: "hub_status", arguments: {} });
    expect(again.isError).toBeFalsy();
  });

  it("is what the doctor finds, and what `stop` ends", async () => {
    const cli = new CommandLine();
    const { child, hub } = await foreground(cli);
    readdress(cli, hub, await port(undefined));
    const { findings } = JSON.parse((await cli.run(["doctor", "--json"])).stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "hub", level: "problem", what: expect.stringContaining("does not answer") }),
    );
    const ended = once(child, "exit");
    expect(await cli.run(["stop"])).toMatchObject({ code: 0, stderr: expect.stringContaining("Sending SIGTERM") });
    expect((await ended)[0]).toBe(0);
  });
});

describe("a process that has the number of a hub that is gone", () => {
  const gone = (pid: number, members: Partial<HubFile> = {}): HubFile => {
    const rest = { version: "0.1.0", protocolVersion: 1, autoStarted: false, proof: true };
    return { pid, port: 9, url: "ws://127.0.0.1:9", startedAt: new Date().toISOString(), ...rest, ...members };
  };

  it("is not taken for it: not where hub.json notes another start, nor where it began after hub.json was written", () => {
    const { pid } = sleeper();
    expect(isHubProcess(gone(pid, { processStart: processStart(process.pid) }))).toBe(false);
    expect(isHubProcess(gone(pid, { processStart: "another boot 1" }))).toBe(false);
    expect(isHubProcess(gone(pid, { startedAt: "2026-01-01T00:00:00.000Z" }))).toBe(false);
    expect(isHubProcess(gone(pid, { startedAt: "" }))).toBe(false);
    expect(isHubProcess(gone(2 ** 22 + 1))).toBe(false);
    expect(isHubProcess(gone(0))).toBe(false);
    expect(isHubProcess(gone(-1))).toBe(false);
  });

  it("is taken for it where the start is the same, or, with a hub.json that notes none, where it is older than that", () => {
    const { pid } = sleeper();
    const start = processStart(pid);
    expect(start).toBeTruthy();
    expect(processStart(pid)).toBe(start);
    // A clock that was set since says nothing against it.
    expect(isHubProcess(gone(pid, { processStart: start, startedAt: "2026-01-01T00:00:00.000Z" }))).toBe(true);
    expect(isHubProcess(gone(pid, { startedAt: new Date(Date.now() + 60_000).toISOString() }))).toBe(true);
  });

  it("keeps no hub from starting in its place, and is not ended by `stop`", async () => {
    const cli = new CommandLine();
    const child = sleeper();
    mkdirSync(cli.home, { mode: 0o700 });
    const left = gone(child.pid, { port: await port(undefined), processStart: "another boot 1" });
    readdress(cli, left, left.port);
    expect((await cli.run(["status"])).stdout).toContain("left its hub.json behind");
    expect((await cli.run(["stop"])).stdout).toBe("No hub runs.\n");
    expect((await cli.run(["start", "--port", "0"])).code).toBe(0);
    expect(readHubFile(cli.home)?.pid).not.toBe(child.pid);
    expect(child.exitCode ?? child.signalCode).toBeNull();
  });
});
