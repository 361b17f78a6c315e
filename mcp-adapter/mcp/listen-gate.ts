/**
 * Stands before the newer era's server on a stream: what a client listens for is watched while it does, and a revision that is not served
 * is refused in every message, not in the first alone.
 */
import { codeOf, messageOf } from "../../hub-client/node-errors.ts";
import { type MessageStream, revisionIn } from "./era-router.ts";
import type { McpHandlers } from "./mcp-handlers.ts";

/** The one revision that the SDK serves in this era. */
export const REVISION = "2026-07-28";
const UNSUPPORTED_REVISION = -32_022;
const INVALID_PARAMS = -32_602;
/** What the older era says for a resource that does not exist: INVALID_PARAMS in this one. */
const RESOURCE_NOT_FOUND = -32_002;
const INTERNAL_ERROR = -32_603;

type Id = string | number;

interface Envelope {
  readonly id?: Id;
  readonly method?: string;
  readonly error?: object;
  readonly params?: { readonly requestId?: Id; readonly notifications?: { readonly resourceSubscriptions?: unknown } };
}

/** The id of a request; null where there is none. */
export function idOf(message: unknown): Id | null {
  return envelopeOf(message).id ?? null;
}

/** The addresses of the resources that a message listens for. */
export function listenedFor(message: unknown): readonly string[] {
  const { method, params } = envelopeOf(message);
  const uris = method === "subscriptions/listen" ? params?.notifications?.resourceSubscriptions : undefined;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === "string") : [];
}

/** What is wrong with a request, in the form of JSON-RPC. */
export function refusalOf(error: unknown): { code: number; message: string; data?: unknown } {
  const given = codeOf(error);
  const code = given === RESOURCE_NOT_FOUND ? INVALID_PARAMS : typeof given === "number" ? given : INTERNAL_ERROR;
  const data = error instanceof Error && "data" in error ? error.data : undefined;
  const message = messageOf(error);
  return { code, message, ...(data !== undefined && { data }) };
}

export class ListenGate<Message extends object> implements MessageStream<Message> {
  onmessage?: (message: Message) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #stream: MessageStream<Message>;
  readonly #watch: Pick<McpHandlers, "subscribe" | "unsubscribe">;
  readonly #onError: (error: Error) => void;
  /** What is listened for, by the request that does. */
  readonly #listened = new Map<Id, readonly string[]>();

  constructor(
    stream: MessageStream<Message>,
    watch: Pick<McpHandlers, "subscribe" | "unsubscribe">,
    onError: (error: Error) => void,
  ) {
    this.#stream = stream;
    this.#watch = watch;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    this.#stream.onmessage = (message) => this.#admit(message);
    await this.#stream.start();
  }

  send(message: Message): Promise<void> {
    const { id, error }: Envelope = message;
    if (id !== undefined && error) this.#end(id);
    return this.#stream.send(message);
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  #admit(message: Message): void {
    const { id, method, params }: Envelope = message;
    const revision = revisionIn(message);
    if (typeof revision === "string" && revision !== REVISION && id !== undefined) {
      const data = { supported: [REVISION], requested: revision };
      const text = `The revision '${revision}' is not served.`;
      this.#refuse(id, { code: UNSUPPORTED_REVISION, message: text, data });
      return;
    }
    if (method === "notifications/cancelled" && params?.requestId !== undefined) this.#end(params.requestId);
    const uris = listenedFor(message);
    if (id === undefined || uris.length === 0) this.onmessage?.(message);
    else void this.#listen(id, uris, message);
  }

  /** Watches before the client is told that it listens, so that it misses nothing. */
  async #listen(id: Id, uris: readonly string[], message: Message): Promise<void> {
    this.#listened.set(id, uris);
    try {
      await Promise.all(uris.map((uri) => this.#watch.subscribe(uri)));
      if (this.#listened.get(id) === uris) this.onmessage?.(message);
      else this.#unwatch(uris);
    } catch (error) {
      this.#end(id);
      this.#refuse(id, refusalOf(error));
    }
  }

  #end(id: Id): void {
    const uris = this.#listened.get(id);
    if (!uris) return;
    this.#listened.delete(id);
    this.#unwatch(uris);
  }

  /** Ends the watching of what nobody listens for any more. */
  #unwatch(uris: readonly string[]): void {
    const still = new Set([...this.#listened.values()].flat());
    for (const uri of uris) if (!still.has(uri)) this.#watch.unsubscribe(uri).catch(this.#onError);
  }

  #refuse(id: Id, error: { code: number; message: string; data?: unknown }): void {
    this.#stream.send({ jsonrpc: "2.0", id, error } as object as Message).catch(this.#onError);
  }
}

function envelopeOf(message: unknown): Envelope {
  return typeof message === "object" && message !== null ? message : {};
}
