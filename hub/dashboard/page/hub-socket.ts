/** The page's connection to its hub: opens, identifies itself, watches, asks, and comes back by itself. */
import type { ActivityReport } from "../../../protocol/activity.ts";
import { ACTIVITY_EVENT } from "../../../protocol/activity-event.ts";
import { CLOSE_CODES, isTerminalClose } from "../../../protocol/close-codes.ts";
import { isSessionOpen } from "./session.ts";

/** How the connection is. `ended`: only a new login helps. */
export type LinkState = "connecting" | "live" | "away" | "ended";

/** Whom the connection tells. */
export interface HubSocketHandlers {
  onReport: (report: ActivityReport) => void;
  /** With a sentence for people where there is one. */
  onState: (state: LinkState, reason?: string) => void;
}

/** First delay of a reconnect, doubled up to the longest, with jitter, ms. */
const RECONNECT_MIN_MS = 250;
const RECONNECT_MAX_MS = 5_000;

/** What the hub sends, as far as the page reads it; it comes from the hub that served the page. */
interface Incoming {
  type?: string;
  timestamp?: number;
  serverVersion?: string;
  clientId?: string;
  id?: number;
  method?: string;
  params?: { event?: string; data?: unknown };
  result?: unknown;
  error?: { message: string; data?: { hint?: string } };
}

/** One page's connection. */
export class HubSocket {
  /** Id of this page among the hub's clients. */
  clientId = "";
  readonly #key: string;
  readonly #handlers: HubSocketHandlers;
  readonly #answers = new Map<number, (answer: Incoming) => void>();
  #socket: WebSocket | undefined;
  #requests = 0;
  #attempts = 0;
  #isClosed = false;

  constructor(key: string, handlers: HubSocketHandlers) {
    this.#key = key;
    this.#handlers = handlers;
    this.#connect();
  }

  /** Asks the hub. @throws {Error} with the hub's own words, or when the connection is gone. */
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#requests += 1;
    const id = this.#requests;
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) return reject(new Error("The hub is away."));
      this.#answers.set(id, ({ result, error }) => {
        if (error) reject(new Error([error.message, error.data?.hint].filter(Boolean).join(" ")));
        else resolve(result);
      });
      this.#send({ jsonrpc: "2.0", id, method, params });
    });
  }

  /** Leaves for good. */
  close(): void {
    this.#isClosed = true;
    this.#socket?.close(1000);
  }

  #connect(): void {
    const socket = new WebSocket(location.origin.replace(/^http/, "ws"));
    this.#socket = socket;
    let hasOpened = false;
    socket.onopen = () => {
      hasOpened = true;
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)));
    socket.onclose = ({ code, reason }) => void this.#onClose(code, reason, hasOpened);
  }

  #receive(message: Incoming): void {
    if (message.type === "handshake") this.#identify(message.serverVersion ?? "0");
    else if (message.type === "identified") this.#onIdentified(message.clientId ?? "");
    else if (message.type === "heartbeat") this.#send({ type: "heartbeat_ack", timestamp: message.timestamp });
    else if (message.id !== undefined) this.#onAnswer(message.id, message);
    else if (message.params?.event === ACTIVITY_EVENT) this.#handlers.onReport(message.params.data as ActivityReport);
  }

  #identify(clientVersion: string): void {
    this.#send({ type: "identify", clientType: "dashboard", name: "dashboard", clientVersion, token: this.#key });
  }

  #onIdentified(clientId: string): void {
    this.#attempts = 0;
    this.clientId = clientId;
    this.request("hub.watch_activity", {}).then(
      () => this.#handlers.onState("live"),
      (error: Error) => this.#handlers.onState("ended", error.message),
    );
  }

  #onAnswer(id: number, message: Incoming): void {
    this.#answers.get(id)?.(message);
    this.#answers.delete(id);
  }

  async #onClose(code: number, reason: string, hasOpened: boolean): Promise<void> {
    for (const answer of this.#answers.values()) answer({ error: { message: "The hub is away." } });
    this.#answers.clear();
    if (this.#isClosed) return;
    if (isTerminalClose(code)) return this.#handlers.onState("ended", explain(code, reason));
    this.#handlers.onState("away");
    // A refused upgrade looks to a page like a hub that is not there.
    if (!hasOpened && (await isSessionOpen().catch(() => true)) === false) {
      return this.#handlers.onState("ended", "Your session has ended.");
    }
    const delayMs = Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** this.#attempts) * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    setTimeout(() => this.#connect(), delayMs);
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

function explain(code: number, reason: string): string {
  return code === CLOSE_CODES.UNAUTHORIZED ? "Your session has ended." : reason || "The hub has ended this connection.";
}
