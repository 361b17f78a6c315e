/** `npm run release -- <version> [--dry-run]`: writes the version everywhere, commits and tags. Names the commands to push; pushes nothing. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isLater, PLACES, ReleaseError, releasedChangelog, versionsIn, withVersion } from "./release-places.ts";

const CHANGELOG = "CHANGELOG.md";
const read = (path: string) => readFileSync(path, "utf8");
const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();

/** Text of every file that changes, by its path. */
function changes(next: string): Map<string, string> {
  const [current = ""] = versionsIn(PLACES[0], read(PLACES[0].path));
  if (!isLater(next, current)) throw new ReleaseError(`${next} is not a version that comes after ${current}.`);
  const today = new Date().toISOString().slice(0, 10);
  const texts = PLACES.map((place) => [place.path, withVersion(place, read(place.path), next)] as const);
  return new Map([...texts, [CHANGELOG, releasedChangelog(read(CHANGELOG), next, today)]]);
}

/** Commits and tags, here. */
function record(texts: ReadonlyMap<string, string>, next: string): void {
  for (const [path, text] of texts) writeFileSync(path, text);
  git("commit", "--quiet", "--message", `chore: release ${next}`, "--", ...texts.keys());
  git("tag", "--annotate", `v${next}`, "--message", `godot-mcp-hub ${next}`);
}

function release(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { "dry-run": { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [next] = positionals;
  if (next === undefined) throw new ReleaseError("Name the version: npm run release -- 1.2.3 [--dry-run]");
  const texts = changes(next);
  const branch = git("branch", "--show-current");
  if (branch === "") throw new ReleaseError("Check out the branch that is released: HEAD is on none.");
  const uncommitted = git("status", "--porcelain");
  if (uncommitted !== "") throw new ReleaseError(`Commit these first, or put them aside:\n${uncommitted}`);
  if (!values["dry-run"]) record(texts, next);
  console.log(values["dry-run"] ? `Would write ${next} into:` : `Wrote ${next} into:`);
  for (const path of texts.keys()) console.log(`  ${path}`);
  console.log(`Then push and publish:
  npm run check && npm run package
  git push origin ${branch} v${next}
  npm publish packages/godot-mcp-hub-${next}.tgz
  mcp-publisher publish mcp-adapter/packaging/server.json`);
}

try {
  release(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
