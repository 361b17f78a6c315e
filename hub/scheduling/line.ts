/** Who waits for what others write to, in the order of asking: the line in which writes and explicit leases take their turns. */
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { WHOLE_INSTANCE } from "./lease-holding.ts";
import { RUN_SLOT, shareRunSlot } from "./run-slot.ts";

/** A write that is kept back, or an explicit lease that is asked for. */
export interface Waiter {
  readonly client: Client;
  readonly instance: Instance | undefined;
  /** The resources that others must not hold. */
  readonly touches: readonly string[];
  /** Monotonic time (ms) at which it was asked. */
  readonly acceptedAt: number;
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

const NOBODY: ReadonlySet<Waiter> = new Set();

/** The line of all instances; those who wait for other things do not stand in each other's way. */
export class Line {
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
      yield of.byResource.get(WHOLE_INSTANCE) ?? NOBODY;
      for (const resource of resources) yield of.byResource.get(resource) ?? NOBODY;
    }
    if (!resources.includes(RUN_SLOT)) return;
    for (const [other, { byResource }] of this.#instances) {
      if (shareRunSlot(instance, other)) yield byResource.get(RUN_SLOT) ?? NOBODY;
    }
  }
}
