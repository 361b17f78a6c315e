/** Holds every request that has no answer yet, with its deadline, and the one way out of it. */
import { encodeError } from "../../protocol/codec.ts";
import type { WireError } from "../../protocol/errors.ts";
import type { Counters } from "../../protocol/hub-methods.ts";
import { MAX_MESSAGE_BYTES } from "../../protocol/timing.ts";
import { Quota, type Shortage } from "../access/quota.ts";
import { tooMuchUnderWay } from "../access/rejections.ts";
import { BOUNDS, bytesOf } from "../bounds.ts";
import type { Client } from "../clients/client.ts";
import type { Frame } from "../connections/connection.ts";
import type { Ending, HubEvents } from "./hub-events.ts";
import type { PendingRequest } from "./pending-request.ts";
import { errorOfResend } from "./request-errors.ts";

/** Requests by their wire id, and the counters that prove each ends once. */
export class PendingTable {
  readonly counters: Omit<Counters, "pending"> = {
    accepted: 0,
    answered: 0,
    late: 0,
    coalesced: 0,
    cached: 0,
    retried: 0,
    outcomeUnknown: 0,
  };
  readonly #pending = new Map<string, PendingRequest>();
  readonly #count = new Quota(BOUNDS.pending.most);
  readonly #bytes: Quota;
  readonly #events: HubEvents;
  readonly #deadlines: Deadlines<PendingRequest>;
  readonly #whenEmpty: (() => void)[] = [];

  /**
   * @param events Hears of each request's acceptance and answer.
   * @param onDeadline Called when a request's budget is used up; it must end the request.
   * @param maxMessageBytes Largest request.
   */
  constructor(
    events: HubEvents,
    onDeadline: (request: PendingRequest) => void,
    maxMessageBytes: number = MAX_MESSAGE_BYTES,
  ) {
    this.#events = events;
    this.#bytes = new Quota(bytesOf(BOUNDS.pendingBytes, maxMessageBytes));
    this.#deadlines = new Deadlines(this, (request) => {
      // The end of another one may have been the end of this one too.
      if (request.state !== "answered") onDeadline(request);
    });
  }

  /** Requests without an answer. */
  get size(): number {
    return this.#pending.size;
  }

  /** All requests, oldest first. */
  [Symbol.iterator](): Iterator<PendingRequest> {
    return this.#pending.values();
  }

  /** The request of that wire id, while it is pending. */
  get(wireId: string): PendingRequest | undefined {
    return this.#pending.get(wireId);
  }

  /** Lets a request of so many bytes pass while there is room for it. @throws {WireError} BUSY. */
  requireRoom({ pending, permission }: Client, bytes: number): void {
    const { most } = BOUNDS.pendingOfSession;
    const own: Shortage | undefined = pending >= most ? { most, of: "in one session" } : undefined;
    const count = own ?? this.#count.shortage(permission, 1);
    if (count) throw tooMuchUnderWay("commands", count);
    const size = this.#bytes.shortage(permission, bytes);
    if (size) throw tooMuchUnderWay("bytes of commands", size);
  }

  /** Accepts a request and starts its deadline. */
  add(request: PendingRequest): void {
    this.#count.add(request.permission, 1);
    this.#bytes.add(request.permission, request.bytes);
    this.#pending.set(request.wireId, request);
    this.counters.accepted += 1;
    request.client.pending += 1;
    this.#deadlines.watch(request);
    this.#events.emit("accepted", request);
  }

  /** Takes note of a read that its instance is spared. */
  noteShortcut(request: PendingRequest, how: "coalesced" | "cached"): void {
    this.counters[how] += 1;
    request.shortcut = how;
  }

  /** Has `client` answered instead of the first asker: the same client, back after it had been given up. */
  reassign(request: PendingRequest, client: Client): void {
    request.client.pending -= 1;
    request.client = client;
    client.pending += 1;
  }

  /** Answers a request with a result or an error of its instance, whose frame `frameFor` builds; and the requests that share the answer. */
  answer(request: PendingRequest, ending: Ending, frameFor: (request: PendingRequest) => Frame): void {
    for (const follower of request.followers.splice(0)) this.#settle(follower, frameFor(follower), ending);
    this.#settle(request, frameFor(request), ending);
  }

  /** Answers a request, and those that share its answer, with an error of the hub. */
  fail(request: PendingRequest, error: WireError): void {
    for (const follower of request.followers.splice(0)) this.failAlone(follower, error);
    this.failAlone(request, error);
  }

  /** Answers one request with an error of the hub; those that share its answer are the caller's to look after. */
  failAlone(request: PendingRequest, error: WireError): void {
    const shown = errorOfResend(request.request, request.isReadOnly(), error);
    if (shown.kind === "OUTCOME_UNKNOWN") this.counters.outcomeUnknown += 1;
    const object = shown.toErrorObject();
    const frame = encodeError(request.request.id, object, request.instance?.respondent);
    this.#settle(request, frame, { error: object, response: undefined });
  }

  /** Resolves when no request is pending. */
  whenEmpty(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Stops every deadline and forgets every request. */
  dispose(): void {
    this.#deadlines.dispose();
    this.#pending.clear();
  }

  #settle(request: PendingRequest, frame: Frame, ending: Ending): void {
    if (request.state === "answered") return;
    request.state = "answered";
    request.endWait?.();
    this.#pending.delete(request.wireId);
    this.#count.give(request.permission, 1);
    this.#bytes.give(request.permission, request.bytes);
    request.queue?.remove(request);
    request.client.pending -= 1;
    this.counters.answered += 1;
    request.reply(frame);
    this.#events.emit("answered", request, ending);
    if (this.#pending.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

/** What has a deadline. */
interface Due {
  /** Monotonic ms. */
  readonly deadlineAt: number;
}

/** Watches the deadlines of pending requests. */
export class Deadlines<R extends Due> {
  readonly #pending: Iterable<R>;
  readonly #onReached: (request: R) => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, monotonic ms: not after the first deadline, perhaps before it. */
  #firesAt = Number.POSITIVE_INFINITY;

  /**
   * @param pending Everything that may reach its deadline, as it is at any moment.
   * @param onReached Called for each that has reached its deadline; afterwards that one must not be pending.
   */
  constructor(pending: Iterable<R>, onReached: (request: R) => void) {
    this.#pending = pending;
    this.#onReached = onReached;
  }

  /** Takes note of one that is pending now. Its end need not be reported. */
  watch({ deadlineAt }: R): void {
    if (deadlineAt < this.#firesAt) this.#arm(deadlineAt);
  }

  /** Ends the timer. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#firesAt = Number.POSITIVE_INFINITY;
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = at;
    this.#timer = setTimeout(this.#look, Math.max(1, Math.ceil(at - performance.now())));
  }

  readonly #look = (): void => {
    const now = performance.now();
    this.#firesAt = Number.POSITIVE_INFINITY;
    const reached: R[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const request of this.#pending) {
      if (request.deadlineAt <= now) reached.push(request);
      else next = Math.min(next, request.deadlineAt);
    }
    if (next < Number.POSITIVE_INFINITY) this.#arm(next);
    for (const request of reached) this.#onReached(request);
  };
}
