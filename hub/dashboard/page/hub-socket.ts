/** The page's connection to its hub: opens, identifies itself, watches, asks, and comes back by itself. */
import { answerTo, Backoff, errorText } from "../../../hub-client/conversation.ts";
import type { ActivityReport } from "../../../protocol/activity.ts";
import { ACTIVITY_EVENT } from "../../../protocol/activity-event.ts";
import { CLOSE_CODES, isTerminalClose } from "../../../protocol/close-codes.ts";
import type { ErrorObject } from "../../../protocol/errors.ts";
import type { HubMessage } from "../../../protocol/messages.ts";
import { isSessionOpen } from "./session.ts";

/** How the connection is. `ended`: only a new login helps. */
export type LinkState = "connecting" | "live" | "away" | "ended";

/** Whom the connection tells. */
interface HubSocketHandlers {
  onReport: (report: ActivityReport) => void;
  /** With a sentence for people where there is one. */
  onState: (state: LinkState, reason?: string) => void;
}

/** The answer to a request of the page. */
interface Answer {
  id: number;
  result?: unknown;
  error?: Pick<ErrorObject, "message" | "data">;
}

/** What the hub sends, as far as the page reads it; it comes from the hub that served the page. */
type Incoming = HubMessage | Answer | { method: "event"; params: { event: string; data: unknown } };

const AWAY = { message: "The hub is away." };

/** One page's connection. */
export class HubSocket {
  /** Id of this page among the hub's clients. */
  clientId = "";
  readonly #key: string;
  readonly #handlers: HubSocketHandlers;
  readonly #answers = new Map<number, (answer: Omit<Answer, "id">) => void>();
  #socket: WebSocket | undefined;
  #requests = 0;
  #backoff = new Backoff();
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
      if (this.#socket?.readyState !== WebSocket.OPEN) return reject(new Error(AWAY.message));
      this.#answers.set(id, ({ result, error }) => {
        if (error) reject(new Error(errorText(error)));
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
    if ("type" in message) this.#converse(message);
    else if ("id" in message) this.#onAnswer(message);
    else if (message.params.event === ACTIVITY_EVENT) this.#handlers.onReport(message.params.data as ActivityReport);
  }

  #converse(message: HubMessage): void {
    const own = { type: "identify", clientType: "dashboard", name: "dashboard", token: this.#key };
    const answer = answerTo(message, ({ serverVersion }) => ({ ...own, clientVersion: serverVersion }));
    if (answer) this.#send(answer);
    else if (message.type === "identified") this.#onIdentified(message.clientId);
  }

  #onIdentified(clientId: string): void {
    this.#backoff = new Backoff();
    this.clientId = clientId;
    this.request("hub.watch_activity", {}).then(
      () => this.#handlers.onState("live"),
      (error: Error) => this.#handlers.onState("ended", error.message),
    );
  }

  #onAnswer(answer: Answer): void {
    this.#answers.get(answer.id)?.(answer);
    this.#answers.delete(answer.id);
  }

  async #onClose(code: number, reason: string, hasOpened: boolean): Promise<void> {
    for (const answer of this.#answers.values()) answer({ error: AWAY });
    this.#answers.clear();
    if (this.#isClosed) return;
    if (isTerminalClose(code)) return this.#handlers.onState("ended", explain(code, reason));
    this.#handlers.onState("away");
    // A refused upgrade looks to a page like a hub that is not there.
    if (!hasOpened && (await isSessionOpen().catch(() => true)) === false) {
      return this.#handlers.onState("ended", "Your session has ended.");
    }
    setTimeout(() => this.#connect(), this.#backoff.next());
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

function explain(code: number, reason: string): string {
  return code === CLOSE_CODES.UNAUTHORIZED ? "Your session has ended." : reason || "The hub has ended this connection.";
}
