/** Every connection that is open, identified or not, so that a stop can close them all and know when they are gone; and what went over all of them. */
import type { CloseReason } from "../../protocol/close-codes.ts";
import { withTimeout } from "../with-timeout.ts";
import type { Connection } from "./connection.ts";

/** What has gone over the connections of a hub since it started. */
interface Traffic {
  /** Connections that are open. */
  readonly open: number;
  /** Bytes of messages. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Connections that the hub has closed, by why. */
  readonly closed: ReadonlyMap<CloseReason, number>;
}

/** The set of connections that a stop has to close. */
export class OpenConnections {
  readonly #open = new Set<Connection>();
  readonly #closed = new Map<CloseReason, number>();
  /** Of those that are closed. */
  readonly #past = { receivedBytes: 0, sentBytes: 0 };
  #onEmpty: (() => void) | undefined;

  /** Counts a connection in. */
  add(connection: Connection): void {
    this.#open.add(connection);
  }

  /** Counts a connection out, once its socket is closed. */
  delete(connection: Connection): void {
    if (!this.#open.delete(connection)) return;
    const { receivedBytes, sentBytes, closedAs } = connection;
    this.#past.receivedBytes += receivedBytes;
    this.#past.sentBytes += sentBytes;
    if (closedAs) this.#closed.set(closedAs, (this.#closed.get(closedAs) ?? 0) + 1);
    if (this.#open.size === 0) this.#onEmpty?.();
  }

  /** The sums at this moment. */
  get traffic(): Traffic {
    const sums = { ...this.#past };
    for (const { receivedBytes, sentBytes } of this.#open) {
      sums.receivedBytes += receivedBytes;
      sums.sentBytes += sentBytes;
    }
    return { ...sums, open: this.#open.size, closed: this.#closed };
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
