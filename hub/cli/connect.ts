/** `godot-hub connect`: writes the adapter into an AI client's own configuration, or takes it out again. */

import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { hasCode, messageOf } from "../../hub-client/node-errors.ts";
import { homeDirectory } from "../config.ts";
import { CLIENT_CONFIGS } from "./client-configs.ts";
import type { CliContext } from "./context.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { adapterCommand, isNpxCache, packageRoot } from "./package-root.ts";
import { word } from "./shell-words.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub connect`. */
export function addConnect(program: Command, { terminal }: CliContext): void {
  program
    .command("connect")
    .description("write the adapter into the configuration of an AI client")
    .option("--client <name>", `one of ${Object.keys(CLIENT_CONFIGS).join(", ")}`)
    .option("--remove", "take it out again")
    .option("--dry-run", "only show the file as it would be")
    .action((options: { client?: string; remove?: boolean; dryRun?: boolean }, command: Command) => {
      const { client, remove = false, dryRun = false } = options;
      connect(homeDirectory(command.optsWithGlobals()), { client, remove, dryRun }, terminal);
    });
}

/** Name of the server in the client's list. */
const SERVER_NAME = "godot";

/** Which client, and what to do with its file. */
interface ConnectOptions {
  /** A word of CLIENT_CONFIGS; undefined: it was forgotten. */
  client: string | undefined;
  remove: boolean;
  dryRun: boolean;
}

/** @throws {CliError} for a client that is not known, or a file that can't be read or written. */
export function connect(home: string, { client, remove, dryRun }: ConnectOptions, terminal: Terminal): void {
  const config = CLIENT_CONFIGS[client ?? ""];
  if (!config) throw unknownClient(client);
  const path = config.path(process.env, process.platform);
  const before = read(path);
  const after = edited(path, () => config.edit(before, SERVER_NAME, remove ? undefined : adapterCommand(home)));
  if (after === before) {
    terminal.out(`${config.title}: nothing to change in ${path}.`);
    return;
  }
  if (dryRun) {
    terminal.out(`${path} would be:\n${after.trimEnd()}`);
    return;
  }
  write(path, after);
  const what = remove ? "is disconnected" : "is connected; start it anew to see the tools";
  terminal.out(`${config.title} ${what} (${path}).`);
  if (config.remark && !remove) terminal.out(config.remark);
}

function unknownClient(client: string | undefined): CliError {
  const known = Object.keys(CLIENT_CONFIGS);
  const here = known.filter((each) => existsSync(CLIENT_CONFIGS[each]?.path(process.env, process.platform) ?? ""));
  const cause = client === undefined ? "Which client?" : `There is no client '${client}'.`;
  const present = here.length > 0 ? ` A configuration is here of ${here.join(", ")}.` : "";
  return new CliError(`${cause} --client takes ${known.join(", ")}.${present}`, EXIT_CODES.USAGE);
}

function read(path: string): string {
  try {
    // Some editors of Windows begin a file with a byte order mark, which JSON does not have.
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw new CliError(`${path} can't be read: ${messageOf(error)}.`);
  }
}

function edited(path: string, edit: () => string): string {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`${path}: ${error.message} Nothing was changed.`);
  }
}

/** Through a link, to the file behind it. A new file is private: configurations hold keys of other servers. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const known = statSync(path, { throwIfNoEntry: false });
  const file = known ? realpathSync(path) : path;
  try {
    replaceFile(file, text, known ? { mode: known.mode & 0o777 } : {});
  } catch (error) {
    throw new CliError(`${path} can't be written: ${messageOf(error)}.`);
  }
}

/** How AI clients and Godot projects are connected, as text of a few lines. */
export function connectHelp(home: string): string {
  const { command, args, env } = adapterCommand(home);
  const words = [command, ...args].map(quoted).join(" ");
  const variables = Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`));
  const flags = variables.map((variable) => ` --env ${variable}`).join("");
  const entry = { command, args, ...(variables.length > 0 && { env }) };
  return [
    "Connect an AI client (once):",
    `  Claude Code  claude mcp add godot${flags} -- ${words}`,
    `  Codex        codex mcp add godot${flags} -- ${words}`,
    `  Gemini CLI   gemini mcp add${flags} godot ${words}`,
    `  Cursor       in ~/.cursor/mcp.json: ${JSON.stringify({ mcpServers: { godot: { type: "stdio", ...entry } } })}`,
    "Connect a Godot project (once):",
    `  ${installCommand()} <project folder>`,
  ].join("\n");
}

/** How `godot-hub install` is called where this package lies. */
function installCommand(): string {
  const root = packageRoot();
  if (isNpxCache(root)) return "npx -y -p godot-mcp-hub godot-hub install";
  return `node ${quoted(`${root}/dist/godot-hub.js`)} install`;
}

function quoted(text: string): string {
  return word(text, process.platform);
}
