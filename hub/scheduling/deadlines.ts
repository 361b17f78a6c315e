/** Deadlines of everything that is pending, with one timer: most are never reached, and a timer for each would cost each. */

/** What has a deadline. */
interface Due {
  /** Monotonic ms. */
  readonly deadlineAt: number;
}

/** Watches over what is pending. */
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

  /** Takes note of one that is pending now. That it has ended need not be told. */
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
