/** What waits for one instance and what is in flight to it. */
import { CommandQueue, type Queueable } from "./command-queue.ts";

/** How much there is to do for an instance. */
export interface Workload {
  readonly inFlightCount: number;
  readonly queuedCount: number;
}

/** An instance for which there is nothing to do. */
export const IDLE: Workload = { inFlightCount: 0, queuedCount: 0 };

/** Work that may wait at the instance itself, ms: less would leave it idle between two frames, more would make others wait. */
const WORK_AHEAD_MS = 1;
/** An instance always has the next command at hand. */
const LEAST_WINDOW = 2;
/** How fast the estimate of a command's time follows what is seen. */
const ESTIMATE_STEP = 1.15;
const FIRST_ESTIMATE_MS = 0.05;
const MIN_ESTIMATE_MS = 0.005;
const MAX_ESTIMATE_MS = 10;

/** Queue, commands in flight and pace of one instance. */
export class Lane<R extends Queueable> implements Workload {
  /** Commands that wait to be sent. */
  readonly queue: CommandQueue<R>;
  /** Commands that were sent and have no answer, in the order in which they were sent. */
  readonly inFlight = new Set<R>();
  /** Counts writes as they are accepted and as they end: two reads with the same count may share an answer. */
  writeCount = 0;
  /** Median time between two answers while commands wait at the instance, ms; 0 until it is known. */
  #commandMs = 0;
  #answeredAt = 0;

  /** @param queueLimit Commands that one client may have waiting. */
  constructor(queueLimit: number) {
    this.queue = new CommandQueue(queueLimit);
  }

  /**
   * Commands that may be in flight: about a millisecond's work, so that somebody who asks beside a flood waits
   * no longer than that, and at most `most`.
   */
  windowSize(most: number): number {
    if (this.#commandMs === 0) return most;
    return Math.max(Math.min(LEAST_WINDOW, most), Math.min(most, Math.ceil(WORK_AHEAD_MS / this.#commandMs)));
  }

  /** Learns from an answer how long the instance takes for a command; `sentAt` is when that one was sent, monotonic. */
  noteAnswer(sentAt: number): void {
    const now = performance.now();
    // Only where it waited at the instance behind another does the time since that one's answer say anything.
    if (sentAt <= this.#answeredAt) this.#estimate(now - this.#answeredAt);
    this.#answeredAt = now;
  }

  /** Moves the estimate a step towards what was seen: it ends where as many are longer as are shorter. */
  #estimate(seenMs: number): void {
    if (this.#commandMs === 0) this.#commandMs = FIRST_ESTIMATE_MS;
    this.#commandMs *= seenMs > this.#commandMs ? ESTIMATE_STEP : 1 / ESTIMATE_STEP;
    this.#commandMs = Math.min(Math.max(this.#commandMs, MIN_ESTIMATE_MS), MAX_ESTIMATE_MS);
  }

  /** Commands that were sent and have no answer. */
  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** Commands that wait to be sent. */
  get queuedCount(): number {
    return this.queue.size;
  }

  /** Takes a command out, wherever it is. */
  remove(request: R): void {
    if (!this.inFlight.delete(request)) this.queue.remove(request);
  }

  /** Everything in flight and everything that waits. */
  *[Symbol.iterator](): Iterator<R> {
    yield* this.inFlight;
    yield* this.queue;
  }
}
