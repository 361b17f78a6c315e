/** Looking runs nothing: reading, listing, searching and comparing start no line of the project's scripts, and change nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "../godot-client/workbench.ts";
import { Tripwires, tripwireFiles } from "../support/tripwires.ts";
import { until } from "../support/wait.ts";

/** Nested more deeply than the engine's parser of values can take. */
const DEEP = `${"[".repeat(40_000)}${"]".repeat(40_000)}`;

const needing = (path: string) =>
  `[gd_resource type="Resource" format=3]\n\n[ext_resource type="Resource" path="${path}" id="1"]\n\n[resource]\nmetadata/a = ExtResource("1")\n`;
const containing = (path: string) =>
  `[gd_scene format=3]\n\n[ext_resource type="PackedScene" path="${path}" id="1"]\n\n[node name="A" type="Node"]\n\n[node name="B" parent="." instance=ExtResource("1")]\n`;

const wires = new Tripwires();
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    ...tripwireFiles(wires),
    // The engine opens neither in its scan: only what asks for them does.
    "deep/.gdignore": "",
    "deep/deep.tscn": `[gd_scene format=3]\n\n[node name="Deep" type="Node"]\nmetadata/deep = ${DEEP}\n`,
    "deep/deep.tres": `[gd_resource type="Resource" format=3]\n\n[resource]\nmetadata/deep = ${DEEP}\n`,
    "native/.gdignore": "",
    "native/code.gdextension":
      '[configuration]\n\nentry_symbol = "a"\ncompatibility_minimum = "4.1"\n\n[libraries]\n\nlinux = "res://native/no_such_library.so"\nwindows = "res://native/no_such_library.dll"\nmacos = "res://native/no_such_library.dylib"\n',
    "native/uses.tres": needing("res://native/code.gdextension"),
    "chain/.gdignore": "",
    "deep/ring_a.tres": needing("res://deep/ring_b.tres"),
    "deep/ring_b.tres": needing("res://deep/ring_a.tres"),
    "deep/self.tres": needing("res://deep/self.tres"),
    "deep/ring_c.tscn": containing("res://deep/ring_d.tscn"),
    "deep/ring_d.tscn": containing("res://deep/ring_c.tscn"),
    ...Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`chain/link_${at}.tres`, needing(`res://chain/link_${at + 1}.tres`)]),
    ),
    "deep/shader.tres": `[gd_resource type="Shader" format=3]\n\n[resource]\ncode = "shader_type spatial;\nvoid f() { float a = ${"(".repeat(50_000)}; }"\n`,
  });
});
afterAll(async () => {
  await bench?.dispose();
  wires.dispose();
});
beforeEach(() => wires.reset());

const SCENES = ["closed", "inherits", "contains", "plain", "auto_scene"].map((name) => `res://wires/${name}.tscn`);
/** Reads of a scene, which is the one that is open when none is named. */
const OF_A_SCENE: readonly (readonly [method: string, params: Params])[] = [
  ["scene.get_tree", {}],
  ["node.get_properties", { path: "." }],
  ["node.get_properties", { path: ".", all: true }],
  ["node.get_properties", { path: ".", names: ["script", "process_mode"] }],
  ["node.find", { name: "*" }],
  ["node.find", { type: "TripNode" }],
  ["node.find", { property: "watched" }],
  ["node.find", { property: "watched", value: 14 }],
  ["node.find", { property: "metadata/config", value: { type: "Resource", path: "res://wires/config.tres" } }],
  ["node.find", { script: "res://wires/tool_base.gd" }],
  ["node.find", { group: "wired" }],
  ["node.list_groups", {}],
  ["node.get_group_nodes", { group: "wired" }],
  ["node.list_signals", { path: "." }],
  ["animation.list", {}],
  ["editor.get_history", {}],
  ["scene.compare", {}],
  ["scene.compare", { other: "res://wires/closed.tscn" }],
];

/** What the editor's docks ask of a scene that has changed is asked within its next frames. */
async function atRest(): Promise<void> {
  const isAtRest = async () => {
    wires.reset();
    for (let call = 0; call < 5; call++) await bench.call("scene.list_open");
    return wires.tripped.length === 0;
  };
  await until(isAtRest, { what: "the editor to be done with the scene" });
}

async function isQuiet(method: string, params: Params): Promise<unknown> {
  const answer = await bench.call(method, params);
  expect(wires.tripped).toEqual([]);
  return answer;
}

