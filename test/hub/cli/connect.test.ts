import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CLIENT_CONFIGS } from "../../../hub/cli/client-configs.ts";
import { connect } from "../../../hub/cli/connect.ts";
import { setTomlTable } from "../../../hub/cli/toml-table.ts";

const clients = Object.keys(CLIENT_CONFIGS);
const ADAPTER = expect.stringMatching(/[\\/]dist[\\/]godot-mcp-adapter\.js$/);
const env = { GODOT_HUB_HOME: "/elsewhere" };

describe("godot-hub connect", () => {
  let home: string;
  let said: string[];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-connect-"));
    said = [];
    vi.stubEnv("HOME", home);
    for (const name of ["XDG_CONFIG_HOME", "CODEX_HOME", "COPILOT_HOME", "GODOT_HUB_HOME"]) vi.stubEnv(name, undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  const terminal = { out: (line: string) => void said.push(line), err: () => {}, color: false };
  const run = (client: string, options: { remove?: boolean; dryRun?: boolean } = {}) =>
    connect(join(home, ".godot-hub"), { client, remove: false, dryRun: false, ...options }, terminal);
  const pathOf = (client: string) => CLIENT_CONFIGS[client]?.path(process.env, process.platform) ?? "";
  const given = (client: string, text: string) => {
    mkdirSync(dirname(pathOf(client)), { recursive: true });
    writeFileSync(pathOf(client), text);
  };
  const text = (client: string) => readFileSync(pathOf(client), "utf8");

  it.each(clients)("writes the adapter into a new file of %s, once, and takes it out again", (client) => {
    run(client);
    const written = text(client);
    expect(written).toContain("godot");
    expect(written).toContain("godot-mcp-adapter.js");
    expect(statSync(pathOf(client)).mode & 0o777).toBe(0o600);
    run(client);
    expect(text(client)).toBe(written);
    expect(said.at(-1)).toContain("nothing to change");
    run(client, { remove: true });
    expect(text(client)).not.toContain("godot-mcp-adapter.js");
  });

  it.each([
    ["claude", ["mcpServers"], { type: "stdio", command: "node", args: [ADAPTER], env }],
    ["cursor", ["mcpServers"], { type: "stdio", command: "node", args: [ADAPTER], env }],
    ["gemini", ["mcpServers"], { command: "node", args: [ADAPTER], env }],
    ["vscode", ["servers"], { type: "stdio", command: "node", args: [ADAPTER], env }],
    ["opencode", ["mcp"], { type: "local", command: ["node", ADAPTER], enabled: true, environment: env }],
    ["devin", ["mcpServers"], { command: "node", args: [ADAPTER], env }],
    ["windsurf", ["mcpServers"], { command: "node", args: [ADAPTER], env }],
    ["antigravity", ["mcpServers"], { command: "node", args: [ADAPTER], env }],
    ["copilot", ["mcpServers"], { type: "local", command: "node", args: [ADAPTER], env, tools: ["*"] }],
    ["claude-desktop", ["mcpServers"], { command: "node", args: [ADAPTER], env }],
    ["zed", ["context_servers"], { command: "node", args: [ADAPTER], env }],
    ["junie", ["mcpServers"], { command: "node", args: [ADAPTER], env }],
  ])("writes for %s the members that its documentation names, and no other", (client, at, entry) => {
    connect("/elsewhere", { client, remove: false, dryRun: false }, terminal);
    const whole = at.reduceRight<object>((inner, key) => ({ [key]: inner }), { godot: entry });
    expect(JSON.parse(text(client))).toEqual(whole);
  });

  it.each([
    ["Windsurf of the file that it reads under its new name", "windsurf", "--client devin"],
    ["Junie of JetBrains' other assistant", "junie", "Settings | Tools | AI Assistant"],
  ])("tells who connects %s", (_, client, what) => {
    run(client);
    expect(said.at(-1)).toContain(what);
    run(client, { remove: true });
    expect(said.at(-1)).not.toContain(what);
  });

  it.each([
    [
      "antigravity",
      ".gemini/config/mcp_config.json",
      ".gemini/config/mcp_config.json",
      ".gemini/config/mcp_config.json",
    ],
    ["copilot", ".copilot/mcp-config.json", ".copilot/mcp-config.json", ".copilot/mcp-config.json"],
    [
      "claude-desktop",
      ".config/Claude/claude_desktop_config.json",
      "Library/Application Support/Claude/claude_desktop_config.json",
      "AppData/Roaming/Claude/claude_desktop_config.json",
    ],
    ["zed", ".config/zed/settings.json", ".config/zed/settings.json", "AppData/Roaming/Zed/settings.json"],
    ["junie", ".junie/mcp/mcp.json", ".junie/mcp/mcp.json", ".junie/mcp/mcp.json"],
    [
      "vscode",
      ".config/Code/User/mcp.json",
      "Library/Application Support/Code/User/mcp.json",
      "AppData/Roaming/Code/User/mcp.json",
    ],
    [
      "devin",
      ".config/devin/mcp_config.json",
      ".config/devin/mcp_config.json",
      "AppData/Roaming/devin/mcp_config.json",
    ],
  ])("looks for the file of %s where each system has it", (client, linux, darwin, windows) => {
    const path = CLIENT_CONFIGS[client]?.path;
    expect(path?.({ HOME: "/h" }, "linux")).toBe(`/h/${linux}`);
    expect(path?.({ HOME: "/h" }, "darwin")).toBe(`/h/${darwin}`);
    expect(path?.({ USERPROFILE: "C:\\u" }, "win32")).toBe(`C:\\u\\${windows.replaceAll("/", "\\")}`);
  });

  it("follows the variables that move such a file, and no others", () => {
    const path = (client: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform) =>
      CLIENT_CONFIGS[client]?.path({ HOME: "/h", USERPROFILE: "C:\\u", ...env }, platform);
    const xdg = { XDG_CONFIG_HOME: "/x" };
    expect(path("zed", xdg, "linux")).toBe("/x/zed/settings.json");
    expect(path("zed", xdg, "darwin")).toBe("/h/.config/zed/settings.json");
    expect(path("claude-desktop", xdg, "linux")).toBe("/x/Claude/claude_desktop_config.json");
    expect(path("devin", xdg, "linux")).toBe("/h/.config/devin/mcp_config.json");
    expect(path("copilot", { COPILOT_HOME: "/c" }, "linux")).toBe("/c/mcp-config.json");
    expect(path("claude-desktop", { APPDATA: "D:\\a" }, "win32")).toBe("D:\\a\\Claude\\claude_desktop_config.json");
  });

  it("keeps the settings of Zed, which people comment", () => {
    const before =
      '// Zed settings\n//\n{\n  "theme": "One Dark", // dark\n  "context_servers": {\n    // mine\n    "x": { "command": "x" }, // said of x\n  },\n}\n';
    given("zed", before);
    run("zed");
    expect(text("zed")).toMatch(
      /^\/\/ Zed settings\n\/\/\n\{\n {2}"theme": "One Dark", \/\/ dark\n {2}"context_servers": \{\n {4}\/\/ mine\n {4}"x": \{ "command": "x" \}, \/\/ said of x\n {4}"godot": \{\n/,
    );
    run("zed", { remove: true });
    expect(text("zed")).toBe(before);
  });

  it.each(clients)("with --dry-run only shows the change to %s", (client) => {
    run(client, { dryRun: true });
    expect(existsSync(pathOf(client))).toBe(false);
    expect(said.join("\n")).toContain("godot-mcp-adapter.js");
  });

  it("asks which client when none is named, and says of which there is a configuration here", () => {
    given("cursor", "{}");
    const options = { client: undefined, remove: false, dryRun: false };
    expect(() => connect(join(home, ".godot-hub"), options, terminal)).toThrow(
      /^Which client\? --client takes claude, .* A configuration is here of cursor\.$/,
    );
  });

  it("keeps everything else in a JSON file: other servers, comments, indentation", () => {
    const before =
      '{\n    // mine\n    "theme": "dark",\n    "mcpServers": {\n        "other": {"command": "x"}\n    }\n}\n';
    given("gemini", before);
    run("gemini");
    const after = text("gemini");
    expect(after).toContain('    // mine\n    "theme": "dark"');
    expect(after.replace(/\s/g, "")).toContain('"other":{"command":"x"}');
    expect(after).toMatch(/\n {8}"godot": \{/);
    run("gemini", { remove: true });
    expect(text("gemini").replace(/\s/g, "")).toBe(before.replace(/\s/g, ""));
  });

  it("keeps everything else in a TOML file", () => {
    const before =
      'model = "x" # mine\n\n[mcp_servers.godot]\ncommand = "old"\n\n[mcp_servers.godot.env]\nA = "1"\n\n[mcp_servers.other]\ncommand = "y"\n';
    given("codex", before);
    run("codex");
    expect(text("codex")).toMatch(
      /^model = "x" # mine\n\n\[mcp_servers\.other\]\ncommand = "y"\n\n\[mcp_servers\.godot\]\ncommand = "node"\nargs = \[".*godot-mcp-adapter\.js"\]\n$/,
    );
    run("codex", { remove: true });
    expect(text("codex")).toBe('model = "x" # mine\n\n[mcp_servers.other]\ncommand = "y"\n');
  });

  it("tells the adapter of a state directory that is not the usual one", () => {
    connect("/elsewhere", { client: "cursor", remove: false, dryRun: false }, terminal);
    expect(JSON.parse(text("cursor")).mcpServers.godot.env).toEqual({ GODOT_HUB_HOME: "/elsewhere" });
    connect("/elsewhere", { client: "codex", remove: false, dryRun: false }, terminal);
    expect(text("codex")).toContain('env = { GODOT_HUB_HOME = "/elsewhere" }');
  });

  it("writes through a link, and leaves a file alone that it can't read", () => {
    const real = join(home, "dotfiles.json");
    writeFileSync(real, "{}");
    mkdirSync(dirname(pathOf("cursor")), { recursive: true });
    symlinkSync(real, pathOf("cursor"));
    run("cursor");
    expect(readFileSync(real, "utf8")).toContain("godot-mcp-adapter.js");
    given("claude", "{ this is no JSON");
    expect(() => run("claude")).toThrow(/is no JSON.*Nothing was changed/);
    expect(text("claude")).toBe("{ this is no JSON");
    expect(() => run("notepad")).toThrow("There is no client 'notepad'. --client takes claude,");
  });

  it("knows quoted keys of TOML", () => {
    expect(setTomlTable('[a."b c"]\nx = 1\n[d]\n', ["a", "b c"], undefined)).toBe("[d]\n");
    expect(setTomlTable("", ["a", "b c"], { k: "v\\" })).toBe('[a."b c"]\nk = "v\\\\"\n');
  });
});
