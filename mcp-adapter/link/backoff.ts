/** Delays between attempts to reconnect: doubled each time, with full jitter, so that many clients do not come back at once. */
import { RECONNECT_MAX_MS, RECONNECT_MIN_MS } from "../../protocol/timing.ts";

export class Backoff {
  #ceilingMs = RECONNECT_MIN_MS;

  /** The next delay in ms. */
  next(random: () => number = Math.random): number {
    const delay = random() * this.#ceilingMs;
    this.#ceilingMs = Math.min(RECONNECT_MAX_MS, this.#ceilingMs * 2);
    return delay;
  }
}
