/** Hands the input of a socket on in shares: a client that sends without end takes no more of a turn than others. */
import { Duplex } from "node:stream";
import type { UnprovedSocket } from "../../hub-client/unproved-sockets.ts";
import { BOUNDS } from "../bounds.ts";
import { RecentUse, type TurnBudget, type Worker } from "./turn-budget.ts";

/** Input of one socket may be handled for so long at a time, ms. */
const SHARE_MS = 0.5;
/** What a new socket counts as having used, ms: there is no end of new ones, and those that are known go first. */
const FIRST_USE_MS = 2;
/** Tasks between two looks at the clock. */
const TASKS_PER_LOOK = 4;
/** The largest piece that is handed on at once, in bytes: how many frames or requests can stand in it bounds how far a share is overrun. */
const PIECE_BYTES = 16 * 1024;
/** The same until its client is identified: a request of HTTP is short, and costs more than a frame. */
const FIRST_PIECE_BYTES = 512;

/** From this size on, in bytes, what has come of a message that is not whole is told of. */
const NOTABLE_BYTES = 64 * 1024;

/** What a metered stream needs of the socket below it. */
interface MeteredSocket extends Duplex {
  readonly remoteAddress?: string | undefined;
  setTimeout(ms: number): unknown;
}

/** A stream in the socket's place, for the HTTP server and the WebSocket library alike. */
export class MeteredStream extends Duplex implements Worker {
  readonly use = new RecentUse();
  /** Where the socket comes from; also after it is closed. */
  readonly remoteAddress: string | undefined;
  /** Its place among the sockets that have proved nothing. */
  readonly place: UnprovedSocket;
  /** Monotonic time (ms) at which something came last. */
  heardAt = performance.now();
  /** Called when it has sent more than it may before its client is identified; from then on nothing is read. */
  onExcess = (): void => void this.destroy();
  /** Hears how many bytes of a message have come that is not handled yet, when they are many; then of 0. Until its client is identified that is bounded anyway. */
  onUnfinished: (bytes: number) => void = () => {};
  readonly #socket: MeteredSocket;
  readonly #turns: TurnBudget;
  readonly #chunks: Buffer[] = [];
  readonly #tasks: (() => void)[] = [];
  #allowedBytes = BOUNDS.openingBytes.most;
  #isLifted = false;
  #pieceBytes = FIRST_PIECE_BYTES;
  /** Bytes that were handed on since a message was handled. */
  #unfinished = 0;
  /** When the present share is used up; 0 while nothing is handled. */
  #shareEndsAt = 0;
  /** Tasks of the present share. */
  #performed = 0;
  #isWanted = false;
  #isPaused = false;
  #isHeld = false;
  #hasEnded = false;

