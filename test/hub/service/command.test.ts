/** `godot-hub service`, with a systemctl that writes down what it is asked, and the unit's command run as systemd would. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readHubFile } from "../../../hub-client/state-dir.ts";
import { HubProcess } from "../../support/hub-process.ts";
import { execStart } from "../../support/systemd.ts";
import { until } from "../../support/wait.ts";
import { CommandLine, type Outcome } from "../cli/command-line.ts";

/** Writes its words to a file, prints the contents of another, and fails on request. */
const SYSTEMCTL = `#!/bin/sh
echo "$@" >> "$SYSTEMCTL_LOG"
case "$2" in
  is-enabled) echo "$SYSTEMCTL_ENABLED" ;;
  show) echo "ActiveState=active"; echo "MainPID=$SYSTEMCTL_PID" ;;
  restart) if [ -n "$SYSTEMCTL_FAILURE" ]; then echo "$SYSTEMCTL_FAILURE" >&2; exit 1; fi ;;
esac
`;

describe("godot-hub service", () => {
  let folder: string;
  let line: CommandLine;
  let service: ChildProcess | undefined;
  let units: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "godot-hub-service-"));
    units = join(folder, "config", "systemd", "user");
    writeFileSync(join(folder, "systemctl"), SYSTEMCTL);
    chmodSync(join(folder, "systemctl"), 0o755);
    line = new CommandLine({
      PATH: [folder, process.env.PATH].join(delimiter),
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, "config"),
      SYSTEMCTL_LOG: join(folder, "asked"),
      GODOT: "/opt/godot/godot",
    });
  });
  afterEach(() => {
    service?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    service = undefined;
  });

  const unit = () => join(units, "godot-mcp-hub.service");
  const asked = () => readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
  const run = (args: string, env: Record<string, string> = {}): Promise<Outcome> =>
    line.run(["service", ...args.split(" ")], env);

  /** Does what systemd does at login. */
  function startService(): ChildProcess {
    const [program = "", ...args] = execStart(readFileSync(unit(), "utf8"));
    service = spawn(program, args, { env: { PATH: process.env.PATH, HOME: folder }, stdio: "ignore" });
    return service;
  }

  it("installs a unit whose command is a hub with the options that were given here, and no secret", async () => {
    const { code, stdout } = await run("install --port 0 --window-size 7", { GODOT_HUB_QUEUE_LIMIT: "99" });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`Wrote ${unit()}.`) });
    expect(asked()).toEqual([
      "--user disable --now godot-mcp-hub.socket",
      "--user daemon-reload",
      "--user enable godot-mcp-hub.service",
      "--user restart godot-mcp-hub.service",
    ]);
    const text = readFileSync(unit(), "utf8");
    expect(text).toContain('"--port" "0" "--window-size" "7" "--queue-limit" "99"');
    expect(text).toContain('Environment="GODOT=/opt/godot/godot"');
    const { pid } = startService();
    const hub = await until(() => readHubFile(line.home), { what: "hub.json", deadlineMs: 30_000 });
    expect(hub).toMatchObject({ pid, service: true, autoStarted: false });
    const status = await line.run(["status"]);
    expect(status.stdout).toContain("run as a service");
    expect(text).not.toContain(readFileSync(join(line.home, "token"), "utf8").trim());
  });

  it("changes nothing with --dry-run, and shows the same file and commands", async () => {
    const { code, stdout } = await run("install --dry-run --socket-activation --port 7001");
    expect(code).toBe(0);
    expect(stdout).toContain(`would write ${unit()}:`);
    expect(stdout).toContain("ListenStream=127.0.0.1:7001");
    expect(stdout).toContain("would run: systemctl --user restart godot-mcp-hub.socket");
    expect(existsSync(units) || existsSync(join(folder, "asked")) || existsSync(line.home)).toBe(false);
  });

  it("can be installed again with other options: one set of files is left", async () => {
    await run("install --socket-activation");
    expect(existsSync(join(units, "godot-mcp-hub.socket"))).toBe(true);
    const first = readFileSync(unit(), "utf8");
    expect((await run("install")).code).toBe(0);
    expect(existsSync(join(units, "godot-mcp-hub.socket"))).toBe(false);
    const second = readFileSync(unit(), "utf8");
    expect(second).not.toBe(first);
    expect((await run("install")).code).toBe(0);
    expect(readFileSync(unit(), "utf8")).toBe(second);
  });

  it("uninstalls what it has installed, twice without harm, and shows it before", async () => {
    await run("install");
    const dry = await run("uninstall --dry-run");
    expect(dry.stdout).toContain(`would remove ${unit()}`);
    expect(existsSync(unit())).toBe(true);
    expect((await run("uninstall")).code).toBe(0);
    expect(existsSync(unit())).toBe(false);
    expect(asked().slice(-3)).toEqual([
      "--user disable --now godot-mcp-hub.socket",
      "--user disable --now godot-mcp-hub.service",
      "--user daemon-reload",
    ]);
    expect(await run("uninstall")).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to remove") });
  });

  it("neither replaces nor removes a unit that another program has written", async () => {
    mkdirSync(units, { recursive: true });
    writeFileSync(unit(), "[Service]\nExecStart=/usr/bin/true\n");
    const refused = await run("install");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("was not written by godot-hub") });
    expect((await run("uninstall")).stdout).toContain("nothing to remove");
    expect(readFileSync(unit(), "utf8")).toBe("[Service]\nExecStart=/usr/bin/true\n");
    expect(existsSync(join(folder, "asked"))).toBe(false);
  });

  it("writes no token into a unit: one in the environment is refused, with what to do instead", async () => {
    const { code, stderr } = await run("install", { GODOT_HUB_TOKEN: "a-secret-of-the-environment" });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("--token-file") });
    expect(stderr).not.toContain("a-secret");
    expect(existsSync(unit())).toBe(false);
  });

  it("passes on what the manager says when it refuses", async () => {
    const { code, stderr } = await run("install", { SYSTEMCTL_FAILURE: "Failed to connect to bus: No medium found" });
    expect(code).toBe(1);
    expect(stderr).toContain(
      "`systemctl --user restart godot-mcp-hub.service` failed with 1: Failed to connect to bus",
    );
    expect(stderr).toContain("`godot-hub service uninstall` takes it back");
    expect((await run("uninstall")).code).toBe(0);
  });

  it("says whether it is installed, enabled and running, and whose the running hub is", async () => {
    expect(await run("status")).toMatchObject({ code: 1, stdout: expect.stringContaining("not installed") });
    await run("install --port 0");
    const { pid } = startService();
    await until(() => readHubFile(line.home), { what: "hub.json", deadlineMs: 30_000 });
    const manager = { SYSTEMCTL_ENABLED: "enabled", SYSTEMCTL_PID: String(pid) };
    const own = await run("status", manager);
    expect(own).toMatchObject({ code: 0, stdout: expect.stringContaining("enabled, running.") });
    expect(own.stdout).toContain("The hub that runs is the service's: pid");
    const { stdout } = await run("status --json", { ...manager, SYSTEMCTL_PID: "1" });
    expect(JSON.parse(stdout)).toMatchObject({
      installed: true,
      enabled: true,
      running: true,
      hub: { isService: false },
    });
    expect((await run("status", { ...manager, SYSTEMCTL_PID: "1" })).code).toBe(1);
  });

  it("has a hub that was started on demand make room, and waits for one that a person started", async () => {
    const demanded = await HubProcess.start({ home: line.home, args: ["--auto-started"] });
    const demandedPid = demanded.pid;
    await run("install --port 0");
    const { pid } = startService();
    await until(() => readHubFile(line.home)?.pid === pid, { what: "the service's hub", deadlineMs: 30_000 });
    expect(demanded.isRunning).toBe(false);
    expect(demandedPid).not.toBe(pid);
    const second = await line.run(["run", "--service", "--port", "0"]);
    expect(second.code).toBe(3);
    await demanded.dispose();
  });

  it("never exits without clients, and no option makes it do so", async () => {
    const refused = await line.run(["run", "--service", "--auto-started", "--port", "0"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("exclude each other") });
  });
});
