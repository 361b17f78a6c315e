/**
 * Reads the few members of a frame that routing needs and leaves the rest as bytes.
 *
 * A scanner walks the members of the top-level JSON object (RFC 8259). Short members are decoded; `params`, `result`
 * and `error` are only delimited. So the hub neither parses nor rewrites forwarded values: numbers keep the form in
 * which the engine wrote them, and an answer of 8 MB costs the hub no more than a short one.
 */
import { WireError } from "./errors.ts";
import { decodeName, decodeValue } from "./json-decode.ts";
import { colonEnd, nameEnd, skipValue, skipWhitespace, type TextFault, unexpected } from "./json-scan.ts";

/** Half-open range of bytes in a frame. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The kind of a frame, by its members. */
export type FrameKind = "message" | "request" | "notification" | "response";

/** The routing members of one frame; every range refers to `frame`. */
export interface Envelope {
  readonly kind: FrameKind;
  readonly frame: Buffer;
  /** Decoded scalar and small members: `type`, `jsonrpc`, `id`, `method`, `target`, `deadlineMs`, `attempt`, ... */
  readonly members: ReadonlyMap<string, unknown>;
  /** The value of `id`, as it stands in the frame. */
  readonly id: ByteRange | undefined;
  /** The value of `params`, as it stands in the frame. */
  readonly params: ByteRange | undefined;
  /** Which of the two a response has. */
  readonly outcome: "result" | "error" | undefined;
  /** Where its value begins in the frame. */
  readonly outcomeStart: number | undefined;
  /** The position of the first walked string that is valid JSON but no text: half a character, or U+0000. */
  readonly textFault: number | undefined;
}

/** Larger members are not decoded. The largest one that the protocol allows is a full list of `resources`, escaped. */
const MEMBER_LIMIT_BYTES = 2 * 1024 * 1024;

const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;

/**
 * Reads the envelope of `frame`.
 *
 * A response is read only as far as its `id` and the beginning of its `result` or `error`; everything else is walked
 * to the end and checked to be JSON. When a name stands twice, the first one counts.
 *
 * @throws {WireError} PARSE_ERROR when the frame is no JSON, INVALID_REQUEST when it is no message of the protocol.
 */
export function readEnvelope(frame: Buffer): Envelope {
  const start = skipWhitespace(frame, 0);
  if (frame[start] !== OPEN_OBJECT) throw noObject(frame, start);
  const reader = new EnvelopeReader(frame);
  reader.readMembers(skipWhitespace(frame, start + 1));
  return reader.finish();
}

/** The state of reading one frame. */
class EnvelopeReader {
  readonly #frame: Buffer;
  readonly #members = new Map<string, unknown>();
  #id: ByteRange | undefined;
  #params: ByteRange | undefined;
  #outcome: Envelope["outcome"];
  #outcomeStart: number | undefined;
  readonly #fault: TextFault = { at: undefined };

  constructor(frame: Buffer) {
    this.#frame = frame;
  }

  /** Reads from the first member to the end of the frame, or until the rest does not matter to a router. */
  readMembers(start: number): void {
    const frame = this.#frame;
    let at = start;
    let isOpen = frame[at] !== CLOSE_OBJECT;
    while (isOpen) {
      const nameStart = at;
      at = nameEnd(frame, nameStart, this.#fault);
      const name = decodeName(frame, nameStart, at);
      const valueStart = colonEnd(frame, at);
      if (this.#isForwardedAsItIs(name, valueStart)) return;
      const valueEnd = skipValue(frame, valueStart, 1, this.#fault);
      this.#keep(name, valueStart, valueEnd);
      at = skipWhitespace(frame, valueEnd);
      isOpen = frame[at] === COMMA;
      if (isOpen) at = skipWhitespace(frame, at + 1);
    }
    if (frame[at] !== CLOSE_OBJECT) throw unexpected(frame, at);
    expectEnd(frame, at + 1);
  }

  finish(): Envelope {
    return {
      kind: this.#kind(),
      frame: this.#frame,
      members: this.#members,
      id: this.#id,
      params: this.#params,
      outcome: this.#outcome,
      outcomeStart: this.#outcomeStart,
      textFault: this.#fault.at,
    };
  }

  /** True at the result of a response whose id is known: the hub forwards it unread. */
  #isForwardedAsItIs(name: string, valueStart: number): boolean {
    if ((name !== "result" && name !== "error") || this.#outcome) return false;
    this.#outcome = name;
    this.#outcomeStart = valueStart;
    return this.#id !== undefined && !this.#members.has("method");
  }

  #keep(name: string, start: number, end: number): void {
    switch (name) {
      case "result":
      case "error":
      case "data":
        return;
      case "params":
        this.#params ??= { start, end };
        return;
      case "id":
        this.#id ??= { start, end };
    }
    if (this.#members.has(name)) return;
    // Null is no value of any routing member: one that is too large must be refused, not taken for absent.
    this.#members.set(name, end - start > MEMBER_LIMIT_BYTES ? null : decodeValue(this.#frame, start, end));
  }

  #kind(): FrameKind {
    if (this.#members.has("method")) return this.#id ? "request" : "notification";
    if (this.#outcome !== undefined) return "response";
    if (this.#members.has("type")) return "message";
    throw new WireError("INVALID_REQUEST", "A message needs 'type' or 'method', or is the response to a request.", {
      hint: "See PROTOCOL.md for the messages of this protocol.",
    });
  }
}

function expectEnd(frame: Buffer, at: number): void {
  const end = skipWhitespace(frame, at);
  if (end !== frame.length) throw unexpected(frame, end);
}

/** The error for a frame that is not one object: no JSON, or JSON that is no message. */
function noObject(frame: Buffer, start: number): WireError {
  expectEnd(frame, skipValue(frame, start));
  if (frame[start] !== OPEN_ARRAY) return new WireError("INVALID_REQUEST", "A frame must be one JSON object.");
  return new WireError("INVALID_REQUEST", "Batches are not supported.", { hint: "Send one message per frame." });
}
