/** Requests whose target is not there yet but may be on its way back: after the hub's own restart, or when they are sent again. */
import { WireError } from "../../protocol/errors.ts";

/** One that waits: tries again when an instance arrives, and gives up when the hub has settled. */
interface Wait {
  /** True when it has found its target or failed for good: the wait is over. */
  retry: () => boolean;
  giveUp: () => void;
  /** Waits as long as it can, not only until the hub has settled. */
  patient: boolean;
}

/** Everybody who waits for an instance to return. */
export class TargetWaits {
  readonly #waits = new Set<Wait>();
  #settling: NodeJS.Timeout | undefined;

  /** @param settleMs How long after the start any unknown target may still come back; 0 when no client can have known an earlier hub. */
  constructor(settleMs: number) {
    if (settleMs <= 0) return;
    this.#settling = setTimeout(() => this.#settle(), settleMs);
    this.#settling.unref();
  }

  /** True when a request that failed with `error` should wait: its target is unknown, and it was known to an earlier hub or may have been. */
  mayAppear(error: unknown, wasSentBefore: boolean): boolean {
    if (!(error instanceof WireError)) return false;
    if (error.kind !== "NO_INSTANCE" && error.kind !== "TARGET_NOT_FOUND") return false;
    return wasSentBefore || this.#settling !== undefined;
  }

  /** @returns a function that ends the wait; calling it again does nothing. */
  add(wait: Wait): () => void {
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  }

  /** An instance has arrived: everybody tries again, in the order in which they came. */
  onArrived(): void {
    for (const wait of this.#waits) if (wait.retry()) this.#waits.delete(wait);
  }

  /** Ends the settling time and forgets everybody. */
  dispose(): void {
    clearTimeout(this.#settling);
    this.#waits.clear();
  }

  #settle(): void {
    this.#settling = undefined;
    for (const wait of this.#waits) {
      if (wait.patient) continue;
      this.#waits.delete(wait);
      wait.giveUp();
    }
  }
}
