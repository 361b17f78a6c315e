/** What waits for one instance and what is in flight to it. */
import type { Workload } from "../clients/instance.ts";
import { CommandQueue } from "./command-queue.ts";
import { type AnswerRoom, KeptAnswers } from "./kept-answers.ts";
import { Window, type Windowed } from "./window.ts";

/** How much a lane takes. */
export interface LaneLimits {
  /** Commands that one client may have waiting. */
  queueLimit: number;
  /** Commands in flight at the most, long ones not counted. */
  windowSize: number;
}

/** Queue, commands in flight and window of one instance. */
export class Lane<R extends Windowed> implements Workload {
  /** Commands that wait to be sent. */
  readonly queue: CommandQueue<R>;
  /** Commands that were sent and have no answer, in the order in which they were sent. */
  readonly inFlight = new Set<R>();
  /** Counts writes as they are accepted and as they end: two reads with the same count may share an answer. */
  writeCount = 0;
  readonly window: Window;
  readonly kept: KeptAnswers;

  constructor({ queueLimit, windowSize }: LaneLimits, answers: AnswerRoom) {
    this.queue = new CommandQueue(queueLimit);
    this.window = new Window(windowSize);
    this.kept = new KeptAnswers(answers);
  }

  /** Takes the next command that may be sent now: one that `admits`, of the client whose turn it is, with room in the window. `admits` is asked first. */
  next(admits: (request: R) => boolean): R | undefined {
    return this.queue.shift((request) => admits(request) && this.window.hasRoomFor(request, this.inFlight));
  }

  /** Commands that were sent and have no answer. */
  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** Commands that wait to be sent. */
  get queuedCount(): number {
    return this.queue.size;
  }

  /** Commands that may be in flight at present, long ones not counted. */
  get windowSize(): number {
    return this.window.size;
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
