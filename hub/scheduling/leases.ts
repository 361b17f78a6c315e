/** Who may write to what, for how long: so that the writes of two sessions to one thing don't interleave by accident. */
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { RUN_SLOT, shareRunSlot } from "./run-slot.ts";

/** A whole instance: conflicts with everything else of it. */
export const WHOLE_INSTANCE = "*";

/** A lease of one resource of one instance. */
export interface Lease {
  readonly resource: string;
  readonly holder: Client;
  /** Taken with `hub.acquire_lease`. */
  readonly explicit: boolean;
  /** Monotonic time (ms) at which it lapses. */
  until: number;
}

/** Leases by instance and resource. */
export class Leases {
  readonly #implicitMs: number;
  readonly #byInstance = new Map<Instance, Map<string, Lease>>();
  readonly #onLapse: (instance: Instance) => void;
  readonly #timers = new Map<Instance, NodeJS.Timeout>();

  /**
   * @param implicitMs How long a write holds what it has written to, ms.
   * @param onLapse Called when a lease of an instance has ended: somebody may have been waiting for it, or for its run slot.
   */
  constructor(implicitMs: number, onLapse: (instance: Instance) => void) {
    this.#implicitMs = implicitMs;
    this.#onLapse = onLapse;
  }

  /** The lease of somebody else that keeps `client` from writing to `resources`; the one that lasts longest. */
  conflict(instance: Instance, client: Client, resources: readonly string[]): Lease | undefined {
    if (resources.length === 0 || this.#byInstance.size === 0) return undefined;
    let last: Lease | undefined;
    for (const lease of this.#touching(instance, resources)) {
      if (lease.holder !== client && (!last || lease.until > last.until)) last = lease;
    }
    return last;
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
    const fresh = free.filter((resource) => this.#byInstance.get(instance)?.get(resource)?.holder !== client);
    for (const resource of free) this.#put(instance, { resource, holder: client, explicit: false }, durationMs);
    return fresh;
  }

  /** Takes or renews explicit leases. The caller has looked for conflicts. */
  acquire(instance: Instance, client: Client, resources: readonly string[], durationMs: number): Lease[] {
    return resources.map((resource) => this.#put(instance, { resource, holder: client, explicit: true }, durationMs));
  }

  /** Gives back leases of a session; all of them when none is named. Returns the resources that were held. */
  release(client: Client, instance?: Instance, resources?: readonly string[]): string[] {
    const released: string[] = [];
    for (const [of, leases] of this.#byInstance) {
      if (instance && of !== instance) continue;
      for (const lease of [...leases.values()]) {
        if (lease.holder !== client || (resources && !resources.includes(lease.resource))) continue;
        leases.delete(lease.resource);
        released.push(lease.resource);
      }
      this.#schedule(of);
      if (released.length > 0) this.#onLapse(of);
    }
    return released;
  }

  /** Forgets every lease of an instance that is unregistered. */
  forget(instance: Instance): void {
    this.#byInstance.delete(instance);
    clearTimeout(this.#timers.get(instance));
    this.#timers.delete(instance);
    this.#onLapse(instance);
  }

  /** Every lease that has not lapsed. */
  *[Symbol.iterator](): Iterator<{ instance: Instance; lease: Lease }> {
    for (const instance of this.#byInstance.keys()) for (const lease of this.#live(instance)) yield { instance, lease };
  }

  /** Ends every timer and every lease. */
  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#byInstance.clear();
  }

  #put(instance: Instance, wanted: Omit<Lease, "until">, durationMs: number): Lease {
    const until = performance.now() + durationMs;
    const leases = this.#byInstance.get(instance) ?? new Map<string, Lease>();
    this.#byInstance.set(instance, leases);
    const held = leases.get(wanted.resource);
    if (held?.holder === wanted.holder && held.explicit === wanted.explicit) {
      const isSooner = until < held.until;
      held.until = until;
      if (isSooner) this.#schedule(instance);
      return held;
    }
    if (held?.holder === wanted.holder && held.explicit && held.until >= until) return held;
    const lease: Lease = { ...wanted, until };
    leases.set(lease.resource, lease);
    this.#schedule(instance);
    return lease;
  }

  /** Leases of `resources`, and those of the run slot that the instance shares with others. */
  *#touching(instance: Instance, resources: readonly string[]): Iterable<Lease> {
    for (const lease of this.#live(instance)) if (overlaps([lease.resource], resources)) yield lease;
    if (!resources.includes(RUN_SLOT)) return;
    for (const other of this.#byInstance.keys()) {
      if (!shareRunSlot(instance, other)) continue;
      for (const lease of this.#live(other)) if (lease.resource === RUN_SLOT) yield lease;
    }
  }

  *#live(instance: Instance): Iterable<Lease> {
    const now = performance.now();
    for (const lease of this.#byInstance.get(instance)?.values() ?? []) if (lease.until > now) yield lease;
  }

  /** One timer an instance, for the lease that lapses first. */
  #schedule(instance: Instance): void {
    clearTimeout(this.#timers.get(instance));
    this.#timers.delete(instance);
    const leases = this.#byInstance.get(instance);
    if (!leases || leases.size === 0) return;
    const first = Math.min(...[...leases.values()].map(({ until }) => until));
    const timer = setTimeout(() => this.#lapse(instance), Math.max(1, first - performance.now()));
    timer.unref();
    this.#timers.set(instance, timer);
  }

  #lapse(instance: Instance): void {
    this.#timers.delete(instance);
    const now = performance.now();
    const leases = this.#byInstance.get(instance);
    for (const lease of [...(leases?.values() ?? [])]) if (lease.until <= now) leases?.delete(lease.resource);
    if (leases?.size === 0) this.#byInstance.delete(instance);
    this.#schedule(instance);
    this.#onLapse(instance);
  }
}

/** True when two lists of resources have one in common; the whole instance has everything in common with anything. */
export function overlaps(held: readonly string[], wanted: readonly string[]): boolean {
  if (held.length === 0 || wanted.length === 0) return false;
  if (held.includes(WHOLE_INSTANCE) || wanted.includes(WHOLE_INSTANCE)) return true;
  return held.some((resource) => wanted.includes(resource));
}
