/** Queues commands for one instance: first in, first out for each client, the clients in turn, and a window of commands in flight. */

import { WireError } from "../../protocol/errors.ts";
import { Quota } from "../access/quota.ts";
import { BOUNDS } from "../bounds.ts";
import type { Instance, Workload } from "../clients/instance.ts";
import type { PendingRequest } from "./pending-request.ts";
import { type CacheRoom, ResponseCache } from "./response-cache.ts";

/** How much a queue takes. */
export interface QueueLimits {
  /** Commands that one client may have waiting. */
  queueLimit: number;
  /** Commands in flight at the most, long ones not counted. */
  windowSize: number;
}

/** Queue, commands in flight and window of one instance. */
export class InstanceQueue<R extends Windowed> implements Workload {
  /** Commands that wait to be sent. */
  readonly waiting: ClientQueues<R>;
  /** Commands that were sent and have no answer, in the order in which they were sent. */
  readonly inFlight = new Set<R>();
  /** Counts writes as they are accepted and as they end: two reads with the same count may share an answer. */
  writeCount = 0;
  readonly window: Window;
  readonly cache: ResponseCache;

  constructor({ queueLimit, windowSize }: QueueLimits, answers: CacheRoom) {
    this.waiting = new ClientQueues(queueLimit);
    this.window = new Window(windowSize);
    this.cache = new ResponseCache(answers);
  }

  /** Takes the next command that may be sent now: one that `admits`, of the client whose turn it is, with room in the window. `admits` is asked first. */
  next(admits: (request: R) => boolean): R | undefined {
    return this.waiting.shift((request) => admits(request) && this.window.hasRoomFor(request, this.inFlight));
  }

  /** Commands that were sent and have no answer. */
  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** Commands that wait to be sent. */
  get queuedCount(): number {
    return this.waiting.size;
  }

  /** Commands that may be in flight at present, long ones not counted. */
  get windowSize(): number {
    return this.window.size;
  }

  /** Takes a command out, wherever it is. */
  remove(request: R): void {
    if (!this.inFlight.delete(request)) this.waiting.remove(request);
  }

  /** Everything in flight and everything that waits. */
  *[Symbol.iterator](): Iterator<R> {
    yield* this.inFlight;
    yield* this.waiting;
  }
}

/** When a full queue is worth another try. */
const RETRY_AFTER_MS = 500;

/** What the queue needs to know of a command. */
interface Queueable {
  readonly client: { readonly id: string };
}

/** The queue of one instance, bounded for each client. */
class ClientQueues<R extends Queueable> {
  readonly #limit: number;
  /** By client id, in turn: the first entry is served next and moves to the end. */
  readonly #waiting = new Map<string, R[]>();
  #size = 0;

  /** @param limit Commands that one client may have waiting. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Commands that wait, of all clients. */
  get size(): number {
    return this.#size;
  }

  /** Every waiting command, client by client. */
  *[Symbol.iterator](): Iterator<R> {
    for (const waiting of this.#waiting.values()) yield* waiting;
  }

  /** @throws {WireError} BUSY when the client has as many waiting as it may. */
  push(request: R): void {
    const waiting = this.#waitingOf(request);
    if (waiting.length >= this.#limit) {
      throw new WireError("BUSY", `${waiting.length} of your commands are waiting for this instance already.`, {
        retryAfterMs: RETRY_AFTER_MS,
        hint: "Wait for answers before you send more, or join operations in one edit.batch.",
      });
    }
    waiting.push(request);
    this.#size += 1;
  }

  /** Puts commands that were taken back at the head, in their order. */
  unshift(requests: readonly R[]): void {
    for (const request of requests.toReversed()) {
      this.#waitingOf(request).unshift(request);
      this.#size += 1;
    }
  }

  /** False when the command was not waiting. */
  remove(request: R): boolean {
    const waiting = this.#waiting.get(request.client.id);
    const index = waiting?.indexOf(request) ?? -1;
    if (!waiting || index < 0) return false;
    waiting.splice(index, 1);
    if (waiting.length === 0) this.#waiting.delete(request.client.id);
    this.#size -= 1;
    return true;
  }

  /** Takes the next command that `admits`, of the client whose turn it is; clients whose first one is not admitted are passed over. */
  shift(admits: (request: R) => boolean): R | undefined {
    for (const [clientId, waiting] of this.#waiting) {
      const [first] = waiting;
      if (!first || !admits(first)) continue;
      waiting.shift();
      this.#size -= 1;
      this.#waiting.delete(clientId);
      if (waiting.length > 0) this.#waiting.set(clientId, waiting);
      return first;
    }
    return undefined;
  }

  #waitingOf(request: R): R[] {
    const known = this.#waiting.get(request.client.id);
    if (known) return known;
    const waiting: R[] = [];
    this.#waiting.set(request.client.id, waiting);
    return waiting;
  }
}

