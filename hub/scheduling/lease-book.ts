/** Holds every lease, found by its resource, its holder and its end. No query takes longer for there being more of them. */
import TinyQueue from "tinyqueue";
import { Quota, type Shortage } from "../access/quota.ts";
import { BOUNDS } from "../bounds.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { type Lease, RUN_SLOT, WHOLE_INSTANCE } from "./pending-request.ts";

/** The leases of one session on one instance. */
class LeaseHolding {
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

/** The leases of one instance. */
interface OfInstance {
  readonly byResource: Map<string, Lease>;
  readonly byHolder: Map<Client, LeaseHolding>;
}

/** What one session holds of all instances. */
interface OfSession {
  readonly explicit: Set<Lease>;
  /** The one that was renewed last stands last. */
  readonly implicit: Set<Lease>;
  /** Length of the names of all. */
  characters: number;
}

/** When a lease is to be looked at; it may have been renewed or given back since. */
interface Lapse {
  readonly at: number;
  readonly lease: Lease;
}

const EMPTY: OfInstance = { byResource: new Map(), byHolder: new Map() };

/** Leases by instance and resource, by session, and by the time at which they lapse. */
export class LeaseBook {
  readonly #instances = new Map<Instance, OfInstance>();
  readonly #sessions = new Map<Client, OfSession>();
  readonly #lapses = new TinyQueue<Lapse>([], (a, b) => a.at - b.at);
  readonly #quota = new Quota(BOUNDS.leases.most);

  /** How many there are, those included that have lapsed and were not taken out yet. */
  get size(): number {
    return this.#quota.taken;
  }

  /** Instances of which something is held. */
  get instances(): Iterable<Instance> {
    return this.#instances.keys();
  }

  /** Every lease. */
  *[Symbol.iterator](): Iterator<Lease> {
    for (const { byResource } of this.#instances.values()) yield* byResource.values();
  }

  /** The lease of a resource. */
  get(instance: Instance, resource: string): Lease | undefined {
    return this.#of(instance).byResource.get(resource);
  }

  /** Leases of `resources`, and those of the run slot that the instance shares with others. */
  *touching(instance: Instance, resources: readonly string[]): Iterable<Lease | undefined> {
    yield this.get(instance, WHOLE_INSTANCE);
    for (const resource of resources) {
      if (resource === WHOLE_INSTANCE) for (const [, holding] of this.holdings(instance)) yield holding.lasting;
      else yield this.get(instance, resource);
      if (resource === RUN_SLOT) yield* this.#runSlotsBeside(instance);
    }
  }

  *#runSlotsBeside(instance: Instance): Iterable<Lease | undefined> {
    for (const other of this.instances) if (instance.sharesRunSlot(other)) yield this.get(other, RUN_SLOT);
  }

  /** What each session holds of an instance. */
  holdings(instance: Instance): Iterable<readonly [Client, LeaseHolding]> {
    return this.#of(instance).byHolder;
  }

  /** What a session holds of an instance, or of all. */
  heldBy(client: Client, instance?: Instance): Iterable<Lease> {
    if (instance) return this.#of(instance).byHolder.get(client) ?? [];
    const session = this.#sessions.get(client);
    return session ? [...session.explicit, ...session.implicit] : [];
  }

  /** Why a session can't take `resources` explicitly; undefined when it can. */
  shortage(client: Client, instance: Instance, resources: readonly string[]): Shortage | undefined {
    const fresh = [...new Set(resources)].filter((resource) => {
      const held = this.get(instance, resource);
      return held?.holder !== client || !held.explicit;
    });
    const { explicit, characters } = this.#sessions.get(client) ?? { explicit: new Set(), characters: 0 };
    const { most } = BOUNDS.explicitLeases;
    if (explicit.size + fresh.length > most) return { most, of: "in one session" };
    const length = characters + fresh.reduce((sum, name) => sum + name.length, 0);
    if (length > BOUNDS.leaseNames.most) return { most: BOUNDS.leaseNames.most, of: "in characters of their names" };
    return this.#quota.shortage(client.permission, fresh.length);
  }

