import { describe, expect, it } from "vitest";
import { exampleParams } from "../../mcp-adapter/calls/example-params.ts";
import type { Tool } from "../../mcp-adapter/calls/tool.ts";
import { commandOf } from "../../mcp-adapter/params/batch-operations.ts";
import { declaredSchemaOf } from "../../mcp-adapter/params/schemas.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { OPERATIONS } from "../../protocol/commands/edit.ts";
import { COMMANDS, commandNamed } from "../../protocol/commands/index.ts";
import { ToolBench } from "./support/tool-bench.ts";
import { asSchema, formsOf, namesOf, nothings } from "./support/wrong-forms.ts";

type Args = Record<string, unknown>;

const compact = await presetTools({ preset: "compact", toolsets: [] });
const full = await presetTools({ preset: "full", toolsets: [] });
const graphql = await presetTools({ preset: "graphql", toolsets: [] });
const PRESETS = { compact, full, graphql };

/** What a call comes to: the requests to the hub, or else the answer. */
async function outcome(tools: ReadonlyMap<string, Tool>, name: string, args: Args): Promise<unknown> {
  const bench = new ToolBench(tools);
  const { text } = await bench.run(name, args);
  const asked = bench.asked.map(({ method, params, target }) => ({ method, params: withoutDeadlines(params), target }));
  return asked.length > 0 ? asked : text;
}

/** A hub that launches gets the time left. */
function withoutDeadlines(params: Args = {}): Args {
  const { waitMs: _, ...rest } = params;
  return rest;
}

/** Every wrong form of every param of `schema`, beside params that are right, and what the same call is with the right form. */
function cases(schema: Args, base: Args): { what: string; right: Args; wrong: Args }[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(asSchema(schema.properties)).flatMap(([name, member]) => {
    const declared = asSchema(member);
    // Any value is right.
    if (name === "value") return [];
    const { [name]: own, ...others } = base;
    const forms = formsOf(declared);
    const value = own ?? forms?.right ?? 1;
    const wrong = own === undefined ? (forms?.wrong ?? []) : [];
    const right = { ...others, [name]: value };
    return [
      ...wrong.map((each) => ({
        what: `${name} as ${JSON.stringify(each)}`,
        right,
        wrong: { ...others, [name]: each },
      })),
      ...[...namesOf(name), ...aliasesOf(declared, schema)].map((style) => ({
        what: `${name} as ${style}`,
        right,
        wrong: { ...others, [style]: value },
      })),
      ...(required.includes(name) ? [] : nothings(name, declared)).map((nothing) => ({
        what: `${name} as ${JSON.stringify(nothing)}`,
        right: others,
        wrong: { ...others, [name]: nothing },
      })),
    ];
  });
}

/** Another word for a param, where it is no param itself. */
function aliasesOf({ alias }: Args, { properties }: Args): string[] {
  return typeof alias === "string" && !(alias in asSchema(properties)) ? [alias] : [];
}

function exampleOf(tool: Tool): Args {
  return JSON.parse(/Example: (\{.*\})$/s.exec(tool.listing().description)?.[1] ?? "{}");
}

describe.each(Object.entries(PRESETS))("a param of the preset %s", (_, tools) => {
  it.each([...tools.keys()])("of %s may come in any plain form", async (name) => {
    const tool = tools.get(name);
    if (!tool) throw new Error(`There is no ${name}.`);
    for (const { what, right, wrong } of cases(tool.listing().inputSchema, exampleOf(tool))) {
      expect(await outcome(tools, name, wrong), `${name}: ${what}`).toEqual(await outcome(tools, name, right));
    }
  });
});

