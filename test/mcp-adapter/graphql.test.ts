import { readFile } from "node:fs/promises";
import type { GraphQLObjectType } from "graphql";
import { describe, expect, it } from "vitest";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { RequestContent } from "../../hub-client/pending-request.ts";
import { schema } from "../../mcp-adapter/graphql/schema.ts";
import { operationNamed } from "../../mcp-adapter/params/batch-operations.ts";
import { COMMAND_FIELDS } from "../../mcp-adapter/texts/field-names.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { ToolBench } from "./support/tool-bench.ts";

const tools = await presetTools({ preset: "graphql", toolsets: [] });
const scene = { scene: "res://main.tscn", revision: 4 };

function reply({ method, params }: RequestContent): unknown {
  switch (method) {
    case "project.get_info":
      return { name: "game", mainScene: "res://main.tscn", files: { gd: 3 } };
    case "scene.get_tree":
      return { ...scene, root: { name: "Main", type: "Node2D", path: ".", children: [{ name: "A" }] } };
    case "edit.batch": {
      const operations = Array.isArray(params?.operations) ? params.operations : [];
      return { ...scene, results: operations.map((_, at) => ({ path: `Node${at}` })) };
    }
    case "game.screenshot":
      return { mimeType: "image/webp", data: "UklGRg==", width: 4, height: 2, sourceWidth: 4, sourceHeight: 2 };
    case "node.delete":
      throw new CommandError({ code: -32001, message: "No node 'X'.", data: { kind: "NOT_FOUND", hint: "Look." } });
    default:
      return { ...scene, path: params?.path ?? params?.name };
  }
}

/** Names that are known from other servers. */
const WELL_KNOWN = {
  queries: [
    "project",
    "scene",
    "script",
    "currentScene",
    "node",
    "nodeTypeInfo",
    "gatherContext",
    "dependencyGraph",
    "debuggerErrors",
    "logs",
    "classHierarchy",
    "findReferences",
    "autoloads",
    "parseErrors",
    "validateMutation",
    "previewMutation",
  ],
  mutations: [
    "createScene",
    "createSceneFromTemplate",
    "createScript",
    "addNode",
    "removeNode",
    "duplicateNode",
    "reparentNode",
    "setProperty",
    "setProperties",
    "connectSignal",
    "disconnectSignal",
    "addToGroup",
    "removeFromGroup",
    "saveScene",
    "openScene",
    "addInputAction",
    "setProjectSetting",
    "beginTransaction",
    "commitTransaction",
    "rollbackTransaction",
    "applyMutation",
  ],
};

const bench = () => new ToolBench(tools, reply);
const query = (on: ToolBench, text: string, more: object = {}) => on.run("godot_query", { query: text, ...more });
const mutate = (on: ToolBench, text: string, more: object = {}) => on.run("godot_mutate", { mutation: text, ...more });

describe("godot_query", () => {
  it("answers several fields, with aliases and variables, in one request", async () => {
    const on = bench();
    const { text } = await query(
      on,
      `query Q($path: String) { project { name files } a: scene(scene: "res://main.tscn", path: $path) { revision root { name all } } currentScene { scene } }`,
      { variables: { path: "A" } },
    );
    expect(JSON.parse(text)).toEqual({
      extensions: { instances: ["game@1"] },
      data: {
        project: { name: "game", files: { gd: 3 } },
        a: { revision: 4, root: { name: "Main", all: expect.objectContaining({ children: [{ name: "A" }] }) } },
        currentScene: { scene: "res://main.tscn" },
      },
    });
    expect(on.asked.map(({ method }) => method)).toEqual(["project.get_info", "scene.get_tree", "scene.get_tree"]);
    expect(on.asked[1]?.params).toEqual({ scene: "res://main.tscn", path: "A" });
  });

  it("chooses among several operations", async () => {
    const document = "query A { project { name } } query B { currentScene { scene } }";
    expect((await query(bench(), document, { operationName: "B" })).text).toBe(
      '{"data":{"currentScene":{"scene":"res://main.tscn"}},"extensions":{"instances":["game@1"]}}',
    );
    expect(await query(bench(), document)).toMatchObject({ structured: { kind: "INVALID_PARAMS" } });
  });

  it("gathers everything for a beginner, and only the selected fields", async () => {
    const on = bench();
    await query(on, "{ gatherContext { project tree } }");
    expect(on.asked.map(({ method }) => method).toSorted()).toEqual(["project.get_info", "scene.get_tree"]);
  });

  it("asks for a class and for what inherits it", async () => {
    const on = bench();
    await query(
      on,
      `{ nodeTypeInfo(name: "Area2D") { all } classHierarchy(base: "Control") { classes { name base } } }`,
    );
    expect(on.asked).toMatchObject([
      { method: "classdb.get_class", params: { name: "Area2D" } },
      { method: "classdb.search", params: { base: "Control", query: "" } },
    ]);
  });

  it("shows pictures as images, not as text", async () => {
    const { text, images } = await query(bench(), "{ gameScreenshot { width data } }");
    expect(images).toEqual([{ mimeType: "image/webp", data: "UklGRg==" }]);
    expect(JSON.parse(text)).toMatchObject({ data: { gameScreenshot: { width: 4, data: null } } });
  });

  it("says where a document is wrong, and runs nothing of it", async () => {
    const on = bench();
    const { text, isError } = await query(on, "{ project { nam } }");
    expect(isError).toBe(true);
    expect(text).toMatch(/1:13: Cannot query field "nam".*Did you mean "name"/);
    expect((await query(on, "{ project {")).text).toContain("Syntax Error");
    expect((await query(on, "mutation { saveScene { scene } }")).text).toContain("Use godot_mutate.");
    expect(on.asked).toEqual([]);
  });
});

