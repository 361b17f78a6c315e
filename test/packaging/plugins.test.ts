/** The plugins: manifests as each host wants them, an adapter that starts from each, and the line at a session's start. */
import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { plugin } from "../../scripts/packages.ts";
import { temporaryFolder } from "../hub/cli/command-line.ts";
import { environment, HubProcess } from "../support/hub-process.ts";
import { definedOnly } from "../support/mcp-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { until } from "../support/wait.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), "utf8"));

const about = {
  name: z.literal("godot-mcp-hub"),
  version: z.literal(PRODUCT_VERSION),
  description: z.string().max(1_024),
  author: z.strictObject({ name: z.string() }),
  homepage: z.url({ protocol: /^https$/ }),
  license: z.literal("MIT"),
  keywords: z.array(z.string()),
};
const program = { command: z.string(), args: z.array(z.string()) };
const servers = z.strictObject({ godot: z.strictObject(program) });

/** Agent Plugins 1.0.0, whose documents are closed: https://github.com/agentplugins/agent-plugins-spec */
const SPECIFIED = "https://agent-plugins.org/schemas/1.0.0";
const agentPlugin = z.strictObject({ $schema: z.literal(`${SPECIFIED}/plugin.schema.json`), ...about });
const agentServers = z.strictObject({
  $schema: z.literal(`${SPECIFIED}/mcp.schema.json`),
  mcpServers: z.strictObject({ godot: z.strictObject({ type: z.literal("stdio"), ...program }) }),
});
const claudePlugin = z.strictObject({
  ...about,
  mcpServers: servers,
  hooks: z.record(z.string(), z.array(z.unknown())),
});
const codexPlugin = z.strictObject({
  ...about,
  skills: z.literal("./skills/"),
  mcpServers: servers,
  interface: z.looseObject({ displayName: z.string(), logo: z.string(), composerIcon: z.string() }),
});

