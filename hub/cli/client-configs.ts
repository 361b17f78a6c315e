/** Where each AI client keeps its MCP servers, and in which form. */
import { homedir } from "node:os";
import { join } from "node:path";
import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import type { AdapterCommand } from "./connect-help.ts";
import { CliError } from "./exit-codes.ts";
import { setTomlTable } from "./toml-table.ts";

/** One AI client. */
export interface ClientConfig {
  /** Name as people know it. */
  readonly title: string;
  /** The file, by the platform's habits. */
  readonly path: (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) => string;
  /** The file's text with `entry` under `name`, or without any; everything else in it stays. */
  readonly edit: (text: string, name: string, entry: AdapterCommand | undefined) => string;
}

const SERVERS = "mcpServers";
const inHome =
  (...parts: string[]) =>
  (env: NodeJS.ProcessEnv) =>
    join(env.HOME || homedir(), ...parts);
const plain = ({ command, args, env }: AdapterCommand) => ({ command, args, ...withEnv("env", env) });
const typed = (entry: AdapterCommand) => ({ type: "stdio", ...plain(entry) });

/** By the word that `--client` takes. */
export const CLIENT_CONFIGS: Readonly<Record<string, ClientConfig>> = {
  claude: { title: "Claude Code", path: inHome(".claude.json"), edit: inJson([SERVERS], typed) },
  cursor: { title: "Cursor", path: inHome(".cursor", "mcp.json"), edit: inJson([SERVERS], plain) },
  codex: { title: "Codex", path: codexPath, edit: inCodexToml },
  gemini: { title: "Gemini CLI", path: inHome(".gemini", "settings.json"), edit: inJson([SERVERS], plain) },
  vscode: { title: "VS Code", path: vscodePath, edit: inJson(["servers"], typed) },
  opencode: { title: "opencode", path: opencodePath, edit: inJson(["mcp"], opencodeEntry) },
  windsurf: {
    title: "Windsurf",
    path: inHome(".codeium", "windsurf", "mcp_config.json"),
    edit: inJson([SERVERS], plain),
  },
};

/** An editor of JSON that keeps comments and layout. @throws {CliError} for a file that is no JSON. */
function inJson(at: readonly string[], shape: (entry: AdapterCommand) => object): ClientConfig["edit"] {
  return (text, name, entry) => {
    const errors: ParseError[] = [];
    const value: unknown = parse(text, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (first && text.trim() !== "") {
      throw new CliError(`The file is no JSON: ${printParseErrorCode(first.error)} at character ${first.offset}.`);
    }
    if (entry === undefined && !hasMember(value, [...at, name])) return text;
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

function hasMember(value: unknown, path: readonly string[]): boolean {
  const end = path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
  return end !== undefined;
}

function inCodexToml(text: string, name: string, entry: AdapterCommand | undefined): string {
  const values = entry && { command: entry.command, args: entry.args, ...withEnv("env", entry.env) };
  return setTomlTable(text, ["mcp_servers", name], values);
}

function opencodeEntry({ command, args, env }: AdapterCommand): object {
  return { type: "local", command: [command, ...args], enabled: true, ...withEnv("environment", env) };
}

function codexPath(env: NodeJS.ProcessEnv): string {
  return env.CODEX_HOME ? join(env.CODEX_HOME, "config.toml") : inHome(".codex", "config.toml")(env);
}

function opencodePath(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CONFIG_HOME || inHome(".config")(env), "opencode", "opencode.json");
}

function vscodePath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const user = ["Code", "User", "mcp.json"];
  if (platform === "darwin") return inHome("Library", "Application Support", ...user)(env);
  if (platform === "win32" && env.APPDATA) return join(env.APPDATA, ...user);
  return join(env.XDG_CONFIG_HOME || inHome(".config")(env), ...user);
}

function withEnv(member: string, env: Readonly<Record<string, string>>): object {
  return Object.keys(env).length > 0 ? { [member]: env } : {};
}
