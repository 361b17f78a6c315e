/** Requests and their answers over one connection after the other: what a lost connection left unanswered is asked again on the next. */
import { z } from "zod";
import { encodeNotification } from "../../protocol/codec.ts";
import { type ErrorObject, WireError } from "../../protocol/errors.ts";
import {
  type EventParams,
  eventParamsSchema,
  progressParamsSchema,
  type Response,
  responseSchema,
} from "../../protocol/rpc.ts";
import { CommandError } from "../adapter-error.ts";
import type { HubConnection } from "./hub-connection.ts";
import type { Answer, Patience, PendingRequest, RequestContent } from "./pending-request.ts";
import { requireSendable } from "./sendable.ts";
import { UnansweredRequests } from "./unanswered-requests.ts";

/** What an exchange needs of a connection. */
export type Line = Pick<HubConnection, "send" | "handshake" | "identified">;

const notificationSchema = z.discriminatedUnion("method", [
  z.object({ method: z.literal("progress"), params: progressParamsSchema }),
  z.object({ method: z.literal("event"), params: eventParamsSchema }),
]);

export class Exchange {
  readonly #onEvent: (event: EventParams) => void;
  readonly #unanswered = new UnansweredRequests();
  #line: Line | undefined;
  /** Why there is no line, for requests that nobody waits for any longer. */
  #failure: Error | undefined;
  /** The hub behind the line has said that it ends. */
  #isHubStopping = false;

  constructor(onEvent: (event: EventParams) => void = () => {}) {
    this.#onEvent = onEvent;
  }

  /** How many requests have no answer. */
  get size(): number {
    return this.#unanswered.size;
  }

  /** Asks now, or as soon as there is a line. */
  async request(content: RequestContent, patience: Patience): Promise<Answer> {
    if (patience.signal?.aborted) throw new WireError("CANCELLED", `${content.method} was cancelled.`);
    requireSendable(content.params ?? {});
    const request = this.#unanswered.open(content, patience, (given, why) => this.#giveUp(given, why));
    if (this.#line) this.#transmit(request, this.#line);
    return request.answer;
  }

  /**
   * Goes on over `line`.
   * @param first Requests made in here go before those that are asked again.
   */
  attach(line: Line, first: () => void): void {
    const again = this.#unanswered.inOrder();
    this.#line = line;
    this.#failure = undefined;
    this.#isHubStopping = false;
    first();
    for (const request of again) this.#transmit(request, line);
  }

  /** The line is gone; requests stay. */
  detach(failure: Error): void {
    this.#line = undefined;
    this.#failure = failure;
  }

  /** Ends the requests that were never sent. */
  failUnsent(error: Error): void {
    this.#unanswered.failAll(error, ({ attempts }) => attempts === 0);
  }

  failAll(error: Error): void {
    this.#unanswered.failAll(error);
  }

  /** Takes what came over the line in `size` bytes: a response, progress, an event, or something that is not for this exchange. */
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
    if (response.error) this.#refuse(request, response.error);
    else this.#unanswered.succeed(request, answerIn(response, size));
  }

  #refuse(request: PendingRequest, object: ErrorObject): void {
    const error = new CommandError(object);
    if (error.kind === "HUB_SHUTTING_DOWN") this.#isHubStopping = true;
    // Nothing was done: the next hub is asked, once this one has closed the line.
    if (this.#isHubStopping && isUndone(error)) request.takeBackAttempt(error);
    else this.#unanswered.fail(request, error);
  }

  #transmit(request: PendingRequest, line: Line): void {
    const frame = request.nextFrame(line.identified.clientId);
    const size = Buffer.byteLength(frame);
    const limit = line.handshake.maxMessageBytes;
    if (size <= limit) line.send(frame);
    else this.#unanswered.fail(request, tooLarge(request.content.method, size, limit));
  }

  #giveUp(request: PendingRequest, why: "TIMEOUT" | "CANCELLED"): void {
    if (request.attempts > 0) this.#line?.send(encodeNotification("cancel", { id: request.id }));
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
