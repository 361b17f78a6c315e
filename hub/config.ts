/** The hub's configuration: flags, then GODOT_HUB_* variables, then config.json in the state directory, then the defaults. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isJsonObject } from "../hub-client/json-object.ts";
import { isMissing, messageOf } from "../hub-client/node-errors.ts";
import { isToken, stateDirectory } from "../hub-client/state-dir.ts";
import { requireOwnFile } from "../hub-client/state-owner.ts";
import { flagName, OPTION_LIST, OPTIONS, type OptionName, variableName } from "./config-options.ts";

/** Everything that can be configured. Times in ms, sizes in bytes. */
export interface HubConfig {
  /** State directory. */
  home: string;
  host: string;
  /** 0: any free port; clients read hub.json. */
  port: number;
  heartbeatIntervalMs: number;
  heartbeatTimeoutMs: number;
  identifyTimeoutMs: number;
  resumeGraceMs: number;
  commandDeadlineMs: number;
  drainTimeoutMs: number;
  idleExitMs: number;
  maxMessageBytes: number;
  sendBufferBytes: number;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Failed authentications per address and minute. */
  maxAuthFailures: number;
  windowSize: number;
  queueLimit: number;
  implicitLeaseMs: number;
  eventHistory: number;
  /** Names that a Host header may carry, beside the endpoint's own and localhost. */
  allowHosts: string[];
  /** Ports that clients may have dialed, beside the endpoint's own. */
  allowPorts: string[];
  /** Origins (scheme://host:port) whose pages may connect. */
  allowOrigins: string[];
  /** Paths of PEM files; both or neither. With them the hub speaks wss. */
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  /** The Godot editor's program, for editors that the hub launches. */
  godot: string | undefined;
  /** Folders below which agents may have editors launched on any project. */
  launchRoots: string[];
  /** Set by an adapter that starts a hub because it found none. */
  autoStarted: boolean;
  /** Set by the service manager that starts the hub. */
  service: boolean;
  /** Token given explicitly (environment or secret file) instead of the state directory's. */
  token: string | undefined;
  tokenFile: string | undefined;
  /** Rules for everybody who sends commands: see docs/security.md. Names may have `*`. */
  readOnly: boolean;
  allow: string[];
  deny: string[];
  /** Code may be run in every editor, whatever its dock says. */
  enableExec: boolean;
  allowLinks: string[];
  /** Requests of one client, 0 for no limit. */
  readsPerMinute: number;
  writesPerMinute: number;
  /** Size of a file of the audit log, and how many are kept. */
  auditMaxBytes: number;
  auditFiles: number;
  logLevel: string;
  /** Size at which hub.log is moved aside. */
  logMaxBytes: number;
  /** No log lines on the terminal. */
  quiet: boolean;
  /** File descriptors of sockets that listen already, in place of `host` and `port`. */
  passedSockets: readonly number[];
}

/** Where values come from, the first that has one winning. Flags are named as in `OPTIONS`, and `home`. */
export interface ConfigSources {
  flags?: Record<string, unknown>;
  env?: NodeJS.ProcessEnv;
}

/** A value that can't be used. The message is one line that names where the value came from. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const CONFIG_FILE = "config.json";

interface Given {
  raw: unknown;
  /** Where the value was given, for the message. */
  source: string;
  /** Directory that relative paths start from. */
  base: string;
}

/**
 * Reads and checks the whole configuration.
 * @throws {ConfigError} for an unknown key, a value of the wrong type, or values that contradict each other.
 */
export function loadConfig({ flags = {}, env = process.env }: ConfigSources = {}): HubConfig {
  const home = homeDirectory(flags, env);
  const file = readConfigFile(home);
  const given = new Map<string, Given>();
  for (const [name] of OPTION_LIST) {
    const found = find(name, flags, env, file, home);
    if (found) given.set(name, found);
  }
  const values = OPTION_LIST.map(([name, option]) => {
    const found = given.get(name);
    return [name, found ? parse(name, found) : option.defaultValue];
  });
  // Every member was read by its own entry of OPTIONS, which has the member's type.
  const config = { ...Object.fromEntries(values), home, token: undefined, passedSockets: [] } as HubConfig;
  if (!given.has("heartbeatTimeoutMs")) config.heartbeatTimeoutMs = 2 * config.heartbeatIntervalMs;
  if (!given.has("maxConnectionsPerAddress")) config.maxConnectionsPerAddress = config.maxConnections;
  config.token = explicitToken(config, env);
  config.passedSockets = passedSockets(env, process.pid);
  checkRelations(config);
  return config;
}

