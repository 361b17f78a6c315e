/** Requests of the AI client that are not answered yet: a process that ends answers them first, if it has the time. */
import { setTimeout as delay } from "node:timers/promises";

export class Unanswered {
  readonly #own = new Set<Promise<unknown>>();
  readonly #calls = new Set<Promise<unknown>>();

  /** Takes note of an answer that needs nothing but this process, and gives it in its shape. */
  own<T, R>(work: Promise<T>, shape: (value: T) => R): Promise<R> {
    return track(this.#own, work.then(shape));
  }

  /** The same of an answer that may need the hub. */
  forwarded<T, R>(work: Promise<T>, shape: (value: T) => R): Promise<R> {
    return track(this.#calls, work.then(shape));
  }

  /** Fulfilled when what has been asked so far is answered; what may need the hub is waited for no longer than `callsMs`. */
  async settled(callsMs: number): Promise<void> {
    const calls = Promise.race([Promise.allSettled(this.#calls), delay(callsMs)]);
    await Promise.allSettled(this.#own);
    await calls;
    // The SDK writes an answer a few microtasks after its handler is done.
    await new Promise(setImmediate);
  }
}

function track<T>(unsettled: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  unsettled.add(work);
  const done = () => unsettled.delete(work);
  work.then(done, done);
  return work;
}
