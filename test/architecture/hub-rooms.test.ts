/** The hub's rooms have a direction: each imports only what stands to its left. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { crossings, READERS_OF_OBSERVERS, ROOMS, roomOf, withRooms } from "../../scripts/hub-rooms.ts";
import { ROOT, type SourceFile, sourceFiles } from "./source-files.ts";

/** Rooms that still import to their right: this list may only become shorter. */
const EXCEPTIONS: ReadonlySet<string> = new Set(["doctor imports cli"]);
/** Files on the longest way of imports from the hub's program to its end. */
const MAX_DEPTH = 18;

const files = sourceFiles("hub");
const found = crossings(files);

describe("the rooms of the hub", () => {
  it("hold all its files", () => {
    expect(files.filter(({ path }) => !roomOf(path)).map(({ path }) => path)).toEqual([]);
    for (const room of ROOMS) expect(files.filter(({ path }) => roomOf(path) === room)).not.toEqual([]);
  });

  it("import only from their left", () => {
    const wrong = found.filter(({ from, to }) => ROOMS.indexOf(to) > ROOMS.indexOf(from));
    const unexpected = wrong.filter(({ from, to }) => !EXCEPTIONS.has(`${from.name} imports ${to.name}`));
    expect(unexpected.map(({ text }) => text)).toEqual([]);
  });

  it("have no exception that is over", () => {
    const wrong = new Set(found.map(({ from, to }) => `${from.name} imports ${to.name}`));
    expect([...EXCEPTIONS].filter((exception) => !wrong.has(exception))).toEqual([]);
  });

  it("know an observer only where the hub is composed, or its records are shown", () => {
    const known = found.filter(({ from, to }) => to.isObserver && !READERS_OF_OBSERVERS.has(from.name));
    expect(known.map(({ text }) => text)).toEqual([]);
  });

  it("are drawn in docs/architecture.md as they are", () => {
    const document = readFileSync(join(ROOT, "docs", "architecture.md"), "utf8");
    expect(document, "run npm run generate").toBe(withRooms(document));
  });
});

it(`the longest way of imports from hub/main.ts has at most ${MAX_DEPTH} files`, () => {
  const all = new Map(
    [...files, ...sourceFiles("hub-client"), ...sourceFiles("protocol")].map((file) => [file.path, file]),
  );
  expect(longestWay("hub/main.ts", all, new Map()).length).toBeLessThanOrEqual(MAX_DEPTH);
});

/** The longest way of imports that begins with `path`. There are no cycles. */
function longestWay(
  path: string,
  all: ReadonlyMap<string, SourceFile>,
  known: Map<string, readonly string[]>,
): readonly string[] {
  const before = known.get(path);
  if (before) return before;
  let longest: readonly string[] = [];
  for (const imported of all.get(path)?.ownImports ?? []) {
    const way = longestWay(imported, all, known);
    if (way.length > longest.length) longest = way;
  }
  const result = [path, ...longest];
  known.set(path, result);
  return result;
}
