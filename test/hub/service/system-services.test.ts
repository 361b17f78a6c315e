/** The files and commands of each service manager. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceOn } from "../../../hub/service/platform-service.ts";
import {
  type ProgramOutcome,
  type ServiceDefinition,
  ServiceError,
  type SystemService,
} from "../../../hub/service/system-service.ts";
import { HUB_PROGRAM } from "../../support/hub-process.ts";
import { execStart, installSystemdTools } from "../../support/systemd.ts";

const OWNER = { homeFolder: "/home/ann", user: "1000", env: {} };

function definition(changes: Partial<ServiceDefinition> = {}): ServiceDefinition {
  return {
    program: [process.execPath, HUB_PROGRAM, "run", "--service"],
    env: { GODOT: "/opt/godot & co/godot" },
    home: "/home/ann/.godot-hub",
    stopTimeoutMs: 10_000,
    sockets: undefined,
    writable: undefined,
    ...changes,
  };
}

function textOf(manager: SystemService, name: string): string {
  const file = manager.files.find(({ path }) => path.endsWith(name));
  if (!file) throw new Error(`No ${name} among ${manager.files.map(({ path }) => path)}.`);
  return file.text;
}

/** Answers of a manager's programs by their words; unlisted words fail. */
function answering(answers: Record<string, string>) {
  return (argv: readonly string[]): ProgramOutcome => {
    const stdout = answers[argv.join(" ")];
    return { code: stdout === undefined ? 1 : 0, stdout: stdout ?? "", stderr: "" };
  };
}

