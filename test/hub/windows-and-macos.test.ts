/** Tests the differences on Windows and macOS that can be tested elsewhere: the platform is a parameter. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { CLIENT_CONFIGS } from "../../hub/cli/client-configs.ts";
import { connect } from "../../hub/cli/connect.ts";
import { adapterCommand, addonPath } from "../../hub/cli/package-root.ts";
import { StopRequest } from "../../hub/cli/run.ts";
import { word } from "../../hub/cli/shell-words.ts";
import { stop } from "../../hub/cli/stop.ts";
import { isSameFolder, normalizePath } from "../../hub/clients/same-folder.ts";
import { ConfigError, loadConfig } from "../../hub/config.ts";
import { installAddon } from "../../hub/install/addon-install.ts";
import { patientRename } from "../../hub-client/atomic-file.ts";
import { LocalHub } from "../support/local-hub.ts";
import { until } from "../support/wait.ts";

describe("paths of projects", () => {
  const seen = (ids: Record<string, number>) => (path: string) => {
    const ino = ids[path];
    return ino === undefined ? undefined : { dev: 1n, ino: BigInt(ino) };
  };

  it("on Windows are the same with either slash, a trailing one, and in any case", () => {
    const view = { platform: "win32" as const };
    expect(isSameFolder("C:/Users/Ann/Game", "c:\\users\\ann\\game\\", view)).toBe(true);
    expect(isSameFolder("C:/Users/Ann/Game", "D:/Users/Ann/Game", view)).toBe(false);
    expect(normalizePath("\\\\server\\share\\Game\\", "win32")).toBe("//server/share/game");
  });

  it("on Linux differ in case", () => {
    const view = { platform: "linux" as const, identify: seen({ "/g/Game": 1, "/g/game": 1 }) };
    expect(isSameFolder("/g/Game", "/g/game", view)).toBe(false);
    expect(isSameFolder("/g/game/", "/g/game", view)).toBe(true);
  });

  it("on macOS that differ in case only are what the volume says: one folder or two", () => {
    const one = { platform: "darwin" as const, identify: seen({ "/g/Spiel\u00e9": 1, "/g/spiele\u0301": 1 }) };
    expect(isSameFolder("/g/Spiel\u00e9", "/g/spiele\u0301", one)).toBe(true);
    const two = { platform: "darwin" as const, identify: seen({ "/g/Game": 1, "/g/game": 2 }) };
    expect(isSameFolder("/g/Game", "/g/game", two)).toBe(false);
    expect(isSameFolder("/g/Game", "/g/game", { platform: "darwin", identify: () => undefined })).toBe(false);
  });
});

describe("a rename", () => {
  function refused(times: number, code: string) {
    const attempts: string[] = [];
    const rename = (from: string) => {
      attempts.push(from);
      if (attempts.length <= times) throw Object.assign(new Error(code), { code });
    };
    return { attempts, rename };
  }

  it.each(["EPERM", "EACCES", "EBUSY"])(
    "on Windows is tried again while %s says that another program has the file open",
    (code) => {
      const { attempts, rename } = refused(3, code);
      patientRename("a", "b", { platform: "win32", rename });
      expect(attempts).toHaveLength(4);
    },
  );

  it("fails at once elsewhere, and for another reason", () => {
    const busy = refused(1, "EPERM");
    expect(() => patientRename("a", "b", { platform: "linux", rename: busy.rename })).toThrow("EPERM");
    const missing = refused(1, "ENOENT");
    expect(() => patientRename("a", "b", { platform: "win32", rename: missing.rename })).toThrow("ENOENT");
    expect([...busy.attempts, ...missing.attempts]).toHaveLength(2);
  });

  it("gives up on Windows when the file stays open", () => {
    const { attempts, rename } = refused(Number.POSITIVE_INFINITY, "EBUSY");
    expect(() => patientRename("a", "b", { platform: "win32", rename })).toThrow("EBUSY");
    expect(attempts.length).toBeGreaterThan(5);
  });
});

describe("the files of AI clients", () => {
  const windows = { USERPROFILE: "C:\\Users\\Ann", APPDATA: "C:\\Users\\Ann\\AppData\\Roaming", HOME: "H:\\unix" };

  it.each([
    ["claude", "C:\\Users\\Ann\\.claude.json", "/Users/ann/.claude.json"],
    ["cursor", "C:\\Users\\Ann\\.cursor\\mcp.json", "/Users/ann/.cursor/mcp.json"],
    ["codex", "C:\\Users\\Ann\\.codex\\config.toml", "/Users/ann/.codex/config.toml"],
    ["gemini", "C:\\Users\\Ann\\.gemini\\settings.json", "/Users/ann/.gemini/settings.json"],
    [
      "vscode",
      "C:\\Users\\Ann\\AppData\\Roaming\\Code\\User\\mcp.json",
      "/Users/ann/Library/Application Support/Code/User/mcp.json",
    ],
    ["opencode", "C:\\Users\\Ann\\.config\\opencode\\opencode.json", "/Users/ann/.config/opencode/opencode.json"],
    ["devin", "C:\\Users\\Ann\\AppData\\Roaming\\devin\\mcp_config.json", "/Users/ann/.config/devin/mcp_config.json"],
    ["windsurf", "C:\\Users\\Ann\\.codeium\\windsurf\\mcp_config.json", "/Users/ann/.codeium/windsurf/mcp_config.json"],
  ])("of %s lie where that client looks on Windows and on macOS", (client, onWindows, onMac) => {
    expect(CLIENT_CONFIGS[client]?.path(windows, "win32")).toBe(onWindows);
    expect(CLIENT_CONFIGS[client]?.path({ HOME: "/Users/ann" }, "darwin")).toBe(onMac);
  });

  it("of VS Code lie in the profile where APPDATA is not set", () => {
    const path = CLIENT_CONFIGS.vscode?.path({ USERPROFILE: "C:\\Users\\Ann" }, "win32");
    expect(path).toBe("C:\\Users\\Ann\\AppData\\Roaming\\Code\\User\\mcp.json");
  });
});

describe("commands that are shown or written down", () => {
  it("start the adapter through cmd on Windows where it is a batch file of npm's, and by node where it lies", () => {
    const root = "C:\\Users\\Ann\\AppData\\Local\\npm-cache\\_npx\\1f\\node_modules\\godot-mcp-hub";
    expect(adapterCommand("/x", {}, { root, platform: "win32" })).toMatchObject({
      command: "cmd",
      args: ["/c", "npx", "-y", "-p", "godot-mcp-hub", "godot-mcp-adapter"],
    });
    expect(adapterCommand("/x", {}, { root, platform: "linux" }).command).toBe("npx");
    expect(adapterCommand("/x", {}, { root: "C:\\hub", platform: "win32" }).command).toBe("node");
  });

  it("are quoted as the shell of the platform takes them", () => {
    expect(word("C:\\Godot\\godot.exe", "win32")).toBe("C:\\Godot\\godot.exe");
    expect(word("C:\\Program Files\\x", "win32")).toBe('"C:\\Program Files\\x"');
    expect(word("/home/ann/it's $HOME", "linux")).toBe("'/home/ann/it'\\''s $HOME'");
  });
});

describe("files that were written on Windows", () => {
  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), "godot-hub-windows-"));
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }

  it("may begin with a byte order mark: config.json is read all the same", () => {
    const home = folder();
    writeFileSync(join(home, "config.json"), '\uFEFF{"port":7000}');
    expect(loadConfig({ flags: { home }, env: {} }).port).toBe(7_000);
    writeFileSync(join(home, "config.json"), '\uFEFF{"port":}');
    expect(() => loadConfig({ flags: { home }, env: {} })).toThrow(ConfigError);
  });

  it("may end their lines as Windows does: such an addon is unchanged, and project.godot keeps its own", () => {
    const project = folder();
    writeFileSync(join(project, "project.godot"), "config_version=5\r\n");
    const install = () => installAddon(addonPath(), project, { force: false, dryRun: false });
    expect(install().copy).toBe("installed");
    expect(readFileSync(join(project, "project.godot"), "utf8")).toMatch(/^\[editor_plugins\]\r\n\r\nenabled=.*\r\n$/m);
    const plugin = join(project, "addons", "godot_mcp_hub", "plugin.gd");
    const text = readFileSync(plugin, "utf8");
    writeFileSync(plugin, text.replaceAll("\n", "\r\n"));
    expect(install().copy).toBe("unchanged");
    writeFileSync(plugin, `${text}# mine\n`);
    expect(install().copy).toBe("kept-changed");
  });

  it("of an AI client keep their other servers when they begin with a byte order mark", () => {
    const home = folder();
    vi.stubEnv("HOME", home);
    onTestFinished(() => void vi.unstubAllEnvs());
    mkdirSync(join(home, ".cursor"));
    writeFileSync(join(home, ".cursor", "mcp.json"), '\uFEFF{"mcpServers":{"other":{"command":"x"}}}');
    const terminal = { out: () => {}, err: () => {}, color: false };
    connect(join(home, ".godot-hub"), { client: "cursor", remove: false, dryRun: false }, terminal);
    const written: unknown = JSON.parse(readFileSync(join(home, ".cursor", "mcp.json"), "utf8"));
    expect(written).toMatchObject({ mcpServers: { other: { command: "x" }, godot: { command: "node" } } });
  });
});

describe("a hub in the foreground", () => {
  it("stops cleanly at Ctrl+Break, and at once at the second one", async () => {
    const exitNow = vi.fn();
    const request = new StopRequest();
    const before = process.listeners("SIGBREAK");
    request.listenToSignals(exitNow);
    onTestFinished(() => {
      for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const) {
        const added = process.listeners(name).filter((each) => !before.includes(each));
        process.off(name, added.at(-1) ?? (() => {}));
      }
    });
    process.emit("SIGBREAK", "SIGBREAK");
    expect(await request.requested).toBe("SIGBREAK");
    expect(exitNow).not.toHaveBeenCalled();
    process.emit("SIGBREAK", "SIGBREAK");
    expect(exitNow).toHaveBeenCalledOnce();
  });
});

describe("godot-hub stop, of a hub that refuses its token", () => {
  /** A process that hub.json takes for a hub; who answers at the address is one. */
  async function standIn() {
    const hub = await LocalHub.start();
    const home = mkdtempSync(join(tmpdir(), "godot-hub-stop-"));
    const child = spawn("sleep", ["600"], { stdio: "ignore" });
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await hub.dispose();
      rmSync(home, { recursive: true, force: true });
    });
    const file = { pid: child.pid, port: 1, url: hub.url, version: "1", protocolVersion: 1, startedAt: "" };
    writeFileSync(join(home, "hub.json"), JSON.stringify(file));
    writeFileSync(join(home, "token"), "another-token-than-the-hub-has");
    const config = loadConfig({ flags: { home }, env: {} });
    const terminal = { out: () => {}, err: () => {}, color: false };
    return { stop: (platform: NodeJS.Platform) => stop(config, terminal, platform), child };
  }

  it("sends it no signal on Windows, where one would end it in the middle of its commands", async () => {
    const { stop, child } = await standIn();
    await expect(stop("win32")).rejects.toThrow(/token/);
    expect(child.signalCode).toBeNull();
    await stop("linux");
    await until(() => child.signalCode === "SIGTERM", { what: "its end by the signal" });
  });
});
