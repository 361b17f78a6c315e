/** Commands that wait for one instance: first in, first out for each client, and the clients in turn. */
import { WireError } from "../protocol/errors.ts";
import type { PendingRequest } from "./pending-request.ts";

/** When a full queue is worth another try. */
const RETRY_AFTER_MS = 500;

export class CommandQueue {
  readonly #limit: number;
  /** By client id, in turn: the first entry is served next and moves to the end. */
  readonly #waiting = new Map<string, PendingRequest[]>();
  #size = 0;

  /** @param limit Commands that one client may have waiting. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** Every waiting command, client by client. */
  *[Symbol.iterator](): Iterator<PendingRequest> {
    for (const waiting of this.#waiting.values()) yield* waiting;
  }

  /** @throws {WireError} BUSY when the client has as many waiting as it may. */
  push(request: PendingRequest): void {
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
  unshift(requests: readonly PendingRequest[]): void {
    for (const request of requests.toReversed()) {
      this.#waitingOf(request).unshift(request);
      this.#size += 1;
    }
  }

  /** False when the command was not waiting. */
  remove(request: PendingRequest): boolean {
    const waiting = this.#waiting.get(request.client.id);
    const index = waiting?.indexOf(request) ?? -1;
    if (!waiting || index < 0) return false;
    waiting.splice(index, 1);
    if (waiting.length === 0) this.#waiting.delete(request.client.id);
    this.#size -= 1;
    return true;
  }

  /** Takes the next command that `admits`, of the client whose turn it is; clients whose first one is not admitted are passed over. */
  shift(admits: (request: PendingRequest) => boolean): PendingRequest | undefined {
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

  #waitingOf(request: PendingRequest): PendingRequest[] {
    const known = this.#waiting.get(request.client.id);
    if (known) return known;
    const waiting: PendingRequest[] = [];
    this.#waiting.set(request.client.id, waiting);
    return waiting;
  }
}