/** Work that may wait at the instance itself, ms: less would leave it idle between two frames, more would make others wait. */
const WORK_AHEAD_MS = 1;
/** An instance always has the next command at hand. */
const LEAST_SIZE = 2;
/** The part of the window that one client may fill while others use the instance, so that these are not queued behind it. */
const SHARE = 3 / 4;
/** How long a client that has asked something counts as using the instance, ms. */
const USE_MS = 1_000;
/** Clients of which that is remembered before the old ones are looked for. */
const MOST_REMEMBERED = 256;
/** How fast the estimate of a command's time follows the measured times, and between which values, ms. */
const ESTIMATE_STEP = 1.15;
const FIRST_ESTIMATE_MS = 0.05;
const MIN_ESTIMATE_MS = 0.005;
const MAX_ESTIMATE_MS = 10;

/** What the window needs to know of a command. */
interface Windowed extends Queueable {
  /** May take seconds, and stays outside of the window. */
  isLong(): boolean;
}

/** The window of one instance. */
class Window {
  readonly #most: number;
  /** When each client has last asked something of this instance, monotonic ms. */
  readonly #usedAt = new Map<string, number>();
  /** Median time between two answers while commands wait at the instance, ms; 0 until it is known. */
  #commandMs = 0;
  #answeredAt = 0;

  /** @param most Commands in flight at the most, long ones not counted. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A client asks something of the instance. */
  noteRequest(clientId: string): void {
    this.#usedAt.delete(clientId);
    this.#usedAt.set(clientId, performance.now());
    if (this.#usedAt.size > MOST_REMEMBERED) this.#forgetOld();
  }

  /** Learns from an answer how long the instance takes for a command; `sentAt` is when that one was sent, monotonic ms. */
  noteAnswer(sentAt: number): void {
    const now = performance.now();
    // Only where it waited at the instance behind another does the time since that one's answer say anything.
    if (sentAt <= this.#answeredAt) this.#estimate(now - this.#answeredAt);
    this.#answeredAt = now;
  }

  /** True when `request` may be sent beside those in flight. */
  hasRoomFor(request: Windowed, inFlight: Iterable<Windowed>): boolean {
    if (request.isLong()) return true;
    let all = 0;
    let own = 0;
    for (const other of inFlight) {
      if (other.isLong()) continue;
      all += 1;
      if (other.client.id === request.client.id) own += 1;
    }
    const { size } = this;
    return all < size && own < (this.#isShared() ? Math.max(1, Math.floor(size * SHARE)) : size);
  }

  /** Commands that may be in flight now: about a millisecond's work, so that a client beside a flood waits no longer than that. */
  get size(): number {
    if (this.#commandMs === 0) return this.#most;
    const size = Math.max(LEAST_SIZE, Math.ceil(WORK_AHEAD_MS / this.#commandMs));
    return Math.min(size, this.#most);
  }

  /** True while more than one client uses the instance. */
  #isShared(): boolean {
    this.#forgetOld();
    return this.#usedAt.size > 1;
  }

  #forgetOld(): void {
    const oldest = performance.now() - USE_MS;
    for (const [clientId, usedAt] of this.#usedAt) {
      if (usedAt >= oldest) break;
      this.#usedAt.delete(clientId);
    }
  }

  /** Moves the estimate a step towards what was seen: it ends where as many are longer as are shorter. */
  #estimate(seenMs: number): void {
    if (this.#commandMs === 0) this.#commandMs = FIRST_ESTIMATE_MS;
    this.#commandMs *= seenMs > this.#commandMs ? ESTIMATE_STEP : 1 / ESTIMATE_STEP;
    this.#commandMs = Math.min(Math.max(this.#commandMs, MIN_ESTIMATE_MS), MAX_ESTIMATE_MS);
  }
}

/** InstanceQueues by instance. */
export class InstanceQueues {
  readonly #queues = new Map<Instance, InstanceQueue<PendingRequest>>();
  readonly #limits: QueueLimits;
  readonly #answers = new Quota(BOUNDS.answers.most);

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** The queue of `instance`, made when it is first asked for. */
  of(instance: Instance): InstanceQueue<PendingRequest> {
    const known = this.#queues.get(instance);
    if (known) return known;
    const queue = new InstanceQueue<PendingRequest>(this.#limits, {
      room: this.#answers,
      permission: instance.permission,
    });
    this.#queues.set(instance, queue);
    instance.workload = queue;
    return queue;
  }

  /** Every instance that has a queue. */
  instances(): Iterable<Instance> {
    return this.#queues.keys();
  }

  /** Forgets an instance that is unregistered. */
  delete(instance: Instance): void {
    this.#queues.get(instance)?.cache.clear();
    this.#queues.delete(instance);
  }
}
