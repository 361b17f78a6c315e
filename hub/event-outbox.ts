/** Events for one session: sent at once while it reads, kept for a while when it doesn't, the oldest dropped first. */
import { encodeNotification } from "../protocol/codec.ts";
import type { Client } from "./client.ts";

/** What one session is still to hear, in order, bounded. */
export class EventOutbox {
  readonly #client: Client;
  readonly #limit: number;
  #kept: string[] = [];
  #dropped = 0;

  /** @param limit Events kept while the session is away or does not keep up. */
  constructor(client: Client, limit: number) {
    this.#client = client;
    this.#limit = limit;
  }

  /** Takes the session's present connection and sends what was kept. */
  attach(): void {
    const { connection } = this.#client;
    if (!connection) return;
    connection.onDrain = () => this.#flush();
    this.#flush();
  }

  /** Sends an event, or keeps it for when the session reads again. */
  push(frame: string): void {
    if (this.#kept.length === 0 && this.#canSend()) {
      this.#client.send(frame);
      return;
    }
    this.#kept.push(frame);
    if (this.#kept.length > this.#limit) {
      this.#kept.shift();
      this.#dropped += 1;
    }
  }

  /** Tells the session, before its next event, that `count` more are lost. */
  noteDropped(count: number): void {
    this.#dropped += count;
    this.#flush();
  }

  #canSend(): boolean {
    const { connection } = this.#client;
    return connection?.isOpen === true && !connection.isBacklogged;
  }

  #flush(): void {
    if (this.#dropped > 0 && this.#canSend()) {
      this.#client.send(encodeNotification("event", { event: "hub.events_dropped", data: { count: this.#dropped } }));
      this.#dropped = 0;
    }
    let sent = 0;
    for (const frame of this.#kept) {
      if (!this.#canSend()) break;
      this.#client.send(frame);
      sent += 1;
    }
    this.#kept = this.#kept.slice(sent);
  }
}
