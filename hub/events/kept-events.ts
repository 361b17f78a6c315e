/** Keeps events for later requests: bounded in number and size, the oldest go first. */
import type { Permission } from "../access/permission.ts";
import { isGuest, isSameToken, Quota } from "../access/quota.ts";

/** A kept event: at least its frame. */
interface KeptEvent {
  readonly frame: string;
}

/** How much may be kept. */
export interface KeptEventsLimits {
  readonly count: number;
  /** Characters of all frames together, about as many as bytes. The latest event is kept whatever its size. */
  readonly size: number;
}

/** The room for all kept events, in characters. Where they are too many, the largest keeper gives up its oldest. */
export class EventRoom {
  readonly #quota: Quota;
  readonly #keepers = new Set<KeptEvents<KeptEvent>>();

  constructor(size: number) {
    this.#quota = new Quota(size);
  }

  /** Counts in what a keeper has taken, or out again. */
  add(keeper: KeptEvents<KeptEvent>, size: number): void {
    this.#quota.add(keeper.permission, size);
    if (keeper.size > 0) this.#keepers.add(keeper);
    else this.#keepers.delete(keeper);
  }

  /** Has others, or the keeper itself, give up events until there is room for what it has. */
  settle(keeper: KeptEvents<KeptEvent>): void {
    const { permission } = keeper;
    for (let short = this.#quota.shortage(permission, 0); short; short = this.#quota.shortage(permission, 0)) {
      const token = short.scope === "token" ? permission : this.#greediest(permission, short.scope === "guests");
      if (!this.#largest(token)?.giveUp()) return;
    }
  }

  /** Whose token keeps most. */
  #greediest(first: Permission | undefined, isAmongGuests: boolean): Permission | undefined {
    let greediest = first;
    for (const { permission } of this.#keepers) {
      if (isAmongGuests && !isGuest(permission)) continue;
      if (this.#quota.takenBy(permission) > this.#quota.takenBy(greediest)) greediest = permission;
    }
    return greediest;
  }

  #largest(token: Permission | undefined): KeptEvents<KeptEvent> | undefined {
    let largest: KeptEvents<KeptEvent> | undefined;
    for (const keeper of this.#keepers) {
      const isLarger = !largest || keeper.size > largest.size;
      if (isLarger && isSameToken(keeper.permission, token)) largest = keeper;
    }
    return largest;
  }
}

/** The latest events, in their order. */
export class KeptEvents<E extends KeptEvent> {
  /** What their owner has proved. */
  readonly permission: Permission | undefined;
  readonly #limits: KeptEventsLimits;
  readonly #room: EventRoom;
  readonly #onGivenUp: (count: number) => void;
  #events: E[] = [];
  #size = 0;

  /**
   * @param limits How much is kept.
   * @param room Room that is shared with others.
   * @param onGivenUp Hears of events that had to go.
   */
  constructor(
    limits: KeptEventsLimits,
    room: EventRoom,
    permission?: Permission,
    onGivenUp: (count: number) => void = () => {},
  ) {
    this.#limits = limits;
    this.#room = room;
    this.permission = permission;
    this.#onGivenUp = onGivenUp;
  }

  /** The oldest one. */
  get first(): E | undefined {
    return this.#events[0];
  }

  /** Characters of all. */
  get size(): number {
    return this.#size;
  }

  /** Keeps an event; older ones may have to go for it. */
  push(event: E): void {
    this.#events.push(event);
    this.#count(event.frame.length);
    while (this.#events.length > 1 && this.#isOver()) this.giveUp();
    this.#room.settle(this);
  }

  /** Takes out the oldest one. */
  shift(): E | undefined {
    const event = this.#events.shift();
    if (event) this.#count(-event.frame.length);
    return event;
  }

  /** Drops the oldest one, which is then lost. @returns false when there is none. */
  giveUp(): boolean {
    if (!this.shift()) return false;
    this.#onGivenUp(1);
    return true;
  }

  /** Drops everything. */
  clear(): void {
    this.#events = [];
    this.#count(-this.#size);
  }

  /** Every event, the oldest first. */
  [Symbol.iterator](): Iterator<E> {
    return this.#events.values();
  }

  #count(change: number): void {
    this.#size += change;
    this.#room.add(this, change);
  }

  #isOver(): boolean {
    return this.#events.length > this.#limits.count || this.#size > this.#limits.size;
  }
}