describe("scenes that are not open", () => {
  it.each(SCENES.flatMap((scene) => OF_A_SCENE.map(([method, params]) => [method, { scene, ...params }] as const)))(
    "%s %j",
    async (method, params) => {
      await isQuiet(method, params);
    },
  );

  it.each(SCENES)("scene.read_file %s", async (path) => {
    await isQuiet("scene.read_file", { path });
  });

  it("are read as well as if their scripts ran", async () => {
    const scene = "res://wires/closed.tscn";
    const read = async (path: string, more: Params = {}) => bench.call("node.get_properties", { scene, path, ...more });
    expect(await read(".", { names: ["plain", "watched"] })).toMatchObject({ properties: { plain: 3, watched: 14 } });
    expect(await read("BuiltIn")).toMatchObject({ properties: { watched: 15 } });
    expect(await read("Child", { names: ["plain", "own"] })).toMatchObject({ properties: { plain: 3, own: 16 } });
    const { nodes } = (await bench.call("node.find", { scene, property: "watched", value: 14 })) as {
      nodes: { path: string }[];
    };
    expect(nodes.map(({ path }) => path)).toEqual(["."]);
    expect(await bench.call("scene.get_tree", { scene })).toMatchObject({
      root: { script: "res://wires/tool_node.gd", groups: ["wired"] },
    });
    expect(await bench.call("node.list_signals", { scene, path: ".", connectedOnly: true })).toMatchObject({
      signals: [{ name: "rang", connections: [{ to: "Child", method: "called" }] }],
    });
  });

  it("are left closed", async () => {
    const { scenes } = (await bench.call("scene.list_open")) as { scenes: { scene: string }[] };
    for (const scene of SCENES) expect(scenes.map((open) => open.scene)).not.toContain(scene);
  });

  it("run what they have when they are opened, though they were read before", async () => {
    await bench.call("scene.get_tree", { scene: "res://wires/opened.tscn" });
    expect(wires.tripped).toEqual([]);
    await bench.call("scene.open", { path: "res://wires/opened.tscn" });
    expect(wires.tripped).toContain("opened.ready");
    await bench.call("scene.open", { path: "res://game/level.tscn" });
  });
});

describe("resources", () => {
  const PATHS = ["config.tres", "holder.tres"].map((name) => `res://wires/${name}`);
  it.each(PATHS.flatMap((path) => [[{ path }], [{ path, all: true }]]))("resource.get %j", async (params) => {
    await isQuiet("resource.get", params);
  });

  it.each(["tool_resource.gd", "closed.tscn"])("resource.get says what to use for %s", async (name) => {
    await bench.fails("resource.get", { path: `res://wires/${name}` });
    expect(wires.tripped).toEqual([]);
  });

  it("are read as well as if their scripts ran", async () => {
    expect(await bench.call("resource.get", { path: "res://wires/config.tres" })).toMatchObject({
      properties: { plain: 6, watched: 8 },
    });
    expect(await bench.call("resource.get", { path: "res://wires/holder.tres" })).toMatchObject({
      properties: {
        "metadata/config": { class: "TripResource", path: "res://wires/config.tres" },
        "metadata/inner": { class: "TripResource", properties: { plain: 1, watched: 2 } },
      },
    });
  });
});

describe("the project", () => {
  it.each<[string, Params]>([
    ["project.validate", {}],
    ["project.get_info", {}],
    ["project.list_files", {}],
    ["project.search_files", { query: "watched" }],
    ["project.get_settings", {}],
    ["project.list_autoloads", {}],
    ["project.list_input_actions", {}],
    ["project.get_dependencies", {}],
    ["project.get_dependencies", { path: "res://wires/closed.tscn" }],
    ["project.find_unused", {}],
    ["project.get_statistics", {}],
    ["resource.list", { type: "Resource" }],
    ["resource.list", { type: "TripResource" }],
    ["script.list", {}],
    ["script.read", { path: "res://wires/tool_node.gd" }],
    ["test.list", {}],
    ["classdb.search", { query: "Trip" }],
    ["classdb.get_class", { name: "TripNode" }],
    ["classdb.get_class", { name: "TripResource" }],
    ["editor.get_state", {}],
    ["editor.get_selection", {}],
    ["editor.get_log", {}],
    ["scene.list_open", {}],
  ])("%s %j", async (method, params) => {
    await isQuiet(method, params);
  });

  it("is found right", async () => {
    const { problems } = (await bench.call("project.validate", { path: "res://wires" })) as { problems: unknown[] };
    expect(problems).toEqual([]);
    expect(wires.tripped).toEqual([]);
  });
});

describe("a scene that is open with tool scripts at work", () => {
  beforeAll(async () => {
    await bench.call("scene.open", { path: "res://wires/live.tscn" });
    expect(wires.tripped).toContain("live_node.ready");
    await atRest();
  });

  it.each(OF_A_SCENE)("%s %j", async (method, params) => {
    await isQuiet(method, params);
  });

  it("shows stored values, not computed ones", async () => {
    const names = ["plain", "watched", "position"];
    expect(await isQuiet("node.get_properties", { path: ".", names })).toMatchObject({
      properties: { plain: 3, watched: 11, position: { x: 0, y: 0 } },
    });
    expect(await bench.fails("node.get_properties", { path: ".", names: ["dynamic"] })).toMatchObject({
      kind: "NOT_FOUND",
      hint: expect.stringContaining("computes"),
    });
    expect(wires.tripped).toEqual([]);
  });

  it("is the same as its file, until it is changed", async () => {
    expect(await isQuiet("scene.compare", {})).toMatchObject({ equal: true, added: [], removed: [], changed: [] });
    await bench.call("edit.batch", {
      operations: [
        { op: "add", type: "Marker2D", name: "Mark", properties: { position: { type: "Vector2", x: 3, y: 4 } } },
        { op: "move", path: "Mark", index: 0 },
        { op: "set_groups", path: "Child", add: ["seen"] },
        { op: "connect_signal", path: "Child", signal: "texture_changed", to: ".", method: "hide" },
        { op: "delete", path: "Player" },
        { op: "set_properties", path: "Child", properties: { flip_h: true } },
      ],
    });
    await atRest();
    expect(await isQuiet("scene.compare", {})).toMatchObject({
      equal: false,
      added: ["Mark"],
      removed: ["Player"],
      changed: [{ path: "Child", groups: [null, ["seen"]], properties: { flip_h: [null, true] } }],
      connectionsAdded: [{ from: "Child", signal: "texture_changed", to: ".", method: "hide" }],
    });
    await bench.call("editor.undo");
    expect(await bench.call("scene.compare", {})).toMatchObject({ equal: true });
  });
});