describe("a param of a command", () => {
  it.each([...COMMANDS.keys()])("of %s may come in any plain form, in params and beside them", async (command) => {
    const definition = commandNamed(command);
    const schema = declaredSchemaOf(definition.params);
    let sent = 0;
    for (const { what, right, wrong } of cases(schema, exampleParams(definition) ?? {})) {
      const expected = await outcome(compact, "command_run", { command, params: right });
      if (Array.isArray(expected)) sent += 1;
      for (const args of [
        { command, params: wrong },
        { command, params: JSON.stringify(wrong) },
      ]) {
        expect(await outcome(compact, "command_run", args), `${command}: ${what}`).toEqual(expected);
      }
      expect(await outcome(compact, "command_run", { command, ...wrong }), `${command}, flat: ${what}`).toEqual(
        expected,
      );
    }
    const hasParams = Object.keys(asSchema(schema.properties)).length > 0;
    expect(sent > 0, `${command} was sent ${sent} times`).toBe(hasParams);
  });
});

describe("a scene's file", () => {
  const isOfFile = (name: string) => name.startsWith("scene.") || name === "run.play";
  const named = [...COMMANDS].filter(([, { params }]) => "scene" in params.shape !== "path" in params.shape);

  it.each(named.filter(([name, { params }]) => "scene" in params.shape || isOfFile(name)).map(([name]) => name))(
    "is named scene or path in %s",
    async (command) => {
      const base = exampleParams(commandNamed(command)) ?? {};
      const { scene: _, path: __, ...others } = base;
      const [byScene, byPath] = ["scene", "path"].map((name) => ({ ...others, [name]: "res://a.tscn" }));
      const expected = await outcome(compact, "command_run", { command, params: byScene });
      expect(await outcome(compact, "command_run", { command, params: byPath })).toEqual(expected);
      expect(JSON.stringify(expected)).toContain("res://a.tscn");
    },
  );

  it("is none where a path leads to no file", async () => {
    const refused = await outcome(compact, "command_run", {
      command: "edit.batch",
      params: { path: "Player", operations: [] },
    });
    expect(refused).toContain("'path' is unknown");
  });

  it("is so in the tools, too", async () => {
    for (const name of ["scene_open", "game_run"]) {
      const expected = await outcome(compact, name, { path: "res://a.tscn" });
      expect(expected).toEqual(await outcome(compact, name, { scene: "res://a.tscn" }));
      expect(JSON.stringify(expected)).toContain("res://a.tscn");
    }
  });
});

