/** Decides whose turn it is where several sessions want to write to one thing, and keeps the queue of those that wait. */

import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { type Lease, RUN_SLOT, type Waiter, WHOLE_INSTANCE } from "./pending-request.ts";

/** The most that a turn takes while others wait, ms; and how soon all who wait have had theirs, where none has much waiting. */
const TURN_MS = 1_000;
const CYCLE_MS = 5_000;
/** The part of a turn after which a silent holder has ended it. */
const QUIET_SHARE = 1 / 4;

/** The leases that a write would meet. */
interface Leased {
  touching(instance: Instance, resources: readonly string[]): Iterable<Lease | undefined>;
}

/** Turns of those who hold something, by who waits for it. */
export class Turns {
  readonly #book: Leased;
  readonly #waitQueue: WaitQueue;

  /** @param book Every lease. @param waitQueue Writes and explicit leases that wait. */
  constructor(book: Leased, waitQueue: WaitQueue) {
    this.#book = book;
    this.#waitQueue = waitQueue;
  }

  /** True when another session waits for the lease. */
  isAwaited({ instance, resource, holder }: Lease): boolean {
    return this.#waitQueue.isAwaited(instance, resource, holder);
  }

  /** Begins the turn of who holds a lease, now that another session waits for it; one that has begun goes on. */
  begin(lease: Lease): void {
    // No other session waits any more, and those that did have given up long ago.
    const isForgotten = this.#waitQueue.count(lease.instance, lease.resource) === 1 && this.#spentMs(lease) > CYCLE_MS;
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
    return Math.min(TURN_MS, CYCLE_MS / Math.max(1, this.#waitQueue.count(instance, resource)));
  }

  /** For how long the holder may be silent in its turn. */
  quietMs(lease: Lease): number {
    return this.#shareMs(lease) * QUIET_SHARE;
  }

  /** Who asked before `waiter` for the same, and goes first. */
  predecessor(instance: Instance, waiter: Waiter): Waiter | undefined {
    for (const other of this.#waitQueue.before(instance, waiter)) {
      if (other.client === waiter.client || this.#isParked(other)) continue;
      if (!this.#hasTurnBefore(instance, waiter, other)) return other;
    }
    return undefined;
  }

  /** A request that can't go for long, whichever goes first, holds up no request behind it. */
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

/** Who waits for one instance. Sets are in the order of asking. */
interface OfInstance {
  readonly all: Set<Waiter>;
  readonly byResource: Map<string, Set<Waiter>>;
}

/** Where a waiter stands. */
interface Place {
  readonly instance: Instance;
  readonly number: number;
}

const NONE: ReadonlySet<Waiter> = new Set();

/** The line of all instances; those who wait for other things do not stand in each other's way. */
export class WaitQueue {
  readonly #instances = new Map<Instance, OfInstance>();
  readonly #places = new Map<Waiter, Place>();
  #next = 0;

  /** Puts a waiter at the end. False when it stands in the line already. */
  add(instance: Instance, waiter: Waiter): boolean {
    if (this.#places.has(waiter)) return false;
    this.#places.set(waiter, { instance, number: this.#next++ });
    const of = this.#instances.get(instance) ?? { all: new Set(), byResource: new Map() };
    this.#instances.set(instance, of);
    of.all.add(waiter);
    for (const resource of waiter.touches) {
      const waiters = of.byResource.get(resource) ?? new Set();
      of.byResource.set(resource, waiters.add(waiter));
    }
    return true;
  }

  /** Takes a waiter out. False when it did not stand in the line. */
  delete(waiter: Waiter): boolean {
    const place = this.#places.get(waiter);
    const of = place && this.#instances.get(place.instance);
    if (!place || !of) return false;
    this.#places.delete(waiter);
    of.all.delete(waiter);
    for (const resource of waiter.touches) {
      const waiters = of.byResource.get(resource);
      waiters?.delete(waiter);
      if (waiters?.size === 0) of.byResource.delete(resource);
    }
    if (of.all.size === 0) this.#instances.delete(place.instance);
    return true;
  }

  /** Those that wait for what `waiter` touches and asked before it: everybody, where it does not stand in the line yet. */
  *before(instance: Instance, waiter: Waiter): Iterable<Waiter> {
    if (this.#places.size === 0) return;
    const own = this.#places.get(waiter)?.number ?? this.#next;
    for (const waiters of this.#concerning(instance, waiter.touches)) {
      for (const other of waiters) {
        if ((this.#places.get(other)?.number ?? own) >= own) break;
        yield other;
      }
    }
  }

  /** How many wait for a resource, its holder's own writes included. */
  count(instance: Instance, resource: string): number {
    if (this.#places.size === 0) return 0;
    let count = 0;
    for (const waiters of this.#concerning(instance, [resource])) count += waiters.size;
    return count;
  }

  /** True when another session than `client` waits for a resource. */
  isAwaited(instance: Instance, resource: string, client: Client): boolean {
    if (this.#places.size === 0) return false;
    for (const waiters of this.#concerning(instance, [resource])) {
      for (const waiter of waiters) if (waiter.client !== client) return true;
    }
    return false;
  }

  *#concerning(instance: Instance, resources: readonly string[]): Iterable<ReadonlySet<Waiter>> {
    const of = this.#instances.get(instance);
    if (of && resources.includes(WHOLE_INSTANCE)) yield of.all;
    else if (of && resources.length > 0) {
      yield of.byResource.get(WHOLE_INSTANCE) ?? NONE;
      for (const resource of resources) yield of.byResource.get(resource) ?? NONE;
    }
    if (!resources.includes(RUN_SLOT)) return;
    for (const [other, { byResource }] of this.#instances) {
      if (instance.sharesRunSlot(other)) yield byResource.get(RUN_SLOT) ?? NONE;
    }
  }
}
