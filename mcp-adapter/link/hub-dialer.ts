/** One attempt to get a connection to a hub: finds it, starts one when there is none, replaces one that is out of date. */
import { setTimeout as delay } from "node:timers/promises";
import { isHubProcess } from "../../hub-client/hub-process.ts";
import type { HubFile } from "../../hub-client/state-dir.ts";
import { ForeignStateError, requireOwnState } from "../../hub-client/state-owner.ts";
import { isOlderVersion } from "../../hub-client/versions.ts";
import { encodeRequest } from "../../protocol/codec.ts";
import { DRAIN_TIMEOUT_MS } from "../../protocol/timing.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import type { Log } from "../process/log.ts";
import type { ConnectionEvents, HubConnection, Introduction } from "./hub-connection.ts";
import { type EndpointSources, findEndpoint, type HubEndpoint } from "./hub-endpoint.ts";
import { foreignState, noHub, OpenFailure, silentHub, strayAddress } from "./open-failure.ts";

/** A hub that was asked to end may first finish what is in flight. */
const RETIRE_TIMEOUT_MS = DRAIN_TIMEOUT_MS + 1_000;

export interface DialerOptions extends EndpointSources {
  /** Whether a hub may be started at all. */
  readonly mayLaunch: boolean;
  /** The hub's program. */
  readonly hubProgram: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** A connection and what is known of the hub behind it. */
export interface Dialed {
  readonly connection: HubConnection;
  readonly file: HubFile | undefined;
}

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
   * @throws {OpenFailure} when there is no connection after all that.
   */
  async dial(introduction: Introduction, events: ConnectionEvents, launch: boolean): Promise<Dialed> {
    try {
      const dialed = await this.#open(introduction, events);
      if (!this.#isOutdated(dialed) || !(await this.#retire(dialed))) return dialed;
    } catch (failure) {
      if (!(failure instanceof OpenFailure) || failure.verdict !== "absent" || !launch || !this.mayLaunch)
        throw failure;
      this.#options.log.info("no hub answers: starting one", { cause: failure.message });
    }
    await this.#launch();
    return this.#open(introduction, events);
  }

  async #open(introduction: Introduction, events: ConnectionEvents): Promise<Dialed> {
    const { HubConnection } = await import("./hub-connection.ts");
    const { home, url, token } = this.#options;
    if (url === undefined || token === undefined) requireOwn(home);
    const endpoint = findEndpoint(this.#options);
    this.#tried = endpoint?.file;
    if (!endpoint) throw noHub(undefined, `there is no hub.json in ${home}`);
    if (endpoint.isStray) throw strayAddress(endpoint, home);
    try {
      return { connection: await HubConnection.open(endpoint, introduction, events), file: endpoint.file };
    } catch (failure) {
      const current = this.#current(endpoint, failure);
      if (!current) throw this.#judged(failure, endpoint);
      this.#tried = current.file;
      return { connection: await HubConnection.open(current, introduction, events), file: current.file };
    }
  }

  /** The endpoint anew, when since it was read the token has been replaced, or another hub has taken the place of that one. */
  #current(read: HubEndpoint, failure: unknown): HubEndpoint | undefined {
    if (!(failure instanceof OpenFailure) || failure.verdict !== "refused") return undefined;
    const again = findEndpoint(this.#options);
    if (!again || again.isStray) return undefined;
    const isOther =
      again.token !== read.token || again.url !== read.url || again.file?.startedAt !== read.file?.startedAt;
    return isOther ? again : undefined;
  }

  /** A hub whose process lives is not absent, whatever its port says: none is started beside it. */
  #judged(failure: unknown, { file }: HubEndpoint): unknown {
    const isAbsent = failure instanceof OpenFailure && failure.verdict === "absent";
    return isAbsent && file && isHubProcess(file) ? silentHub(file, failure.message) : failure;
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

/** @throws {OpenFailure} where another account decides which hub is believed. */
function requireOwn(home: string): void {
  try {
    requireOwnState(home);
  } catch (error) {
    throw error instanceof ForeignStateError ? foreignState(error.message) : error;
  }
}
