/** Tests that the adapter's rooms have a direction: each imports only from its left. */
import { describe, expect, it } from "vitest";
import { sourceFiles } from "./source-files.ts";

/** Folders of the adapter, and files at its root, from left to right. */
const ROOMS = [
  "texts",
  "process",
  "params",
  "engine-docs",
  "session",
  "calls",
  "graphql",
  "tools",
  "prompts",
  "resources",
  "mcp",
  "instructions.ts",
  "adapter.ts",
  "http",
  "main.ts",
];

const files = sourceFiles("mcp-adapter");

/** The place of a file's room in the order; -1 for a file outside the adapter or its rooms. */
function placeOf(path: string): number {
  const [floor, room = ""] = path.split("/");
  return floor === "mcp-adapter" ? ROOMS.indexOf(room) : -1;
}

describe("the rooms of the adapter", () => {
  it("hold all its files", () => {
    expect(files.filter(({ path }) => placeOf(path) < 0).map(({ path }) => path)).toEqual([]);
    const used = new Set(files.map(({ path }) => placeOf(path)));
    expect(ROOMS.filter((_, place) => !used.has(place))).toEqual([]);
  });

  it("import only from their left", () => {
    const wrong = files.flatMap(({ path, ownImports }) =>
      ownImports.filter((own) => placeOf(own) > placeOf(path)).map((own) => `${path} imports ${own}`),
    );
    expect(wrong).toEqual([]);
  });
});
