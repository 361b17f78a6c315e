/** Every connection that is open, identified or not, so that a stop can close them all and know when they are gone. */
import type { CloseReason } from "../protocol/close-codes.ts";
import type { Connection } from "./connection.ts";
import { withTimeout } from "./with-timeout.ts";

/** The set of connections that a stop has to close. */
export class OpenConnections {
  readonly #open = new Set<Connection>();
  #onEmpty: (() => void) | undefined;

  /** Counts a connection in. */
  add(connection: Connection): void {
    this.#open.add(connection);
  }

  /** Counts a connection out, once its socket is closed. */
  delete(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#onEmpty?.();
  }

  /** Closes all of them and waits until they are gone, for at most `timeoutMs`. */
  async closeAll(reason: CloseReason, text: string, timeoutMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const connection of this.#open) connection.close(reason, text);
    await withTimeout(empty, timeoutMs);
  }
}
