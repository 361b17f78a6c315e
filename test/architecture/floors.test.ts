/** Tests the floors of docs/architecture.md: which folder may import which. */
import { describe, expect, it } from "vitest";
import { FLOORS, type SourceFile, sourceFiles } from "./source-files.ts";

const files = new Map(FLOORS.flatMap((floor) => sourceFiles(floor)).map((file) => [file.path, file]));
/** What the floor that both programs stand on may cost them. */
const HUB_CLIENT_LIBRARIES = ["zod", "semver", "ws", "rate-limiter-flexible"];
const floorOf = (path: string) => path.split("/")[0] ?? "";
const on = (floor: (typeof FLOORS)[number]) => [...files.values()].filter(({ path }) => floorOf(path) === floor);

/** `<file> imports <module>` for each import of `from` that `isForbidden`. */
function violations(from: SourceFile[], isForbidden: (module: string, file: SourceFile) => boolean): string[] {
  return from.flatMap((file) =>
    [...file.imports.filter((name) => !name.startsWith(".")), ...file.ownImports]
      .filter((module) => isForbidden(module, file))
      .map((module) => `${file.path} imports ${module}`),
  );
}

function importersOf(module: string): string[] {
  const names = (name: string) => name === module || name.startsWith(`${module}/`);
  return [...files.values()].filter(({ imports }) => imports.some(names)).map(({ path }) => path);
}

describe("the floors", () => {
  it("have files to be held to the rules", () => {
    for (const floor of FLOORS) expect(on(floor).length).toBeGreaterThan(5);
  });

  it("protocol imports zod, Node's own modules and package.json only", () => {
    const isAllowed = (name: string) =>
      name === "zod" || name.startsWith("node:") || floorOf(name) === "protocol" || name === "package.json";
    expect(violations(on("protocol"), (module) => !isAllowed(module))).toEqual([]);
  });

  it("hub-client imports protocol, its libraries and Node's own modules only", () => {
    const isLibrary = (name: string) => HUB_CLIENT_LIBRARIES.some((own) => name === own || name.startsWith(`${own}/`));
    const isAllowed = (name: string) =>
      ["protocol", "hub-client"].includes(floorOf(name)) || name.startsWith("node:") || isLibrary(name);
    expect(violations(on("hub-client"), (module) => !isAllowed(module))).toEqual([]);
  });

  it("hub and adapter never import each other, not even types: they meet in protocol and hub-client", () => {
    expect(violations(on("hub"), (module) => floorOf(module) === "mcp-adapter")).toEqual([]);
    expect(violations(on("mcp-adapter"), (module) => floorOf(module) === "hub")).toEqual([]);
  });

  it("no part of the product imports tests, benchmarks or scripts", () => {
    const isOutside = (module: string) => ["test", "bench", "scripts"].includes(floorOf(module));
    expect(violations([...files.values()], isOutside)).toEqual([]);
  });

  it("every import of an own file names a file that exists, with its ending", () => {
    const isMissing = (module: string, file: SourceFile) =>
      file.ownImports.includes(module) && !files.has(module) && module !== "package.json";
    expect(violations([...files.values()], isMissing)).toEqual([]);
  });

  it.each([
    ["@modelcontextprotocol/sdk", "mcp-adapter/mcp/mcp-server.ts"],
    ["@modelcontextprotocol/server", "mcp-adapter/mcp/modern-server.ts"],
    ["@modelcontextprotocol/node", "mcp-adapter/mcp/modern-server.ts"],
  ])("only one file names %s: whatever replaces it is replaced there", (module, path) => {
    expect(importersOf(module)).toEqual([path]);
  });

  it("the newer era of MCP is loaded on demand, never with the adapter", () => {
    const modern = "mcp-adapter/mcp/modern-server.ts";
    const atStart = on("mcp-adapter").filter(({ text }) => /^import (?!type\b)[^;]*modern-server\.ts"/m.test(text));
    expect(files.has(modern)).toBe(true);
    expect(atStart.map(({ path }) => path)).toEqual([]);
  });

  it("one file names the socket library for the hub, and one for every client", () => {
    expect(importersOf("ws").toSorted()).toEqual(["hub-client/hub-socket.ts", "hub/connections/listener.ts"]);
  });

  it("have no cycle of imports", () => {
    expect(findCycle(files)).toBeUndefined();
  });
});

/** The first cycle among the files, as the paths along it; undefined when there is none. */
function findCycle(graph: ReadonlyMap<string, SourceFile>): string | undefined {
  const finished = new Set<string>();
  const visit = (path: string, above: readonly string[]): string | undefined => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path].join(" → ");
    if (finished.has(path)) return undefined;
    for (const imported of graph.get(path)?.ownImports ?? []) {
      const cycle = visit(imported, [...above, path]);
      if (cycle) return cycle;
    }
    finished.add(path);
    return undefined;
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}
