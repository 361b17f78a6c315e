/** Lets what a stream is given within one turn of the event loop leave in one write: each write wakes the process that reads. */
import type { Writable } from "node:stream";

/** A stream is held back until the callbacks that run now, and what they have promised, are done. */
export class OneWritePerTurn {
  readonly #stream: Writable;
  #isHeld = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** To be called before something is written. */
  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#stream.cork();
    process.nextTick(() => {
      this.#isHeld = false;
      this.#stream.uncork();
    });
  }
}