describe("the systemd user service", () => {
  let folder: string;
  beforeAll(() => {
    installSystemdTools();
    folder = mkdtempSync(join(tmpdir(), "godot-hub-units-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const manager = (changes: Partial<ServiceDefinition> = {}) =>
    serviceOn("linux", definition({ home: join(folder, "state of 100 %"), ...changes }), OWNER);

  /** What systemd itself says of the units; nothing when all is well. */
  function verify(of: SystemService): string {
    const units = mkdtempSync(join(folder, "units-"));
    const paths = of.files.map(({ path, text }) => {
      const copy = join(units, basename(path));
      writeFileSync(copy, text);
      return copy;
    });
    const { stdout, stderr, status } = spawnSync("systemd-analyze", ["verify", "--user", "--man=no", ...paths], {
      encoding: "utf8",
      env: { ...process.env, XDG_RUNTIME_DIR: folder, SYSTEMD_UNIT_PATH: `${units}:` },
    });
    const own = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("godot-mcp-hub"));
    return [...own, ...(status === 0 ? [] : [`exit code ${status}`])].join("\n");
  }

  it.each([
    ["as it is by default", {}],
    ["with sockets", { sockets: ["127.0.0.1:6520", "[::1]:6520"] }],
    ["confined to folders", { writable: ["/srv/games of 50 %", "/srv/more"] }],
  ])("passes systemd-analyze verify %s", (_name, changes) => {
    expect(verify(manager(changes))).toBe("");
  });

  it("is a unit in which systemd-analyze verify finds an error", () => {
    const wrong = manager({ program: ["/no/such/node"] });
    expect(verify(wrong)).toContain("/no/such/node");
  });

  it("has the command word for word in ExecStart, with any characters", () => {
    const words = ["run", "--allow-hosts", 'a b "c" \\d $HOME $$ 100% %h', ""];
    const echo = 'require("node:fs").writeSync(1, JSON.stringify(process.argv.slice(1)))';
    const text = textOf(manager({ program: [process.execPath, "-e", echo, ...words] }), "godot-mcp-hub.service");
    const command = execStart(text);
    const { stdout } = spawnSync(command[0] ?? "", command.slice(1), { encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual(words);
  });

  it("stops the hub alone, gives it time to drain, and starts it again unless an option is wrong", () => {
    const text = textOf(manager(), "godot-mcp-hub.service");
    for (const line of [
      "KillMode=process",
      "TimeoutStopSec=10",
      "Restart=on-failure",
      "RestartPreventExitStatus=2",
      "NoNewPrivileges=yes",
      'Environment="GODOT=/opt/godot & co/godot"',
      `WorkingDirectory=${join(folder, "state of 100 %%")}`,
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).not.toContain("ProtectSystem");
  });

  it("confined may write to its state, the folders that were named, and what every editor writes to", () => {
    const text = textOf(manager({ writable: ["/srv/games of 50 %"] }), "godot-mcp-hub.service");
    expect(text).toContain("ProtectSystem=strict\n");
    expect(text).toContain(
      `ReadWritePaths="${folder}/state of 100 %%" "/srv/games of 50 %%" "-%h/.config/godot" "-%h/.cache/godot" "-%h/.local/share/godot"\n`,
    );
  });

  it("is enabled by its socket alone where systemd listens, and the socket of before goes where it does not", () => {
    const activated = manager({ sockets: ["127.0.0.1:6520"] });
    expect(textOf(activated, "godot-mcp-hub.service")).not.toContain("[Install]");
    expect(textOf(activated, "godot-mcp-hub.socket")).toContain("ListenStream=127.0.0.1:6520\n");
    expect(manager().obsolete.map((path) => basename(path))).toEqual(["godot-mcp-hub.socket"]);
  });

  it("is found enabled by either unit, and running with its process", () => {
    const show = "systemctl --user show godot-mcp-hub.service --property=ActiveState,MainPID";
    const enabled = "systemctl --user is-enabled godot-mcp-hub.service godot-mcp-hub.socket";
    const running = answering({ [show]: "MainPID=4711\nActiveState=active\n", [enabled]: "static\nenabled\n" });
    expect(manager().readState(running)).toEqual({ enabled: true, running: true, pid: 4711 });
    const stopped = answering({ [show]: "MainPID=0\nActiveState=inactive\n", [enabled]: "disabled\n" });
    expect(manager().readState(stopped)).toEqual({ enabled: false, running: false, pid: undefined });
  });
});

describe("the launchd user agent", () => {
  const manager = serviceOn("darwin", definition(), OWNER);

  it("is a well-formed property list with the program, the variables, and a restart after failures only", () => {
    const text = textOf(manager, "godot-mcp-hub.plist");
    expect(XMLValidator.validate(text)).toBe(true);
    expect(at(text, "plist.dict.array.string")).toEqual([process.execPath, HUB_PROGRAM, "run", "--service"]);
    const keys = ["Label", "KeepAlive", "AbandonProcessGroup", "RunAtLoad"];
    expect(at(text, "plist.dict.key")).toEqual(expect.arrayContaining(keys));
    expect(at(text, "plist.dict.dict")).toContainEqual({ key: "GODOT", string: "/opt/godot & co/godot" });
    expect(at(text, "plist.dict.dict")).toContainEqual({ key: "SuccessfulExit", false: "" });
    expect(manager.files[0]?.path).toBe("/home/ann/Library/LaunchAgents/godot-mcp-hub.plist");
  });

  it("is replaced when it is there: it is unloaded, and loaded again with patience", () => {
    expect(manager.installSteps.map(({ argv, ...how }) => [argv.slice(1).join(" "), how])).toEqual([
      ["bootout gui/1000/godot-mcp-hub", { mayFail: true }],
      ["enable gui/1000/godot-mcp-hub", {}],
      ["bootstrap gui/1000 /home/ann/Library/LaunchAgents/godot-mcp-hub.plist", { patient: true }],
    ]);
  });

  it("is found running by the process that launchctl prints", () => {
    const print = "launchctl print gui/1000/godot-mcp-hub";
    const running = answering({ [print]: "gui/1000/godot-mcp-hub = {\n\tstate = running\n\tpid = 4711\n}" });
    expect(manager.readState(running)).toEqual({ enabled: true, running: true, pid: 4711 });
    expect(manager.readState(answering({ [print]: "{\n\tstate = not running\n}" }))).toMatchObject({ running: false });
    expect(manager.readState(answering({}))).toEqual({ enabled: false, running: false, pid: undefined });
  });
});

describe("the Windows task", () => {
  const windows = definition({
    program: ["C:\\Program Files\\nodejs\\node.exe", "C:\\Users\\O'Neil\\hub.js", "run"],
    env: { GODOT: "C:\\Godot & co\\godot.exe" },
    home: "C:\\Users\\O'Neil\\.godot-hub",
  });
  const manager = serviceOn("win32", windows, { ...OWNER, user: "PC\\O'Neil" });
  const text = textOf(manager, "godot-mcp-hub.xml");

  it("is a document in UTF-16 with a byte order mark, beside the hub's state", () => {
    expect(manager.files[0]).toMatchObject({
      path: "C:\\Users\\O'Neil\\.godot-hub\\godot-mcp-hub.xml",
      encoding: "utf16le",
    });
    expect(text.startsWith('\uFEFF<?xml version="1.0" encoding="UTF-16"?>')).toBe(true);
    expect(XMLValidator.validate(text.slice(1))).toBe(true);
  });

  it("starts at the logon of its user, has no time limit, no window, and is started again", () => {
    const document = text.slice(1);
    expect(at(document, "Task.Triggers.LogonTrigger.UserId")).toBe("PC\\O'Neil");
    expect(at(document, "Task.Settings")).toMatchObject({
      ExecutionTimeLimit: "PT0S",
      MultipleInstancesPolicy: "IgnoreNew",
      StopIfGoingOnBatteries: "false",
      RestartOnFailure: { Interval: "PT1M" },
    });
    expect(at(document, "Task.Actions.Exec.Command")).toBe("powershell.exe");
    expect(at(document, "Task.Actions.Exec.Arguments")).toBe(
      "-NoProfile -NonInteractive -WindowStyle Hidden -Command \"$env:GODOT = 'C:\\Godot & co\\godot.exe'; " +
        "& 'C:\\Program Files\\nodejs\\node.exe' 'C:\\Users\\O''Neil\\hub.js' 'run'; exit $LASTEXITCODE\"",
    );
  });

  it("asks the hub itself to end, since a task is ended without a word", () => {
    expect(manager.stopsCleanly).toBe(false);
    expect(manager.installSteps.map(({ argv }) => argv.slice(0, 4).join(" "))).toEqual([
      "schtasks /Create /TN godot-mcp-hub",
      "schtasks /Run /TN godot-mcp-hub",
    ]);
  });
});

describe("a platform", () => {
  it.each(["darwin", "win32"] as const)("%s refuses what only systemd can do", (platform) => {
    expect(() => serviceOn(platform, definition({ sockets: ["127.0.0.1:1"] }), OWNER)).toThrow(ServiceError);
    expect(() => serviceOn(platform, definition({ writable: [] }), OWNER)).toThrow(ServiceError);
  });

  it("without a known manager says how to do without", () => {
    expect(() => serviceOn("freebsd", definition(), OWNER)).toThrow("godot-hub run --service");
  });
});

/** What stands at a path of names in a document; undefined where there is nothing. */
function at(text: string, path: string): unknown {
  const document: unknown = new XMLParser({ parseTagValue: false, ignoreDeclaration: true }).parse(text);
  return path
    .split(".")
    .reduce(
      (found: unknown, name) => (typeof found === "object" && found ? Reflect.get(found, name) : undefined),
      document,
    );
}
