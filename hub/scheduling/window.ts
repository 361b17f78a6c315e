/** How many commands may be in flight towards one instance, and how many of them may be one client's. */
import type { Queueable } from "./command-queue.ts";

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
/** How fast the estimate of a command's time follows what is seen, and between which values, ms. */
const ESTIMATE_STEP = 1.15;
const FIRST_ESTIMATE_MS = 0.05;
const MIN_ESTIMATE_MS = 0.005;
const MAX_ESTIMATE_MS = 10;

/** What the window needs to know of a command. */
export interface Windowed extends Queueable {
  /** May take seconds, and stays outside of the window. */
  isLong(): boolean;
}

/** The window of one instance. */
export class Window {
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

  /** Commands that may be in flight now: about a millisecond's work, so that somebody who asks beside a flood waits no longer than that. */
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
