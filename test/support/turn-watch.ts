/** Watches how long the event loop of this process is held by one turn, in time of the processor: other processes do not count. */

export class TurnWatch {
  #longestMs = 0;
  #last = process.cpuUsage();
  #isWatching = true;

  constructor() {
    setImmediate(this.#onTurn);
  }

  /** Ends the watch. @returns the longest turn, ms. */
  stop(): number {
    this.#isWatching = false;
    return this.#longestMs;
  }

  readonly #onTurn = (): void => {
    const { user, system } = process.cpuUsage(this.#last);
    this.#last = process.cpuUsage();
    this.#longestMs = Math.max(this.#longestMs, (user + system) / 1_000);
    if (this.#isWatching) setImmediate(this.#onTurn);
  };
}
