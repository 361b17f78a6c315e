/** What ends a hub that runs in the foreground: signals and its own wish, once; a second signal ends it at once. */

/** SIGBREAK is Ctrl+Break, the one signal that a program on Windows can send to another; elsewhere it does not exist. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"];

/** Waits for the first reason to stop. */
export class StopRequest {
  /** Resolves with why the hub is to stop. */
  readonly requested: Promise<string>;
  #resolve: (reason: string) => void = () => {};
  #isRequested = false;

  constructor() {
    this.requested = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** True once somebody has asked for the end. */
  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** Asks for a clean stop. */
  stop(reason: string): void {
    this.#isRequested = true;
    this.#resolve(reason);
  }

  /** Turns the first signal into a clean stop, and the second into `exitNow`. */
  listenToSignals(exitNow: () => void): void {
    for (const signal of SIGNALS) {
      process.on(signal, () => (this.#isRequested ? exitNow() : this.stop(signal)));
    }
  }
}