describe("the manifests", () => {
  it("are what Agent Plugins 1.0.0, Claude Code and Codex ask for, and say the same of the plugin", () => {
    const { $schema: _, ...own } = agentPlugin.parse(json("plugin.json"));
    expect(claudePlugin.parse(json(".claude-plugin/plugin.json"))).toMatchObject(own);
    expect(codexPlugin.parse(json(".codex-plugin/plugin.json"))).toMatchObject(own);
    expect(agentServers.parse(json("mcp.json")).mcpServers.godot.command).toBe("node");
  });

  it("name files that are there", () => {
    const { interface: shown } = codexPlugin.parse(json(".codex-plugin/plugin.json"));
    const texts = ["mcp.json", ".claude-plugin/plugin.json"].map((path) => JSON.stringify(json(path)));
    const inRoot = texts.flatMap((text) =>
      [...text.matchAll(/\$\{\w*PLUGIN_ROOT\}\/([\w./-]+)/g)].map(([, path = ""]) => path),
    );
    expect(inRoot).toHaveLength(3);
    for (const path of [...inRoot, shown.logo, shown.composerIcon])
      expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it("stand in a marketplace for Claude Code and Copilot CLI, and in one for Codex", () => {
    const listed = { name: z.literal("godot-mcp-hub"), category: z.string() };
    z.strictObject({
      name: z.literal("godot-mcp-hub"),
      description: z.string(),
      owner: z.strictObject({ name: z.string() }),
      plugins: z.tuple([z.strictObject({ ...listed, description: z.string(), source: z.literal("./") })]),
    }).parse(json(".claude-plugin/marketplace.json"));
    // Not the repository: with `plugin.json` beside it, Codex would start the adapter in the plugin's folder, bound to no project.
    const source = z.strictObject({
      source: z.literal("npm"),
      package: z.literal("godot-mcp-hub"),
      version: z.literal(PRODUCT_VERSION),
    });
    const policy = z.strictObject({ installation: z.literal("AVAILABLE"), authentication: z.literal("ON_INSTALL") });
    z.strictObject({
      name: z.literal("godot-mcp-hub"),
      interface: z.strictObject({ displayName: z.string() }),
      plugins: z.tuple([z.strictObject({ ...listed, source, policy })]),
    }).parse(json(".agents/plugins/marketplace.json"));
  });

  it("start the published adapter of the same version where none is beside them", () => {
    const { mcpServers } = codexPlugin.parse(json(".codex-plugin/plugin.json"));
    expect(mcpServers.godot).toEqual({ command: "npx", args: ["-y", `godot-mcp-hub@${PRODUCT_VERSION}`] });
  });
});

describe("the install links of the README", () => {
  const links = [...readFileSync(join(ROOT, "README.md"), "utf8").matchAll(/\[install\]\((https:[^)]+)\)/g)].map(
    ([, url = ""]) => new URL(url),
  );
  const configOf = (link: URL | undefined) => link?.searchParams.get("config") ?? "";
  const entry = { type: "stdio", command: "npx", args: ["-y", "godot-mcp-hub"] };

  it("are for Cursor and VS Code, in the form that each reads, and run the published adapter", () => {
    const [cursor, vscode] = links;
    expect(links.map(({ host, pathname }) => host + pathname)).toEqual([
      "cursor.com/en/install-mcp",
      "vscode.dev/redirect/mcp/install",
    ]);
    expect(links.map(({ searchParams }) => searchParams.get("name"))).toEqual(["godot", "godot"]);
    expect(JSON.parse(Buffer.from(configOf(cursor), "base64").toString())).toEqual(entry);
    expect(JSON.parse(configOf(vscode))).toEqual(entry);
  });
});

describe("the plugin's zip", () => {
  const folder = mkdtempSync(join(tmpdir(), "godot-plugin-"));
  let files: string[];
  beforeAll(() => {
    const entries = Object.entries(unzipSync(readFileSync(plugin(folder)))).filter(([path]) => !path.endsWith("/"));
    files = entries.map(([path]) => path);
    for (const [path, contents] of entries) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), contents);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has manifests, skill, programs and addon where hosts look for them, and nothing for Codex", () => {
    const parts = [
      "plugin.json",
      "mcp.json",
      ".claude-plugin/plugin.json",
      ".claude-plugin/icon.png",
      "LICENSE",
      "README.md",
    ];
    const programs = ["dist/godot-hub.js", "dist/godot-mcp-adapter.js", "scripts/plugin/session-start.mjs"];
    const rest = [
      "skills/godot/SKILL.md",
      "skills/godot/references/scenes.md",
      "godot-client/addons/godot_mcp_hub/plugin.cfg",
    ];
    expect(files).toEqual(expect.arrayContaining([...parts, ...programs, ...rest]));
    expect(files.filter((path) => path.startsWith(".codex-plugin/"))).toEqual([]);
  });

  it("starts its own adapter", async () => {
    const { godot } = agentServers.parse(JSON.parse(readFileSync(join(folder, "mcp.json"), "utf8"))).mcpServers;
    const transport = new StdioClientTransport({
      command: godot.command,
      args: godot.args.map((arg) => arg.replace(`\${PLUGIN_ROOT}`, folder)),
      env: definedOnly({ ...environment(), GODOT_HUB_HOME: temporaryFolder(), GODOT_HUB_NO_LAUNCH: "1" }),
      cwd: temporaryFolder(),
      stderr: "ignore",
    });
    const client = new Client({ name: "plugin-test", version: "1.0.0" });
    await client.connect(transport);
    expect(client.getServerVersion()?.version).toBe(PRODUCT_VERSION);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("project_overview");
    await client.close();
  });
});

