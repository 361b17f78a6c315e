/** Walks over JSON text (RFC 8259) in a buffer without building values: finds where a value ends, and that it is valid. */
import { WireError } from "./errors.ts";
import { MAX_DEPTH } from "./timing.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;

/** Position of the first byte at or after `at` that is no JSON white space. */
export function skipWhitespace(text: Buffer, at: number): number {
  let position = at;
  for (;;) {
    const byte = text[position];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return position;
    position += 1;
  }
}

/**
 * End of the string that begins with the quote at `start`.
 * @throws {WireError} PARSE_ERROR when it does not end or has a control character or a bad escape.
 */
export function stringEnd(text: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const byte = text[at];
    if (byte === QUOTE) return at + 1;
    if (byte === undefined) throw new WireError("PARSE_ERROR", "Not JSON: a string does not end.");
    if (byte === BACKSLASH) at = escapeEnd(text, at);
    else if (byte < SPACE)
      throw new WireError("PARSE_ERROR", `Not JSON: a control character in a string at byte ${at}.`);
    else at += 1;
  }
}

function escapeEnd(text: Buffer, at: number): number {
  switch (text[at + 1]) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return at + 2;
    case 0x75:
      if ([2, 3, 4, 5].every((offset) => isHexDigit(text[at + offset]))) return at + 6;
  }
  throw new WireError("PARSE_ERROR", `Not JSON: a bad escape in a string at byte ${at}.`);
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/**
 * End of the value that begins at `start`, nested at most MAX_DEPTH deep.
 * Iterative, with the kinds of the open brackets as its only state: a hostile frame can't exhaust the stack.
 * @throws {WireError} PARSE_ERROR when it is not a JSON value.
 */
export function skipValue(text: Buffer, start: number): number {
  const open: number[] = [];
  let at = start;
  do {
    const close = closingBracket(text[at]);
    const first = close === undefined ? at : skipWhitespace(text, at + 1);
    if (close !== undefined && text[first] !== close) {
      if (open.push(close) > MAX_DEPTH) throw new WireError("PARSE_ERROR", `Nested deeper than ${MAX_DEPTH} levels.`);
      at = close === CLOSE_OBJECT ? nameEnd(text, first) : first;
    } else {
      at = close === undefined ? scalarEnd(text, at) : first + 1;
      at = nextElement(text, at, open);
    }
  } while (open.length > 0);
  return at;
}

/** The bracket that closes the one that `byte` is; undefined when it opens nothing. */
function closingBracket(byte: number | undefined): number | undefined {
  if (byte === OPEN_OBJECT) return CLOSE_OBJECT;
  return byte === OPEN_ARRAY ? CLOSE_ARRAY : undefined;
}

function scalarEnd(text: Buffer, at: number): number {
  return text[at] === QUOTE ? stringEnd(text, at) : literalEnd(text, at);
}

/** After an element: closes every bracket that ends here, or moves on to the next element of the innermost open one. */
function nextElement(text: Buffer, after: number, open: number[]): number {
  let at = after;
  while (open.length > 0) {
    at = skipWhitespace(text, at);
    const byte = text[at];
    const close = open[open.length - 1];
    if (byte === COMMA) {
      const next = skipWhitespace(text, at + 1);
      return close === CLOSE_OBJECT ? nameEnd(text, next) : next;
    }
    if (byte !== close) throw unexpected(text, at);
    open.pop();
    at += 1;
  }
  return at;
}

/** From a member's name to the beginning of its value. */
function nameEnd(text: Buffer, at: number): number {
  if (text[at] !== QUOTE) throw unexpected(text, at);
  const colon = skipWhitespace(text, stringEnd(text, at));
  if (text[colon] !== COLON) throw unexpected(text, colon);
  return skipWhitespace(text, colon + 1);
}

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const LITERAL_LIMIT = 512;

function literalEnd(text: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const byte = text[at];
    if (byte === undefined || byte <= SPACE || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) break;
    at += 1;
    if (at - start > LITERAL_LIMIT) throw unexpected(text, start);
  }
  if (isDigits(text, start, at) || LITERAL.test(text.toString("latin1", start, at))) return at;
  throw unexpected(text, start);
}

/** The commonest literal, a plain integer, without building a string for the regular expression. */
function isDigits(text: Buffer, start: number, end: number): boolean {
  const first = text[start];
  if (end === start || first === undefined || (first === 0x30 && end - start > 1)) return false;
  for (let at = start; at < end; at += 1) {
    const byte = text[at];
    if (byte === undefined || byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

function unexpected(text: Buffer, at: number): WireError {
  const found = at < text.length ? `'${String.fromCharCode(text[at] ?? 0)}'` : "the end";
  return new WireError("PARSE_ERROR", `Not JSON: unexpected ${found} at byte ${Math.min(at, text.length)}.`);
}
