/**
 * Tells the two eras of MCP apart, message by message, on one stream: each message of the newer one names its revision. Either era has
 * an end of its own; the newer one's is made with the first message for it.
 */

/** Where a message of the newer era names its revision. */
export const REVISION_KEY = "io.modelcontextprotocol/protocolVersion";

type Id = string | number;

/** A stream of messages, as both SDKs know it. */
export interface MessageStream<Message> {
  onmessage?: (message: Message) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  start(): Promise<void>;
  send(message: Message): Promise<void>;
  close(): Promise<void>;
}

/** What a message looks like, as far as it decides about its era. */
interface Envelope {
  readonly id?: Id;
  readonly method?: string;
  readonly params?: { readonly _meta?: object; readonly requestId?: Id };
}

/** The revision that a message names; undefined for one of the older era. */
export function revisionIn(message: object): unknown {
  const { params }: Envelope = message;
  return params?._meta && Object.entries(params._meta).find(([name]) => name === REVISION_KEY)?.[1];
}

export class EraRouter<Message extends object> {
  /** The older era's end. */
  readonly legacy: MessageStream<Message>;
  readonly #stream: MessageStream<Message>;
  readonly #serve: (end: MessageStream<Message>) => Promise<void>;
  #modern: Promise<MessageStream<Message>> | undefined;
  /** Requests of the newer era that are not answered: a cancellation names one of them, and no revision. */
  readonly #asked = new Set<Id>();

  /** @param serve Has the newer era served on its end, which it starts. */
  constructor(stream: MessageStream<Message>, serve: (end: MessageStream<Message>) => Promise<void>) {
    this.#stream = stream;
    this.#serve = serve;
    this.legacy = {
      start: () => this.#start(),
      send: (message) => stream.send(message),
      close: () => stream.close(),
    };
  }

  async #start(): Promise<void> {
    const { legacy } = this;
    this.#stream.onmessage = (message) => this.#route(message);
    this.#stream.onclose = () => legacy.onclose?.();
    this.#stream.onerror = (error) => legacy.onerror?.(error);
    await this.#stream.start();
  }

  #route(message: Message): void {
    if (!this.#isModern(message)) {
      this.legacy.onmessage?.(message);
      return;
    }
    this.#modern ??= this.#open();
    this.#modern.then(
      (end) => end.onmessage?.(message),
      (error: Error) => this.#refuse(message, error),
    );
  }

  /** Without the newer era's program nothing is served, but everything is answered. */
  #refuse({ id, method }: Envelope & Message, { message }: Error): void {
    this.legacy.onerror?.(new Error(`MCP 2026-07-28 can't be served: ${message}`));
    if (id === undefined || method === undefined) return;
    const error = { code: -32_603, message: "This revision can't be served now: send `initialize`." };
    this.#stream.send({ jsonrpc: "2.0", id, error } as object as Message).catch(() => {});
  }

  #isModern(message: Message): boolean {
    const { id, method, params }: Envelope = message;
    if (method === "notifications/cancelled" && params?.requestId !== undefined) {
      return this.#asked.delete(params.requestId);
    }
    if (method === undefined || revisionIn(message) === undefined) return false;
    if (id !== undefined) this.#asked.add(id);
    return true;
  }

  async #open(): Promise<MessageStream<Message>> {
    const end: MessageStream<Message> = {
      start: async () => {},
      send: (message) => {
        const { id, method }: Envelope = message;
        if (id !== undefined && method === undefined) this.#asked.delete(id);
        return this.#stream.send(message);
      },
      // The stream is not this end's alone.
      close: async () => {},
    };
    await this.#serve(end);
    return end;
  }
}
