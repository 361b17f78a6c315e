/**
 * Reads the few members of a frame that routing needs and leaves the rest as bytes.
 *
 * A scanner walks the members of the top-level JSON object (RFC 8259). Short members are decoded; `params`, `result`
 * and `error` are only delimited, so what is forwarded is neither parsed nor written again: numbers keep the form in
 * which the engine wrote them, and an answer of 8 MB costs the hub no more than a short one.
 */
import { WireError } from "./errors.ts";
import { skipValue, skipWhitespace, stringEnd } from "./json-scan.ts";

/** Half-open range of bytes in a frame. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What a frame is, by the members that it has. */
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
}

/** Members that are delimited but never decoded here. */
const OPAQUE: ReadonlySet<string> = new Set(["params", "result", "error", "data"]);
/** A decoded member may not be larger than this: envelopes are small. */
const MEMBER_LIMIT_BYTES = 16 * 1024;

const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Reads the envelope of `frame`.
 *
 * A response is read only as far as its `id` and the beginning of its `result` or `error`; everything else is walked
 * to the end and checked to be JSON. When a name stands twice, the first one counts.
 *
 * @throws {WireError} PARSE_ERROR when the frame is no JSON object, INVALID_REQUEST when it is no message of the protocol.
 */
export function readEnvelope(frame: Buffer): Envelope {
  const members = new Map<string, unknown>();
  const ranges = new Map<string, ByteRange>();
  let at = skipWhitespace(frame, 0);
  if (frame[at] === 0x5b)
    throw new WireError("INVALID_REQUEST", "Batches are not supported.", { hint: "Send one message per frame." });
  if (frame[at] !== OPEN) throw new WireError("PARSE_ERROR", "A frame must be one JSON object.");
  at = skipWhitespace(frame, at + 1);
  if (frame[at] === CLOSE) at += 1;
  else {
    for (;;) {
      const member = readMember(frame, at, members, ranges);
      if (member.stop) return finish(frame, members, ranges);
      at = member.end;
      const separator = frame[at];
      at += 1;
      if (separator === CLOSE) break;
      if (separator !== COMMA) throw parseError("',' or '}'", at - 1);
      at = skipWhitespace(frame, at);
    }
  }
  if (skipWhitespace(frame, at) !== frame.length) throw parseError("the end of the frame", at);
  return finish(frame, members, ranges);
}

/** Reads one `"name": value`; `end` is the position of what follows it. `stop` when nothing further matters to a router. */
function readMember(
  frame: Buffer,
  start: number,
  members: Map<string, unknown>,
  ranges: Map<string, ByteRange>,
): { end: number; stop: boolean } {
  if (frame[start] !== QUOTE) throw parseError("a member name", start);
  const nameEnd = stringEnd(frame, start);
  const name = String(JSON.parse(frame.toString("utf8", start, nameEnd)));
  let at = skipWhitespace(frame, nameEnd);
  if (frame[at] !== COLON) throw parseError("':'", at);
  at = skipWhitespace(frame, at + 1);
  const isFirst = !ranges.has(name);
  if (isFirst && ranges.has("id") && (name === "result" || name === "error") && !members.has("method")) {
    ranges.set(name, { start: at, end: frame.length });
    return { end: at, stop: true };
  }
  const end = skipValue(frame, at);
  if (isFirst) {
    ranges.set(name, { start: at, end });
    if (!OPAQUE.has(name)) members.set(name, decode(frame, name, at, end));
  }
  return { end: skipWhitespace(frame, end), stop: false };
}

function decode(frame: Buffer, name: string, start: number, end: number): unknown {
  if (end - start > MEMBER_LIMIT_BYTES) return undefined;
  try {
    return JSON.parse(frame.toString("utf8", start, end));
  } catch {
    throw new WireError("PARSE_ERROR", `The value of '${name}' is not JSON.`);
  }
}

function finish(frame: Buffer, members: Map<string, unknown>, ranges: Map<string, ByteRange>): Envelope {
  const outcome = ranges.has("result") ? "result" : ranges.has("error") ? "error" : undefined;
  return {
    kind: kindOf(members, ranges, outcome),
    frame,
    members,
    id: ranges.get("id"),
    params: ranges.get("params"),
    outcome,
  };
}

function kindOf(
  members: Map<string, unknown>,
  ranges: Map<string, ByteRange>,
  outcome: Envelope["outcome"],
): FrameKind {
  if (members.has("method")) return ranges.has("id") ? "request" : "notification";
  if (outcome !== undefined) return "response";
  if (members.has("type")) return "message";
  throw new WireError("INVALID_REQUEST", "A message needs 'type' or 'method', or is the response to a request.", {
    hint: "See PROTOCOL.md for the messages of this protocol.",
  });
}

function parseError(expected: string, position: number): WireError {
  return new WireError("PARSE_ERROR", `Not JSON: expected ${expected} at byte ${position}.`);
}
