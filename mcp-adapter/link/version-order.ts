/** Order of product versions, as far as it takes to tell an older hub from a newer one. */

/** True when version `a` (major.minor.patch, anything behind a hyphen ignored) comes before `b`; false for what is no version. */
export function isOlderVersion(a: string, b: string): boolean {
  const left = numbersOf(a);
  const right = numbersOf(b);
  const differs = left.findIndex((number, place) => number !== right[place]);
  return differs !== -1 && (left[differs] ?? 0) < (right[differs] ?? 0);
}

function numbersOf(version: string): number[] {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match ? match.slice(1).map(Number) : [];
}
