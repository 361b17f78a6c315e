/** The socket of a client of the hub: dialed with its credentials, frames in both directions. The only file below the programs that names a socket library. */
import type { Agent } from "node:https";
import { type ClientOptions, type RawData, WebSocket } from "ws";
import { readForwarded } from "../protocol/answer-text.ts";
import { MAX_FRAME_BYTES } from "../protocol/timing.ts";
import { OneWritePerTurn } from "./one-write-per-turn.ts";

/** How to dial. */
export interface DialOptions {
  /** Value of the `Authorization` header. */
  readonly authorization?: string | undefined;
  /** Trusts the hub's certificate, for a hub that speaks TLS. */
  readonly agent?: Agent | undefined;
  /** Any certificate will do: nothing secret is said. */
  readonly trustAny?: boolean;
  /** For the upgrade, ms. */
  readonly timeoutMs: number;
}

/** A WebSocket whose frames of one turn leave in one write. */
export class HubSocket extends WebSocket {
  #writes: OneWritePerTurn | undefined;

  /** Dials `url`. */
  constructor(url: string, { authorization, agent, trustAny = false, timeoutMs }: DialOptions) {
    const options: ClientOptions = {
      ...(agent && { agent }),
      ...(trustAny && { rejectUnauthorized: false }),
      headers: { ...(authorization !== undefined && { Authorization: authorization }) },
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: timeoutMs,
    };
    super(url, options);
    this.once("upgrade", ({ socket }) => {
      this.#writes = new OneWritePerTurn(socket);
    });
  }

  /** True until one side has begun to close. */
  get isOpen(): boolean {
    return this.readyState === WebSocket.OPEN;
  }

  /** Sends without waiting for it: what a dying connection swallows is the caller's to send again. */
  post(text: string): void {
    this.#writes?.hold();
    this.send(text, () => {});
  }

  /** Ends without a word; nothing that was listened for is heard any more. */
  abandon(): void {
    this.removeAllListeners();
    this.on("error", () => {});
    this.terminate();
  }
}

/** The bytes of a frame. */
export function bytesOf(data: RawData): Buffer {
  return Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** What a frame says; undefined for one that is no JSON. */
export function readFrame(frame: Buffer): unknown {
  return readForwarded(frame, parseExactly);
}

/** Sixteen digits in a row: the shortest that an unsafe integer can have. */
const SUSPECT = /\d{16}/;
/** A whole string, so that digits inside one are passed over, or a long integer with nothing of a fraction about it. */
const STRING_OR_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/**
 * The value of JSON as the engine writes it: 64-bit integers that a number can't hold become strings instead of other integers.
 * @throws {SyntaxError} when it is not JSON.
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(SUSPECT.test(text) ? text.replace(STRING_OR_INTEGER, quoteUnsafe) : text);
}

function quoteUnsafe(token: string): string {
  return token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`;
}
