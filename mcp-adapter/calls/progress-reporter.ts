/** Progress of one call for an AI client: what Godot reports, and a sign of life while it reports nothing. */
import type { ProgressParams } from "../../protocol/rpc.ts";

/** What an AI client hears. `progress` grows with every update, as MCP asks. */
export interface ProgressUpdate {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** Longest silence towards a client that asked for progress. */
const KEEP_ALIVE_MS = 10_000;
/** How far a sign of life, which is no progress, moves the count. */
const TICK = 0.001;

export class ProgressReporter {
  readonly #report: (update: ProgressUpdate) => void;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #last: ProgressUpdate = { progress: 0 };
  #isStopped = false;

  constructor(report: (update: ProgressUpdate) => void) {
    this.#report = report;
    this.#timer = setInterval(() => this.#keepAlive(), KEEP_ALIVE_MS).unref();
  }

  /** Passes on what came from Godot. */
  forward({ progress, total, message }: ProgressParams): void {
    if (this.#isStopped) return;
    this.#timer.refresh();
    this.#send({
      progress: Math.max(progress, this.#last.progress + TICK),
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    });
  }

  /** Ends it: the call is answered. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  #keepAlive(): void {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1_000);
    this.#send({ ...this.#last, progress: this.#last.progress + TICK, message: `waiting since ${seconds} s` });
  }

  #send(update: ProgressUpdate): void {
    this.#last = update;
    this.#report(update);
  }
}
