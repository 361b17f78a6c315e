/** Requests and their answers over one connection after the other: what a lost connection left unanswered is asked again on the next. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { encodeNotification } from "../protocol/codec.ts";
import { WireError } from "../protocol/errors.ts";
import {
  type EventParams,
  eventParamsSchema,
  progressParamsSchema,
  type Response,
  responseSchema,
} from "../protocol/rpc.ts";
import { CommandError } from "./client-errors.ts";
import type { HubConnection } from "./hub-connection.ts";
import { type Answer, type Patience, PendingRequest, type RequestContent } from "./pending-request.ts";
import { requireSendable } from "./sendable.ts";

/** What an RPC client needs of a connection. */
export type Transport = Pick<HubConnection, "send" | "handshake" | "identified">;

const notificationSchema = z.discriminatedUnion("method", [
  z.object({ method: z.literal("progress"), params: progressParamsSchema }),
  z.object({ method: z.literal("event"), params: eventParamsSchema }),
]);

/** Asks the hub, and instances through it. */
export class RpcClient {
  readonly #onEvent: (event: EventParams) => void;
  readonly #unanswered = new UnansweredRequests();
  #transport: Transport | undefined;
  /** Why there is no connection, for requests whose deadline has come. */
  #failure: Error | undefined;
  /** The hub behind the connection has said that it ends. */
  #isHubStopping = false;

  constructor(onEvent: (event: EventParams) => void = () => {}) {
    this.#onEvent = onEvent;
  }

  /** How many requests have no answer. */
  get size(): number {
    return this.#unanswered.size;
  }

  /** Asks now, or as soon as there is a connection. */
  async request(content: RequestContent, patience: Patience): Promise<Answer> {
    if (patience.signal?.aborted) throw new WireError("CANCELLED", `${content.method} was cancelled.`);
    requireSendable(content.params ?? {});
    const request = this.#unanswered.open(content, patience, (given, why) => this.#giveUp(given, why));
    if (this.#transport) this.#transmit(request, this.#transport);
    return request.answer;
  }

  /**
   * Goes on over `transport`.
   * @param first Requests made in here go before those that are asked again.
   */
  attach(transport: Transport, first: () => void): void {
    const again = this.#unanswered.inOrder();
    this.#transport = transport;
    this.#failure = undefined;
    this.#isHubStopping = false;
    first();
    for (const request of again) this.#transmit(request, transport);
  }

  /** The connection is gone; requests stay. */
  detach(failure: Error): void {
    this.#transport = undefined;
    this.#failure = failure;
  }

  /** Ends the requests that were never sent. */
  failUnsent(error: Error): void {
    this.#unanswered.failAll(error, ({ attempts }) => attempts === 0);
  }

  /** Ends every request. */
  failAll(error: Error): void {
    this.#unanswered.failAll(error);
  }

  /** Takes what came over the connection in `size` bytes: a response, progress, an event, or something that is not for this client. */
  receive(message: unknown, size?: number): void {
    if (typeof message === "object" && message !== null && "method" in message) this.#notice(message);
    else this.#conclude(message, size);
  }

  #notice(notification: object): void {
    const known = notificationSchema.safeParse(notification).data;
    if (known?.method === "event") this.#onEvent(known.params);
    else if (known) this.#unanswered.get(known.params.id)?.onProgress?.(known.params);
  }

  #conclude(message: unknown, size: number | undefined): void {
    const response = responseSchema.safeParse(message).data;
    const request = response && this.#unanswered.get(response.id);
    if (!request) return;
    if (response.error) this.#onError(request, new CommandError(response.error, response.instance));
    else this.#unanswered.succeed(request, answerIn(response, size));
  }

  #onError(request: PendingRequest, error: CommandError): void {
    if (error.kind === "HUB_SHUTTING_DOWN") this.#isHubStopping = true;
    // Nothing was done: the next hub is asked, once this one has closed the connection.
    if (this.#isHubStopping && isUndone(error)) request.takeBackAttempt(error);
    else this.#unanswered.fail(request, error);
  }

  #transmit(request: PendingRequest, transport: Transport): void {
    const frame = request.nextFrame(transport.identified.clientId);
    const size = Buffer.byteLength(frame);
    const limit = transport.handshake.maxMessageBytes;
    if (size <= limit) transport.send(frame);
    else this.#unanswered.fail(request, tooLarge(request.content.method, size, limit));
  }

  #giveUp(request: PendingRequest, why: "TIMEOUT" | "CANCELLED"): void {
    if (request.attempts > 0) this.#transport?.send(encodeNotification("cancel", { id: request.id }));
    this.#unanswered.fail(request, request.givenUp(why, this.#failure));
  }
}

/** @param size Length of the whole frame, in bytes. */
function answerIn({ result, ...envelope }: Response, size: number | undefined): Answer {
  const { instance } = envelope;
  if (size === undefined) return { result, instance };
  return { result, instance, size: size - Buffer.byteLength(JSON.stringify(envelope)) - ',"result":'.length };
}

/** True for an answer that only says that the request was not passed on. */
function isUndone({ kind, object }: CommandError): boolean {
  return kind === "HUB_SHUTTING_DOWN" || (kind === "INSTANCE_DISCONNECTED" && object.data?.dispatched === false);
}

function tooLarge(method: string, size: number, limit: number): WireError {
  return new WireError("TOO_LARGE", `${method} would be a message of ${size} bytes; the hub takes ${limit}.`, {
    size,
    limit,
    hint: "Send less at a time.",
  });
}

/** The table of what was asked and not answered: one way in, one way out, in the order of asking. */
class UnansweredRequests {
  readonly #byId = new Map<string, PendingRequest>();
  /** With the counter behind it an id never comes again, in this process or another. */
  readonly #prefix = randomBytes(6).toString("base64url");
  #count = 0;

  /** @param giveUp Called when the deadline of a request in the table has come, or its caller has cancelled. */
  open(
    content: RequestContent,
    patience: Patience,
    giveUp: (request: PendingRequest, why: "TIMEOUT" | "CANCELLED") => void,
  ): PendingRequest {
    this.#count += 1;
    const id = `${this.#prefix}-${this.#count}`;
    const request = new PendingRequest(id, content, patience, (why) => giveUp(request, why));
    this.#byId.set(id, request);
    return request;
  }

  get(id: unknown): PendingRequest | undefined {
    return typeof id === "string" ? this.#byId.get(id) : undefined;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** All of them, in the order in which they were asked. */
  inOrder(): PendingRequest[] {
    return [...this.#byId.values()];
  }

  succeed(request: PendingRequest, answer: Answer): void {
    if (this.#byId.delete(request.id)) request.succeed(answer);
  }

  fail(request: PendingRequest, error: Error): void {
    if (this.#byId.delete(request.id)) request.fail(error);
  }

  /** Ends every request that `which` is true of. */
  failAll(error: Error, which: (request: PendingRequest) => boolean = () => true): void {
    for (const request of this.inOrder()) if (which(request)) this.fail(request, request.ended(error));
  }
}
