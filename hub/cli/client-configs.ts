/** Where each AI client keeps its MCP servers, and in which form. */
import { posix, win32 } from "node:path";
import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { userFolder } from "../../protocol/state-dir.ts";
import type { AdapterCommand } from "./connect-help.ts";
import { CliError } from "./exit-codes.ts";
import { setTomlTable } from "./toml-table.ts";

/** One AI client. */
export interface ClientConfig {
  /** Name as people know it. */
  readonly title: string;
  /** What somebody who connects it should know. */
  readonly remark?: string;
  /** The file, by the platform's habits. */
  readonly path: (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) => string;
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
const inHome =
  (...parts: string[]): ClientConfig["path"] =>
  (env, platform) =>
    joined(platform, userFolder(env, platform), ...parts);
const plain = ({ command, args, env }: AdapterCommand) => ({ command, args, ...withEnv("env", env) });
const typed = (entry: AdapterCommand) => ({ type: "stdio", ...plain(entry) });

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
 */
export const CLIENT_CONFIGS: Readonly<Record<string, ClientConfig>> = {
  claude: { title: "Claude Code", path: inHome(".claude.json"), ...inJson([SERVERS], typed) },
  cursor: { title: "Cursor", path: inHome(".cursor", "mcp.json"), ...inJson([SERVERS], typed) },
  codex: { title: "Codex", path: codexPath, edit: inCodexToml, servers: serversOfCodex },
  gemini: { title: "Gemini CLI", path: inHome(".gemini", "settings.json"), ...inJson([SERVERS], plain) },
  vscode: { title: "VS Code", path: vscodePath, ...inJson(["servers"], typed) },
  opencode: { title: "opencode", path: opencodePath, ...inJson(["mcp"], opencodeEntry) },
  devin: { title: "Devin Desktop", path: devinPath, ...inJson([SERVERS], plain) },
  windsurf: {
    title: "Windsurf",
    remark: "Versions that are called Devin Desktop read another file: --client devin.",
    path: inHome(".codeium", "windsurf", "mcp_config.json"),
    ...inJson([SERVERS], plain),
  },
};

/** A file of JSON with its servers at a path; what is edited keeps comments and layout. */
function inJson(
  at: readonly string[],
  shape: (entry: AdapterCommand) => object,
): Pick<ClientConfig, "edit" | "servers"> {
  return { edit: jsonEditor(at, shape), servers: (text) => serversIn(memberAt(parseJson(text), at)) };
}

function jsonEditor(at: readonly string[], shape: (entry: AdapterCommand) => object): ClientConfig["edit"] {
  return (text, name, entry) => {
    const value = parseJson(text);
    if (entry === undefined && memberAt(value, [...at, name]) === undefined) return text;
    const insertSpaces = !/^\t/m.test(text);
    const formattingOptions = {
      insertSpaces,
      tabSize: /^ {4}\S/m.test(text) && !/^ {2}\S/m.test(text) ? 4 : 2,
      eol: "\n",
    };
    const edits = modify(text, [...at, name], entry && shape(entry), { formattingOptions });
    const edited = applyEdits(text, edits);
    return edited.endsWith("\n") ? edited : `${edited}\n`;
  };
}

/** @throws {CliError} for a file that is no JSON. */
function parseJson(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (!first || text.trim() === "") return value;
  throw new CliError(`The file is no JSON: ${printParseErrorCode(first.error)} at character ${first.offset}.`);
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (at: unknown, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
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
    const [cause] = (error instanceof Error ? error.message : String(error)).split("\n");
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

function joined(platform: NodeJS.Platform, ...parts: string[]): string {
  return platform === "win32" ? win32.join(...parts) : posix.join(...parts);
}

function codexPath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  return joined(platform, env.CODEX_HOME || inHome(".codex")(env, platform), "config.toml");
}

function opencodePath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  return joined(platform, env.XDG_CONFIG_HOME || inHome(".config")(env, platform), "opencode", "opencode.json");
}

/** Its documentation names `~/.config` itself: XDG_CONFIG_HOME does not move it. */
function devinPath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const file = ["devin", "mcp_config.json"];
  if (platform !== "win32") return inHome(".config", ...file)(env, platform);
  return joined(platform, env.APPDATA || inHome("AppData", "Roaming")(env, platform), ...file);
}

function vscodePath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const user = ["Code", "User", "mcp.json"];
  if (platform === "darwin") return inHome("Library", "Application Support", ...user)(env, platform);
  if (platform === "win32")
    return joined(platform, env.APPDATA || inHome("AppData", "Roaming")(env, platform), ...user);
  return joined(platform, env.XDG_CONFIG_HOME || inHome(".config")(env, platform), ...user);
}

function withEnv(member: string, env: Readonly<Record<string, string>>): object {
  return Object.keys(env).length > 0 ? { [member]: env } : {};
}
