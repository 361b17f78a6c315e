/** Keeps events for later requests: bounded in number and size, the oldest go first. */
import type { Permit } from "../access/permission.ts";
import { isGuest, isSameToken, Quota } from "../access/quota.ts";

/** What is kept of an event, at least: the frame that tells of it. */
interface Told {
  readonly frame: string;
}

/** How much may be kept. */
export interface KeptEventsLimits {
  readonly count: number;
  /** Characters of all frames together, about as many as bytes. The latest event is kept whatever its size. */
  readonly size: number;
}

/** What is kept together, in characters. Where it is too much, whoever keeps most gives up its oldest. */
export class EventRoom {
  readonly #quota: Quota;
  readonly #keepers = new Set<KeptEvents<Told>>();

  constructor(size: number) {
    this.#quota = new Quota(size);
  }

  /** Counts in what a keeper has taken, or out again. */
  add(keeper: KeptEvents<Told>, size: number): void {
    this.#quota.add(keeper.permit, size);
    if (keeper.size > 0) this.#keepers.add(keeper);
    else this.#keepers.delete(keeper);
  }

  /** Has others, or the keeper itself, give up events until there is room for what it has. */
  settle(keeper: KeptEvents<Told>): void {
    const { permit } = keeper;
    for (let short = this.#quota.shortage(permit, 0); short; short = this.#quota.shortage(permit, 0)) {
      const token = short.scope === "token" ? permit : this.#greediest(permit, short.scope === "guests");
      if (!this.#largest(token)?.giveUp()) return;
    }
  }

  /** Whose token keeps most. */
  #greediest(first: Permit | undefined, isAmongGuests: boolean): Permit | undefined {
    let greediest = first;
    for (const { permit } of this.#keepers) {
      if (isAmongGuests && !isGuest(permit)) continue;
      if (this.#quota.takenBy(permit) > this.#quota.takenBy(greediest)) greediest = permit;
    }
    return greediest;
  }

  #largest(token: Permit | undefined): KeptEvents<Told> | undefined {
    let largest: KeptEvents<Told> | undefined;
    for (const keeper of this.#keepers) {
      const isLarger = !largest || keeper.size > largest.size;
      if (isLarger && isSameToken(keeper.permit, token)) largest = keeper;
    }
    return largest;
  }
}

/** The latest events, in their order. */
export class KeptEvents<E extends Told> {
  /** What their owner has proved. */
  readonly permit: Permit | undefined;
  readonly #limits: KeptEventsLimits;
  readonly #room: EventRoom;
  readonly #onGivenUp: (count: number) => void;
  #events: E[] = [];
  #size = 0;

  /**
   * @param limits How much is kept.
   * @param room What is kept together with others.
   * @param onGivenUp Hears of events that had to go.
   */
  constructor(
    limits: KeptEventsLimits,
    room: EventRoom,
    permit?: Permit,
    onGivenUp: (count: number) => void = () => {},
  ) {
    this.#limits = limits;
    this.#room = room;
    this.permit = permit;
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

  /** Drops everything: nobody will ask for it. */
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
