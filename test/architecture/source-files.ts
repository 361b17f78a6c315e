/** The project's source files, with what the rules of the architecture ask of each: its imports, its functions, its length. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "oxc-parser";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Folders of the product's TypeScript: each is a floor of the architecture. */
export const FLOORS = ["protocol", "hub-client", "hub", "mcp-adapter"] as const;

/** Neither ours nor part of the product. */
const LEFT_OUT = new Set(["node_modules", "dist", "coverage", ".git", ".godot"]);

/** One function of a file; a nested one counts for itself and for the function around it. */
export interface FunctionSize {
  readonly line: number;
  readonly lines: number;
}

export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Module names as they are written, of imports, re-exports and dynamic imports, types too. */
  readonly imports: readonly string[];
  /** Imports of own files, as paths from the project's folder. */
  readonly ownImports: readonly string[];
  readonly functions: readonly FunctionSize[];
}

/** Paths of all files below `folder`, from the project's folder, with forward slashes. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Reads and parses every TypeScript file below `folder`. */
export function sourceFiles(folder: string): SourceFile[] {
  return filesBelow(folder)
    .filter((path) => path.endsWith(".ts"))
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} can't be parsed: ${errors[0]?.message}`);
  const imports = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ];
  const lineOf = lineCounter(text);
  return {
    path,
    text,
    lines: lineOf(text.trimEnd().length),
    imports,
    ownImports: imports.filter((name) => name.startsWith(".")).map((name) => resolveOwn(path, name)),
    functions: functionSizes(program, lineOf),
  };
}

function resolveOwn(from: string, name: string): string {
  return relative(ROOT, join(ROOT, dirname(from), name)).replaceAll("\\", "/");
}

function functionSizes(program: Parameters<Visitor["visit"]>[0], lineOf: (offset: number) => number): FunctionSize[] {
  const sizes: FunctionSize[] = [];
  const measure = ({ start, end }: { start: number; end: number }) => {
    sizes.push({ line: lineOf(start), lines: lineOf(end) - lineOf(start) + 1 });
  };
  const visitor = new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  });
  visitor.visit(program);
  return sizes;
}

/** The line, from 1, of an offset in `text`. */
function lineCounter(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split("\n").length;
}