  /** Takes a lease in; one of the same resource goes. @returns undefined where there is no room for it. */
  add(lease: Lease): Lease | undefined {
    const before = this.get(lease.instance, lease.resource);
    if (before) this.delete(before);
    const session = this.#sessionOf(lease.holder);
    if (!lease.explicit) this.#makeRoom(session);
    const isTooLong = session.characters + lease.resource.length > BOUNDS.leaseNames.most;
    if (isTooLong || this.#quota.take(lease.holder.permission, 1)) {
      this.#forgetIfEmpty(lease.holder, session);
      return undefined;
    }
    session[lease.explicit ? "explicit" : "implicit"].add(lease);
    session.characters += lease.resource.length;
    const of = this.#instances.get(lease.instance) ?? { byResource: new Map(), byHolder: new Map() };
    this.#instances.set(lease.instance, of);
    of.byResource.set(lease.resource, lease);
    const holding = of.byHolder.get(lease.holder) ?? new LeaseHolding();
    of.byHolder.set(lease.holder, holding);
    holding.add(lease);
    this.#lapses.push({ at: lease.until, lease });
    return lease;
  }

  /** Has a lease lapse at another time. */
  renew(lease: Lease, until: number): void {
    // Later ones are found when the time comes that was noted first.
    if (until < lease.until) this.#lapses.push({ at: until, lease });
    lease.until = until;
    this.#of(lease.instance).byHolder.get(lease.holder)?.add(lease);
    const implicit = this.#sessions.get(lease.holder)?.implicit;
    if (implicit?.delete(lease)) implicit.add(lease);
  }

  /** Takes a lease out. */
  delete(lease: Lease): void {
    const of = this.#instances.get(lease.instance);
    if (!of || of.byResource.get(lease.resource) !== lease) return;
    of.byResource.delete(lease.resource);
    const holding = of.byHolder.get(lease.holder);
    holding?.delete(lease);
    if (holding?.isEmpty) of.byHolder.delete(lease.holder);
    if (of.byResource.size === 0) this.#instances.delete(lease.instance);
    this.#quota.give(lease.holder.permission, 1);
    const session = this.#sessionOf(lease.holder);
    session.explicit.delete(lease);
    session.implicit.delete(lease);
    session.characters -= lease.resource.length;
    this.#forgetIfEmpty(lease.holder, session);
  }

  /** Forgets every lease of an instance. */
  forget(instance: Instance): void {
    for (const lease of [...this.#of(instance).byResource.values()]) this.delete(lease);
  }

  /** When the next one lapses, at the soonest; undefined when there is none. */
  get nextLapseAt(): number | undefined {
    return this.#lapses.peek()?.at;
  }

  /** Takes out what has lapsed by `now`. @returns the instances that it was of. */
  takeLapsed(now: number): Set<Instance> {
    const instances = new Set<Instance>();
    for (let next = this.#lapses.peek(); next && next.at <= now; next = this.#lapses.peek()) {
      this.#lapses.pop();
      const { lease } = next;
      if (this.get(lease.instance, lease.resource) !== lease) continue;
      if (lease.until > now) this.#lapses.push({ at: lease.until, lease });
      else {
        this.delete(lease);
        instances.add(lease.instance);
      }
    }
    return instances;
  }

  #of(instance: Instance): OfInstance {
    return this.#instances.get(instance) ?? EMPTY;
  }

  #sessionOf(client: Client): OfSession {
    const known = this.#sessions.get(client);
    if (known) return known;
    const session = { explicit: new Set<Lease>(), implicit: new Set<Lease>(), characters: 0 };
    this.#sessions.set(client, session);
    return session;
  }

  /** Of too many implicit ones the longest not renewed goes. */
  #makeRoom({ implicit }: OfSession): void {
    const [oldest] = implicit;
    if (oldest && implicit.size >= BOUNDS.implicitLeases.most) this.delete(oldest);
  }

  #forgetIfEmpty(client: Client, { explicit, implicit }: OfSession): void {
    if (explicit.size + implicit.size === 0) this.#sessions.delete(client);
  }
}
