/** Compares versions by the rules of semantic versioning. */
import coerce from "semver/functions/coerce.js";
import compare from "semver/functions/compare.js";
import parse from "semver/functions/parse.js";

/**
 * Negative when `a` is older than `b`; a pre-release (`1.0.0-beta`) is older than its release. Reads what is no full version, such
 * as `4.3` or `4.3.stable`, by its numbers; 0 for what has none.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionIn(a), versionIn(b)];
  return left && right ? compare(left, right) : 0;
}

/** True when version `a` comes before version `b`. */
export function isOlderVersion(a: string, b: string): boolean {
  return compareVersions(a, b) < 0;
}

function versionIn(text: string) {
  return parse(text) ?? coerce(text);
}