describe("an operation", () => {
  const batches = [
    ["scene_edit", (operations: unknown) => ({ operations })],
    ["command_run", (operations: unknown) => ({ command: "edit.batch", params: { operations } })],
  ] as const;

  it.each(OPERATIONS)("%s may come in any plain form, in every tool that takes it", async (op) => {
    const command = commandOf(op);
    const { scene: _, ifRevision: __, ...properties } = asSchema(declaredSchemaOf(command.params).properties);
    const schema = { ...declaredSchemaOf(command.params), properties };
    for (const { what, right, wrong } of cases(schema, exampleParams(command) ?? {})) {
      const rightly = { op, ...right };
      const wrongly = { op, ...wrong };
      for (const [tool, args] of batches) {
        const expected = await outcome(compact, tool, args([rightly]));
        for (const form of [
          [wrongly],
          wrongly,
          JSON.stringify(wrongly),
          [JSON.stringify(wrongly)],
          JSON.stringify([wrongly]),
        ]) {
          expect(await outcome(compact, tool, args(form)), `${tool} ${op}: ${what}`).toEqual(expected);
        }
      }
      const expected = await outcome(full, "edit_batch", { operations: [rightly] });
      expect(await outcome(full, "edit_batch", { operations: JSON.stringify([wrongly]) })).toEqual(expected);
    }
  });

  const node = { path: "A" };
  it.each([
    [
      { op: "remove", ...node },
      { op: "delete", ...node },
    ],
    [
      { op: "Delete-Node", ...node },
      { op: "delete", ...node },
    ],
    [
      { op: "node.delete", ...node },
      { op: "delete", ...node },
    ],
    [
      { op: "set", ...node, property: "x", value: null },
      { op: "set_properties", ...node, properties: { x: null } },
    ],
    [
      { op: "set_property", ...node, property: "x", value: 1 },
      { op: "set_properties", ...node, properties: { x: 1 } },
    ],
    [
      { op: "setProperties", ...node, properties: '{"x":1}' },
      { op: "set_properties", ...node, properties: { x: 1 } },
    ],
    [
      { op: "instantiate", scene: "res://a.tscn" },
      { op: "add", instance: "res://a.tscn" },
    ],
    [
      { op: "add_node", type: "Node" },
      { op: "add", type: "Node" },
    ],
    [
      { op: "create", type: "Node" },
      { op: "add", type: "Node" },
    ],
    [
      { op: "reparent", ...node, parent: "B" },
      { op: "move", ...node, parent: "B" },
    ],
    [
      { op: "add_to_group", ...node, group: "g" },
      { op: "set_groups", ...node, add: ["g"] },
    ],
    [
      { op: "script.attach", ...node, script: "res://a.gd" },
      { op: "attach_script", ...node, script: "res://a.gd" },
    ],
    [
      { op: "animation.remove", ...node, animation: "a" },
      { op: "remove_animation", ...node, animation: "a" },
    ],
    [
      { operation: "add", type: "Node", as: "a" },
      { op: "add", type: "Node", as: "a" },
    ],
    [
      { op: "add", type: "Node", as: "größe_2" },
      { op: "add", type: "Node", as: "größe_2" },
    ],
  ])("%j is %j", async (said, meant) => {
    for (const [tool, args] of batches) {
      expect(await outcome(compact, tool, args([said]))).toMatchObject([{ params: { operations: [meant] } }]);
    }
  });

  it.each([
    [{ op: "remove", ...node, animation: "walk" }, "'operations[0].animation' is unknown"],
    [{ op: "move", ...node, new_parent: "B" }, "'operations[0].new_parent' is unknown: did you mean 'parent'"],
    [{ op: "delete", ...node, dry_run: true }, "'operations[0].dry_run' is unknown"],
    [{ op: "move", ...node, into: { path: "B" } }, "'operations[0].into' is unknown"],
    [{ op: "add", type: "Node", scene: "res://a.tscn" }, "'operations[0].scene' is unknown"],
    [{ op: "add", type: "Node", as: "a/b" }, "'operations[0].as': must be letters, digits and _"],
  ])("%j is refused rather than guessed", async (said, message) => {
    for (const [tool, args] of batches) expect(await outcome(compact, tool, args([said]))).toContain(message);
  });
});

describe("a value that fits as it is", () => {
  const run = (name: string, args: Args) => outcome(compact, name, args);
  const asked = (params: Args) => [expect.objectContaining({ params: expect.objectContaining(params) })];

  it("stays a text where a text is meant, also one that looks like JSON or is empty", async () => {
    for (const source of ['{"a":1}', "[1]", "true", "12", "null", ""]) {
      const args = { path: "res://a.gd", source };
      expect(await run("script_write", args)).toEqual([expect.anything(), ...asked(args)]);
      expect(await run("command_run", { command: "script.create", params: args })).toEqual(asked(args));
    }
    for (const text of ["[1]", '{"a":1}', "true", "12", ""]) {
      const change = { op: "set_properties", path: "Label", properties: { text } };
      expect(await run("scene_edit", { operations: [change] })).toEqual(asked({ operations: [change] }));
    }
    const call = { path: "Label", method: "set_text", args: ["[1]"] };
    expect(await run("command_run", { command: "node.call_method", params: call })).toEqual(asked(call));
    const groups = { path: "A", add: "[1]" };
    expect(await run("command_run", { command: "node.set_groups", params: groups })).toEqual(asked({ add: ["[1]"] }));
  });

  it("stays null where null is a value", async () => {
    const settings = { settings: { "a/b": null } };
    expect(await run("command_run", { command: "project.set_settings", params: settings })).toEqual(asked(settings));
    const properties = { path: "A", properties: { script: null } };
    expect(await run("command_run", { command: "node.set_properties", params: properties })).toEqual(asked(properties));
    const key = { path: "A", animation: "a", track: 0, time: 0, value: null };
    expect(await run("command_run", { command: "animation.set_key", params: key })).toEqual(asked(key));
  });

  it("stays an empty list where that says something", async () => {
    const params = { path: "A", groups: [] };
    expect(await run("command_run", { command: "node.set_groups", params })).toEqual(asked(params));
  });

  it("is the object that a text is as JSON where either is right", async () => {
    const events = ['{"type":"mouse_button","button":"left"}', "Space"];
    const params = { name: "fire", events: JSON.stringify(events) };
    expect(await run("command_run", { command: "project.set_input_action", params })).toEqual(
      asked({ events: [{ type: "mouse_button", button: "left" }, "Space"] }),
    );
  });
});

