/** Requests whose target is not there yet but may be on its way back: after the hub's own restart, or when they are sent again. */
import { WireError } from "../../protocol/errors.ts";
import type { Client } from "../clients/client.ts";
import { ExpectedEditors } from "./expected-editors.ts";

/** One that waits: tries again when an instance arrives, and when there is less to wait for. */
interface Wait {
  /** True when it has found its target or failed for good: the wait is over. */
  retry: () => boolean;
  /** Waits as long as it can, not only until the hub has settled. */
  patient: boolean;
}

/** Whom a request means, and whether it may be one that an earlier hub knew. */
interface Sought {
  readonly client: Client;
  readonly target: string | undefined;
  readonly wasSentBefore: boolean;
}

/** Everybody who waits for an instance to return. */
export class TargetWaits {
  readonly #waits = new Set<Wait>();
  #settling: NodeJS.Timeout | undefined;

  /** Editors that are on their way. */
  readonly expected = new ExpectedEditors();

  /** @param settleMs How long after the start any unknown target may still come back; 0 when no client can have known an earlier hub. */
  constructor(settleMs: number) {
    this.expected.onEnd = () => this.#onExpectedEnd();
    if (settleMs <= 0) return;
    this.#settling = setTimeout(() => this.#settle(), settleMs);
    this.#settling.unref();
  }

  /**
   * What becomes of a request that failed with `error`: whether it waits, and what it is told at its end. It waits where its target
   * is unknown and was known to an earlier hub, or may have been, and where an editor that it means is being started.
   */
  judge<E>(error: E, { client, target, wasSentBefore }: Sought): { error: E | WireError; mayAppear: boolean } {
    const expected = this.expected.explain(error, client, target);
    if (expected) return { error: expected, mayAppear: true };
    const isMissing = error instanceof WireError && (error.kind === "NO_INSTANCE" || error.kind === "TARGET_NOT_FOUND");
    return { error, mayAppear: isMissing && (wasSentBefore || this.#settling !== undefined) };
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

  /** An editor that was started has come, or has ended: a moment later those who meant it know. */
  #onExpectedEnd(): void {
    setImmediate(() => this.onArrived());
  }

  /** Ends the settling time and forgets everybody. */
  dispose(): void {
    clearTimeout(this.#settling);
    this.#waits.clear();
  }

  #settle(): void {
    this.#settling = undefined;
    for (const wait of this.#waits) {
      if (wait.patient || !wait.retry()) continue;
      this.#waits.delete(wait);
    }
  }
}