/** The state directory that `--home`, GODOT_HUB_HOME or the default names. */
export function homeDirectory(flags: Record<string, unknown> = {}, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(typeof flags.home === "string" ? flags.home : stateDirectory(env));
}

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function readConfigFile(home: string): Record<string, unknown> {
  const path = join(home, CONFIG_FILE);
  let text: string;
  try {
    requireOwnFile(home, CONFIG_FILE);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return {};
    throw new ConfigError(`${path} can't be read: ${messageOf(error)}`);
  }
  const values = parseJson(path, text);
  const unknown = Object.keys(values).find((key) => !Object.hasOwn(OPTIONS, key));
  if (unknown !== undefined) {
    throw new ConfigError(`Unknown option '${unknown}' in ${path}. See \`godot-hub run --help\`.`);
  }
  return values;
}

function parseJson(path: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    // Some editors of Windows begin a file with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new ConfigError(`${path} is not JSON: ${messageOf(error)}`);
  }
  if (isJsonObject(value)) return value;
  throw new ConfigError(`${path} must hold one JSON object.`);
}

function find(
  name: string,
  flags: Record<string, unknown>,
  env: NodeJS.ProcessEnv,
  file: Record<string, unknown>,
  home: string,
): Given | undefined {
  if (flags[name] !== undefined) return { raw: flags[name], source: `--${flagName(name)}`, base: process.cwd() };
  // An empty variable is how a shell or a compose file says "not set".
  const variable = env[variableName(name)];
  if (variable) return { raw: variable, source: variableName(name), base: process.cwd() };
  if (file[name] === undefined) return undefined;
  return { raw: file[name], source: `${name} in ${join(home, CONFIG_FILE)}`, base: home };
}

function parse(name: string, { raw, source, base }: Given): unknown {
  // Only names of OPTION_LIST come here.
  const option = OPTIONS[name as OptionName];
  try {
    return option.parse(raw, base);
  } catch (error) {
    throw new ConfigError(`${source} must be ${messageOf(error)}, but is ${JSON.stringify(raw)}.`);
  }
}

function explicitToken(config: HubConfig, env: NodeJS.ProcessEnv): string | undefined {
  if (env.GODOT_HUB_TOKEN) return checkedToken(env.GODOT_HUB_TOKEN, "GODOT_HUB_TOKEN");
  if (config.tokenFile === undefined) return undefined;
  try {
    return checkedToken(readFileSync(config.tokenFile, "utf8"), config.tokenFile);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`The token file can't be read: ${messageOf(error)}`);
  }
}

function checkedToken(text: string, source: string): string {
  const token = text.trim();
  if (isToken(token)) return token;
  throw new ConfigError(`The token in ${source} must be 16 to 200 printable characters without spaces.`);
}

function checkRelations(config: HubConfig): void {
  if (config.service && config.autoStarted) {
    throw new ConfigError("service and auto-started exclude each other: a service does not exit when idle.");
  }
  if (config.heartbeatTimeoutMs <= config.heartbeatIntervalMs) {
    throw new ConfigError(
      `heartbeat-timeout-ms (${config.heartbeatTimeoutMs}) must be longer than heartbeat-interval-ms (${config.heartbeatIntervalMs}).`,
    );
  }
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    throw new ConfigError("tls-cert and tls-key go together: one of them is missing.");
  }
  if (!isLoopback(config.host) && config.token === undefined) {
    throw new ConfigError(
      `Listening on ${config.host} opens the hub to other machines: give a token (--token-file, GODOT_HUB_TOKEN or GODOT_HUB_TOKEN_FILE), and use --tls-cert and --tls-key.`,
    );
  }
}

/** The first descriptor that is passed; those before it are stdin, stdout and stderr. */
const FIRST_DESCRIPTOR = 3;
const VARIABLES = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"];

/** Descriptors of the sockets that were passed to process `pid`; none when the variables are meant for another process. */
export function passedSockets(env: NodeJS.ProcessEnv, pid: number): number[] {
  const count = Number(env.LISTEN_FDS);
  if (Number(env.LISTEN_PID) !== pid || !Number.isInteger(count) || count < 1) return [];
  return Array.from({ length: count }, (_, index) => FIRST_DESCRIPTOR + index);
}

/** Takes the variables out of `env`, so that no child process looks for sockets that it was not given. */
export function forgetPassedSockets(env: NodeJS.ProcessEnv): void {
  for (const name of VARIABLES) delete env[name];
}
