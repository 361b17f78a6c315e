/** Options of the adapter: each one a flag, else an environment variable, else a default. */
import { parseArgs } from "node:util";
import { messageOf } from "../../hub-client/node-errors.ts";
import { stateDirectory } from "../../hub-client/state-dir.ts";
import { COMMAND_DEADLINE_MAX_MS, COMMAND_DEADLINE_MS, DEFAULT_PORT } from "../../protocol/timing.ts";
import { isLogLevel, type LogLevel } from "./log.ts";

const PRESETS = ["compact", "full", "graphql"] as const;

/** Which tools there are. */
export interface PresetOptions {
  readonly preset: (typeof PRESETS)[number];
  /** Groups of commands that the preset "full" has tools for; empty: all. */
  readonly toolsets: readonly string[];
}

/** What the adapter was told. */
export interface AdapterOptions extends PresetOptions {
  /** Instance id, instance name, project name or project folder that the session is bound to. */
  readonly target: string | undefined;
  /** Project folder that the session is bound to. */
  readonly project: string | undefined;
  /** Budget of one tool call, in ms. */
  readonly deadlineMs: number;
  /** Tokens that the tools of a session should do with; undefined: no limit. */
  readonly tokenBudget: number | undefined;
  /** Whether a hub may be started when there is none. */
  readonly mayLaunch: boolean;
  /** State directory of the hub. */
  readonly home: string;
  /** Address that replaces discovery by `hub.json`. */
  readonly url: string | undefined;
  /** Token that replaces the state directory's. */
  readonly token: string | undefined;
  /** Certificate (PEM file) that a hub which speaks TLS may prove itself by. */
  readonly tlsCa: string | undefined;
  /** The variable GODOT: no hub is told of it, but an agent is where the hub starts another program. */
  readonly godot: string | undefined;
  readonly logLevel: LogLevel;
  /** Present: serve over HTTP instead of stdio. */
  readonly http: HttpOptions | undefined;
}

/** How to serve over HTTP. */
export interface HttpOptions {
  /** Port of 127.0.0.1; 0: any free one. */
  readonly port: number;
  /** Origins (scheme://host:port) whose pages may connect. */
  readonly allowOrigins: readonly string[];
}

/** Port that HTTP clients are configured with: the one after the hub's. */
const HTTP_PORT = DEFAULT_PORT + 1;

/** An option that can't be used; the message names it and where it came from. */
export class OptionsError extends Error {}

/** Text for `--help`. */
export const USAGE = `godot-mcp-adapter: MCP server over stdio or HTTP that reaches Godot editors through the hub.

  --target <name>      bind to an instance, by id, name, project name or project folder   GODOT_HUB_TARGET
  --project <folder>   bind to the project in this folder
  --preset <name>      compact (default), full (a tool for each command), graphql         GODOT_HUB_PRESET
  --toolsets <a,b>     groups of commands for the preset full, such as scene,node         GODOT_HUB_TOOLSETS
  --deadline-ms <ms>   budget of one tool call (default ${COMMAND_DEADLINE_MS})                          GODOT_HUB_DEADLINE_MS
  --token-budget <n>   tokens that tools should do with: warns at 80 %, then answers less  GODOT_HUB_TOKEN_BUDGET
  --no-launch          never start a hub                                                  GODOT_HUB_NO_LAUNCH
  --url <ws://...>     the hub's address instead of the one in hub.json                   GODOT_HUB_URL
  --tls-ca <file>      certificate (PEM) that a hub with TLS may prove itself by          GODOT_HUB_TLS_CA
  --home <folder>      state directory of the hub (default ~/.godot-hub)                  GODOT_HUB_HOME
  --log-level <level>  debug, info, warn (default), error, silent                         GODOT_HUB_LOG_LEVEL
  --http               serve any number of clients over Streamable HTTP at /mcp, not one over stdio
  --port <n>           port for --http (default ${HTTP_PORT}; 0: any free one)
  --allow-origins <a,b> origins whose pages may use --http
  --version, --help

  GODOT_HUB_TOKEN replaces the token of the state directory.
  Bound to nothing, the session takes the project in CLAUDE_PROJECT_DIR, else the one at or above the working directory.
`;

