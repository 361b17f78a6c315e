/** Makes this process the hub of its state directory, or says precisely why it can't be. */

import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { codeOf } from "../../hub-client/node-errors.ts";
import { probeHub } from "../../hub-client/probe.ts";
import { processStart } from "../../hub-client/process-probe.ts";
import { type HubFile, isToken, readToken } from "../../hub-client/state-dir.ts";
import { claimHubFile, ensureToken, releaseHubFile } from "../../hub-client/state-files.ts";
import { SETTLE_MS } from "../../protocol/timing.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { HubConfig } from "../config.ts";
import { endpointUrl } from "../endpoint-url.ts";
import { Hub } from "../hub.ts";
import type { HubAddress } from "../hub-options.ts";
import { CliError, EXIT_CODES, usingState } from "./exit-codes.ts";
import { askHub, describeHub, findHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
import { untilGone } from "./stop.ts";

/** A hub that serves. */
interface Serving {
  hub: HubFile;
  /** Drains, closes every connection, and removes hub.json. Bounded by the drain timeout. */
  stop(): Promise<void>;
}

/** What the process that becomes the hub brings along. */
interface ServeOptions {
  config: HubConfig;
  logger: Logger;
  /** The hub wants to end: `hub.shutdown`, or idle for too long. */
  onStopRequest: () => void;
}

/** How long whoever holds the port may take to appear in hub.json: between the two lie a few ms. */
const APPEARANCE_MS = 3_000;
const LOOK_AGAIN_MS = 50;

/** @throws {CliError} ALREADY_RUNNING, PORT_UNAVAILABLE or STATE_UNUSABLE, each with a line that says what to do. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { home } = options.config;
  const deadline = performance.now() + APPEARANCE_MS;
  for (;;) {
    const { running, isSilent, stale } = await findHub(home);
    if (running && !(await makesRoom(options.config, running))) throw alreadyRunning(running, isSilent);
    try {
      return await startHub(options, stale);
    } catch (error) {
      if (codeOf(error) !== "EADDRINUSE") throw describeFailure(error, options.config);
      await judgePortHolder(options.config, performance.now() >= deadline);
    }
    await delay(LOOK_AGAIN_MS);
  }
}

async function startHub({ config, logger, onStopRequest }: ServeOptions, stale: string | undefined): Promise<Serving> {
  let held: HubFile | undefined;
  const beforeAccept = (address: HubAddress): void => {
    const file = hubFile(config, address);
    if (!usingState(config.home, () => claimHubFile(config.home, file, stale))) throw new LostRace();
    held = file;
  };
  // Clients of a hub that died are on their way back; so may be an editor that was looking for the hub that an adapter starts.
  const settleMs = stale !== undefined || config.autoStarted ? SETTLE_MS : 0;
  const hub = new Hub({ config, token: tokenReader(config), logger, onStopRequest, beforeAccept, settleMs });
  const stop = async (): Promise<void> => {
    await hub.stop();
    if (held) releaseHubFile(config.home, held);
  };
  try {
    await hub.start();
  } catch (error) {
    await stop();
    throw error;
  }
  if (!held) throw new Error("The hub serves without hub.json.");
  return { hub: held, stop };
}

/** Another process has become the hub of this state directory since it was looked at. */
class LostRace extends Error {
  override readonly name = "LostRace";
  /** As if the port were taken: with port 0, hub.json is what only one can have. */
  readonly code = "EADDRINUSE";
}

function hubFile(config: HubConfig, { port, url, startedAt }: HubAddress): HubFile {
  const start = processStart(process.pid);
  return {
    pid: process.pid,
    port,
    url,
    version: PRODUCT_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    startedAt,
    ...(start !== undefined && { processStart: start }),
    proof: true,
    autoStarted: config.autoStarted,
    ...(config.service && { service: true }),
  };
}

/** Reads the token anew each time, so that a rotated one counts at once; a file that is gone, or cut short, changes nothing. */
function tokenReader({ home, token }: HubConfig): () => string {
  if (token !== undefined) return () => token;
  let last = usingState(home, () => ensureToken(home));
  return () => {
    const now = readToken(home);
    if (now !== undefined && isToken(now)) last = now;
    return last;
  };
}

/** Returns while the holder of the port may still turn out to be this state directory's hub, or may be going. */
async function judgePortHolder(config: HubConfig, isLate: boolean): Promise<void> {
  const { home, port } = config;
  if (port === 0 && !isLate) return;
  const answer = await probeHub(endpointUrl(config, port));
  if (answer === "foreign") throw portTaken(port, "another program");
  if (!isLate) return;
  throw portTaken(port, answer === "hub" ? `a hub with another state directory than ${home}` : "another program");
}

function portTaken(port: number, holder: string): CliError {
  return new CliError(
    `Port ${port} is taken by ${holder}. Choose another with --port N or GODOT_HUB_PORT=N; --port 0 takes any free one.`,
    EXIT_CODES.PORT_UNAVAILABLE,
  );
}

function alreadyRunning(hub: HubFile, isSilent: boolean): CliError {
  const silence = isSilent ? " It does not answer: `godot-hub stop` ends it." : "";
  return new CliError(`A hub runs already: ${describeHub(hub)}.${silence}`, EXIT_CODES.ALREADY_RUNNING);
}

function describeFailure(error: unknown, { host, port }: HubConfig): unknown {
  const code = codeOf(error);
  if (code === "EACCES" || code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    const message = `Can't listen on ${host}:${port} (${code}). Choose another --port or --host.`;
    return new CliError(message, EXIT_CODES.PORT_UNAVAILABLE);
  }
  return error;
}

/**
 * True when `running` was started on demand and has ended for a service. Its clients come back to the hub that follows.
 * @throws {CliError} when it refuses or does not end in time.
 */
async function makesRoom(config: HubConfig, running: HubFile): Promise<boolean> {
  if (!config.service || !running.autoStarted) return false;
  const ask = (client: HubClient) => client.request("hub.shutdown", { ifAutoStarted: true });
  const { stopping } = await askHub(config, running, ask);
  if (!stopping) return false;
  await untilGone(config, running);
  return true;
}