describe("an undeclared param", () => {
  const bench = () => new ToolBench(compact, () => ({ scene: "res://a.tscn", revision: 1, results: [{}] }));

  it.each(["wait_for_previous", "toolAction", "toolSummary", "explanation", "task_progress", "requires_approval"])(
    "is passed over without a word when hosts add it: %s",
    async (name) => {
      for (const [tool, args] of [
        ["scene_tree", {}],
        ["scene_edit", { operations: [{ op: "delete", path: "A", [name]: "x" }] }],
        ["command_run", { command: "node.delete", params: { path: "A", [name]: "x" } }],
        ["command_run", { command: "node.delete", path: "A" }],
      ] as const) {
        const on = bench();
        const { text, isError } = await on.run(tool, { ...args, [name]: true });
        expect(isError, text).toBeUndefined();
        expect(text).not.toContain(name);
        expect(JSON.stringify(on.asked)).not.toContain(name);
      }
    },
  );

  it("is passed over and named in the answer, as text and as data", async () => {
    const on = bench();
    expect((await on.run("scene_tree", { zoom: 3, mood: "x" })).text).toMatch(
      /\nIgnored, since there is no such param: zoom, mood\.$/,
    );
    const edit = { operations: [{ op: "delete", path: "A", mood: "x" }], format: "json" };
    const { structured, text } = await on.run("scene_edit", edit);
    expect(structured).toMatchObject({ notes: ["Ignored, since there is no such param: mood."] });
    expect(JSON.parse(text)).toEqual(structured);
    expect(JSON.stringify(on.asked)).not.toContain("mood");
  });

  it.each([
    ["scene_tree", { dpeth: 2 }, "'dpeth' is unknown: did you mean 'depth'?"],
    ["scene_tree", { max_depth: 2 }, "'max_depth' is unknown: did you mean 'depth'?"],
    ["node_inspect", { path: "A", name: "x" }, "'name' is unknown: did you mean 'names'?"],
    ["scene_edit", { operations: [{ op: "delete", path: "A" }], path: "A" }, "'path' is unknown"],
    ["scene_edit", { operations: [{ op: "delete", path: "A" }], file: "res://a.tscn" }, "'file' is unknown"],
    ["scene_edit", { operations: [{ op: "delete", path: "A" }], dry_run: true }, "did you mean 'preview'?"],
    ["command_run", { command: "node.delete", params: { path: "A", dry_run: true } }, "'dry_run' is unknown"],
    ["command_run", { command: "node.delete", params: { path: "A", name: "B" } }, "'name' is unknown"],
  ])("is refused where it may have been meant: %s %j", async (tool, args, message) => {
    const on = bench();
    const { text, isError } = await on.run(tool, args);
    expect(isError, text).toBe(true);
    expect(text).toContain(message);
    expect(on.asked).toEqual([]);
  });
});