const FLAGS = {
  target: { type: "string" },
  project: { type: "string" },
  preset: { type: "string" },
  toolsets: { type: "string" },
  "deadline-ms": { type: "string" },
  "token-budget": { type: "string" },
  "no-launch": { type: "boolean" },
  url: { type: "string" },
  "tls-ca": { type: "string" },
  home: { type: "string" },
  "log-level": { type: "string" },
  http: { type: "boolean" },
  port: { type: "string" },
  "allow-origins": { type: "string" },
  version: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/**
 * Reads the command line and the environment.
 * @returns The options, or which text was asked for instead.
 * @throws {OptionsError} for a flag that does not exist or a value that can't be used.
 */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): AdapterOptions | "help" | "version" {
  const flags = parseFlags(argv);
  if (flags.help) return "help";
  if (flags.version) return "version";
  const from = (flag: SourcedFlag, variable: string) =>
    sourced(flags[flag], `--${flag}`) ?? sourced(env[variable], variable);
  const home = flags.home || stateDirectory(env);
  return {
    target: flags.project ? undefined : from("target", "GODOT_HUB_TARGET")?.value,
    project: flags.project || undefined,
    ...presetOf(from("preset", "GODOT_HUB_PRESET"), from("toolsets", "GODOT_HUB_TOOLSETS")),
    deadlineMs: deadlineOf(from("deadline-ms", "GODOT_HUB_DEADLINE_MS")),
    tokenBudget: budgetOf(from("token-budget", "GODOT_HUB_TOKEN_BUDGET")),
    mayLaunch: !(flags["no-launch"] || isSet(env.GODOT_HUB_NO_LAUNCH)),
    home,
    url: urlOf(from("url", "GODOT_HUB_URL")),
    token: env.GODOT_HUB_TOKEN || undefined,
    tlsCa: from("tls-ca", "GODOT_HUB_TLS_CA")?.value,
    godot: env.GODOT || undefined,
    logLevel: logLevelOf(from("log-level", "GODOT_HUB_LOG_LEVEL")),
    http: flags.http ? { port: portOf(flags.port), allowOrigins: listOf(flags["allow-origins"]) } : undefined,
  };
}

type SourcedFlag = "target" | "url" | "tls-ca" | "deadline-ms" | "log-level" | "preset" | "toolsets" | "token-budget";

/** A value and the name of the flag or variable that it came from. */
interface Sourced {
  readonly value: string;
  readonly source: string;
}

function sourced(value: string | undefined, source: string): Sourced | undefined {
  return value ? { value, source } : undefined;
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new OptionsError(messageOf(error));
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no"].includes(value.toLowerCase());
}

function deadlineOf(given: Sourced | undefined): number {
  if (!given) return COMMAND_DEADLINE_MS;
  const ms = Number(given.value);
  if (Number.isInteger(ms) && ms > 0 && ms <= COMMAND_DEADLINE_MAX_MS) return ms;
  throw new OptionsError(
    `${given.source} must be a whole number of ms from 1 to ${COMMAND_DEADLINE_MAX_MS}, not '${given.value}'.`,
  );
}

function portOf(given: string | undefined): number {
  if (given === undefined) return HTTP_PORT;
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new OptionsError(`--port must be a port from 0 to 65535, not '${given}'.`);
}

function listOf(given: string | undefined): string[] {
  return (given ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
}

function budgetOf(given: Sourced | undefined): number | undefined {
  if (!given) return undefined;
  const tokens = Number(given.value);
  if (Number.isSafeInteger(tokens) && tokens > 0) return tokens;
  throw new OptionsError(`${given.source} must be a whole number of tokens, not '${given.value}'.`);
}

function presetOf(given: Sourced | undefined, toolsets: Sourced | undefined): PresetOptions {
  const names = listOf(toolsets?.value);
  // Whoever names toolsets means the preset that has them.
  const word = given?.value ?? (names.length > 0 ? "full" : "compact");
  const preset = PRESETS.find((each) => each === word);
  if (preset) return { preset, toolsets: names };
  throw new OptionsError(`${given?.source} must be ${PRESETS.join(", ")}, not '${word}'.`);
}

function urlOf(given: Sourced | undefined): string | undefined {
  if (!given || (/^wss?:\/\/[^/]/.test(given.value) && URL.canParse(given.value))) return given?.value;
  throw new OptionsError(`${given.source} must be a ws:// or wss:// address, not '${given.value}'.`);
}

/** The hub's own levels are accepted too: both programs may be given the same variable. */
function logLevelOf(given: Sourced | undefined): LogLevel {
  if (!given) return "warn";
  const word = given.value === "trace" ? "debug" : given.value === "fatal" ? "error" : given.value;
  if (isLogLevel(word)) return word;
  throw new OptionsError(`${given.source} must be debug, info, warn, error or silent, not '${given.value}'.`);
}
