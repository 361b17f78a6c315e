/** Mends texts that were cut in the middle of a character: JSON can carry halves, but not every client reads such JSON. */

/** Half of a surrogate pair, as `JSON.stringify` writes it: no escaped backslash before a `u`. */
const HALF = /(?<=(?<!\\)(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** A JSON value with U+FFFD in place of every half; the very same where there is none. */
export function wellFormed<T>(value: T): T {
  return isWellFormed(value) ? value : JSON.parse(JSON.stringify(value).replace(HALF, "\\ufffd"));
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isWellFormed(member));
}
