/** Where each AI client keeps its MCP servers, and in which form. */
import { posix, win32 } from "node:path";
import { findNodeAtLocation, getNodeValue } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { messageOf } from "../../hub-client/node-errors.ts";
import { userFolder } from "../../hub-client/state-dir.ts";
import { CliError } from "./exit-codes.ts";
import { parseJson, setJsonMember } from "./json-member.ts";
import type { AdapterCommand } from "./package-root.ts";
import { setTomlTable } from "./toml-table.ts";

/** One AI client. */
export interface ClientConfig {
  /** Name as people know it. */
  readonly title: string;
  /** What somebody who connects it should know. */
  readonly remark?: string;
  /** The file, by the platform's habits. */
  readonly path: ClientPath;
  /** The file's text with `entry` under `name`, or without any; everything else in it stays. */
  readonly edit: (text: string, name: string, entry: AdapterCommand | undefined) => string;
  /** The servers that it starts as programs, by name. @throws {CliError} for text that can't be read. */
  readonly servers: (text: string) => Record<string, AdapterCommand>;
}

/** One server in any of the forms: a program with arguments, or one list of both. Servers with an address are none of it. */
const entrySchema = z
  .looseObject({
    command: z.union([z.string(), z.array(z.string()).nonempty()]),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    environment: z.record(z.string(), z.string()).default({}),
  })
  .transform(({ command, args, env, environment }): AdapterCommand => {
    const [program = "", ...rest] = typeof command === "string" ? [command] : command;
    return { command: program, args: [...rest, ...args], env: { ...environment, ...env } };
  });

const SERVERS = "mcpServers";
const plain = ({ command, args, env }: AdapterCommand) => ({ command, args, ...withEnv("env", env) });
const typed = (entry: AdapterCommand) => ({ type: "stdio", ...plain(entry) });

/** Its documentation names `~/.config` itself: XDG_CONFIG_HOME does not move it. */
const DEVIN = ["devin", "mcp_config.json"];
const devinPath = byPlatform({ win32: inRoaming(...DEVIN), others: inHome(".config", ...DEVIN) });
/** Only on Linux does XDG_CONFIG_HOME move it. */
const zedPath = byPlatform({
  win32: inRoaming("Zed", "settings.json"),
  linux: inConfigHome("zed", "settings.json"),
  others: inHome(".config", "zed", "settings.json"),
});

/**
 * By the word that `--client` takes. File and form are those of each client's own documentation:
 * - Claude Code: https://code.claude.com/docs/en/mcp
 * - Cursor: https://cursor.com/docs/mcp, where `type` is required
 * - Codex: https://developers.openai.com/codex/mcp
 * - Gemini CLI: https://geminicli.com/docs/tools/mcp-server
 * - VS Code: https://code.visualstudio.com/docs/agents/reference/mcp-configuration, where `type` is required
 * - opencode: https://opencode.ai/docs/mcp-servers
 * - Devin Desktop: https://docs.devin.ai/desktop/cascade/mcp; its schema knows no `type`
 * - Windsurf, as Devin Desktop was called until June 2026: https://docs.windsurf.com/windsurf/cascade/mcp
 * - Antigravity, its IDE and its CLI alike since version 2: https://antigravity.google/docs/mcp
 * - GitHub Copilot CLI: https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/add-mcp-servers
 * - Claude Desktop: https://modelcontextprotocol.io/docs/develop/connect-local-servers
 * - Zed: https://zed.dev/docs/ai/mcp, its file https://zed.dev/docs/configuring-zed
 * - Junie: https://junie.jetbrains.com/docs/junie-cli-mcp-configuration.html
 */