describe("godot_mutate", () => {
  it("makes changes of nodes of one scene one batch, and answers each under its name", async () => {
    const on = bench();
    const { text } = await mutate(
      on,
      `mutation { a: addNode(type: "Node2D", name: "A") { path revision } b: setProperties(path: "A", properties: {position: "Vector2(1, 2)"}) { path } }`,
    );
    expect(on.asked).toMatchObject([
      {
        method: "edit.batch",
        params: {
          operations: [
            { op: "add", type: "Node2D", name: "A" },
            { op: "set_properties", path: "A", properties: { position: "Vector2(1, 2)" } },
          ],
        },
      },
    ]);
    expect(JSON.parse(text).data).toEqual({ a: { path: "Node0", revision: 4 }, b: { path: "Node1" } });
  });

  it("runs what no batch can carry in its place, between the batches of its neighbours", async () => {
    const on = bench();
    const { text } = await mutate(
      on,
      `mutation Build($group: String! = "made", $later: Boolean = false) {
         openScene(path: "res://main.tscn") { scene }
         a: addNode(type: "Node2D", name: "A") { path }
         addToGroup(path: "A", group: $group) { path }
         skipped: removeNode(path: "X") @include(if: $later) { path }
         ...looks
         saveScene { scene }
         setProperty(path: "A", property: "visible", value: false) { path }
       }
       fragment looks on Mutation { b: setProperty(path: "A", property: "visible", value: true) { path } }`,
    );
    expect(on.asked.map(({ method }) => method)).toEqual([
      "scene.open",
      "edit.batch",
      "scene.save",
      "node.set_properties",
    ]);
    expect(on.asked[1]?.params).toEqual({
      label: "Build",
      operations: [
        { op: "add", type: "Node2D", name: "A" },
        { op: "set_groups", path: "A", add: ["made"] },
        { op: "set_properties", path: "A", properties: { visible: true } },
      ],
    });
    expect(on.asked[3]?.params).toEqual({ path: "A", properties: { visible: false } });
    expect(JSON.parse(text).data).toEqual({
      openScene: { scene: "res://main.tscn" },
      a: { path: "Node0" },
      addToGroup: { path: "Node1" },
      b: { path: "Node2" },
      saveScene: { scene: "res://main.tscn" },
      setProperty: { path: "A" },
    });
  });

  it("makes a batch for each scene, and begins another one where a later revision is asked for", async () => {
    const on = bench();
    const add = (alias: string, args: string) => `${alias}: addNode(type: "Node", name: "${alias}", ${args}) { path }`;
    const one = 'scene: "res://one.tscn"';
    await mutate(
      on,
      `mutation { ${add("a", `${one}, ifRevision: 4`)} ${add("b", one)} ${add("c", `${one}, ifRevision: 5`)}
        ${add("d", one)} ${add("e", 'scene: "res://two.tscn"')} ${add("f", 'scene: "res://two.tscn", target: "other"')} }`,
    );
    expect(
      on.asked.map(({ method, target, params: { scene, ifRevision } = {} }) => ({ method, scene, ifRevision, target })),
    ).toEqual([
      { method: "edit.batch", scene: "res://one.tscn", ifRevision: 4, target: undefined },
      { method: "edit.batch", scene: "res://one.tscn", ifRevision: 5, target: undefined },
      { method: "node.add", scene: "res://two.tscn", ifRevision: undefined, target: undefined },
      { method: "node.add", scene: "res://two.tscn", ifRevision: undefined, target: "other" },
    ]);
  });

  it("names the field of a batch that failed, and what was not done because of it", async () => {
    const on = new ToolBench(tools, (content) => {
      if (content.method !== "edit.batch") return reply(content);
      const data = { kind: "NOT_FOUND", operation: 2, hint: "Look with scene.get_tree." };
      throw new CommandError({ code: -32001, message: "Operation 2: No node 'X'.", data });
    });
    const { text, isError } = await mutate(
      on,
      `mutation { openScene(path: "res://main.tscn") { scene } a: addNode(type: "Node") { path } b: addNode(type: "Node") { path }
        c: removeNode(path: "X") { path } d: addNode(type: "Node") { path } saveScene { scene } }`,
    );
    expect(isError).toBeUndefined();
    expect(JSON.parse(text)).toMatchObject({
      data: { openScene: { scene: "res://main.tscn" }, a: null, b: null, c: null, d: null, saveScene: null },
      errors: [
        {
          message: "No node 'X'. Nothing of its batch was done: a, b, c, d. Not run after it: saveScene.",
          path: ["c"],
          extensions: {
            kind: "NOT_FOUND",
            hint: "Look with the field scene.",
            batch: ["a", "b", "c", "d"],
            notRun: ["saveScene"],
          },
        },
      ],
    });
    expect(JSON.parse(text).errors).toHaveLength(1);
    expect(on.asked.map(({ method }) => method)).toEqual(["scene.open", "edit.batch"]);
  });

  it("does not say of a batch with an unknown end that nothing was done", async () => {
    const on = new ToolBench(tools, () => {
      throw new CommandError({ code: -32014, message: "The editor has gone.", data: { kind: "OUTCOME_UNKNOWN" } });
    });
    const { text, isError } = await mutate(
      on,
      'mutation { a: addNode(type: "Node") { path } b: addNode(type: "Node") { path } }',
    );
    expect(isError).toBe(true);
    expect(JSON.parse(text).errors).toMatchObject([
      { message: "The editor has gone.", path: ["a"], extensions: { kind: "OUTCOME_UNKNOWN", batch: ["a", "b"] } },
    ]);
  });

  it("does nothing of a mutation one of whose fields can't be right", async () => {
    const on = bench();
    const { text, isError } = await mutate(
      on,
      'mutation { saveScene { scene } wrong: connectSignal(path: "A", signal: "", to: "B", method: "m") { path } }',
    );
    expect(isError).toBe(true);
    expect(JSON.parse(text)).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/'signal'.* Nothing of the mutation was done\.$/),
          path: ["wrong"],
          extensions: { kind: "INVALID_PARAMS" },
        },
      ],
    });
    expect(on.asked).toEqual([]);
  });

  it("shows what the engine complained about meanwhile", async () => {
    const on = new ToolBench(tools, () => ({
      ...scene,
      results: [{}, {}],
      engineErrors: [{ level: "error", message: "Odd texture.", file: "res://a.png" }],
    }));
    const { text } = await mutate(
      on,
      'mutation { a: addNode(type: "Node") { path } b: addNode(type: "Node") { path } }',
    );
    expect(JSON.parse(text).extensions.engineErrors).toContain("- error: Odd texture. (res://a.png)");
  });

  it("says each name and each complaint of an error once", async () => {
    const on = new ToolBench(tools, () => {
      const complaint = { level: "error", message: "Odd.", file: "res://a.gd", line: 2 };
      const data = { kind: "NOT_FOUND", hint: "Did you mean 'a'?", engineErrors: [complaint, complaint] };
      throw new CommandError({ code: -32001, message: "No 'b'.", data: { ...data, candidates: ["a"] } });
    });
    const [error] = JSON.parse((await mutate(on, "mutation { saveScene { scene } }")).text).errors;
    expect(error.extensions).toEqual({
      kind: "NOT_FOUND",
      hint: "Did you mean 'a'?",
      engineErrors: ["Reported by the engine meanwhile:", "- error: Odd. (res://a.gd:2) (2 times)"],
    });
  });

  it("reports an error with its kind and what to do, beside what was done", async () => {
    const { text, isError } = await mutate(bench(), `mutation { saveScene { scene } removeNode(path: "X") { path } }`);
    expect(isError).toBeUndefined();
    expect(JSON.parse(text)).toMatchObject({
      data: { saveScene: { scene: "res://main.tscn" }, removeNode: null },
      errors: [{ message: "No node 'X'.", path: ["removeNode"], extensions: { kind: "NOT_FOUND", hint: "Look." } }],
    });
    expect(await mutate(bench(), `mutation { removeNode(path: "X") { path } }`)).toMatchObject({ isError: true });
  });

  it("collects a transaction over several calls and carries it out as one step, or not at all", async () => {
    const on = bench();
    await mutate(on, `mutation { beginTransaction(label: "Build") { open } }`);
    await mutate(on, `mutation { addNode(type: "Node2D", name: "A") { all } }`);
    await mutate(on, `mutation { setProperty(path: "A", property: "visible", value: false) { path } }`);
    expect(on.asked).toEqual([]);
    const { text } = await mutate(on, "mutation { commitTransaction { operations result } }");
    expect(on.asked).toMatchObject([
      { method: "edit.batch", params: { label: "Build", operations: [{ op: "add" }, { op: "set_properties" }] } },
    ]);
    expect(JSON.parse(text).data.commitTransaction.operations).toBe(2);
    await mutate(
      on,
      'mutation { beginTransaction { open } addNode(type: "Node") { path } rollbackTransaction { operations } }',
    );
    expect(on.asked).toHaveLength(1);
    expect((await mutate(on, "mutation { commitTransaction { open } }")).text).toContain("No transaction is open.");
  });

  it("leaves fields to a transaction that the mutation begins itself, and says when a failure has left it open", async () => {
    const on = new ToolBench(tools, (content) => {
      if (content.method !== "scene.save") return reply(content);
      throw new CommandError({ code: -32024, message: "It was changed on disk.", data: { kind: "CONFLICT" } });
    });
    const two = (name: string) => `${name}1: addNode(type: "Node") { all } ${name}2: addNode(type: "Node") { all }`;
    await mutate(on, `mutation { beginTransaction { open } ${two("a")} commitTransaction { open } ${two("b")} }`);
    expect(on.asked).toMatchObject([
      { method: "edit.batch", params: { operations: [{ op: "add" }, { op: "add" }] } },
      { method: "edit.batch", params: { operations: [{ op: "add" }, { op: "add" }] } },
    ]);
    const { text } = await mutate(
      on,
      `mutation { beginTransaction { open } ${two("a")} saveScene { scene } commitTransaction { open } }`,
    );
    expect(JSON.parse(text).errors).toMatchObject([
      {
        message: "It was changed on disk. Not run after it: commitTransaction. The transaction is still open.",
        path: ["saveScene"],
      },
    ]);
    const { text: ended } = await mutate(on, "mutation { rollbackTransaction { operations } }");
    expect(JSON.parse(ended).data).toEqual({ rollbackTransaction: { operations: 2 } });
  });

  it("changes nothing, and begins no transaction, when it is only looked at", async () => {
    const on = bench();
    const mutation = `mutation { beginTransaction { open } addNode(type: "Node", name: "A") { path } setProperty(path: "A", property: "visible", value: true) { path } commitTransaction { open } }`;
    const again = "mutation M($m: String!) { applyMutation(mutation: $m) saveScene { scene } }";
    const { text } = await query(
      on,
      `query Q($m: String!, $v: JSON) { previewMutation(mutation: $m, variables: $v) { valid commands } }`,
      { variables: { m: again, v: { m: mutation } } },
    );
    expect(JSON.parse(text).data.previewMutation).toMatchObject({
      valid: true,
      commands: [
        { command: "edit.batch", params: { operations: [{ op: "add" }, { op: "set_properties" }] } },
        { command: "scene.save" },
      ],
    });
    expect((await mutate(on, "mutation { rollbackTransaction { open } }")).text).toContain("No transaction is open.");
    expect(on.asked).toEqual([]);
  });

  it.each<[string, string]>([
    ["selections", `${"{ project".repeat(6_000)}`],
    ["selections that end", `${"{ a".repeat(9_000)}${"}".repeat(9_000)}`],
    ["lists", `{ node(path: ${"[".repeat(9_000)}${"]".repeat(9_000)}) { path } }`],
    ["objects", `{ node(path: ${"{a:".repeat(4_000)}1${"}".repeat(4_000)}) { path } }`],
    ["types", `query Q($v: ${"[".repeat(9_000)}Int${"]".repeat(9_000)}) { project { name } }`],
    ["more than can be read", `{ ${"a ".repeat(30_000)} }`],
  ])("a document of %s is refused, and the next one is answered", async (_, document) => {
    const on = bench();
    expect((await query(on, document)).text).toMatch(/INVALID_PARAMS/);
    expect(on.asked).toEqual([]);
  });

  it("can be checked, looked at and applied as a value", async () => {
    const on = bench();
    const mutation = `mutation { addNode(type: "Node2D", name: "A") { path } saveScene { scene } }`;
    const checked = await query(
      on,
      `query Q($m: String!) { validateMutation(mutation: $m) { valid errors } previewMutation(mutation: $m) { valid commands } }`,
      { variables: { m: mutation } },
    );
    expect(on.asked).toEqual([]);
    expect(JSON.parse(checked.text).data).toEqual({
      validateMutation: { valid: true, errors: [] },
      previewMutation: {
        valid: true,
        commands: [
          { command: "node.add", params: { type: "Node2D", name: "A" } },
          { command: "scene.save", params: {} },
        ],
      },
    });
    const wrong = await query(
      on,
      `{ validateMutation(mutation: "mutation { addNode(typ: 1) { path } }") { valid errors } }`,
    );
    expect(JSON.parse(wrong.text).data.validateMutation).toMatchObject({
      valid: false,
      errors: [expect.stringContaining('"typ"')],
    });
    await mutate(on, "mutation M($m: String!) { applyMutation(mutation: $m) }", { variables: { m: mutation } });
    expect(on.asked.map(({ method }) => method)).toEqual(["node.add", "scene.save"]);
  });
});

