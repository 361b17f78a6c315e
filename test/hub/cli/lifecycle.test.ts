/** run, start, stop and status of the built program: what they say, leave behind and exit with. */
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { hubFilePath, readHubFile, readToken, tokenPath } from "../../../hub-client/state-dir.ts";
import { until } from "../../support/wait.ts";
import { CommandLine, temporaryFolder } from "./command-line.ts";

const RUN = ["run", "--port", "0"];

/** Runs a hub in the foreground until it serves. */
async function foreground(cli: CommandLine, args: readonly string[] = RUN) {
  const child = cli.spawn(args);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const hub = await until(() => readHubFile(cli.home), { what: `hub.json; so far: ${output}`, deadlineMs: 30_000 });
  return { child, hub, ended, output: () => output };
}

async function listen(onConnection: (server: Server) => void = () => {}): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => {}).end("220 no hub\r\n"));
  onConnection(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("run", () => {
  it("says where it listens, where its state is, and how each AI client and a project are connected", async () => {
    const cli = new CommandLine();
    const { hub, output } = await foreground(cli);
    await until(() => output().includes("Stop with"), { what: "the banner" });
    expect(output()).toContain(`listens on ${hub.url}, state in ${cli.home}`);
    for (const words of [
      "claude mcp add godot",
      "codex mcp add godot",
      "gemini mcp add",
      "mcpServers",
      "install <project",
    ]) {
      expect(output()).toContain(words);
    }
    // A client of this hub needs its state directory, which is not the default one.
    expect(output()).toContain(`--env GODOT_HUB_HOME=${cli.home}`);
    expect(output()).toMatch(/node \S+godot-mcp-adapter\.js/);
  });

  it("keeps its state to the user: directory 0700, token 0600 with 64 hexadecimal digits, hub.json and log 0600", async () => {
    const cli = new CommandLine();
    await foreground(cli);
    expect(statSync(cli.home).mode & 0o777).toBe(0o700);
    for (const name of ["token", "hub.json", "hub.log"])
      expect(statSync(join(cli.home, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(tokenPath(cli.home), "utf8")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("never prints or logs the token", async () => {
    const cli = new CommandLine();
    const { output } = await foreground(cli, [...RUN, "--log-level", "trace"]);
    await cli.run(["status"]);
    const token = readToken(cli.home) ?? "";
    expect(output()).not.toContain(token);
    expect(readFileSync(join(cli.home, "hub.log"), "utf8")).not.toContain(token);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s ends it with code 0, and hub.json is gone", async (signal) => {
    const cli = new CommandLine();
    const { child, ended } = await foreground(cli);
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(existsSync(hubFilePath(cli.home))).toBe(false);
  });

  it("a second one says who runs, in one line, and exits with 3", async () => {
    const cli = new CommandLine();
    const { hub } = await foreground(cli);
    const { code, stderr, stdout } = await cli.run(RUN);
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(stderr).toBe(`godot-hub: A hub runs already: pid ${hub.pid}, ${hub.url}, version ${hub.version}.\n`);
    const samePort = await cli.run(["run", "--port", String(hub.port)]);
    expect(samePort.code).toBe(3);
  });

  it("a port that another program holds is named, with the way out, and the code is 4", async () => {
    const port = await listen();
    const { code, stderr } = await new CommandLine().run(["run", "--port", String(port)]);
    expect(code).toBe(4);
    expect(stderr).toContain(`Port ${port} is taken by another program.`);
    expect(stderr).toContain("--port N");
  });

  it("a port that the hub of another state directory holds is named as such, and the code is 4", async () => {
    const { hub } = await foreground(new CommandLine());
    const { code, stderr } = await new CommandLine().run(["run", "--port", String(hub.port)]);
    expect(code).toBe(4);
    expect(stderr).toContain("a hub with another state directory");
  });

  it.each(["run", "start", "token"])("%s: a state directory that can't be made: one line, code 5", async (command) => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const { code, stderr } = await new CommandLine({ GODOT_HUB_HOME: join(file, "state") }).run([command]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/^godot-hub: The state directory .* can't be used .*\n$/);
  });

  it.runIf(existsSync("/dev/full"))("a disk that is full costs log lines, not the hub", async () => {
    const cli = new CommandLine();
    mkdirSync(cli.home);
    symlinkSync("/dev/full", join(cli.home, "hub.log"));
    const { child, ended } = await foreground(cli);
    expect((await cli.run(["status"])).code).toBe(0);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  it("a hub that was killed leaves a hub.json that the next one replaces", async () => {
    const cli = new CommandLine();
    const first = await foreground(cli);
    first.child.kill("SIGKILL");
    await first.ended;
    expect((await cli.run(["status"])).stdout).toContain("left its hub.json behind");
    const next = cli.spawn(RUN);
    await until(() => readHubFile(cli.home)?.pid === next.pid, { what: "the next hub's hub.json" });
    expect((await cli.run(["status"])).code).toBe(0);
  });
});

describe("start, status, stop", () => {
  it("start returns when the hub serves, says who runs the second time, and stop ends it", async () => {
    const cli = new CommandLine();
    const started = await cli.run(["start", "--port", "0"]);
    expect(started).toMatchObject({ code: 0, stderr: "" });
    const hub = readHubFile(cli.home);
    expect(started.stdout).toBe(`The hub runs: pid ${hub?.pid}, ${hub?.url}, version ${hub?.version}.\n`);
    expect(hub?.autoStarted).toBe(false);

    const again = await cli.run(["start", "--port", "0"]);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain(`A hub runs already: pid ${hub?.pid}`);

    const stopped = await cli.run(["stop"]);
    expect(stopped).toMatchObject({ code: 0, stderr: "" });
    expect(stopped.stdout).toContain("The hub has stopped");
    expect(existsSync(hubFilePath(cli.home))).toBe(false);
    expect(await cli.run(["stop"])).toMatchObject({ code: 0, stdout: "No hub runs.\n" });
  });

  it("many that start at once make one hub and one token", async () => {
    const cli = new CommandLine();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => cli.run(["start", "--port", "0"])));
    expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 0));
    const pids = new Set(outcomes.map(({ stdout }) => /pid (\d+)/.exec(stdout)?.[1]));
    expect([...pids]).toEqual([String(readHubFile(cli.home)?.pid)]);
    // No late process is still starting as a hub.
    await cli.run(["stop"]);
    expect(await cli.run(["status"])).toMatchObject({ code: 1, stdout: expect.stringMatching(/^No hub runs\. /) });
    expect(readFileSync(join(cli.home, "hub.log"), "utf8").match(/hub listens/g)).toHaveLength(1);
  });

  it("start passes on why the hub could not start, with its exit code", async () => {
    const port = await listen();
    const { code, stderr } = await new CommandLine().run(["start", "--port", String(port)]);
    expect(code).toBe(4);
    expect(stderr).toContain(`Port ${port} is taken by another program.`);
  });

  it("status shows the hub and its clients, as text and as JSON, and exits with 1 when there is none", async () => {
    const cli = new CommandLine();
    expect(await cli.run(["status"])).toMatchObject({ code: 1 });
    expect(JSON.parse((await cli.run(["status", "--json"])).stdout)).toEqual({ running: false });
    const { hub } = await foreground(cli);
    const text = await cli.run(["status"]);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(`Hub ${hub.version} at ${hub.url}, pid ${hub.pid}`);
    expect(text.stdout).toContain("Instances: none (`godot-hub install");
    expect(text.stdout).toContain("Clients: none (`godot-hub connect");
    const report = JSON.parse((await cli.run(["status", "--json"])).stdout);
    expect(report).toMatchObject({ running: true, hub: { pid: hub.pid }, status: { pid: hub.pid }, instances: [] });
  });

  it("a client of the command line leaves nothing behind in the hub", async () => {
    const cli = new CommandLine();
    await foreground(cli);
    await cli.run(["status"]);
    const report = JSON.parse((await cli.run(["status", "--json"])).stdout);
    expect(report.clients).toHaveLength(1);
  });

  it("stop works with a token that the command does not know: a hub that answers gets SIGTERM", async () => {
    const cli = new CommandLine();
    const { ended } = await foreground(cli);
    const { code, stderr } = await cli.run(["stop"], { GODOT_HUB_TOKEN: "another-token-than-the-hub-has" });
    expect(code).toBe(0);
    expect(stderr).toContain("Sending SIGTERM");
    expect(await ended).toBe(0);
  });
});

describe("an explicit token", () => {
  it("is what the hub asks for, and no token file is made", async () => {
    const cli = new CommandLine();
    const secret = join(temporaryFolder(), "secret");
    writeFileSync(secret, "a-token-from-a-secret-manager\n");
    await foreground(cli, [...RUN, "--token-file", secret]);
    expect(existsSync(tokenPath(cli.home))).toBe(false);
    expect((await cli.run(["status"])).stderr).toMatch(/token/i);
    expect((await cli.run(["status", "--token-file", secret])).code).toBe(0);
    expect((await cli.run(["status"], { GODOT_HUB_TOKEN: "a-token-from-a-secret-manager" })).code).toBe(0);
  });
});
