/** Names with `*` for any run of characters: `scene.*`, `*.delete`. */

/**
 * True for a name that one of `patterns` matches.
 *
 * Takes time in proportion to pattern and name: patterns come from clients, and a regular expression with several
 * `.*` can be made to backtrack for hours.
 */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const split = patterns.map((pattern) => pattern.split("*"));
  return (name) => split.some((pieces) => fits(name, pieces));
}

/** The first and last piece are anchored; each between them is taken at its first place, which leaves the most for the rest. */
function fits(name: string, pieces: readonly string[]): boolean {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
