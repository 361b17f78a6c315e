/**
 * Walks over JSON text (RFC 8259) in a buffer without building values: finds where a value ends, and that it is valid.
 * It accepts what `JSON.parse` accepts, no more and no less, but for a limit on nesting that also bounds its recursion.
 * JSON allows strings that are no text: half of a surrogate pair, and U+0000. Where they stand is noted, for who can't take them.
 */
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
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const POINT = 0x2e;
const LOWER_A = 0x61;
const LOWER_E = 0x65;
const LOWER_F = 0x66;
const LOWER_N = 0x6e;
const LOWER_T = 0x74;
const LOWER_U = 0x75;

const HIGH_SURROGATES = 0xd800 >> 10;
const LOW_SURROGATES = 0xdc00 >> 10;

/** Where the first escape stands that is no character of a text. */
export interface TextFault {
  at: number | undefined;
}

/** 1 for each byte that stands for itself inside a string. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const SHORT_ESCAPES: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

/**
 * The byte at `at`; past the end a NUL, which no valid JSON contains.
 * The bound is checked here because reading past it, even once, makes V8 compile every read that goes through here slower.
 */
function byteAt(text: Buffer, at: number): number {
  return at < text.length ? (text[at] ?? 0) : 0;
}

/** Position of the first byte at or after `at` that is no JSON white space. */
export function skipWhitespace(text: Buffer, at: number): number {
  let position = at;
  for (;;) {
    const byte = byteAt(text, position);
    if (byte > SPACE || (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return position;
    position += 1;
  }
}

/**
 * End of the string that begins with the quote at `start`.
 * @throws {WireError} PARSE_ERROR when it does not end or has a control character or a bad escape.
 */
export function stringEnd(text: Buffer, start: number, fault?: TextFault): number {
  let at = start + 1;
  for (;;) {
    while (PLAIN[byteAt(text, at)] === 1) at += 1;
    const byte = byteAt(text, at);
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at = escapeEnd(text, at, fault);
    else if (at >= text.length) throw new WireError("PARSE_ERROR", "Not JSON: a string does not end.");
    else throw new WireError("PARSE_ERROR", `Not JSON: a control character in a string at byte ${at}.`);
  }
}

function escapeEnd(text: Buffer, at: number, fault: TextFault | undefined): number {
  if (SHORT_ESCAPES.has(byteAt(text, at + 1))) return at + 2;
  const unit = unitAt(text, at);
  if (unit < 0) throw new WireError("PARSE_ERROR", `Not JSON: a bad escape in a string at byte ${at}.`);
  if (isIn(unit, HIGH_SURROGATES) && isIn(unitAt(text, at + 6), LOW_SURROGATES)) return at + 12;
  if (fault && (unit === 0 || isIn(unit, HIGH_SURROGATES) || isIn(unit, LOW_SURROGATES))) fault.at ??= at;
  return at + 6;
}

/** The UTF-16 code unit of the escape `\uXXXX` at `at`; -1 when there is none. */
function unitAt(text: Buffer, at: number): number {
  if (byteAt(text, at) !== BACKSLASH || byteAt(text, at + 1) !== LOWER_U) return -1;
  let unit = 0;
  for (let offset = 2; offset < 6; offset += 1) {
    const byte = byteAt(text, at + offset);
    if (!isHexDigit(byte)) return -1;
    unit = unit * 16 + (isDigit(byte) ? byte - ZERO : (byte | SPACE) - LOWER_A + 10);
  }
  return unit;
}

/** Surrogates of one kind are 1,024 in a row. */
function isIn(unit: number, surrogates: number): boolean {
  return unit >> 10 === surrogates;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= LOWER_A && byte <= LOWER_F);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/**
 * End of the value that begins at `start`.
 * @param depth How many arrays and objects are open around it.
 * @param fault Takes note of the first string in it that is no text.
 * @throws {WireError} PARSE_ERROR when it is not a JSON value, or nested so that more than MAX_DEPTH are open.
 */
export function skipValue(text: Buffer, start: number, depth = 0, fault?: TextFault): number {
  const byte = byteAt(text, start);
  if (byte === QUOTE) return stringEnd(text, start, fault);
  if (byte === OPEN_OBJECT) return objectEnd(text, start, depth + 1, fault);
  if (byte === OPEN_ARRAY) return arrayEnd(text, start, depth + 1, fault);
  if (byte === LOWER_T) return wordEnd(text, start, TRUE);
  if (byte === LOWER_F) return wordEnd(text, start, FALSE);
  if (byte === LOWER_N) return wordEnd(text, start, NULL);
  return numberEnd(text, start);
}

function objectEnd(text: Buffer, start: number, depth: number, fault: TextFault | undefined): number {
  if (depth > MAX_DEPTH) throw tooDeep();
  let at = skipWhitespace(text, start + 1);
  if (byteAt(text, at) === CLOSE_OBJECT) return at + 1;
  for (;;) {
    const valueStart = colonEnd(text, nameEnd(text, at, fault));
    at = skipWhitespace(text, skipValue(text, valueStart, depth, fault));
    const byte = byteAt(text, at);
    if (byte === CLOSE_OBJECT) return at + 1;
    if (byte !== COMMA) throw unexpected(text, at);
    at = skipWhitespace(text, at + 1);
  }
}

function arrayEnd(text: Buffer, start: number, depth: number, fault: TextFault | undefined): number {
  if (depth > MAX_DEPTH) throw tooDeep();
  let at = skipWhitespace(text, start + 1);
  if (byteAt(text, at) === CLOSE_ARRAY) return at + 1;
  for (;;) {
    at = skipWhitespace(text, skipValue(text, at, depth, fault));
    const byte = byteAt(text, at);
    if (byte === CLOSE_ARRAY) return at + 1;
    if (byte !== COMMA) throw unexpected(text, at);
    at = skipWhitespace(text, at + 1);
  }
}

/** End of the member name that begins at `at`. */
export function nameEnd(text: Buffer, at: number, fault?: TextFault): number {
  if (byteAt(text, at) !== QUOTE) throw unexpected(text, at);
  return stringEnd(text, at, fault);
}

/** From the end of a member's name, over the colon, to the beginning of its value. */
export function colonEnd(text: Buffer, at: number): number {
  const colon = skipWhitespace(text, at);
  if (byteAt(text, colon) !== COLON) throw unexpected(text, colon);
  return skipWhitespace(text, colon + 1);
}

function wordEnd(text: Buffer, start: number, word: Buffer): number {
  for (let offset = 1; offset < word.length; offset += 1) {
    if (byteAt(text, start + offset) !== word[offset]) throw unexpected(text, start + offset);
  }
  return start + word.length;
}

function numberEnd(text: Buffer, start: number): number {
  let at = byteAt(text, start) === MINUS ? start + 1 : start;
  at = byteAt(text, at) === ZERO ? at + 1 : digitsEnd(text, at);
  if (byteAt(text, at) === POINT) at = digitsEnd(text, at + 1);
  if ((byteAt(text, at) | SPACE) !== LOWER_E) return at;
  const sign = byteAt(text, at + 1);
  return digitsEnd(text, sign === MINUS || sign === 0x2b ? at + 2 : at + 1);
}

/** End of one digit or more. */
function digitsEnd(text: Buffer, start: number): number {
  let at = start;
  while (isDigit(byteAt(text, at))) at += 1;
  if (at === start) throw unexpected(text, at);
  return at;
}

/** The error for a byte that can't stand where it stands. */
export function unexpected(text: Buffer, at: number): WireError {
  const found = at < text.length ? `'${String.fromCharCode(byteAt(text, at))}'` : "end";
  return new WireError("PARSE_ERROR", `Not JSON: unexpected ${found} at byte ${at}.`);
}

function tooDeep(): WireError {
  return new WireError("PARSE_ERROR", `Nested deeper than ${MAX_DEPTH} levels.`);
}
