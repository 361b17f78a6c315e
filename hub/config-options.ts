/** The table of everything that can be configured: type, default and description of each option, said once. */
import { resolve } from "node:path";
import * as timing from "../protocol/timing.ts";

/** What an option's value is: how it is written on the command line and in the help. */
export type OptionKind = "integer" | "text" | "path" | "list" | "switch";

/** One option. `T` is the type of its value in the configuration. */
export interface ConfigOption<T> {
  kind: OptionKind;
  description: string;
  /** Used when no source gives a value. Some defaults follow from other options: see `defaultNote`. */
  defaultValue: T;
  /** How the help shows the default, where the value alone does not say it. */
  defaultNote?: string;
  /**
   * Reads a value from a flag, a variable (both strings) or config.json.
   * @param base Directory that a relative path is resolved against.
   * @throws {RangeError} whose message completes the sentence "<option> must be ...".
   */
  parse(raw: unknown, base: string): T;
}

/** Longest delay that a Node timer keeps. */
const MAX_TIMER_MS = 2_147_483_647;
const MAX_PORT = 65_535;
/** Failed authentications that an address may have in a minute: plenty for a mistake, nothing for a guess. */
const MAX_AUTH_FAILURES = 20;
/** Changes that an agent may make in a minute: ten a second for a whole one, which only a loop that runs wild reaches. */
const WRITES_PER_MINUTE = 600;
/** A frame of the opening must fit. */
const MIN_MESSAGE_BYTES = 4_096;

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

function integer(defaultValue: number, min: number, max: number, description: string): ConfigOption<number> {
  const parse = (raw: unknown): number => {
    const value = typeof raw === "string" && /^\s*-?\d+\s*$/.test(raw) ? Number(raw) : raw;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw new RangeError(`a whole number from ${min} to ${max}`);
  };
  return { kind: "integer", description, defaultValue, parse };
}

function text(defaultValue: string, description: string, allowed?: readonly string[]): ConfigOption<string> {
  const parse = (raw: unknown): string => {
    if (typeof raw !== "string" || raw.trim() === "") throw new RangeError("a non-empty text");
    if (allowed && !allowed.includes(raw)) throw new RangeError(`one of ${allowed.join(", ")}`);
    return raw.trim();
  };
  return { kind: "text", description, defaultValue, parse };
}

/** An address; the name `localhost` stands for two of them, of which a hub listens on both wherever it can. */
function host(defaultValue: string, description: string): ConfigOption<string> {
  const option = text(defaultValue, description);
  const parse = (raw: unknown, base: string): string => {
    const given = option.parse(raw, base);
    return given === "localhost" ? "127.0.0.1" : given.replace(/^\[(.+)\]$/, "$1");
  };
  return { ...option, parse };
}

function path(description: string): ConfigOption<string | undefined> {
  const parse = (raw: unknown, base: string): string => {
    if (typeof raw !== "string" || raw === "") throw new RangeError("the path of a file");
    return resolve(base, raw);
  };
  return { kind: "path", description, defaultValue: undefined, defaultNote: "none", parse };
}

function list(description: string, read = (item: string, _base: string): string => item): ConfigOption<string[]> {
  const parse = (raw: unknown, base: string): string[] => {
    const items = typeof raw === "string" ? raw.split(",") : raw;
    if (!Array.isArray(items) || !items.every((item): item is string => typeof item === "string")) {
      throw new RangeError("a list of texts, separated by commas");
    }
    const given = items.map((item) => item.trim()).filter((item) => item !== "");
    return given.map((item) => read(item, base));
  };
  return { kind: "list", description, defaultValue: [], defaultNote: "none", parse };
}

function folders(description: string): ConfigOption<string[]> {
  return list(description, (folder, base) => resolve(base, folder));
}

function toggle(description: string): ConfigOption<boolean> {
  const words = new Map<unknown, boolean>([
    [true, true],
    ["1", true],
    ["true", true],
    [false, false],
    ["0", false],
    ["false", false],
  ]);
  const parse = (raw: unknown): boolean => {
    const value = words.get(raw);
    if (value === undefined) throw new RangeError("true or false");
    return value;
  };
  return { kind: "switch", description, defaultValue: false, parse };
}

/** A duration. Zero would mean "at once", which only a few options can use. */
function milliseconds(defaultValue: number, description: string, min = 1, max = MAX_TIMER_MS): ConfigOption<number> {
  return integer(defaultValue, min, max, `${description}, in ms`);
}

function count(defaultValue: number, description: string): ConfigOption<number> {
  return integer(defaultValue, 1, 1_000_000, description);
}

/** How often a session of the owner's, or all clients with one further token, may do something. */
function perMinute(defaultValue: number, what: string): ConfigOption<number> {
  return integer(
    defaultValue,
    0,
    1_000_000,
    `${what} that one session, or all of one further token, may send in a minute; 0 sets no limit`,
  );
}

function bytes(defaultValue: number, min: number, description: string): ConfigOption<number> {
  return integer(defaultValue, min, 1024 ** 3, `${description}, in bytes`);
}