export const CLIENT_CONFIGS: Readonly<Record<string, ClientConfig>> = {
  claude: { title: "Claude Code", path: inHome(".claude.json"), ...inJson([SERVERS], typed) },
  cursor: { title: "Cursor", path: inHome(".cursor", "mcp.json"), ...inJson([SERVERS], typed) },
  codex: {
    title: "Codex",
    path: inFolderOf("CODEX_HOME", ".codex", "config.toml"),
    edit: inCodexToml,
    servers: serversOfCodex,
  },
  gemini: { title: "Gemini CLI", path: inHome(".gemini", "settings.json"), ...inJson([SERVERS], plain) },
  vscode: { title: "VS Code", path: inAppData("Code", "User", "mcp.json"), ...inJson(["servers"], typed) },
  opencode: { title: "opencode", path: inConfigHome("opencode", "opencode.json"), ...inJson(["mcp"], opencodeEntry) },
  devin: { title: "Devin Desktop", path: devinPath, ...inJson([SERVERS], plain) },
  windsurf: {
    title: "Windsurf",
    remark: "Versions that are called Devin Desktop read another file: --client devin.",
    path: inHome(".codeium", "windsurf", "mcp_config.json"),
    ...inJson([SERVERS], plain),
  },
  antigravity: {
    title: "Antigravity",
    path: inHome(".gemini", "config", "mcp_config.json"),
    ...inJson([SERVERS], plain),
  },
  copilot: {
    title: "Copilot CLI",
    path: inFolderOf("COPILOT_HOME", ".copilot", "mcp-config.json"),
    ...inJson([SERVERS], copilotEntry),
  },
  "claude-desktop": {
    title: "Claude Desktop",
    path: inAppData("Claude", "claude_desktop_config.json"),
    ...inJson([SERVERS], plain),
  },
  zed: { title: "Zed", path: zedPath, ...inJson(["context_servers"], plain) },
  junie: {
    title: "Junie",
    remark:
      "JetBrains AI Assistant keeps its servers itself: paste this file under Settings | Tools | AI Assistant | Model Context Protocol.",
    path: inHome(".junie", "mcp", "mcp.json"),
    ...inJson([SERVERS], plain),
  },
};

/** A file of JSON with its servers at a path; what is edited keeps comments and layout. */
function inJson(
  at: readonly string[],
  shape: (entry: AdapterCommand) => object,
): Pick<ClientConfig, "edit" | "servers"> {
  return {
    edit: (text, name, entry) => setJsonMember(text, [...at, name], entry && shape(entry)),
    servers: (text) => {
      const root = parseJson(text);
      const node = root && findNodeAtLocation(root, [...at]);
      return serversIn(node && getNodeValue(node));
    },
  };
}

function serversIn(value: unknown): Record<string, AdapterCommand> {
  if (typeof value !== "object" || value === null) return {};
  const read = Object.entries(value).map(([name, entry]) => [name, entrySchema.safeParse(entry).data] as const);
  return Object.fromEntries(read.flatMap(([name, entry]) => (entry ? [[name, entry]] : [])));
}

function serversOfCodex(text: string): Record<string, AdapterCommand> {
  try {
    return serversIn(parseToml(text).mcp_servers);
  } catch (error) {
    const [cause] = messageOf(error).split("\n");
    throw new CliError(`The file is no TOML: ${cause}.`);
  }
}

function inCodexToml(text: string, name: string, entry: AdapterCommand | undefined): string {
  const values = entry && { command: entry.command, args: entry.args, ...withEnv("env", entry.env) };
  return setTomlTable(text, ["mcp_servers", name], values);
}

function opencodeEntry({ command, args, env }: AdapterCommand): object {
  return { type: "local", command: [command, ...args], enabled: true, ...withEnv("environment", env) };
}

/** `tools` is the choice of a server's tools, which Copilot CLI writes itself for all of them. */
function copilotEntry(entry: AdapterCommand): object {
  return { type: "local", ...plain(entry), tools: ["*"] };
}

function withEnv(member: string, env: Readonly<Record<string, string>>): object {
  return Object.keys(env).length > 0 ? { [member]: env } : {};
}

/** A file's path in this environment, on this platform. */
type ClientPath = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) => string;

/** In the user's folder. */
function inHome(...parts: string[]): ClientPath {
  return (env, platform) => joined(platform, userFolder(env, platform), ...parts);
}

/** In a folder that a variable may name, else in the user's own. */
function inFolderOf(variable: string, folder: string, ...parts: string[]): ClientPath {
  return (env, platform) => joined(platform, env[variable] || inHome(folder)(env, platform), ...parts);
}

/** In `~/.config`, or where XDG_CONFIG_HOME says that it is. */
function inConfigHome(...parts: string[]): ClientPath {
  return inFolderOf("XDG_CONFIG_HOME", ".config", ...parts);
}

/** In the `%APPDATA%` of Windows. */
function inRoaming(...parts: string[]): ClientPath {
  return (env, platform) => joined(platform, env.APPDATA || inHome("AppData", "Roaming")(env, platform), ...parts);
}

/** Where applications with a window keep what is theirs. */
function inAppData(...parts: string[]): ClientPath {
  const darwin = inHome("Library", "Application Support", ...parts);
  return byPlatform({ darwin, win32: inRoaming(...parts), others: inConfigHome(...parts) });
}

/** Another path on some platforms. */
function byPlatform({
  others,
  ...paths
}: Partial<Record<NodeJS.Platform, ClientPath>> & { others: ClientPath }): ClientPath {
  return (env, platform) => (paths[platform] ?? others)(env, platform);
}

function joined(platform: NodeJS.Platform, ...parts: string[]): string {
  return platform === "win32" ? win32.join(...parts) : posix.join(...parts);
}
