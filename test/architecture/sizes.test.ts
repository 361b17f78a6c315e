/** Sizes and names: what keeps a file readable on its own. */
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { FLOORS, filesBelow, sourceFiles } from "./source-files.ts";

const MAX_FILE_LINES = 400;
/** A shorter file of one reader in its own folder lives in that reader. */
const LEAST_FILE_LINES = 60;
/** Rooms that still have such files: this list may only become shorter. */
const SMALL_FILES_IN = ["hub/cli/", "hub/doctor/", "hub-client/", "mcp-adapter/", "protocol/"];
const MAX_FUNCTION_LINES = 40;
/** Names that say nothing about the contents. */
const SAYS_NOTHING = new Set([
  "util",
  "utils",
  "common",
  "shared",
  "core",
  "helper",
  "helpers",
  "manager",
  "misc",
  "lib",
]);

const product = FLOORS.flatMap((floor) => sourceFiles(floor));
const typescript = [...product, ...["test", "bench", "scripts"].flatMap((folder) => sourceFiles(folder))];

describe("sizes", () => {
  it(`no file of the product has more than ${MAX_FILE_LINES} lines`, () => {
    const tooLong = product.filter(({ lines }) => lines > MAX_FILE_LINES).map(({ path, lines }) => `${path}: ${lines}`);
    expect(tooLong).toEqual([]);
  });

  it(`a file with less than ${LEAST_FILE_LINES} lines has more than one reader in its folder`, () => {
    const readersOf = (path: string) => product.filter(({ ownImports }) => ownImports.includes(path));
    const lonely = product.filter(({ path, lines }) => {
      if (lines >= LEAST_FILE_LINES || SMALL_FILES_IN.some((room) => path.startsWith(room))) return false;
      const [reader, another] = readersOf(path);
      return reader !== undefined && another === undefined && dirname(reader.path) === dirname(path);
    });
    expect(lonely.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it(`no function of the product has more than ${MAX_FUNCTION_LINES} lines`, () => {
    const tooLong = product.flatMap(({ path, functions }) =>
      functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES).map(({ line, lines }) => `${path}:${line}: ${lines}`),
    );
    expect(tooLong).toEqual([]);
  });
});

describe("names", () => {
  const inFolders = [...FLOORS, "godot-client", "test", "bench", "scripts"].flatMap((folder) => filesBelow(folder));

  it("of files and folders describe the contents", () => {
    const words = (path: string) => path.split("/").flatMap((part) => part.split(/[-_.]/));
    expect(inFolders.filter((path) => words(path).some((word) => SAYS_NOTHING.has(word)))).toEqual([]);
  });

  it("of TypeScript files are kebab-case", () => {
    const isKebab = (path: string) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(basename(path));
    expect(typescript.map(({ path }) => path).filter((path) => !isKebab(path))).toEqual([]);
  });

  it("of GDScript files are snake_case", () => {
    const scripts = inFolders.filter((path) => path.endsWith(".gd"));
    expect(scripts.filter((path) => !/^[a-z0-9]+(_[a-z0-9]+)*\.gd$/.test(basename(path)))).toEqual([]);
  });

  it("stand above a sentence that says what the file is for, except where the tests' own sentences do", () => {
    const isIntroduced = (text: string) => /^(#!.*\n)?\/\*\*/.test(text);
    const others = typescript.filter(({ path }) => !path.endsWith(".test.ts"));
    expect(others.filter(({ text }) => !isIntroduced(text)).map(({ path }) => path)).toEqual([]);
  });
});