describe("the name of a tool or a command", () => {
  it.each([
    "mcp__godot__scene_tree",
    "mcp__my-server__scene_tree",
    "functions.mcp__godot__scene_tree",
    "godot.scene_tree",
    "godot:scene_tree",
    "godot/scene_tree",
    "mcp_godot_scene_tree",
    "godot_scene_tree",
    "scene-tree",
    "sceneTree",
    "SCENE_TREE",
  ])("may be written as %s", async (name) => {
    expect(await outcome(compact, name, { depth: 1 })).toMatchObject([
      { method: "scene.get_tree", params: { depth: 1 } },
    ]);
  });

  it("is not guessed: similar names are listed", async () => {
    const { structured } = await new ToolBench(compact).run("mcp__godot__scene_trees");
    expect(structured).toMatchObject({ kind: "METHOD_NOT_FOUND", candidates: expect.arrayContaining(["scene_tree"]) });
  });

  it.each(["node.rename", "node_rename", "nodeRename", "Node.Rename", "godot:node.rename"])(
    "of a command may be written as %s",
    async (command) => {
      const params = { path: "A", name: "B" };
      for (const args of [
        { command, params },
        { command, ...params },
        { command, args: params },
        { command, arguments: JSON.stringify(params) },
      ]) {
        expect(await outcome(compact, "command_run", args)).toMatchObject([{ method: "node.rename", params }]);
      }
    },
  );

  it("is that of one command alone, whatever its style", () => {
    const plain = [...COMMANDS.keys()].map((name) => name.replace(/[^a-z]/g, ""));
    expect(new Set(plain).size).toBe(plain.length);
  });

  it("may be a tool's where a command is meant", async () => {
    for (const args of [{ params: { depth: 1 } }, { depth: "1" }]) {
      expect(await outcome(compact, "command_run", { command: "scene_tree", ...args })).toMatchObject([
        { method: "scene.get_tree", params: { depth: 1 } },
      ]);
    }
  });

  it("goes with params beside it and in params, but not with two values of one", async () => {
    const twice = { command: "node.rename", params: { path: "A", name: "B" }, name: "C" };
    expect(await outcome(compact, "command_run", twice)).toContain("'name' is unknown");
    const both = { command: "node.rename", params: { path: "A" }, name: "B" };
    expect(await outcome(compact, "command_run", both)).toMatchObject([{ params: { path: "A", name: "B" } }]);
  });
});

describe("a place that is written as a list", () => {
  it.each([
    [[3, 4], { x: 3, y: 4 }],
    [[3, 4, 5], { x: 3, y: 4, z: 5 }],
    ["[3, 4]", { x: 3, y: 4 }],
  ])("%j has the members of the object that is declared", async (near, meant) => {
    expect(await outcome(full, "command_run", { command: "game.find", params: { near } })).toMatchObject([
      { params: { near: meant } },
    ]);
  });

  it("of too few or too many numbers is none", async () => {
    for (const near of [[3], [1, 2, 3, 4], [3, "up"]])
      expect(await outcome(full, "command_run", { command: "game.find", params: { near } })).toContain("near");
  });
});

describe("variables of a GraphQL document", () => {
  const query = "query($d: Int, $t: String) { currentScene(depth: $d, type: $t) { revision } }";
  it.each([
    [
      { d: 2, t: "Node" },
      { depth: 2, type: "Node" },
    ],
    [{ d: "2" }, { depth: 2 }],
    ['{"d":"2"}', { depth: 2 }],
    [{ d: null, t: "" }, {}],
    [{ d: "", t: 12 }, { type: "12" }],
    [null, {}],
    ["", {}],
  ])("%j are %j", async (variables, params) => {
    expect(await outcome(graphql, "godot_query", { query, variables })).toMatchObject([{ params }]);
  });

  it("are read as the command declares them where the document says JSON", async () => {
    const mutation = 'mutation($p: JSON!) { setProperties(path: "A", properties: $p) { revision } }';
    for (const p of [{ text: "[1]" }, '{"text":"[1]"}']) {
      expect(await outcome(graphql, "godot_mutate", { mutation, variables: { p } })).toMatchObject([
        { params: { properties: { text: "[1]" } } },
      ]);
    }
  });
});
