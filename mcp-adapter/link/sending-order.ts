/** Keeps the commands for one target in the order in which they were asked, while one of them has to find something out first. */

export class SendingOrder {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Calls `send` once the commands before it are sent.
   * @param send Fulfilled with the way to the answer as soon as the command is sent: the answer itself holds nobody up.
   */
  async take<T>(target: string, send: () => Promise<() => Promise<T>>): Promise<T> {
    const before = this.#last.get(target);
    const sent = before ? before.then(send) : send();
    const done = sent.then(nothing, nothing);
    this.#last.set(target, done);
    try {
      return await (await sent)();
    } finally {
      if (this.#last.get(target) === done) this.#last.delete(target);
    }
  }
}

function nothing(): void {}