/** A folder with what a clone of the repository has: scripts, and nothing built. */
function clone(): string {
  const folder = temporaryFolder();
  cpSync(join(ROOT, "scripts", "plugin"), join(folder, "scripts", "plugin"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  return folder;
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function ended(script: string, options: { cwd: string; env: Record<string, string>; args?: string[] }): Promise<Ended> {
  const { cwd, env, args = [] } = options;
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...environment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].on("data", (chunk) => (said[name] += chunk));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

describe("the adapter of a clone", () => {
  it("is the published one, with its arguments and its exit code", async () => {
    const folder = clone();
    const bin = temporaryFolder();
    writeFileSync(join(bin, "npx"), '#!/bin/sh\necho "$@"\nexit 7\n');
    chmodSync(join(bin, "npx"), 0o755);
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const script = join(folder, "scripts", "plugin", "adapter.mjs");
    const { code, stdout } = await ended(script, { cwd: folder, env, args: ["--preset", "full"] });
    expect({ code, stdout }).toEqual({ code: 7, stdout: `-y godot-mcp-hub@${PRODUCT_VERSION} --preset full\n` });
  });

  it("names the missing npx", async () => {
    const folder = clone();
    const script = join(folder, "scripts", "plugin", "adapter.mjs");
    const { code, stderr } = await ended(script, { cwd: folder, env: { PATH: folder } });
    expect(code).toBe(1);
    expect(stderr).toContain("npx can't be started");
  });
});

describe("the line at a session's start", () => {
  const SCRIPT = join(ROOT, "scripts", "plugin", "session-start.mjs");
  const start = (cwd: string, home: string, { script = SCRIPT, env = {} } = {}) =>
    ended(script, { cwd, env: { GODOT_HUB_HOME: home, CLAUDE_PROJECT_DIR: "", ...env } });

  function project({ hasAddon = true } = {}): string {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "project.godot"), "config_version=5\n");
    const addon = join(folder, "addons", "godot_mcp_hub");
    if (hasAddon) mkdirSync(addon, { recursive: true });
    if (hasAddon) writeFileSync(join(addon, "plugin.cfg"), "[plugin]\n");
    return folder;
  }

  it("is none outside Godot projects, or in a folder that is gone", async () => {
    const nothing = { code: 0, stdout: "", stderr: "" };
    expect(await start(temporaryFolder(), temporaryFolder())).toEqual(nothing);
    const env = { CLAUDE_PROJECT_DIR: join(temporaryFolder(), "gone") };
    expect(await start(temporaryFolder(), temporaryFolder(), { env })).toEqual(nothing);
  });

  /** The line once it says `what`: a busy machine may take longer to ask the hub than a session waits. */
  const lineWith = (what: string, cwd: string, home: string) =>
    until(
      async () => {
        const { code, stdout, stderr } = await start(cwd, home);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        return stdout.includes(what) ? stdout : undefined;
      },
      { what: `a line with '${what}'` },
    );

  it("says that no hub runs, and what to do", async () => {
    const folder = project();
    const line = await lineWith("does not run yet", folder, temporaryFolder());
    expect(line).toMatch(/^Godot project ".*": godot-mcp-hub.*hub_use \{"launch":true\} starts one.*\n$/);
    expect(line).toContain(JSON.stringify(folder));
  });

  it("says how to install the addon where there is none", async () => {
    const folder = project({ hasAddon: false });
    const { stdout } = await start(folder, temporaryFolder());
    expect(stdout).toContain(`godot-hub install ${JSON.stringify(folder)}`);
  });

  it("finds the project above, or the only one right below", async () => {
    const folder = project();
    const inside = join(folder, "scenes", "levels");
    mkdirSync(inside, { recursive: true });
    expect((await start(inside, temporaryFolder())).stdout).toContain(JSON.stringify(folder));
    const outer = temporaryFolder();
    mkdirSync(join(outer, "game"));
    writeFileSync(join(outer, "game", "project.godot"), "config_version=5\n");
    expect((await start(outer, temporaryFolder())).stdout).toContain(JSON.stringify(join(outer, "game")));
    mkdirSync(join(outer, "other"));
    writeFileSync(join(outer, "other", "project.godot"), "config_version=5\n");
    expect((await start(outer, temporaryFolder())).stdout).toBe("");
  });

  it("says nothing of a hub where nothing is built, and never fails", async () => {
    const script = join(clone(), "scripts", "plugin", "session-start.mjs");
    const { code, stdout, stderr } = await start(project(), temporaryFolder(), { script });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Godot project ".*": the tools of the MCP server "godot".*\n$/);
  });

  it("names the editor that has this project open, and no other", async () => {
    const hub = await HubProcess.start();
    try {
      const [folder, other] = [project(), project()];
      const editor = new StubInstance({ project: "coins", projectPath: folder });
      await editor.connect(hub.url, hub.token);
      const line = await lineWith("is open in", folder, hub.home);
      expect(line).toMatch(/^Godot project ".*" is open in the Godot 4\.6\.3 editor "coins.*project_overview\.\n$/);
      expect(await lineWith("no editor is connected", other, hub.home)).not.toContain("does not run yet");
      editor.client.terminate();
    } finally {
      await hub.dispose();
    }
  });

  it("does not wait for a hub that says nothing", async () => {
    const home = temporaryFolder();
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const file = {
      pid: process.ppid,
      port,
      url: `ws://127.0.0.1:${port}`,
      version: PRODUCT_VERSION,
      protocolVersion: 1,
      startedAt: new Date().toISOString(),
    };
    writeFileSync(join(home, "hub.json"), JSON.stringify(file));
    const { code, stdout } = await start(project(), home);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Godot project .*\n$/);
    silent.close();
  });
});
