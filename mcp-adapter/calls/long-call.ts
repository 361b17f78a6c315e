/** One tool call on its way to become a job: once it has long work to do, and its time to be answered directly is over. */
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";

/** When a call becomes a job, as a share of the budget that a direct answer has: 20 s of 25. */
const DIRECT_SHARE = 0.8;

export class LongCall {
  /** On the clock of `performance.now()`. */
  readonly startedAt = performance.now();
  /** Fulfilled when the call is to go on as a job; never, for one that has no long work to do. */
  readonly due: Promise<"due">;
  readonly #timer: NodeJS.Timeout;
  #isLong = false;
  #isLate = false;
  #becomeDue: (due: "due") => void = () => {};

  /** @param deadlineMs Budget of a direct answer. */
  constructor(deadlineMs: number) {
    this.due = new Promise((resolve) => {
      this.#becomeDue = resolve;
    });
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#check();
    }, DIRECT_SHARE * deadlineMs);
  }

  /** Says that the call has long work to do. Returns the end of the budget of that work. */
  extend(): number {
    this.#isLong = true;
    this.#check();
    return this.startedAt + COMMAND_DEADLINE_MAX_MS;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    if (this.#isLong && this.#isLate) this.#becomeDue("due");
  }
}
