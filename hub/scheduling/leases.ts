/** Gives and ends leases: which session may write to what, for how long, and explicit leases in one queue with the writes that wait. */

import type { WireError } from "../../protocol/errors.ts";
import { tooManyLeases } from "../access/rejections.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { LeaseBook } from "./lease-book.ts";
import { type Lease, type PendingRequest, type Waiter, WHOLE_INSTANCE } from "./pending-request.ts";
import { cancelled, keptBack, nothingToHold } from "./request-errors.ts";
import { Turns, WaitQueue } from "./turns.ts";

/** Leases of others that an instance hears of with one request. */
const HELD_TOLD = 256;

/** Leases by instance and resource. */
export class Leases {
  readonly #implicitMs: number;
  readonly #book = new LeaseBook();
  readonly #waitQueue = new WaitQueue();
  readonly #turns = new Turns(this.#book, this.#waitQueue);
  readonly #onLapse: (instance: Instance) => void;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  /**
   * @param implicitMs How long a write holds what it has written to, ms.
   * @param onLapse Called when a lease of an instance has ended: a request may have been waiting for it, or for its run slot.
   */
  constructor(implicitMs: number, onLapse: (instance: Instance) => void) {
    this.#implicitMs = implicitMs;
    this.#onLapse = onLapse;
  }

  /** How many leases there are. */
  get size(): number {
    return this.#book.size;
  }