describe("docs/graphql.md", () => {
  it("names every field that a batch can carry", async () => {
    const document = await readFile(new URL("../../docs/graphql.md", import.meta.url), "utf8");
    const carried = [...COMMAND_FIELDS.values()].filter(({ command }) => operationNamed(command.name) !== undefined);
    expect(carried.length).toBeGreaterThan(10);
    for (const { name } of carried) expect(document).toContain(`\`${name}\``);
  });
});

describe("godot_introspect", () => {
  it("has every well-known field, each on its side", () => {
    const fieldsOf = (root: GraphQLObjectType | null | undefined) => Object.keys(root?.getFields() ?? {});
    expect(fieldsOf(schema.getQueryType())).toEqual(expect.arrayContaining(WELL_KNOWN.queries));
    expect(fieldsOf(schema.getMutationType())).toEqual(expect.arrayContaining(WELL_KNOWN.mutations));
    for (const { command } of COMMAND_FIELDS.values()) expect(COMMANDS.get(command.name)).toBe(command);
  });

  it("shows every command as a field", async () => {
    const { text } = await bench().run("godot_introspect", { full: true });
    expect(text.length).toBeGreaterThan(1_000);
    const { text: names } = await bench().run("godot_introspect");
    for (const name of WELL_KNOWN.queries) expect(names).toMatch(new RegExp(`^Query: .*\\b${name}\\b`, "m"));
    for (const name of WELL_KNOWN.mutations) expect(names).toMatch(new RegExp(`^Mutation: .*\\b${name}\\b`, "m"));
    const { text: description } = await bench().run("godot_introspect", { name: "addNode" });
    expect(description).toContain("(node.add)");
    // What can be selected of the answer: one question less.
    expect(description).toMatch(/^answers with AddNode\ntype AddNode \{\n[^}]*\bpath: /m);
    for (const command of COMMANDS.keys()) {
      const field = [...COMMAND_FIELDS.values()].find((each) => each.command.name === command);
      expect(names).toContain(field?.name);
    }
    expect((await bench().run("godot_introspect", { name: "Nothing" })).isError).toBe(true);
  });
});
