/** What one session holds of one instance. */
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";

/** A whole instance: conflicts with everything else of it. */
export const WHOLE_INSTANCE = "*";

/** A lease of one resource of one instance. */
export interface Lease {
  readonly instance: Instance;
  readonly resource: string;
  readonly holder: Client;
  /** Taken with `hub.acquire_lease`. */
  readonly explicit: boolean;
  /** Monotonic time (ms) at which it lapses. */
  until: number;
  /** The same, while nobody else waits for the resource. */
  idleUntil: number;
  /** Writes of its holder that are under way. */
  writes: number;
  /** A long command is under way, or was until it ended without an answer. */
  isLong: boolean;
  /** The instance has carried a write out: one that it refuses earns no lease. */
  isEarned: boolean;
  /** Since when the holder writes while others wait, monotonic ms; undefined when nobody has waited. */
  turnBeganAt: number | undefined;
}

/** The leases of one session on one instance. */
export class LeaseHolding {
  readonly #leases = new Set<Lease>();
  #lasting: Lease | undefined;

  /** Nothing is held any more. */
  get isEmpty(): boolean {
    return this.#leases.size === 0;
  }

  /** The lease that lapses last. */
  get lasting(): Lease | undefined {
    if (!this.#lasting) for (const lease of this.#leases) this.#compare(lease);
    return this.#lasting;
  }

  /** Every lease. */
  [Symbol.iterator](): Iterator<Lease> {
    return this.#leases.values();
  }

  /** Takes one in, or takes note that it lapses later or sooner than before. */
  add(lease: Lease): void {
    this.#leases.add(lease);
    if (lease === this.#lasting) this.#lasting = undefined;
    else if (this.#lasting) this.#compare(lease);
  }

  /** Takes one out. */
  delete(lease: Lease): void {
    this.#leases.delete(lease);
    if (lease === this.#lasting) this.#lasting = undefined;
  }

  #compare(lease: Lease): void {
    if (!this.#lasting || lease.until > this.#lasting.until) this.#lasting = lease;
  }
}