  /** The lease of another session that keeps `client` from writing to `resources`; the one that lasts longest. */
  conflict(instance: Instance, client: Client, resources: readonly string[]): Lease | undefined {
    if (resources.length === 0 || this.#book.size === 0) return undefined;
    const now = performance.now();
    let last: Lease | undefined;
    for (const lease of this.#book.touching(instance, resources)) {
      if (lease && lease.until > now && lease.holder !== client && (!last || lease.until > last.until)) last = lease;
    }
    return last;
  }

  /**
   * What others than `client` hold of an instance: the holder's name by resource. When that is too much for a request,
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

  /** What keeps a write from being sent, or an explicit lease from being taken: a lease of another session, or its earlier request. */
  obstacle(instance: Instance, waiter: Waiter): Lease | Waiter | undefined {
    if (waiter.touches.length === 0) return undefined;
    return this.conflict(instance, waiter.client, waiter.touches) ?? this.#turns.predecessor(instance, waiter);
  }

  /** Puts into the line what an obstacle keeps back: those who hold what it waits for end their turns. */
  wait(instance: Instance, waiter: Waiter): void {
    if (!this.#waitQueue.add(instance, waiter)) return;
    const now = performance.now();
    for (const lease of this.#book.touching(instance, waiter.touches)) {
      if (!lease || lease.explicit || lease.until <= now || lease.holder === waiter.client) continue;
      this.#turns.begin(lease);
      if (lease.writes === 0) this.#renew(lease, Math.min(lease.until, now + this.#turns.quietMs(lease)));
    }
  }

  /** Takes a request that is sent, or waits no longer, out of the wait queue. False when it was not there. */
  leave(instance: Instance, waiter: Waiter): boolean {
    if (!this.#waitQueue.delete(waiter)) return false;
    for (const lease of this.#book.touching(instance, waiter.touches)) {
      if (lease && lease.until < lease.idleUntil && !this.#turns.isAwaited(lease)) this.#renew(lease, lease.idleUntil);
    }
    return true;
  }

  /** A write is sent: its session holds what it names. Leases of other sessions stay theirs. */
  begin(request: PendingRequest, instance: Instance): void {
    this.leave(instance, request);
    this.end(request);
    const { names, client } = request;
    const runsMs = request.isLong() ? request.remainingMs : 0;
    request.leases = this.hold(instance, client, names, Math.max(this.#implicitMs, runsMs));
    for (const lease of request.leases) {
      lease.writes += 1;
      lease.isLong = runsMs > this.#implicitMs;
      this.#adjust(lease);
    }
  }

  /**
   * The answer to a write has come. It renews what its session holds; one that was refused has changed nothing, so it
   * takes no lease: a lease from before lasts as long as it takes, no longer.
   */
  answered(request: PendingRequest, instance: Instance, isRefused: boolean): void {
    const { client, names } = request;
    const isUnearned = (lease: Lease | undefined) => isRefused && (lease?.holder !== client || !lease.isEarned);
    const [unearned, earned] = [[] as Lease[], [] as string[]];
    for (const resource of names) {
      const lease = this.#book.get(instance, resource);
      if (!isUnearned(lease)) earned.push(resource);
      else if (lease?.holder === client && !lease.explicit && lease.writes <= 1) unearned.push(lease);
    }
    for (const lease of this.hold(instance, client, earned)) {
      lease.isEarned = true;
      lease.isLong = false;
    }
    this.#drop(this.#implicitMs === 0 ? request.leases.filter(({ explicit }) => !explicit) : unearned);
  }

  /** A write has ended, however. Where others wait, its session's turn ends soon. */
  end(request: PendingRequest): void {
    for (const lease of request.leases) {
      lease.writes -= 1;
      this.#adjust(lease);
    }
    request.leases = [];
  }

  /** Passes on those of `leases` whose turn is over, if others wait and nothing is under way. */
  passOn(leases: readonly Lease[]): void {
    const isCurrent = (lease: Lease) => this.#book.get(lease.instance, lease.resource) === lease;
    this.#drop(leases.filter((lease) => isCurrent(lease) && this.#turns.isOver(lease)));
  }

  /**
   * Takes or renews the implicit leases of `client` that no other session stands in the way of; an explicit one stays as it is.
   * @param durationMs For how long, while no other session waits.
   */
  hold(instance: Instance, client: Client, resources: readonly string[], durationMs = this.#implicitMs): Lease[] {
    if (durationMs === 0) return [];
    const free = resources.filter((resource) => !this.conflict(instance, client, [resource]));
    const held = free.map((resource) => this.#put(instance, client, resource, durationMs, false));
    return held.filter((lease): lease is Lease => lease?.holder === client);
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
    this.#drop(given);
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
    const now = performance.now();
    const idleUntil = now + durationMs;
    const held = this.#book.get(instance, resource);
    const isOwn = held?.holder === holder;
    if (isOwn && held.explicit === explicit) {
      // Others wait: who has it for a time has it for that time.
      if (explicit && this.#turns.isAwaited(held)) return held;
      held.idleUntil = idleUntil;
      this.#adjust(held);
    } else if (!isOwn || !held.explicit || held.until < idleUntil) {
      const turnBeganAt = this.#waitQueue.isAwaited(instance, resource, holder) ? now : undefined;
      const fresh = { writes: 0, isLong: false, isEarned: false, turnBeganAt };
      const lease = { instance, resource, holder, explicit, until: idleUntil, idleUntil, ...fresh };
      if (this.#book.add(lease)) this.#adjust(lease);
    }
    this.#schedule();
    return this.#book.get(instance, resource);
  }

  /** Has a lease lapse when it should: soon after the last write of its holder where others wait, and late where none does. */
  #adjust(lease: Lease): void {
    const isAwaited = !lease.explicit && lease.writes === 0 && this.#turns.isAwaited(lease);
    const soon = isAwaited ? performance.now() + this.#turns.quietMs(lease) : lease.idleUntil;
    this.#renew(lease, Math.min(soon, lease.idleUntil));
  }

  #renew(lease: Lease, until: number): void {
    if (this.#book.get(lease.instance, lease.resource) !== lease) return;
    this.#book.renew(lease, until);
    this.#schedule();
  }

  #drop(leases: readonly Lease[]): void {
    for (const lease of leases) this.#book.delete(lease);
    for (const instance of new Set(leases.map((lease) => lease.instance))) this.#onLapse(instance);
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

/** A request for explicit leases. */
interface LeaseQuery {
  instance: Instance;
  resources: readonly string[];
  /** For how long it is held once it is taken. */
  durationMs: number;
  /** How long to wait for the turn. */
  deadlineMs: number;
}

/** One that waits. */
interface Asked extends Waiter {
  readonly instance: Instance;
  readonly durationMs: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (leases: Lease[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests for explicit leases. */
export class LeaseRequests {
  readonly #leases: Leases;
  readonly #onLeave: (instance: Instance) => void;
  /** In the order of asking. */
  readonly #waiting = new Set<Asked>();

  /** @param onLeave Called when one has given up: others may have waited behind it. */
  constructor(leases: Leases, onLeave: (instance: Instance) => void) {
    this.#leases = leases;
    this.#onLeave = onLeave;
  }

  /**
   * Takes or renews explicit leases, as soon as no other session holds the resources or has asked before.
   * @throws {WireError} LEASE_HELD, at once where that can't be within the deadline; BUSY when they are too many.
   */
  async acquire(client: Client, { instance, resources, durationMs, deadlineMs }: LeaseQuery): Promise<Lease[]> {
    const acceptedAt = performance.now();
    const held = this.#leases.conflict(instance, client, resources);
    if (held?.explicit && held.until > acceptedAt + deadlineMs) throw keptBack(held, resources);
    return new Promise<Lease[]>((resolve, reject) => {
      const timer = setTimeout(() => {
        const obstacle = this.#leases.obstacle(instance, asked);
        this.#fail(asked, obstacle ? keptBack(obstacle, resources) : cancelled());
      }, deadlineMs);
      const asked: Asked = { client, instance, touches: resources, acceptedAt, durationMs, timer, resolve, reject };
      this.#waiting.add(asked);
      this.#grant(asked);
    });
  }

  /** The turn of some may have come. */
  grant(instance: Instance): void {
    for (const asked of this.#waiting) if (asked.instance === instance) this.#grant(asked);
  }

  /** A client or an instance is gone. */
  forget(gone: Client): void {
    for (const asked of [...this.#waiting]) {
      if (asked.client === gone) this.#fail(asked, cancelled());
      else if (asked.instance === gone) this.#fail(asked, nothingToHold(asked.instance.name));
    }
  }

  /** Ends every timer. */
  dispose(): void {
    for (const { timer } of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }

  #grant(asked: Asked): void {
    const { instance, client, touches, durationMs } = asked;
    if (this.#leases.obstacle(instance, asked)) {
      this.#leases.wait(instance, asked);
      return;
    }
    this.#end(asked);
    try {
      asked.resolve(this.#leases.acquire(instance, client, touches, durationMs));
    } catch (error) {
      asked.reject(error);
    }
  }

  #fail(asked: Asked, error: WireError): void {
    this.#end(asked);
    asked.reject(error);
    this.#onLeave(asked.instance);
  }

  #end(asked: Asked): void {
    clearTimeout(asked.timer);
    this.#waiting.delete(asked);
    this.#leases.leave(asked.instance, asked);
  }
}
