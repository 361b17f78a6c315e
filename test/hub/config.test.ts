/** Tests the configuration: which source wins, which values are refused, and that the help names every option. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { ConfigError, type HubConfig, isLoopback, loadConfig } from "../../hub/config.ts";
import { defaultText, flagName, OPTION_LIST, variableName } from "../../hub/config-options.ts";
import * as timing from "../../protocol/timing.ts";
import { CommandLine } from "./cli/command-line.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "godot-hub-config-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

function load(env: Record<string, string> = {}, flags: Record<string, unknown> = {}): HubConfig {
  return loadConfig({ flags, env: { GODOT_HUB_HOME: home, ...env } });
}

function writeConfig(content: unknown): void {
  writeFileSync(join(home, "config.json"), typeof content === "string" ? content : JSON.stringify(content));
}

/** The message of the refusal. */
function refusal(env: Record<string, string> = {}, flags: Record<string, unknown> = {}): string {
  try {
    load(env, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("The configuration was accepted.");
}

describe("sources", () => {
  it("a flag wins over a variable, a variable over config.json, and that over the default", () => {
    expect(load().port).toBe(timing.DEFAULT_PORT);
    writeConfig({ port: 1_001 });
    expect(load().port).toBe(1_001);
    expect(load({ GODOT_HUB_PORT: "1002" }).port).toBe(1_002);
    expect(load({ GODOT_HUB_PORT: "1002" }, { port: "1003" }).port).toBe(1_003);
  });

  it("an empty variable is none", () => {
    expect(load({ GODOT_HUB_PORT: "", GODOT_HUB_TOKEN: "" })).toMatchObject({
      port: timing.DEFAULT_PORT,
      token: undefined,
    });
  });

  it("a path is taken from where it was given: the working directory, or that of config.json", () => {
    const flags = { launchRoots: "games, ./more/../other,/whole" };
    expect(load({}, flags).launchRoots).toEqual([resolve("games"), resolve("other"), "/whole"]);
    expect(load({ GODOT_HUB_LAUNCH_ROOTS: "games" }).launchRoots).toEqual([resolve("games")]);
    writeConfig({ launchRoots: ["games", " "] });
    expect(load().launchRoots).toEqual([join(home, "games")]);
  });

  it("every option can be set by its variable and by its key", () => {
    const samples = { integer: 5_000, text: "warn", path: "/file", list: ["/a", "/b"], switch: true } as const;
    const own: Partial<Record<string, unknown>> = { heartbeatTimeoutMs: 90_000, allowPorts: ["6521", "6522"] };
    for (const [name, { kind }] of OPTION_LIST) {
      // These three have a meaning that depends on others: see "relations".
      if (["tokenFile", "tlsCert", "tlsKey", "heartbeatIntervalMs", "host"].includes(name)) continue;
      const value = own[name] ?? samples[kind];
      expect(load({ [variableName(name)]: String(value) }), name).toMatchObject({ [name]: value });
      writeConfig({ [name]: value });
      expect(load(), name).toMatchObject({ [name]: value });
      rmSync(join(home, "config.json"));
    }
  });

  it("--home names the directory that config.json is read from", () => {
    const other = join(home, "other");
    mkdirSync(other);
    writeFileSync(join(other, "config.json"), JSON.stringify({ port: 7_000 }));
    expect(load({}, { home: other })).toMatchObject({ home: other, port: 7_000 });
  });

  it("a path in config.json starts at the state directory", () => {
    writeFileSync(join(home, "secret"), "0123456789abcdef\n");
    writeConfig({ tokenFile: "secret" });
    expect(load()).toMatchObject({ token: "0123456789abcdef", tokenFile: join(home, "secret") });
  });
});

describe("refusals name the source, the value and the expected form", () => {
  it.each([
    ["a flag", {}, { port: "70000" }, '--port must be a whole number from 0 to 65535, but is "70000".'],
    ["a variable", { GODOT_HUB_WINDOW_SIZE: "many" }, {}, "GODOT_HUB_WINDOW_SIZE must be a whole number"],
    ["a level", { GODOT_HUB_LOG_LEVEL: "loud" }, {}, "GODOT_HUB_LOG_LEVEL must be one of trace, debug"],
    ["a switch", { GODOT_HUB_AUTO_STARTED: "maybe" }, {}, "GODOT_HUB_AUTO_STARTED must be true or false"],
    ["a short token", { GODOT_HUB_TOKEN: "short" }, {}, "The token in GODOT_HUB_TOKEN must be 16 to 200"],
    ["a missing token file", { GODOT_HUB_TOKEN_FILE: "/nowhere/token" }, {}, "The token file can't be read"],
  ])("%s", (_what, env, flags, message) => {
    expect(refusal(env, flags)).toContain(message);
  });

  it.each([
    ["a value of the wrong type", { port: "x" }, "port in "],
    ["an unknown key", { prot: 1 }, "Unknown option 'prot' in "],
    ["an array", [], "must hold one JSON object"],
    ["no JSON", "{port:1}", "is not JSON"],
  ])("config.json with %s", (_what, content, message) => {
    writeConfig(content);
    expect(refusal()).toContain(message);
    expect(refusal()).toContain(join(home, "config.json"));
  });

  it("a secret is never part of a message", () => {
    expect(refusal({ GODOT_HUB_TOKEN: "short" })).not.toContain("short");
  });
});

describe("relations", () => {
  it("the heartbeat timeout follows the interval unless it is given, and is never shorter", () => {
    expect(load({ GODOT_HUB_HEARTBEAT_INTERVAL_MS: "500" }).heartbeatTimeoutMs).toBe(1_000);
    const env = { GODOT_HUB_HEARTBEAT_INTERVAL_MS: "500", GODOT_HUB_HEARTBEAT_TIMEOUT_MS: "400" };
    expect(refusal(env)).toContain("must be longer than heartbeat-interval-ms");
  });

  it("all connections may come from one address unless that is limited", () => {
    expect(load({ GODOT_HUB_MAX_CONNECTIONS: "2000" }).maxConnectionsPerAddress).toBe(2_000);
  });

  it("an address that others can reach needs a token that was given", () => {
    expect(refusal({ GODOT_HUB_HOST: "0.0.0.0" })).toMatch(/give a token .*--tls-cert/);
    expect(load({ GODOT_HUB_HOST: "0.0.0.0", GODOT_HUB_TOKEN: "0123456789abcdef" }).host).toBe("0.0.0.0");
  });

  it("certificate and key go together", () => {
    expect(refusal({ GODOT_HUB_TLS_CERT: "/cert.pem" })).toContain("tls-cert and tls-key go together");
  });

  it.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])("%s is loopback", (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(["0.0.0.0", "::", "192.168.1.2", "127.evil.example", "example.org"])("%s is not loopback", (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe("on the command line", () => {
  it("the help of run shows every option with its default and its variable", async () => {
    const { stdout, code } = await new CommandLine().run(["run", "--help"]);
    const words = stdout.replace(/\s+/g, " ");
    expect(code).toBe(0);
    for (const [name, option] of OPTION_LIST) {
      expect(words).toContain(`--${flagName(name)} `);
      expect(words).toContain(`(default: ${defaultText(option)}, env: ${variableName(name)})`);
    }
  });

  it.each([
    [["run", "--port", "x"], /^godot-hub: --port must be .*\n$/],
    [["run", "--no-such-flag"], /^godot-hub: unknown option '--no-such-flag'\. Add --help to see what there is\.\n$/],
    [["no-such-command"], /^godot-hub: unknown command 'no-such-command'\. Add --help/],
    [["statsu"], /^godot-hub: unknown command 'statsu'\. \(Did you mean status\?\) Add --help/],
    [["call"], /^godot-hub: missing required argument 'command'\. Add --help/],
    [["logs", "-n", "-1"], /--lines must be/],
  ])("%j is refused in one line with code 2", async (args, message) => {
    const { code, stderr, stdout } = await new CommandLine().run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
