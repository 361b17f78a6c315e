/** `godot-hub run`: the hub in the foreground, for a terminal, a service manager or a container. */
import type { Command } from "commander";
import type { Logger } from "pino";
import type { HubFile } from "../../hub-client/state-dir.ts";
import { ensureHome } from "../../hub-client/state-files.ts";
import { forgetPassedSockets, type HubConfig, isLoopback } from "../config.ts";
import { createLogger, logPath } from "../logger.ts";
import { connectHelp } from "./connect.ts";
import type { CliContext } from "./context.ts";
import { usingState } from "./exit-codes.ts";
import { addHubOptions, configOf } from "./options.ts";
import { serve } from "./serve.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub run`. */
export function addRun(program: Command, { terminal, exitNow }: CliContext): void {
  addHubOptions(program.command("run"))
    .description("run the hub in the foreground")
    .action((_options, command: Command) => run(configOf(command), terminal, exitNow));
}

/**
 * Serves until a signal, `hub.shutdown` or idleness ends it. Resolves after a clean stop.
 * @param exitNow Ends the process without delay: the answer to a second signal.
 * @throws {CliError} when this process can't become the hub.
 */
export async function run(config: HubConfig, terminal: Terminal, exitNow: () => void): Promise<void> {
  forgetPassedSockets(process.env);
  const stopRequest = new StopRequest();
  stopRequest.listenToSignals(exitNow);
  const logger = openLog(config, terminal);
  const onStopRequest = (): void => stopRequest.stop("request");
  const serving = await serve({ config, logger, onStopRequest });
  surviveDefects(logger);
  logger.info({ url: serving.hub.url, pid: serving.hub.pid, version: serving.hub.version }, "hub listens");
  terminal.out(banner(serving.hub, config));
  const reason = await stopRequest.requested;
  logger.info({ reason }, "hub stops");
  await serving.stop();
  logger.info("hub has stopped");
}

function openLog(config: HubConfig, terminal: Terminal): Logger {
  const { home, logLevel: level, logMaxBytes: maxBytes } = config;
  // Nobody looks at the terminal of a hub that an adapter started.
  const lines = config.quiet || config.autoStarted ? undefined : (line: string) => terminal.err(line);
  return usingState(home, () => {
    ensureHome(home);
    return createLogger({ home, level, maxBytes, terminal: lines });
  });
}

/** A defect in the handling of one message must not end what all others depend on. */
function surviveDefects(logger: Logger): void {
  process.on("uncaughtException", (error) => logger.error({ err: error }, "uncaught exception"));
  process.on("unhandledRejection", (reason) => logger.error({ err: reason }, "unhandled rejection"));
}

function banner(hub: HubFile, { home, autoStarted, quiet, tlsCert, host }: HubConfig): string {
  const lines = [`godot-mcp-hub ${hub.version} listens on ${hub.url}, state in ${home}, log in ${logPath(home)}`];
  if (autoStarted || quiet) return lines.join("\n");
  if (isLoopback(host)) lines.push(connectHelp(home));
  else {
    lines.push(`Others reach it at port ${hub.port} of this machine: give them GODOT_HUB_URL and GODOT_HUB_TOKEN.`);
    if (!tlsCert) lines.push("Without TLS, tokens and commands can be read on the way: see --tls-cert and --tls-key.");
  }
  return [...lines, "Stop with Ctrl+C."].join("\n");
}

/** SIGBREAK is Ctrl+Break, the one signal that a program on Windows can send to another; elsewhere it does not exist. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"];

/** Waits for the first reason to stop. */
export class StopRequest {
  /** Resolves with why the hub is to stop. */
  readonly requested: Promise<string>;
  #resolve: (reason: string) => void = () => {};
  #isRequested = false;

  constructor() {
    this.requested = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** True once somebody has asked for the end. */
  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** Asks for a clean stop. */
  stop(reason: string): void {
    this.#isRequested = true;
    this.#resolve(reason);
  }

  /** Turns the first signal into a clean stop, and the second into `exitNow`. */
  listenToSignals(exitNow: () => void): void {
    for (const signal of SIGNALS) {
      process.on(signal, () => (this.#isRequested ? exitNow() : this.stop(signal)));
    }
  }
}
