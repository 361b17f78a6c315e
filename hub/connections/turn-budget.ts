/** Shares out the time of the event loop's turns: of those that have more to do than their share, who has used least goes first. */

/** What has just come in may be handled for so long in one go, ms; then timers and further input have their turn. */
const TURN_MS = 4;
/** After so long without any work a new turn has begun, ms. */
const PAUSE_MS = 0.2;
/** What had to wait may be handled for so long in one turn, ms: who has used little waits no longer than that behind who has used much. */
const BACKLOG_MS = 0.5;
/** Who has used less lately goes before all that wait, ms. */
const LITTLE_MS = 1;
/** In this time the use that is remembered halves, ms: it is about now, not about an hour ago. */
const HALF_LIFE_MS = 100;

/** Something with input to handle. */
export interface Worker {
  /** What it has used. */
  readonly use: RecentUse;
  /** Handles input for the length of one share, and counts its use. @returns false when some is left. */
  work(begin: number): boolean;
}

/** Time that one worker has used lately. */
export class RecentUse {
  #ms = 0;
  #until = 0;

  /** Until when it was counted, monotonic ms. */
  get until(): number {
    return this.#until;
  }

  /** Adds what was used until `now`. */
  add(ms: number, now: number): void {
    this.#ms = this.at(now) + ms;
    this.#until = now;
  }

  /** What is remembered at `now`, ms. */
  at(now: number): number {
    return this.#ms === 0 ? 0 : this.#ms * 2 ** ((this.#until - now) / HALF_LIFE_MS);
  }
}

/** The turns of one hub. */
export class TurnBudget {
  readonly #waiting = new Set<Worker>();
  #beganAt = 0;
  #endedAt = 0;
  #isScheduled = false;

  /** True while `worker` waits for a later turn. */
  isWaiting(worker: Worker): boolean {
    return this.#waiting.has(worker);
  }

  /** Something has come in for `worker`: it is handled at once when there is time, else in a later turn. */
  handle(worker: Worker, now: number): void {
    if (this.#waiting.has(worker)) return;
    if (now - this.#endedAt > PAUSE_MS) this.#beganAt = now;
    if (!this.#hasTimeFor(worker, now) || !this.#run(worker, now)) this.wait(worker);
  }

  /** Has `worker` work on in a later turn, again and again until nothing is left. */
  wait(worker: Worker): void {
    this.#waiting.add(worker);
    this.#schedule();
  }

  #hasTimeFor(worker: Worker, now: number): boolean {
    return now - this.#beganAt < TURN_MS && (this.#waiting.size === 0 || worker.use.at(now) < LITTLE_MS);
  }

  #run(worker: Worker, now: number): boolean {
    const isDone = worker.work(now);
    this.#endedAt = worker.use.until;
    return isDone;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#isScheduled = false;
    let now = performance.now();
    this.#beganAt = now;
    const end = now + BACKLOG_MS;
    for (let next = this.#leastUsed(now); next && now < end; next = this.#leastUsed(now)) {
      if (this.#run(next, now)) this.#waiting.delete(next);
      now = this.#endedAt;
    }
    if (this.#waiting.size > 0) this.#schedule();
  };

  #leastUsed(now: number): Worker | undefined {
    let least: Worker | undefined;
    let leastMs = Number.POSITIVE_INFINITY;
    for (const worker of this.#waiting) {
      const ms = worker.use.at(now);
      if (ms >= leastMs) continue;
      least = worker;
      leastMs = ms;
    }
    return least;
  }
}
