/** Lists the places of the product's version beside package.json, and writes a new version there. */

/** A file, and the pattern around each place of the version. */
export interface Place {
  /** From the project's folder. */
  readonly path: string;
  /** Finds the version as its group `version`, once for each time that it is written. */
  readonly pattern: RegExp;
  readonly times: number;
}

const PACKAGING = "mcp-adapter/packaging";
const JSON_VERSION = /(?<="version": ")(?<version>[^"]+)(?=")/g;
/** The package's entries in the lock file stand before those of its dependencies. */
const LOCK_VERSION = /(?<="name": "godot-mcp-hub",\n\s+"version": ")(?<version>[^"]+)(?=")/g;

/** All places; the others follow the first. */
export const PLACES: readonly [Place, ...Place[]] = [
  { path: "package.json", pattern: JSON_VERSION, times: 1 },
  { path: "package-lock.json", pattern: LOCK_VERSION, times: 2 },
  {
    path: "godot-client/addons/godot_mcp_hub/plugin.cfg",
    pattern: /(?<=^version=")(?<version>[^"]+)(?="$)/gm,
    times: 1,
  },
  { path: `${PACKAGING}/server.json`, pattern: JSON_VERSION, times: 2 },
  { path: `${PACKAGING}/mcpb-manifest.json`, pattern: JSON_VERSION, times: 1 },
  { path: "plugin.json", pattern: JSON_VERSION, times: 1 },
  { path: ".claude-plugin/plugin.json", pattern: JSON_VERSION, times: 1 },
  {
    path: ".codex-plugin/plugin.json",
    pattern: /(?<="version": "|"godot-mcp-hub@)(?<version>[^"]+)(?=")/g,
    times: 2,
  },
  { path: ".agents/plugins/marketplace.json", pattern: JSON_VERSION, times: 1 },
];

/** An error for the person who releases. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
}

/** Versions in `text`, one for each time that it is written. @throws {ReleaseError} when it is written more or less often. */
export function versionsIn(place: Place, text: string): string[] {
  const found = [...text.matchAll(place.pattern)].map(({ groups }) => groups?.version ?? "");
  if (found.length === place.times) return found;
  throw new ReleaseError(`${place.path} has the version ${found.length} times instead of ${place.times}.`);
}

/** `text` with the version `next` in every place. */
export function withVersion(place: Place, text: string, next: string): string {
  versionsIn(place, text);
  return text.replaceAll(place.pattern, next);
}

const HEAD = "## [Unreleased]\n";

/** The changelog with the unreleased entries under the new version. @throws {ReleaseError} if there are none. */
export function releasedChangelog(text: string, next: string, date: string): string {
  const [before, after] = text.split(HEAD);
  if (before === undefined || after === undefined) throw new ReleaseError("CHANGELOG.md has no Unreleased section.");
  const unreleased = after.split(/^## /m)[0] ?? "";
  if (!/^- /m.test(unreleased)) throw new ReleaseError("CHANGELOG.md has nothing under Unreleased.");
  return `${before}${HEAD}\n## [${next}] - ${date}\n${after}`;
}

/** Whether `next` is a version that comes after `current`: three numbers, and perhaps a pre-release. */
export function isLater(next: string, current: string): boolean {
  const parts = (version: string) => /^(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?$/.exec(version);
  const [a, b] = [parts(next), parts(current)];
  if (!a || !b) return false;
  for (const index of [1, 2, 3]) {
    const difference = Number(a[index]) - Number(b[index]);
    if (difference !== 0) return difference > 0;
  }
  if (a[4] === undefined || b[4] === undefined) return a[4] === undefined && b[4] !== undefined;
  return a[4].localeCompare(b[4], "en", { numeric: true }) > 0;
}