describe("a change that is refused before anything is loaded for it", () => {
  const scene = "res://wires/empty.tscn";
  beforeAll(async () => {
    await bench.call("scene.open", { path: scene });
    await atRest();
  });
  it.each<[string, Params]>([
    ["scene.create", { path: "res://wires/empty.tscn", rootType: "TripNode" }],
    ["scene.create", { path: "res://wires/new.tscn", rootType: "TripNode", rootName: "a/b" }],
    ["resource.create", { path: "res://wires/holder.tres", type: "TripResource" }],
    ["node.add", { scene, parent: "Nowhere", type: "TripNode", name: "A" }],
    ["node.add", { scene, parent: ".", type: "TripNode", name: "a:b" }],
    ["scene.instance", { scene, parent: ".", instance: "res://wires/closed.tscn", name: "a:b" }],
    ["script.attach", { scene, path: "Timer", script: "res://wires/tool_base.gd" }],
    ["script.attach", { scene, path: "Timer", script: "res://wires/child.gd" }],
    ["script.attach", { scene, path: "Nowhere", script: "res://wires/tool_base.gd" }],
  ])("%s %j", async (method, params) => {
    await bench.fails(method, params);
    expect(wires.tripped).toEqual([]);
  });
});

describe("texts in files that would end the engine", () => {
  it.each<[string, Params]>([
    ["scene.read_file", { path: "res://deep/deep.tscn" }],
    ["scene.get_tree", { scene: "res://deep/deep.tscn" }],
    ["node.get_properties", { scene: "res://deep/deep.tscn", path: "." }],
    ["scene.compare", { scene: "res://game/level.tscn", other: "res://deep/deep.tscn" }],
    ["scene.open", { path: "res://deep/deep.tscn" }],
    ["node.add", { scene: "res://wires/empty.tscn", parent: ".", instance: "res://deep/deep.tscn" }],
    ["resource.get", { path: "res://deep/deep.tres" }],
    ["resource.set_properties", { path: "res://deep/deep.tres", properties: { resource_name: "a" } }],
    ["resource.duplicate", { path: "res://deep/deep.tres", to: "res://deep/copy.tres" }],
    ["resource.get", { path: "res://deep/shader.tres" }],
  ])("%s %j is refused, and says why", async (method, params) => {
    expect(await bench.fails(method, params)).toMatchObject({ message: expect.stringMatching(/nest|deep/i) });
  });

  it.each<[string, Params]>([
    ["resource.get", { path: "res://deep/ring_a.tres" }],
    ["resource.get", { path: "res://deep/self.tres" }],
    ["scene.read_file", { path: "res://deep/ring_c.tscn" }],
    ["scene.get_tree", { scene: "res://deep/ring_d.tscn" }],
    ["edit.preview", { scene: "res://deep/ring_d.tscn", operations: [{ op: "rename", path: ".", name: "A" }] }],
    ["resource.get", { path: "res://chain/link_0.tres" }],
  ])("%s %j: files that need one another without end", async (method, params) => {
    expect(await bench.fails(method, params)).toMatchObject({ message: expect.stringMatching(/needs|contain/) });
  });

  it("native code that a file names is not loaded", async () => {
    await bench.call("resource.get", { path: "res://native/uses.tres" });
    await bench.call("project.validate", { path: "res://native" });
    const operations = [
      {
        op: "set_properties",
        path: ".",
        properties: { "metadata/a": { type: "Resource", path: "res://native/uses.tres" } },
      },
    ];
    await bench.call("edit.preview", { scene: "res://wires/empty.tscn", operations });
    expect(bench.editor.output).not.toMatch(/no_such_library|code\.gdextension/);
  });

  it("project.validate names them", async () => {
    const { problems } = (await bench.call("project.validate", { path: "res://deep" })) as {
      problems: { path: string }[];
    };
    expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(["res://deep/deep.tscn"]));
  });
});

it("the engine has not complained of what these reads ask", () => {
  expect(bench.editor.output).not.toMatch(/does not have any 'meta' values|SCRIPT ERROR/);
});
