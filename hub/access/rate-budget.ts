/**
 * How often somebody may do something: a bucket that refills evenly (token bucket).
 *
 * It answers at once. A limiter that answers by promise would let what comes after a request overtake it, and one
 * client's commands run in the order in which it sent them.
 */

const MINUTE_MS = 60_000;

/** One bucket for `perMinute` tokens; 0 means no limit. */
export class RateBudget {
  readonly #perMinute: number;
  #left: number;
  #countedAt = performance.now();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#left = perMinute;
  }

  /** Takes one. @returns 0, or after how many ms there will be one. */
  take(): number {
    if (this.#perMinute === 0) return 0;
    this.#refill();
    if (this.#left < 1) return Math.ceil(((1 - this.#left) * MINUTE_MS) / this.#perMinute);
    this.#left -= 1;
    return 0;
  }

  /** What is left of it, from 0 to 1. */
  get share(): number {
    if (this.#perMinute === 0) return 1;
    this.#refill();
    return this.#left / this.#perMinute;
  }

  #refill(): void {
    const now = performance.now();
    const refilled = ((now - this.#countedAt) * this.#perMinute) / MINUTE_MS;
    this.#left = Math.min(this.#perMinute, this.#left + refilled);
    this.#countedAt = now;
  }
}