/** Every option by its name in the configuration; flags, variables and keys follow from that name. */
export const OPTIONS = {
  port: integer(timing.DEFAULT_PORT, 0, MAX_PORT, "port to listen on; 0 takes any free one"),
  host: host(timing.DEFAULT_HOST, "address to listen on; another than loopback needs an explicit token"),
  allowHosts: list("further host names that a request's Host header may carry"),
  allowPorts: list(
    "further ports at which clients reach the hub: those of a tunnel, a proxy or a container",
    (item) => {
      if (/^[1-9]\d{0,4}$/.test(item) && Number(item) <= MAX_PORT) return item;
      throw new RangeError(`port numbers from 1 to ${MAX_PORT}, separated by commas`);
    },
  ),
  allowOrigins: list("origins (scheme://host:port) whose web pages may connect"),
  tokenFile: path("file with the token, instead of the state directory's (GODOT_HUB_TOKEN: the token itself)"),
  godot: {
    ...path("the Godot editor's program, for editors that the hub launches"),
    defaultNote: "the variable GODOT, else what is found on this machine",
  },
  launchRoots: folders("folders below which agents may have editors launched, which runs a project's plugins"),
  tlsCert: path("certificate chain (PEM); with tls-key the hub speaks wss"),
  tlsKey: path("private key (PEM) of tls-cert"),
  heartbeatIntervalMs: milliseconds(
    timing.HEARTBEAT_INTERVAL_MS,
    "silence after which the hub asks for a sign of life",
  ),
  heartbeatTimeoutMs: {
    ...milliseconds(timing.HEARTBEAT_TIMEOUT_MS, "silence after which a connection is terminated"),
    defaultNote: `${timing.HEARTBEAT_TIMEOUT_MS}: twice heartbeat-interval-ms`,
  },
  identifyTimeoutMs: milliseconds(timing.IDENTIFY_TIMEOUT_MS, "time that a new connection has to identify itself"),
  resumeGraceMs: milliseconds(timing.RESUME_GRACE_MS, "time that a departed client keeps its identity and work", 0),
  commandDeadlineMs: milliseconds(
    timing.COMMAND_DEADLINE_MS,
    "budget of a command whose request names none",
    1,
    timing.COMMAND_DEADLINE_MAX_MS,
  ),
  drainTimeoutMs: milliseconds(timing.DRAIN_TIMEOUT_MS, "time that commands in flight have to end on a stop", 0),
  idleExitMs: milliseconds(timing.IDLE_EXIT_MS, "an auto-started hub without clients exits after this"),
  maxMessageBytes: bytes(timing.MAX_MESSAGE_BYTES, MIN_MESSAGE_BYTES, "largest message that is forwarded"),
  sendBufferBytes: bytes(timing.SEND_BUFFER_BYTES, MIN_MESSAGE_BYTES, "unsent bytes that make a slow consumer"),
  maxConnections: count(timing.MAX_CONNECTIONS, "connections that have shown a token, in all"),
  maxConnectionsPerAddress: {
    ...count(timing.MAX_CONNECTIONS, "the same from one address"),
    defaultNote: `${timing.MAX_CONNECTIONS}: as max-connections`,
  },
  maxAuthFailures: count(MAX_AUTH_FAILURES, "failed authentications per address and minute"),
  windowSize: count(timing.WINDOW_SIZE, "commands in flight towards one instance"),
  queueLimit: count(timing.QUEUE_LIMIT, "commands that one client may have waiting for one instance"),
  implicitLeaseMs: milliseconds(
    timing.IMPLICIT_LEASE_MS,
    "time that a write keeps what it touched, while no other session waits for it",
    0,
  ),
  eventHistory: count(timing.EVENT_HISTORY, "events kept per instance for subscribers that return"),
  readOnly: toggle("lets nobody change anything: only commands that read are sent"),
  allow: list("the only commands that may be sent, such as scene.*,node.get_*"),
  deny: list("commands that are never sent, such as game.eval,*.delete; stronger than allow"),
  enableExec: toggle(
    "lets agents run code (game.eval, node.call_method) in every editor, also where its dock forbids it",
  ),
  allowLinks: folders(
    "folders outside of projects that agents may read and instance from where a project's links lead there",
  ),
  readsPerMinute: perMinute(0, "reading requests"),
  writesPerMinute: perMinute(WRITES_PER_MINUTE, "changing requests"),
  auditMaxBytes: bytes(10 * 1024 * 1024, MIN_MESSAGE_BYTES, "size at which the audit log begins its next file"),
  auditFiles: count(10, "files of the audit log that are kept"),
  logLevel: text("info", "least level that is logged: trace, debug, info, warn, error, fatal or silent", LOG_LEVELS),
  logMaxBytes: bytes(10 * 1024 * 1024, MIN_MESSAGE_BYTES, "size at which hub.log is moved to hub.log.1"),
  autoStarted: toggle("started on demand: exits when idle, and a newer adapter may replace it"),
  service: toggle("a service manager has started it: a hub that was started on demand makes room for it"),
  quiet: toggle("no log lines on the terminal; hub.log has them"),
} as const satisfies Record<string, ConfigOption<unknown>>;

/** Name of an option, as in config.json. */
export type OptionName = keyof typeof OPTIONS;

/** Every option with its name, in the order of the help. */
export const OPTION_LIST: readonly (readonly [string, ConfigOption<unknown>])[] = Object.entries(OPTIONS);

/** `someOption` → `some-option`. */
export function flagName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `someOption` → `GODOT_HUB_SOME_OPTION`. */
export function variableName(option: string): string {
  return `GODOT_HUB_${flagName(option).replaceAll("-", "_").toUpperCase()}`;
}

/** The default as the help shows it. */
export function defaultText(option: ConfigOption<unknown>): string {
  return option.defaultNote ?? String(option.defaultValue);
}
