/** What waits for one instance and what is in flight to it. */
import { CommandQueue, type Queueable } from "./command-queue.ts";

/** How much there is to do for an instance. */
export interface Workload {
  readonly inFlightCount: number;
  readonly queuedCount: number;
}

/** An instance for which there is nothing to do. */
export const IDLE: Workload = { inFlightCount: 0, queuedCount: 0 };

export class Lane<R extends Queueable> implements Workload {
  /** Commands that wait to be sent. */
  readonly queue: CommandQueue<R>;
  /** Commands that were sent and have no answer, in the order in which they were sent. */
  readonly inFlight = new Set<R>();
  /** Counts writes as they are accepted and as they end: two reads with the same count may share an answer. */
  writeCount = 0;

  /** @param queueLimit Commands that one client may have waiting. */
  constructor(queueLimit: number) {
    this.queue = new CommandQueue(queueLimit);
  }

  get inFlightCount(): number {
    return this.inFlight.size;
  }

  get queuedCount(): number {
    return this.queue.size;
  }

  /** Takes a command out, wherever it is. */
  remove(request: R): void {
    if (!this.inFlight.delete(request)) this.queue.remove(request);
  }

  /** Everything in flight and everything that waits. */
  *[Symbol.iterator](): Iterator<R> {
    yield* this.inFlight;
    yield* this.queue;
  }
}
