/** Events for one session: sent at once while it reads, kept for a while when it doesn't, the oldest dropped first. */
import { encodeNotification } from "../../protocol/codec.ts";
import type { Client } from "../clients/client.ts";
import { type EventRoom, KeptEvents, type KeptEventsLimits } from "./kept-events.ts";

/** What one session is still to hear, in order, bounded. */
export class EventOutbox {
  readonly #client: Client;
  readonly #onDropped: (count: number) => void;
  readonly #kept: KeptEvents<{ frame: string }>;
  #dropped = 0;

  /**
   * @param limits What is kept while the session is away or does not keep up.
   * @param room What is kept together with others.
   * @param onDropped Hears how many events the session will not see.
   */
  constructor(client: Client, limits: KeptEventsLimits, room: EventRoom, onDropped: (count: number) => void) {
    this.#client = client;
    this.#onDropped = onDropped;
    this.#kept = new KeptEvents(limits, room, client.permit, (count) => this.#drop(count));
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
    if (!this.#kept.first && this.#canSend()) this.#client.send(frame);
    else this.#kept.push({ frame });
  }

  /** Nobody will hear what is kept. */
  dispose(): void {
    this.#kept.clear();
  }

  /** Tells the session, before its next event, that `count` more are lost. */
  noteDropped(count: number): void {
    this.#drop(count);
    this.#flush();
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#dropped += count;
    this.#onDropped(count);
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
    for (let next = this.#kept.first; next && this.#canSend(); next = this.#kept.first) {
      this.#kept.shift();
      this.#client.send(next.frame);
    }
  }
}
