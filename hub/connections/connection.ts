/** One socket as the rest of the hub sees it: bounded sending, closing, and when it was last heard from. */
import { CLOSE_CODES, type CloseReason } from "../../protocol/close-codes.ts";
import type { OwedProof, Permission } from "../access/permission.ts";

/** What a connection needs of a WebSocket. The listener gives one of the `ws` library; a test may give its own. */
export interface Socket {
  /** Sends a frame or, with `fin` false, a fragment of one (RFC 6455, section 5.4). `done` is called when it has left. */
  send(data: string | Buffer, options: { binary: boolean; fin: boolean }, done: (error?: Error | null) => void): void;
  ping(): void;
  pong(data: Buffer): void;
  close(code: number, reason: string): void;
  terminate(): void;
  /** Bytes that were given to `send` and have not left the process. */
  readonly bufferedAmount: number;
  /** OPEN while both sides may send: not from the moment at which the peer's close frame has come. */
  readonly readyState: number;
  readonly OPEN: number;
}

/** The stream below a WebSocket, which can hold back written data (`cork` and `uncork` of Node's streams). */
interface Stream {
  cork(): void;
  uncork(): void;
}

/** A connection's place among all others. */
interface Place {
  /** Moves it from those that have proved nothing to those that have. @returns why there is no room. */
  take(permission: Permission): string | undefined;
  /** Its client is identified: it may send without end. */
  lift(): void;
}

/** The facts of a connection before its client identifies itself. */
export interface ConnectionOrigin {
  /** What the upgrade request has proved; undefined when it carried no token. */
  readonly permission: Permission | undefined;
  /** The proof that its upgrade request has announced. */
  readonly owed?: OwedProof | undefined;
  /** The dashboard's session that its cookie names; its key is still to come with `identify`. */
  readonly session?: string | undefined;
  readonly address: string;
  /** What User-Agent or `?clientType=` say; a label only. */
  readonly typeHint: string;
  /** Largest message that it may send, in bytes. */
  readonly maxMessageBytes: number;
  readonly place?: Place;
}

/** How much may wait for a consumer that does not read. */
export interface SendLimits {
  /** Bytes past which a consumer that has read nothing for `stallMs` is slow. */
  readonly softBytes: number;
  /** Bytes past which it is slow at once. */
  readonly hardBytes: number;
  readonly stallMs: number;
  /** What waits for all consumers together. */
  readonly room?: { set(connection: Connection, bytes: number): void };
}

/** A frame to send: text, or its UTF-8 bytes, or these in pieces. */
export type Frame = string | Buffer | readonly Buffer[];

/** From this size on, in bytes, pieces are sent as fragments; joining shorter ones costs less than more frames would. */
const FRAGMENT_BYTES = 64 * 1024;
/** From this size on, in bytes, what waits for one consumer counts among what waits for all. */
const NOTABLE_BYTES = 1024 * 1024;
/** How long after a close frame the socket is destroyed when the peer does not answer it. */
const CLOSE_GRACE_MS = 1_000;
/** The same for a slow consumer: the close frame stands behind everything that it has not read yet. */
const SLOW_CLOSE_GRACE_MS = 10_000;

/** A connection of one client. Never throws on a socket that is closing: it drops frames then. */
export class Connection {
  readonly origin: ConnectionOrigin;
  /** Monotonic time (ms) of the last frame that came in. */
  lastSeenAt = performance.now();
  /** What has been proved on it; undefined before `identify`, perhaps. */
  permission: Permission | undefined;
  /** Bytes of the messages that came in; their handler counts them. */
  receivedBytes = 0;
  /** Bytes of the messages that were sent; text of the hub's own counts by its characters. */
  sentBytes = 0;
  /** Why the hub has closed it; undefined while it has not. */
  closedAs: CloseReason | undefined;
  /** Called when a backlog over the soft limit has drained below it. */
  onDrain: (() => void) | undefined;
  readonly #socket: Socket;
  readonly #stream: Stream;
  readonly #limits: SendLimits;
  #closing = false;
  #isGathering = false;
  /** When the peer has read something last, while more waits for it than `softBytes`; undefined while less does. */
  #lastProgressAt: number | undefined;
  #isHolding = false;

