/** Whose turn it is, where several sessions want to write to one thing. */
import type { Instance } from "../clients/instance.ts";
import type { LeaseBook } from "./lease-book.ts";
import { type Lease, WHOLE_INSTANCE } from "./lease-holding.ts";
import type { Line, Waiter } from "./line.ts";

/** The most that a turn takes while others wait, ms; and how soon all who wait have had theirs, where nobody has much waiting. */
const TURN_MS = 1_000;
const CYCLE_MS = 5_000;
/** The part of a turn after which a silent holder has ended it. */
const QUIET_SHARE = 1 / 4;

/** Turns of those who hold something, by who waits for it. */
export class Turns {
  readonly #book: LeaseBook;
  readonly #line: Line;

  /** @param book What is held. @param line Who waits. */
  constructor(book: LeaseBook, line: Line) {
    this.#book = book;
    this.#line = line;
  }

  /** True when another session waits for what is held. */
  isAwaited({ instance, resource, holder }: Lease): boolean {
    return this.#line.isAwaited(instance, resource, holder);
  }

  /** Begins the turn of who holds a lease, now that another session waits for it; one that has begun goes on. */
  begin(lease: Lease): void {
    // Nobody else waits any more, and those that did have given up long ago.
    const isForgotten = this.#line.count(lease.instance, lease.resource) === 1 && this.#spentMs(lease) > CYCLE_MS;
    if (lease.turnBeganAt === undefined || isForgotten) lease.turnBeganAt = performance.now();
  }

  /** True when the turn has been used up and another session waits. */
  isOver(lease: Lease): boolean {
    const isUsed = lease.writes === 0 && this.#spentMs(lease) >= this.#shareMs(lease);
    return isUsed && !lease.explicit && this.isAwaited(lease);
  }

  /** How much of its turn a lease has used, ms. */
  #spentMs({ turnBeganAt }: Lease): number {
    return turnBeganAt === undefined ? 0 : performance.now() - turnBeganAt;
  }

  /** How long a turn may take: the more wait, the less. */
  #shareMs({ instance, resource }: Lease): number {
    return Math.min(TURN_MS, CYCLE_MS / Math.max(1, this.#line.count(instance, resource)));
  }

  /** For how long the holder may be silent in its turn. */
  quietMs(lease: Lease): number {
    return this.#shareMs(lease) * QUIET_SHARE;
  }

  /** Who asked before `waiter` for the same, and goes first. */
  predecessor(instance: Instance, waiter: Waiter): Waiter | undefined {
    for (const other of this.#line.before(instance, waiter)) {
      if (other.client === waiter.client || this.#isParked(other)) continue;
      if (!this.#hasTurnBefore(instance, waiter, other)) return other;
    }
    return undefined;
  }

  /** What can't go for long, whoever goes first, holds up nobody behind it. */
  #isParked({ client, instance, touches }: Waiter): boolean {
    if (!instance?.connection) return true;
    const now = performance.now();
    for (const lease of this.#book.touching(instance, touches)) {
      if (lease && lease.until > now && lease.holder !== client && (lease.explicit || lease.isLong)) return true;
    }
    return false;
  }

  /** True when it is still the turn of the session of `waiter` for everything that `other` wants, too. */
  #hasTurnBefore(instance: Instance, waiter: Waiter, other: Waiter): boolean {
    const wholes = [waiter, other].map(({ touches }) => touches.includes(WHOLE_INSTANCE));
    const shared = wholes[0]
      ? other.touches
      : waiter.touches.filter((resource) => wholes[1] || other.touches.includes(resource));
    return shared.every((resource) => this.#hasTurn(instance, waiter, resource));
  }

  #hasTurn(instance: Instance, { client, acceptedAt }: Waiter, resource: string): boolean {
    const now = performance.now();
    for (const lease of this.#book.touching(instance, [resource])) {
      if (lease?.holder !== client || lease.until <= now) continue;
      const spentMs = this.#spentMs(lease);
      // What waited when the turn began is taken together.
      const waited = acceptedAt <= (lease.turnBeganAt ?? now);
      if (lease.explicit || spentMs < this.#shareMs(lease) || (waited && spentMs < CYCLE_MS)) return true;
    }
    return false;
  }
}
