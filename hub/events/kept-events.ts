/** Events that are kept for somebody who may ask for them later: bounded in number and size, the oldest go first. */

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

/** The latest events, in their order. */
export class KeptEvents<E extends Told> {
  readonly #limits: KeptEventsLimits;
  #events: E[] = [];
  #size = 0;

  /** @param limits How much is kept. */
  constructor(limits: KeptEventsLimits) {
    this.#limits = limits;
  }

  /** The oldest one. */
  get first(): E | undefined {
    return this.#events[0];
  }

  /** Keeps an event. @returns how many older ones had to go for it. */
  push(event: E): number {
    this.#events.push(event);
    this.#size += event.frame.length;
    let gone = 0;
    while (this.#events.length - gone > 1 && this.#isOver(gone)) {
      this.#size -= this.#events[gone]?.frame.length ?? 0;
      gone += 1;
    }
    if (gone > 0) this.#events = this.#events.slice(gone);
    return gone;
  }

  /** Takes out the oldest one. */
  shift(): E | undefined {
    const event = this.#events.shift();
    if (event) this.#size -= event.frame.length;
    return event;
  }

  /** Every event, the oldest first. */
  [Symbol.iterator](): Iterator<E> {
    return this.#events.values();
  }

  #isOver(gone: number): boolean {
    return this.#events.length - gone > this.#limits.count || this.#size > this.#limits.size;
  }
}
