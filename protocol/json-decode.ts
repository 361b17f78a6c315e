/** Values of the small members of an envelope: the common forms are read from the bytes, the others by `JSON.parse`. */

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;
const FIRST_NON_ASCII = 0x80;
/** As many digits as always fit a double exactly. */
const EXACT_DIGITS = 15;

/** Names that are looked up instead of decoded, because nearly every frame has them. */
const FREQUENT_NAMES = [
  ...["type", "jsonrpc", "id", "method", "params", "result", "error", "timestamp"],
  ...["target", "anyOf", "deadlineMs", "attempt", "epoch", "resources", "shareable", "traceparent"],
];

interface Name {
  readonly text: string;
  /** With its quotes. */
  readonly bytes: Buffer;
}

const NAMES_BY_KEY = new Map<number, Name>(
  FREQUENT_NAMES.map((text) => {
    const bytes = Buffer.from(JSON.stringify(text));
    return [nameKey(bytes, 0, bytes.length), { text, bytes }];
  }),
);

/** Length, first and last letter: enough to tell the frequent names apart. */
function nameKey(frame: Buffer, start: number, end: number): number {
  return ((end - start) << 16) | ((frame[start + 1] ?? 0) << 8) | (frame[end - 2] ?? 0);
}

/** The member name whose valid JSON string, quotes included, stands in the range. */
export function decodeName(frame: Buffer, start: number, end: number): string {
  const name = NAMES_BY_KEY.get(nameKey(frame, start, end));
  return name && isAt(frame, start, name.bytes) ? name.text : decodeString(frame, start, end);
}

/** The value whose valid JSON text stands in the range. */
export function decodeValue(frame: Buffer, start: number, end: number): unknown {
  if (frame[start] === QUOTE) return decodeString(frame, start, end);
  return decodeDigits(frame, start, end) ?? JSON.parse(frame.toString("utf8", start, end));
}

function decodeString(frame: Buffer, start: number, end: number): string {
  for (let at = start + 1; at < end - 1; at += 1) {
    const byte = frame[at] ?? 0;
    if (byte >= FIRST_NON_ASCII || byte === BACKSLASH) return String(JSON.parse(frame.toString("utf8", start, end)));
  }
  return frame.toString("latin1", start + 1, end - 1);
}

function decodeDigits(frame: Buffer, start: number, end: number): number | undefined {
  if (end - start > EXACT_DIGITS) return undefined;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const byte = frame[at] ?? 0;
    if (byte < ZERO || byte > NINE) return undefined;
    value = value * 10 + (byte - ZERO);
  }
  return value;
}

function isAt(frame: Buffer, start: number, bytes: Buffer): boolean {
  for (let offset = 0; offset < bytes.length; offset += 1) {
    if (frame[start + offset] !== bytes[offset]) return false;
  }
  return true;
}
