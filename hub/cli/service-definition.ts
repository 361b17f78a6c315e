/** What a service is to run: this program, with the options that hold here and that a service manager would not hand on. */
import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import type { HubConfig } from "../config.ts";
import { OPTION_LIST, variableName } from "../config-options.ts";
import { findGodot } from "../launching/godot-binary.ts";
import type { ServiceDefinition } from "../service/system-service.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { toArguments } from "./options.ts";
import { isNpxCache } from "./package-root.ts";

/** What can be chosen beside the hub's own options. */
interface ServiceChoices {
  /** The manager listens, and starts the hub at the first connection. */
  socketActivation: boolean;
  /** Folders that the hub and its editors may write to; undefined: all that the user may. */
  writable: readonly string[] | undefined;
}

/** Options that a service has for itself. */
const NOT_CARRIED: ReadonlySet<string> = new Set(["autoStarted", "service", "quiet"]);
/** What a stop takes beyond the time that commands in flight have to end. */
const STOP_SLACK_MS = 5_000;

/**
 * @param flags What the command line gave.
 * @param self Arguments of node that start this program.
 * @throws {CliError} for sockets on a port that is not known.
 */
export function serviceDefinition(
  config: HubConfig,
  flags: Record<string, unknown>,
  self: readonly string[],
  { socketActivation, writable }: ServiceChoices,
  env: NodeJS.ProcessEnv = process.env,
): ServiceDefinition {
  const godot = findGodot(env, [])?.path;
  return {
    program: [
      process.execPath,
      ...self,
      "run",
      "--service",
      "--quiet",
      "--home",
      config.home,
      ...carried(config, flags, env),
    ],
    env: godot === undefined ? {} : { GODOT: resolve(godot) },
    home: config.home,
    stopTimeoutMs: config.drainTimeoutMs + STOP_SLACK_MS,
    sockets: socketActivation ? socketsOf(config) : undefined,
    writable: writable?.map((folder) => resolve(folder)),
  };
}

/** @throws {CliError} for what no unit can hold: a secret, or a program that will not stay where it is. */
export function requireInstallable(self: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  if (self.some(isNpxCache)) {
    throw new CliError("A service can't run from the cache of npx: `npm install -g godot-mcp-hub` first.");
  }
  if (!env.GODOT_HUB_TOKEN) return;
  throw new CliError(
    "GODOT_HUB_TOKEN is set, and a service's files hold no secret: put the token into a file and give --token-file.",
    EXIT_CODES.USAGE,
  );
}

/** The options that flags and variables give; those of config.json are read from there by the service, too. */
function carried(config: HubConfig, flags: Record<string, unknown>, env: NodeJS.ProcessEnv): string[] {
  const values: Record<string, unknown> = { ...config };
  const given = OPTION_LIST.map(([name]) => name).filter(
    (name) => !NOT_CARRIED.has(name) && (flags[name] !== undefined || env[variableName(name)]),
  );
  const chosen = Object.fromEntries(given.map((name) => [name, values[name]]));
  return toArguments(chosen, chosen);
}

function socketsOf({ host, port }: HubConfig): string[] {
  if (port === 0) throw new CliError("--socket-activation needs a port of its own, not --port 0.", EXIT_CODES.USAGE);
  const address = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const hasIpv6 = Object.values(networkInterfaces()).some((each) => each?.some((one) => one.address === "::1"));
  const isLoopback = host === "127.0.0.1" || host === "::1";
  return isLoopback && hasIpv6 ? [`127.0.0.1:${port}`, `[::1]:${port}`] : [`${address}:${port}`];
}
