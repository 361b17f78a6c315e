/** JSON as the engine writes it: 64-bit integers that a JavaScript number can't hold become strings instead of other integers. */

/** Sixteen digits in a row: the shortest that an unsafe integer can have. */
const SUSPECT = /\d{16}/;
/** A whole string, so that digits inside one are passed over, or a long integer with nothing of a fraction about it. */
const STRING_OR_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** The value of `text`. @throws {SyntaxError} when it is not JSON. */
export function parseExactly(text: string): unknown {
  return JSON.parse(SUSPECT.test(text) ? text.replace(STRING_OR_INTEGER, quoteUnsafe) : text);
}

function quoteUnsafe(token: string): string {
  return token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`;
}
