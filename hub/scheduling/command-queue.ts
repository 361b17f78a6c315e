/** Commands that wait for one instance: first in, first out for each client, and the clients in turn. */
import { WireError } from "../../protocol/errors.ts";

/** When a full queue is worth another try. */
const RETRY_AFTER_MS = 500;

/** What the queue needs to know of a command. */
export interface Queueable {
  readonly client: { readonly id: string };
}

/** The queue of one instance, bounded for each client. */
export class CommandQueue<R extends Queueable> {
  readonly #limit: number;
  /** By client id, in turn: the first entry is served next and moves to the end. */
  readonly #waiting = new Map<string, R[]>();
  #size = 0;

  /** @param limit Commands that one client may have waiting. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Commands that wait, of all clients. */
  get size(): number {
    return this.#size;
  }

  /** Every waiting command, client by client. */
  *[Symbol.iterator](): Iterator<R> {
    for (const waiting of this.#waiting.values()) yield* waiting;
  }

  /** @throws {WireError} BUSY when the client has as many waiting as it may. */
  push(request: R): void {
    const waiting = this.#waitingOf(request);
    if (waiting.length >= this.#limit) {
      throw new WireError("BUSY", `${waiting.length} of your commands are waiting for this instance already.`, {
        retryAfterMs: RETRY_AFTER_MS,
        hint: "Wait for answers before you send more, or join operations in one edit.batch.",
      });
    }
    waiting.push(request);
    this.#size += 1;
  }

  /** Puts commands that were taken back at the head, in their order. */
  unshift(requests: readonly R[]): void {
    for (const request of requests.toReversed()) {
      this.#waitingOf(request).unshift(request);
      this.#size += 1;
    }
  }

  /** False when the command was not waiting. */
  remove(request: R): boolean {
    const waiting = this.#waiting.get(request.client.id);
    const index = waiting?.indexOf(request) ?? -1;
    if (!waiting || index < 0) return false;
    waiting.splice(index, 1);
    if (waiting.length === 0) this.#waiting.delete(request.client.id);
    this.#size -= 1;
    return true;
  }

  /** Takes the next command that `admits`, of the client whose turn it is; clients whose first one is not admitted are passed over. */
  shift(admits: (request: R) => boolean): R | undefined {
    for (const [clientId, waiting] of this.#waiting) {
      const [first] = waiting;
      if (!first || !admits(first)) continue;
      waiting.shift();
      this.#size -= 1;
      this.#waiting.delete(clientId);
      if (waiting.length > 0) this.#waiting.set(clientId, waiting);
      return first;
    }
    return undefined;
  }

  #waitingOf(request: R): R[] {
    const known = this.#waiting.get(request.client.id);
    if (known) return known;
    const waiting: R[] = [];
    this.#waiting.set(request.client.id, waiting);
    return waiting;
  }
}