  constructor(socket: Socket, stream: Stream, origin: ConnectionOrigin, limits: SendLimits) {
    this.#socket = socket;
    this.#stream = stream;
    this.origin = origin;
    this.permission = origin.permission;
    this.#limits = limits;
  }

  /** True when more should not be sent now by someone who can wait. */
  get isBacklogged(): boolean {
    return this.#socket.bufferedAmount > this.#limits.softBytes;
  }

  /** False as soon as either side has begun to close: what were sent then might never be read. */
  get isOpen(): boolean {
    return !this.#closing && this.#socket.readyState === this.#socket.OPEN;
  }

  /** Sends one frame, or closes the connection as a slow consumer's when too much is waiting already. */
  send(frame: Frame): void {
    if (!this.isOpen) return;
    const bytes = sizeOf(frame);
    if (this.#isSlow(bytes)) {
      this.close("SLOW_CONSUMER", "This connection does not read what it is sent.");
      return;
    }
    this.sentBytes += bytes;
    this.#gather();
    if (!isInPieces(frame)) this.#transmit(frame, true);
    else if (bytes < FRAGMENT_BYTES) this.#transmit(Buffer.concat(frame, bytes), true);
    else for (const [index, piece] of frame.entries()) this.#transmit(piece, index === frame.length - 1);
    if (bytes >= FRAGMENT_BYTES) this.#release();
    this.#noteWaiting();
  }

  /** Asks the peer for a WebSocket pong, which counts as life. */
  ping(): void {
    if (this.isOpen) this.#socket.ping();
  }

  /** Answers a ping, unless the peer does not read either. */
  pong(data: Buffer): void {
    if (!this.isOpen || this.isBacklogged) return;
    this.#gather();
    this.#socket.pong(data);
  }

  /** Closes with a code of the protocol; a peer that does not answer the close frame is cut off a little later. */
  close(reason: CloseReason, text: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.closedAs = reason;
    this.#socket.close(CLOSE_CODES[reason], text);
    const graceMs = reason === "SLOW_CONSUMER" ? SLOW_CLOSE_GRACE_MS : CLOSE_GRACE_MS;
    setTimeout(() => this.#socket.terminate(), graceMs).unref();
  }

  /** Cuts the connection without a word. */
  terminate(): void {
    this.#closing = true;
    this.#socket.terminate();
  }

  /** Too much waits for consumers in all, and this one has read nothing for longest. */
  giveUp(): void {
    this.#isHolding = false;
    this.closedAs ??= "SLOW_CONSUMER";
    this.terminate();
  }

  /** Its socket is closed: nothing waits for it any more. */
  dispose(): void {
    if (this.#isHolding) this.#limits.room?.set(this, 0);
    this.#isHolding = false;
  }

  /** Frames of one turn leave together: the system's work for a write is more than the hub's for a request. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#stream.cork();
    process.nextTick(this.#release);
  }

  readonly #release = (): void => {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#stream.uncork();
  };

  #transmit(data: string | Buffer, fin: boolean): void {
    this.#socket.send(data, { binary: false, fin }, this.#onSent);
  }

  #noteWaiting(): void {
    const { room } = this.#limits;
    const waiting = this.#socket.bufferedAmount;
    if (!room || (waiting <= NOTABLE_BYTES && !this.#isHolding)) return;
    this.#isHolding = waiting > NOTABLE_BYTES;
    room.set(this, this.#isHolding ? waiting : 0);
  }

  #isSlow(bytes: number): boolean {
    const waiting = this.#socket.bufferedAmount;
    if (waiting <= this.#limits.softBytes) {
      this.#lastProgressAt = undefined;
      return false;
    }
    const now = performance.now();
    this.#lastProgressAt ??= now;
    return waiting + bytes > this.#limits.hardBytes || now - this.#lastProgressAt > this.#limits.stallMs;
  }

  readonly #onSent = (): void => {
    if (this.#lastProgressAt !== undefined) this.#lastProgressAt = performance.now();
    if (this.#isHolding) this.#noteWaiting();
    if (this.onDrain && !this.isBacklogged) this.onDrain();
  };
}

function isInPieces(frame: Frame): frame is readonly Buffer[] {
  return Array.isArray(frame);
}

function sizeOf(frame: Frame): number {
  if (!isInPieces(frame)) return frame.length;
  let bytes = 0;
  for (const piece of frame) bytes += piece.length;
  return bytes;
}
