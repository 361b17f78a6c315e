/** The addon's rooms have a direction, and its scripts the same bounds as the TypeScript. */
import { describe, expect, it } from "vitest";
import { addonScripts, columns, roomOf } from "./addon-files.ts";

/** Each room imports only from those that stand before it. */
const ROOMS = [
  "engine_workarounds",
  "engine",
  "processes",
  "texts",
  "requests",
  "files",
  "checking",
  "reading",
  "scripts",
  "wire",
  "pictures",
  "values",
  "editor",
  "custom",
  "routing",
  "undo",
  "scenes",
  "profiling",
  "runtime",
  "nodes",
  "playing",
  "testing",
  "project",
  "checker",
  "debugging",
  "ui",
  "commands",
  "root",
];
const MAX_LINES = 400;
const MAX_COLUMNS = 100;
/** Lines that are longer than that, and names without a doc comment, today: both numbers may only become smaller. */
const LONG_LINES = 100;
const UNDOCUMENTED = 200;

const scripts = addonScripts();

describe("the addon", () => {
  it("has rooms that import only from their left", () => {
    const rightward = scripts.flatMap(({ path, room, imports }) =>
      imports
        .filter((imported) => ROOMS.indexOf(roomOf(imported)) > ROOMS.indexOf(room))
        .map((imported) => `${path} -> ${imported}`),
    );
    expect(rightward).toEqual([]);
  });

  it("has a place in that order for each of its rooms", () => {
    expect([...new Set(scripts.map(({ room }) => room))].toSorted()).toEqual(ROOMS.toSorted());
  });

  it("imports only scripts that there are", () => {
    const paths = new Set(scripts.map(({ path }) => path));
    expect(scripts.flatMap(({ imports }) => imports).filter((path) => !paths.has(path))).toEqual([]);
  });

  it(`has no script of more than ${MAX_LINES} lines`, () => {
    const tooLong = scripts.filter(({ lines }) => lines.length > MAX_LINES);
    expect(tooLong.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
  });

  it(`has at most ${LONG_LINES} lines of more than ${MAX_COLUMNS} columns`, () => {
    const long = scripts.flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => (columns(line) > MAX_COLUMNS ? [`${path}:${index + 1}: ${columns(line)}`] : [])),
    );
    expect(long.length, long.join("\n")).toBeLessThanOrEqual(LONG_LINES);
  });

  it(`has at most ${UNDOCUMENTED} public functions and classes without a doc comment`, () => {
    const bare = scripts.flatMap(({ path, undocumented }) => undocumented.map((name) => `${path}:${name}`));
    expect(bare.length, bare.join("\n")).toBeLessThanOrEqual(UNDOCUMENTED);
  });

  it("says of each workaround of the engine which versions need it and when it can go", () => {
    const silent = scripts
      .filter(({ room }) => room === "engine_workarounds")
      .filter(({ lines }) => {
        const head = lines.slice(
          0,
          lines.findIndex((line) => !line.startsWith("##")),
        );
        return !/^## Godot: 4\.\d/m.test(head.join("\n")) || !/^## Remove when: /m.test(head.join("\n"));
      });
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});
