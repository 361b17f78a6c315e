/** Who may write to what, for how long: so that the writes of two sessions to one thing don't interleave by accident. */
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { LeaseBook } from "./lease-book.ts";
import { type Lease, WHOLE_INSTANCE } from "./lease-holding.ts";
import { RUN_SLOT, shareRunSlot } from "./run-slot.ts";
import { tooManyLeases } from "./verdicts.ts";

/** Leases that an instance is told of with one request. */
const HELD_TOLD = 256;

/** Leases by instance and resource. */
export class Leases {
  readonly #implicitMs: number;
  readonly #book = new LeaseBook();
  readonly #onLapse: (instance: Instance) => void;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  /**
   * @param implicitMs How long a write holds what it has written to, ms.
   * @param onLapse Called when a lease of an instance has ended: somebody may have been waiting for it, or for its run slot.
   */
  constructor(implicitMs: number, onLapse: (instance: Instance) => void) {
    this.#implicitMs = implicitMs;
    this.#onLapse = onLapse;
  }

  /** How many leases there are. */
  get size(): number {
    return this.#book.size;
  }

  /** The lease of somebody else that keeps `client` from writing to `resources`; the one that lasts longest. */
  conflict(instance: Instance, client: Client, resources: readonly string[]): Lease | undefined {
    if (resources.length === 0 || this.#book.size === 0) return undefined;
    const now = performance.now();
    let last: Lease | undefined;
    for (const lease of this.#touching(instance, resources)) {
      if (lease && lease.until > now && lease.holder !== client && (!last || lease.until > last.until)) last = lease;
    }
    return last;
  }

  /**
   * What others than `client` hold of an instance: the holder's name by resource. When that is too much to be told,
   * the whole instance counts as held. Undefined for nothing.
   */
  heldByOthers(instance: Instance, client: Client): Readonly<Record<string, string>> | undefined {
    const now = performance.now();
    const held: Record<string, string> = {};
    let count = 0;
    for (const [holder, holding] of this.#book.holdings(instance)) {
      if (holder === client) continue;
      for (const lease of holding) {
        if (lease.until <= now) continue;
        if (count === HELD_TOLD) return { [WHOLE_INSTANCE]: holder.name };
        held[lease.resource] = holder.name;
        count += 1;
      }
    }
    return count > 0 ? held : undefined;
  }

  /**
   * Takes or renews the implicit lease of a write; an explicit one of the same session stays as it is. What somebody
   * else holds by now stays theirs: a write that took longer than its own lease is no reason to lock them out.
   * @param runsMs How long the write itself may take, when that is longer.
   * @returns the resources that the session did not hold before.
   */
  hold(instance: Instance, client: Client, resources: readonly string[], runsMs = 0): string[] {
    const durationMs = Math.max(this.#implicitMs, runsMs);
    if (durationMs === 0 || resources.length === 0) return [];
    const free = resources.filter((resource) => !this.conflict(instance, client, [resource]));
    const fresh = free.filter((resource) => this.#book.get(instance, resource)?.holder !== client);
    for (const resource of free) this.#put(instance, client, resource, durationMs, false);
    return fresh;
  }

  /** Takes or renews explicit leases. The caller has looked for conflicts. @throws {WireError} BUSY when they are too many. */
  acquire(instance: Instance, client: Client, resources: readonly string[], durationMs: number): Lease[] {
    const shortage = this.#book.shortage(client, instance, resources);
    if (shortage) throw tooManyLeases(shortage);
    const taken = resources.map((resource) => this.#put(instance, client, resource, durationMs, true));
    return taken.filter((lease) => lease !== undefined);
  }

  /** Gives back leases of a session; all of them when none is named. Returns the resources that were held. */
  release(client: Client, instance?: Instance, resources?: readonly string[]): string[] {
    const held = [...this.#book.heldBy(client, instance)];
    const given = resources ? held.filter(({ resource }) => resources.includes(resource)) : held;
    for (const lease of given) this.#book.delete(lease);
    for (const of of new Set(given.map((lease) => lease.instance))) this.#onLapse(of);
    return given.map(({ resource }) => resource);
  }

  /** Forgets every lease of an instance that is unregistered. */
  forget(instance: Instance): void {
    this.#book.forget(instance);
    this.#onLapse(instance);
  }

  /** Every lease that has not lapsed. */
  *[Symbol.iterator](): Iterator<{ instance: Instance; lease: Lease }> {
    const now = performance.now();
    for (const lease of this.#book) if (lease.until > now) yield { instance: lease.instance, lease };
  }

  /** Ends every timer and every lease. */
  dispose(): void {
    clearTimeout(this.#timer);
    for (const instance of [...this.#book.instances]) this.#book.forget(instance);
  }

  #put(instance: Instance, holder: Client, resource: string, durationMs: number, explicit: boolean): Lease | undefined {
    const until = performance.now() + durationMs;
    const held = this.#book.get(instance, resource);
    if (held?.holder === holder && held.explicit === explicit) this.#book.renew(held, until);
    else if (held?.holder !== holder || !held.explicit || held.until < until)
      this.#book.add({ instance, resource, holder, explicit, until });
    this.#schedule();
    return this.#book.get(instance, resource);
  }

  /** Leases of `resources`, and those of the run slot that the instance shares with others. */
  *#touching(instance: Instance, resources: readonly string[]): Iterable<Lease | undefined> {
    yield this.#book.get(instance, WHOLE_INSTANCE);
    for (const resource of resources) {
      if (resource === WHOLE_INSTANCE) for (const [, holding] of this.#book.holdings(instance)) yield holding.lasting;
      else yield this.#book.get(instance, resource);
      if (resource === RUN_SLOT) yield* this.#runSlotsBeside(instance);
    }
  }

  *#runSlotsBeside(instance: Instance): Iterable<Lease | undefined> {
    for (const other of this.#book.instances) if (shareRunSlot(instance, other)) yield this.#book.get(other, RUN_SLOT);
  }

  /** One timer, for the lease that lapses first. */
  #schedule(): void {
    const at = this.#book.nextLapseAt;
    if (at === undefined || at >= this.#firesAt) return;
    clearTimeout(this.#timer);
    this.#firesAt = at;
    this.#timer = setTimeout(this.#lapse, Math.max(1, at - performance.now()));
    this.#timer.unref();
  }

  readonly #lapse = (): void => {
    this.#firesAt = Number.POSITIVE_INFINITY;
    const instances = this.#book.takeLapsed(performance.now());
    this.#schedule();
    for (const instance of instances) this.#onLapse(instance);
  };
}
