/** Holds every fact about a command to its declaration: no list of command names is kept anywhere else. */
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { HUB_METHODS } from "../../protocol/hub-methods.ts";
import { FLOORS, sourceFiles } from "./source-files.ts";

const NAMES: ReadonlySet<string> = new Set([...COMMANDS.keys(), ...Object.keys(HUB_METHODS)]);
/** Where commands and the hub's methods are declared. */
const DECLARATIONS = /^protocol\/commands\/|^protocol\/(hub|owner)-methods\.ts$/;
/** What a name has beside it in a table of facts; what carries a method out is none of these. */
const FACTS: ReadonlySet<unknown> = new Set(["Literal", "ArrayExpression", "ObjectExpression", "Identifier"]);
/** Kinds of nodes that list what stands in them. */
const LISTS: ReadonlySet<unknown> = new Set(["ArrayExpression", "ObjectExpression", "SwitchStatement", "TSUnionType"]);

/** Text that may be the name of a command, in quotes: what lacks it need not be parsed. */
const QUOTED_NAME = /["'`][a-z]+\.[a-z_]+["'`]/;

/** The command names of each list in a source that has several, whether as keys, values or items. */
function listedNames(path: string, text: string): string[][] {
  const lists: string[][] = [];
  if (QUOTED_NAME.test(text)) collect(parseSync(path, text).program, undefined, lists);
  return lists.filter(({ length }) => length > 1);
}

/** @param list Names of the list that `node` stands in. @param lists Those of each list that has been found. */
function collect(node: unknown, list: string[] | undefined, lists: string[][]): void {
  if (Array.isArray(node)) for (const each of node) collect(each, list, lists);
  if (typeof node !== "object" || node === null || !("type" in node)) return;
  if ("value" in node && typeof node.value === "string" && NAMES.has(node.value)) list?.push(node.value);
  const inner = isHandler(node) ? undefined : listIn(node.type, list, lists);
  for (const each of Object.values(node)) collect(each, inner, lists);
}

/** Whether a member of an object is what carries out the method that it is named after. */
function isHandler(node: object): boolean {
  if (!("type" in node && node.type === "Property" && "value" in node)) return false;
  const { value } = node;
  return typeof value === "object" && value !== null && "type" in value && !FACTS.has(value.type);
}

/** The list for what stands in a node: what is handed to a function, or what a function does, is none. */
function listIn(type: unknown, list: string[] | undefined, lists: string[][]): string[] | undefined {
  if (type === "CallExpression" || type === "ArrowFunctionExpression") return undefined;
  if (list || !LISTS.has(type)) return list;
  const begun: string[] = [];
  lists.push(begun);
  return begun;
}

describe("lists of command names", () => {
  it("stand nowhere but in the declarations", () => {
    const files = [...FLOORS, "scripts"].flatMap(sourceFiles).filter(({ path }) => !DECLARATIONS.test(path));
    const listed = files.map(({ path, text }) => [path, listedNames(path, text)] as const);
    expect(Object.fromEntries(listed.filter(([, names]) => names.length > 0))).toEqual({});
  });

  it.each([
    ["a set", 'const A = new Set(["scene.open", "scene.save"]);'],
    ["a map", 'const A = new Map([["scene.open", 1], ["scene.save", 2]]);'],
    ["keys", 'const A = { "scene.open": 1, "scene.save": 2 };'],
    ["values", 'const A = { open: "scene.open", more: { save: ["scene.save"] } };'],
    ["cases", 'switch (name) { case "scene.open": case "scene.save": return; }'],
    ["a union", 'type A = "scene.open" | "scene.save";'],
  ])("are found as %s", (_, text) => {
    expect(listedNames("a.ts", text)).toEqual([["scene.open", "scene.save"]]);
  });

  it("are not handlers, nor what is called one after the other", () => {
    const handlers = 'const B = { "hub.status": () => status(), "hub.usage": this.usage };';
    expect(listedNames("b.ts", handlers)).toEqual([]);
    const text = 'const A = [() => call("scene.open"), run("scene.save", { which: "scene" })];';
    expect(listedNames("a.ts", text)).toEqual([]);
  });
});
