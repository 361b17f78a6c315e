/** What a session over HTTP was sent, kept a while: a client whose stream breaks takes it up again by the id of the last event that it has. */

/** Longest that is kept of one session, in characters of JSON; the newest event is kept whatever its length. */
const KEPT_LENGTH = 4 * 1024 * 1024;

interface SentEvent<M> {
  readonly stream: string;
  readonly message: M;
  readonly length: number;
}

/** In the form that the MCP SDK asks for; `M` is its message. */
export class SentEvents<M> {
  /** By id, oldest first. Ids are numbers that count all events of the session. */
  readonly #events = new Map<number, SentEvent<M>>();
  readonly #keptLength: number;
  #count = 0;
  #length = 0;

  constructor(keptLength = KEPT_LENGTH) {
    this.#keptLength = keptLength;
  }

  /** Keeps an event of a stream. @returns its id. */
  async storeEvent(stream: string, message: M): Promise<string> {
    this.#count += 1;
    const { length } = JSON.stringify(message);
    this.#events.set(this.#count, { stream, message, length });
    this.#length += length;
    for (const [id, event] of this.#events) {
      if (this.#length <= this.#keptLength || id === this.#count) break;
      this.#events.delete(id);
      this.#length -= event.length;
    }
    return String(this.#count);
  }

  /** The stream of an event; undefined for one that is not kept. */
  async getStreamIdForEventId(id: string): Promise<string | undefined> {
    return this.#events.get(Number(id))?.stream;
  }

  /** Sends again what came after an event in its stream. @returns the stream. */
  async replayEventsAfter(
    lastId: string,
    { send }: { send: (id: string, message: M) => Promise<void> },
  ): Promise<string> {
    const stream = this.#events.get(Number(lastId))?.stream ?? "";
    for (const [id, event] of [...this.#events]) {
      if (id > Number(lastId) && event.stream === stream) await send(String(id), event.message);
    }
    return stream;
  }
}
