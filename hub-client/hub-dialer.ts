/** One attempt to get a connection to a hub: finds it, starts one when there is none, replaces one that is out of date. */
import { setTimeout as delay } from "node:timers/promises";
import { encodeRequest } from "../protocol/codec.ts";
import { DRAIN_TIMEOUT_MS } from "../protocol/timing.ts";
import { PRODUCT_VERSION } from "../protocol/version.ts";
import { foreignState, noHub, OpenError, silentHub, strayAddress } from "./client-errors.ts";
import type { ConnectionEvents, HubConnection, Identity } from "./hub-connection.ts";
import { type EndpointSources, findEndpoint, type HubEndpoint } from "./hub-endpoint.ts";
import { isHubProcess } from "./hub-process.ts";
import type { HubFile } from "./state-dir.ts";
import { ForeignStateError, requireOwnState } from "./state-owner.ts";
import { isOlderVersion } from "./versions.ts";

/** A hub that was asked to end may first finish what is in flight. */
const RETIRE_TIMEOUT_MS = DRAIN_TIMEOUT_MS + 1_000;

/** Where a client writes down what becomes of its connection. */
export type ClientLog = Readonly<
  Record<"info" | "warn" | "error", (message: string, fields?: Record<string, unknown>) => void>
>;

/** How a hub is found, and whether one may be started. */
export interface DialerOptions extends EndpointSources {
  /** Whether a hub may be started at all. */
  readonly mayLaunch: boolean;
  /** The hub's program. */
  readonly hubProgram: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: ClientLog;
}

/** A connection and what is known of the hub behind it. */
export interface Dialed {
  readonly connection: HubConnection;
  readonly file: HubFile | undefined;
}

/** Connects, once each time it is asked to. */
export class HubDialer {
  readonly #options: DialerOptions;
  /** One replacement in a lifetime: two adapters of different versions must not replace each other's hubs forever. */
  #hasReplaced = false;
  /** What hub.json said when it was last tried: read again, it may be of a hub that somebody has started since. */
  #tried: HubFile | undefined;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** True when a hub may be started in place of one that does not answer: not when its address was given. */
  get mayLaunch(): boolean {
    return this.#options.mayLaunch && this.#options.url === undefined;
  }

  /** What is announced of a hub at the moment; another text means that another one has started. */
  announcement(): string {
    return JSON.stringify(findEndpoint(this.#options)?.file ?? null);
  }

  /**
   * Connects and identifies.
   * @param launch Start a hub if none answers.
   * @throws {OpenError} when there is no connection after all that.
   */
  async dial(identity: Identity, events: ConnectionEvents, launch: boolean): Promise<Dialed> {
    try {
      const dialed = await this.#open(identity, events);
      if (!this.#isOutdated(dialed) || !(await this.#retire(dialed))) return dialed;
    } catch (error) {
      if (!(error instanceof OpenError) || error.verdict !== "absent" || !launch || !this.mayLaunch) throw error;
      this.#options.log.info("no hub answers: starting one", { cause: error.message });
    }
    await this.#launch();
    return this.#open(identity, events);
  }

  async #open(identity: Identity, events: ConnectionEvents): Promise<Dialed> {
    const { HubConnection } = await import("./hub-connection.ts");
    const { home, url, token } = this.#options;
    if (url === undefined || token === undefined) requireOwn(home);
    const endpoint = findEndpoint(this.#options);
    this.#tried = endpoint?.file;
    if (!endpoint) throw noHub(undefined, `there is no hub.json in ${home}`);
    if (endpoint.isStray) throw strayAddress(endpoint, home);
    try {
      return { connection: await HubConnection.open(endpoint, identity, events), file: endpoint.file };
    } catch (error) {
      const current = this.#current(endpoint, error);
      if (!current) throw this.#judged(error, endpoint);
      this.#tried = current.file;
      return { connection: await HubConnection.open(current, identity, events), file: current.file };
    }
  }

  /** The endpoint anew, when since it was read the token has been replaced, or another hub has taken the place of that one. */
  #current(read: HubEndpoint, error: unknown): HubEndpoint | undefined {
    if (!(error instanceof OpenError) || error.verdict !== "refused") return undefined;
    const again = findEndpoint(this.#options);
    if (!again || again.isStray) return undefined;
    const isOther =
      again.token !== read.token || again.url !== read.url || again.file?.startedAt !== read.file?.startedAt;
    return isOther ? again : undefined;
  }

  /** A hub whose process lives is not absent, whatever its port says: none is started beside it. */
  #judged(error: unknown, { file }: HubEndpoint): unknown {
    const isAbsent = error instanceof OpenError && error.verdict === "absent";
    return isAbsent && file && isHubProcess(file) ? silentHub(file, error.message) : error;
  }

  async #launch(): Promise<void> {
    const { launchHub } = await import("./hub-launcher.ts");
    const { home, hubProgram, env } = this.#options;
    await launchHub({ home, program: hubProgram, env, stale: this.#tried });
  }

  /** True for an older hub that nobody but an adapter started, once. */
  #isOutdated({ connection, file }: Dialed): boolean {
    if (!this.mayLaunch || this.#hasReplaced || !file?.autoStarted) return false;
    return isOlderVersion(connection.handshake.serverVersion, PRODUCT_VERSION);
  }

  /** Asks a hub to end after what it has in flight; false when it stays. */
  async #retire({ connection }: Dialed): Promise<boolean> {
    this.#hasReplaced = true;
    this.#options.log.info("replacing an older hub", { serverVersion: connection.handshake.serverVersion });
    const params = { ifAutoStarted: true };
    connection.send(encodeRequest({ jsonrpc: "2.0", id: "retire", method: "hub.shutdown", params }));
    const stays = delay(RETIRE_TIMEOUT_MS, false, { ref: false });
    return Promise.race([connection.closed.then(() => true), stays]);
  }
}

/** @throws {OpenError} where another account decides which hub is believed. */
function requireOwn(home: string): void {
  try {
    requireOwnState(home);
  } catch (error) {
    throw error instanceof ForeignStateError ? foreignState(error.message) : error;
  }
}