  constructor(socket: MeteredSocket, turns: TurnBudget, place: UnprovedSocket) {
    super({ decodeStrings: false });
    this.#socket = socket;
    this.#turns = turns;
    this.place = place;
    this.remoteAddress = socket.remoteAddress;
    this.use.add(FIRST_USE_MS, this.heardAt);
    // Whoever uses it listens too, but not from the first to the last moment.
    this.on("error", () => {});
    socket.on("data", this.#onData);
    socket.on("end", () => {
      this.#hasEnded = true;
      this.#turns.handle(this, performance.now());
    });
    socket.on("timeout", () => this.emit("timeout"));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  /** Its client is identified: it may send without end, in larger pieces. */
  lift(): void {
    this.#isLifted = true;
    this.#pieceBytes = PIECE_BYTES;
  }

  /** A message has come as a whole, and is handled now. */
  endMessage(): void {
    if (this.#unfinished > NOTABLE_BYTES) this.onUnfinished(0);
    this.#unfinished = 0;
  }

  /** Hands on nothing until `goOn`: what its peer sends stays in the system. */
  hold(): void {
    this.#isHeld = true;
    this.#pause();
  }

  /** Goes on after `hold`. */
  goOn(): void {
    this.#isHeld = false;
    this.#turns.wait(this);
  }

  /** Reads nothing any more. */
  mute(): void {
    this.#chunks.length = 0;
    this.#socket.off("data", this.#onData);
    this.#socket.pause();
  }

  /** Has `task` done within this socket's share: at once, or in a later turn after those that were given before it. */
  perform(task: () => void): void {
    if (this.#tasks.length === 0 && this.#isWithinShare()) task();
    else this.#defer(task);
  }

  /** Has `task` done after those that were given to `perform` before it. */
  performLast(task: () => void): void {
    if (this.#tasks.length === 0) task();
    else this.#defer(task);
  }

  /** As that of a socket: the HTTP server ends idle connections by it. */
  setTimeout(ms: number): this {
    this.#socket.setTimeout(ms);
    return this;
  }

  /** Handles what has come, for one share. @returns false when something is left. */
  work(begin: number): boolean {
    let now = begin;
    this.#shareEndsAt = begin + SHARE_MS;
    this.#performed = 0;
    while (now < this.#shareEndsAt && this.#step()) now = performance.now();
    this.#shareEndsAt = 0;
    this.use.add(now - begin, now);
    if (this.#hasMore) return false;
    if (this.#isHeld) return true;
    if (this.#isPaused) this.#socket.resume();
    this.#isPaused = false;
    return true;
  }

  override _read(): void {
    this.#isWanted = true;
    if (this.#shareEndsAt === 0 && this.#hasMore) this.#turns.wait(this);
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _writev(
    chunks: { chunk: Buffer | string; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    const last = chunks.pop();
    this.#socket.cork();
    for (const { chunk, encoding } of chunks) this.#socket.write(chunk, encoding);
    if (last) this.#socket.write(last.chunk, last.encoding, done);
    this.#socket.uncork();
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#chunks.length = 0;
    this.endMessage();
    this.#socket.destroy();
    done(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#allowedBytes -= chunk.length;
    if (this.#allowedBytes < 0 && !this.#isLifted) {
      this.mute();
      this.onExcess();
      return;
    }
    this.#chunks.push(chunk);
    this.heardAt = performance.now();
    if (this.#turns.isWaiting(this)) this.#pause();
    else this.#turns.handle(this, this.heardAt);
  };

  /** Whole frames that came before the connection broke are still handled. */
  get #hasMore(): boolean {
    if (this.#tasks.length > 0) return true;
    return this.#isWanted && !this.#isHeld && !this.destroyed && (this.#chunks.length > 0 || this.#hasEnded);
  }

  #isWithinShare(): boolean {
    if (this.#shareEndsAt === 0) return false;
    this.#performed += 1;
    return this.#performed % TASKS_PER_LOOK !== 0 || performance.now() < this.#shareEndsAt;
  }

  #defer(task: () => void): void {
    this.#tasks.push(task);
    if (this.#shareEndsAt === 0) this.#turns.wait(this);
  }

  /** More has come while it still waits: what follows stays in the system, where its sender notices. */
  #pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  /** Does the next thing that there is to do. @returns false when there is none. */
  #step(): boolean {
    const task = this.#tasks.shift();
    if (task) {
      task();
      return true;
    }
    if (!this.#hasMore) return false;
    const piece = this.#nextPiece();
    this.#unfinished += piece?.length ?? 0;
    this.#isWanted = this.push(piece);
    if (this.#unfinished > NOTABLE_BYTES && this.#isLifted) this.onUnfinished(this.#unfinished);
    return true;
  }

  /** The next bytes; null after the last ones. */
  #nextPiece(): Buffer | null {
    const [first] = this.#chunks;
    if (!first) {
      this.#hasEnded = false;
      return null;
    }
    if (first.length <= this.#pieceBytes) return this.#chunks.shift() ?? null;
    this.#chunks[0] = first.subarray(this.#pieceBytes);
    return first.subarray(0, this.#pieceBytes);
  }
}
