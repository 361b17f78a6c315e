/** Keeps a client connected: opened by the first request, and again after each loss, for as long as the process lives. */

import { CLOSE_CODES } from "../protocol/close-codes.ts";
import { WireError } from "../protocol/errors.ts";
import type { EventParams } from "../protocol/rpc.ts";
import { noHub, OpenError, refusal } from "./client-errors.ts";
import { Backoff } from "./conversation.ts";
import type { HubConnection, Identity } from "./hub-connection.ts";
import type { ClientLog, Dialed, HubDialer } from "./hub-dialer.ts";
import type { Answer, Patience, RequestContent } from "./pending-request.ts";
import { RpcClient } from "./rpc-client.ts";
import type { HubFile } from "./state-dir.ts";

/** How long a hub that was there may be away before unsent requests fail, or another hub is started in its place. */
const HUB_RETURN_MS = 3_000;

/** What a link works with. */
export interface HubLinkOptions {
  readonly dialer: Pick<HubDialer, "dial" | "mayLaunch" | "announcement">;
  readonly log: ClientLog;
  /** What `identify` says of this client, asked at each attempt. */
  readonly identity: () => Identity;
  /** A connection was opened; what is requested in here goes before everything that waits. `resumed`: the hub knows the session. */
  readonly onConnected: (resumed: boolean) => void;
  /** An event that the session has subscribed to. */
  readonly onEvent?: (event: EventParams) => void;
}

/** How often, during a pause, `hub.json` is looked at. */
const WATCH_INTERVAL_MS = 100;

/** A client's way to the hub, for the whole life of its process. */
export class HubLink {
  readonly #options: HubLinkOptions;
  readonly #rpc: RpcClient;
  #connection: HubConnection | undefined;
  #isDialing = false;
  /** Ends the pause between two attempts. */
  #wake: () => void = () => {};
  #generation = 0;
  #resumeToken: string | undefined;
  #hubFile: HubFile | undefined;
  /** When the last connection was lost, on the clock of `performance.now()`. */
  #lostAt = Number.NEGATIVE_INFINITY;
  #isDisposed = false;

  constructor(options: HubLinkOptions) {
    this.#options = options;
    this.#rpc = new RpcClient(options.onEvent);
  }

  /** How many connections there have been; 0: none yet. */
  get generation(): number {
    return this.#generation;
  }

  /** True while there is a connection. */
  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /**
   * Asks the hub, or an instance through it; connects first if need be.
   * @throws {CommandError} what the hub or the instance answered.
   * @throws {OpenError} there is no hub, none could be started, or it refuses this client.
   * @throws {WireError} TIMEOUT, CANCELLED or TOO_LARGE.
   */
  request(content: RequestContent, patience: Patience): Promise<Answer> {
    const answer = this.#rpc.request(content, patience);
    if (!this.#connection) this.#connect();
    return answer;
  }

  /** Ends the connection and every request. */
  dispose(): void {
    this.#isDisposed = true;
    this.#wake();
    this.#connection?.close();
    this.#rpc.failAll(new WireError("CANCELLED", "The adapter is ending."));
  }

  #connect(): void {
    this.#wake();
    if (this.#isDialing || this.#isDisposed) return;
    this.#isDialing = true;
    this.#dialUntilConnected()
      .catch((error: unknown) => {
        this.#options.log.error("connecting failed", { error: String(error) });
        this.#rpc.failAll(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        this.#isDialing = false;
        if (!this.#connection && this.#rpc.size > 0) this.#connect();
      });
  }

  async #dialUntilConnected(): Promise<void> {
    const backoff = new Backoff();
    while (!this.#isDisposed) {
      const launch = this.#isLaunchDue();
      const error = await this.#attempt(launch);
      if (!error) return;
      // A request that joined an attempt which starts no hub still gets one that may.
      if (!launch && error.verdict === "absent" && this.#isLaunchDue()) continue;
      if (!this.#isWorthRetrying(error)) return;
      await this.#pause(backoff.next());
    }
  }

  /** One attempt to connect; returns why it failed. */
  async #attempt(launch: boolean): Promise<OpenError | undefined> {
    const identity = { ...this.#options.identity(), ...(this.#resumeToken && { resumeToken: this.#resumeToken }) };
    const events = {
      onMessage: (message: unknown, size: number) => this.#rpc.receive(message, size),
      onClose: (code: number, reason: string) => this.#lost(code, reason),
    };
    try {
      return this.#adopt(await this.#options.dialer.dial(identity, events, launch));
    } catch (error) {
      if (error instanceof OpenError) return error;
      throw error;
    }
  }

  #adopt({ connection, file }: Dialed): OpenError | undefined {
    if (!connection.isOpen) return noHub(undefined, "the connection was lost at once");
    if (this.#isDisposed) {
      connection.close();
      return undefined;
    }
    const { resumeToken, resumed, clientId } = connection.identified;
    this.#connection = connection;
    this.#resumeToken = resumeToken;
    this.#hubFile = file;
    this.#generation += 1;
    this.#options.log.info("connected", { clientId, resumed, hub: connection.handshake.serverVersion });
    this.#rpc.attach(connection, () => this.#options.onConnected(resumed));
    return undefined;
  }

  #lost(code: number, reason: string): void {
    // A connection that was closed before it was adopted is no loss.
    if (this.#connection?.isOpen !== false) return;
    this.#connection = undefined;
    if (this.#isDisposed) return;
    this.#lostAt = performance.now();
    this.#options.log.warn("the hub is gone", { code, reason });
    const refused = refusal(code, reason);
    if (code === CLOSE_CODES.REPLACED) this.#resumeToken = undefined;
    this.#rpc.detach(refused ?? noHub(undefined, `it closed the connection with ${code}`));
    if (refused) this.#rpc.failAll(refused);
    else this.#connect();
  }

  /** What a failed attempt means for the requests that wait; false when only a new request is a reason to try again. */
  #isWorthRetrying(error: OpenError): boolean {
    this.#options.log.info("no connection", { cause: error.message });
    this.#rpc.detach(error);
    if (error.verdict === "refused") {
      this.#rpc.failAll(error);
      return false;
    }
    if (error.verdict === "absent" && !this.#mayReturn()) this.#rpc.failUnsent(error);
    return this.#generation > 0 || this.#rpc.size > 0;
  }

  /** True while a hub that a person or a service started may be coming back by itself. */
  #mayReturn(): boolean {
    return performance.now() - this.#lostAt < HUB_RETURN_MS;
  }

  /** A hub is started for a request that waits, and not beside one that is about to return. */
  #isLaunchDue(): boolean {
    if (!this.#options.dialer.mayLaunch || this.#rpc.size === 0) return false;
    return !this.#mayReturn() || this.#hubFile?.autoStarted === true;
  }

  /** Waits, unless a request comes in or another hub has announced itself since the last attempt. */
  #pause(ms: number): Promise<void> {
    const tried = this.#options.dialer.announcement();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        clearInterval(watch);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(end, ms).unref();
      const watch = setInterval(() => {
        if (this.#options.dialer.announcement() !== tried) end();
      }, WATCH_INTERVAL_MS).unref();
      this.#wake = end;
    });
  }
}
