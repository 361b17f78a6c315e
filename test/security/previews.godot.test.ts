/** Previewing an edit changes nothing, calls nothing and runs nothing, in a scene that is open or not, with the gate for code open or closed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "../godot-client/workbench.ts";
import { Tripwires, tripwireFiles } from "../support/tripwires.ts";
import { until } from "../support/wait.ts";

/** What a person has made: signals that a change of `A` sends lead to calls, and two buttons share a group. */
const STAGE = "res://stage.tscn";
const stage = (script: string) => `[gd_scene format=3]

[ext_resource type="Script" path="${script}" id="1"]

[sub_resource type="ButtonGroup" id="2"]

[node name="Stage" type="Node2D"]

[node name="A" type="Sprite2D" parent="."]

[node name="B" type="Node2D" parent="."]

[node name="Live" type="Node2D" parent="."]
script = ExtResource("1")
watched = 5

[node name="One" type="CheckBox" parent="."]
button_pressed = true
button_group = SubResource("2")

[node name="Two" type="CheckBox" parent="."]
button_group = SubResource("2")

[node name="Mover" type="AnimationPlayer" parent="."]

[node name="Text" type="CodeEdit" parent="."]

[connection signal="texture_changed" from="A" to="B" method="queue_free"]
[connection signal="texture_changed" from="A" to="Live" method="called" flags=3]
[connection signal="renamed" from="A" to="B" method="queue_free"]
`;

/** The editor's docks look again at a scene that has changed up to twice a second, in milliseconds. */
const DOCKS_MS = 600;

/** Waits until the editor's docks have asked what they ask of a scene that has changed. */
async function atRest(): Promise<void> {
  const isAtRest = async () => {
    wires.reset();
    const end = performance.now() + DOCKS_MS;
    while (performance.now() < end) await bench.call("scene.list_open");
    return wires.tripped.length === 0;
  };
  await until(isAtRest, { what: "the editor to be done with the scene" });
}

const wires = new Tripwires();
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    ...tripwireFiles(wires),
    "stage.tscn": stage("res://wires/live_node.gd"),
    "closed_stage.tscn": stage("res://wires/tool_node.gd"),
  });
  await bench.call("scene.open", { path: STAGE });
  await atRest();
});
afterAll(async () => {
  await bench?.dispose();
  wires.dispose();
});
beforeEach(() => wires.reset());

type Operation = { op: string } & Params;
const set = (path: string, properties: Params): Operation => ({ op: "set_properties", path, properties });
const connect = (signal: string, to: string, method: string, more: Params = {}): Operation => ({
  op: "connect_signal",
  path: "A",
  signal,
  to,
  method,
  ...more,
});
const TEXTURE = { type: "Resource", class: "GradientTexture2D" };
const RESOURCE = { type: "Resource", class: "TripResource", properties: { watched: 3 } };
/** Each would run, call or change something if it were done to the scene and taken back. */
const ATTACKS: Record<string, Operation[]> = {
  "a connection that is there already": [set("A", { visible: false }), set("A", { texture: TEXTURE })],
  "a name that a signal tells": [{ op: "rename", path: "A", name: "A2" }],
  "a new connection to the engine": [connect("draw", "B", "queue_free"), set("A", { visible: false })],
  "a deferred connection": [connect("draw", "B", "hide", { flags: ["deferred"] }), set("A", { visible: false })],
  "a tool script as a property": [set("B", { script: "res://wires/tool_node.gd" })],
  "a tool script in another form": [set("B", { script: { type: "Resource", path: "res://wires/tool_base.gd" } })],
  "a script that is attached": [{ op: "attach_script", path: "B", script: "res://wires/child.gd" }],
  "a script that runs, set anew": [set("B", { script: "res://wires/live_node.gd" })],
  "a class of a script": [{ op: "add", type: "TripNode", name: "Trip", properties: { watched: 3, plain: 4 } }],
  "a scene with scripts": [{ op: "add", instance: "res://wires/closed.tscn", name: "Guest", editableChildren: true }],
  "a scene of an autoload": [{ op: "add", instance: "res://wires/auto_scene.tscn" }],
  "a resource of a script": [set("B", { "metadata/a": RESOURCE })],
  "resources in containers": [set("B", { "metadata/a": [RESOURCE], "metadata/b": { c: RESOURCE } })],
  "the file of a resource": [set("B", { "metadata/a": { type: "Resource", path: "res://wires/config.tres" } })],
  "a file whose part has a script": [set("B", { "metadata/a": { type: "Resource", path: "res://wires/holder.tres" } })],
  "a setter": [set("Live", { watched: 9 })],
  "a value that only a script computes": [set("Live", { dynamic: 9 })],
  "a copy of a node with a script": [
    { op: "duplicate", path: "Live", name: "Live2", properties: { watched: 1 } },
    { op: "duplicate", path: "Live2", name: "Live3" },
  ],
  "a node that leaves": [{ op: "delete", path: "Live" }],
  "a node that moves": [{ op: "move", path: "Live", parent: "A" }],
  "what resources know of nodes": [set("Two", { button_pressed: true })],
  "what plays": [
    { op: "create_animation", path: "Mover", animation: "x" },
    { op: "add_track", path: "Mover", animation: "x", node: "Live", property: "watched" },
    { op: "set_key", path: "Mover", animation: "x", track: 0, time: 0, value: 7 },
    set("Mover", { current_animation: "x" }),
  ],
};

const state = async () => {
  const tree = (await bench.call("scene.get_tree", { scene: STAGE, depth: 0 })) as Params;
  const values: unknown[] = [];
  for (const path of ["A", "B", "Live", "One", "Two", "Mover", "Text"])
    values.push(await bench.call("node.get_properties", { scene: STAGE, path, all: path !== "Text" }));
  const { signals } = (await bench.call("node.list_signals", { scene: STAGE, path: "A" })) as { signals: unknown };
  const { steps } = (await bench.call("editor.get_history", { scene: STAGE })) as { steps: unknown };
  return { tree, values, signals, steps, state: await bench.call("editor.get_state") };
};

/** The outcome does not matter here: some of these are refused. */
const preview = async (scene: string, operations: Operation[]) =>
  bench.call("edit.preview", { scene, operations }).catch((error: Error) => error.message);

describe("a preview leaves the scene as it is", () => {
  it.each(Object.entries(ATTACKS))("%s", async (_, operations) => {
    const before = await state();
    await preview(STAGE, operations);
    // What was deferred would come in the next frames.
    for (let call = 0; call < 3; call++) await bench.call("scene.list_open");
    expect(wires.tripped).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it("all at once, and one after another with one that fails", async () => {
    const before = await state();
    await preview(STAGE, [...Object.values(ATTACKS).flat(), { op: "delete", path: "nothing" }]);
    for (let call = 0; call < 3; call++) await bench.call("scene.list_open");
    expect(wires.tripped).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it.each(Object.entries(ATTACKS))("of a scene that is closed: %s", async (_, operations) => {
    await preview("res://closed_stage.tscn", operations);
    expect(wires.tripped).toEqual([]);
    const { scenes } = (await bench.call("scene.list_open")) as { scenes: { scene: string }[] };
    expect(scenes.map(({ scene }) => scene)).not.toContain("res://closed_stage.tscn");
  });
});

describe("a preview foretells", () => {
  beforeEach(atRest);
  const foretold = async (operations: Operation[]) =>
    ((await bench.call("edit.preview", { scene: STAGE, operations })) as { results: unknown[] }).results;

  it("what tool scripts declare, without running them", async () => {
    expect(
      await foretold([
        { op: "add", type: "TripNode", name: "Trip", properties: { plain: 4, watched: 8 } },
        { op: "add", instance: "res://wires/closed.tscn", name: "Guest", editableChildren: true },
        set("Guest/Child", { own: 20 }),
        { op: "attach_script", path: "B", script: "res://wires/child.gd" },
        set("B", { own: 21 }),
        set("Live", { plain: 22 }),
        connect("draw", "Guest/BuiltIn", "hide"),
      ]),
    ).toMatchObject([
      { path: "Trip", type: "Node2D" },
      { path: "Guest", type: "Node2D" },
      { properties: { own: 20 } },
      { script: "res://wires/child.gd" },
      { properties: { own: 21 } },
      { properties: { plain: 22 } },
      { connection: { to: "Guest/BuiltIn", method: "hide" } },
    ]);
    expect(wires.tripped).toEqual([]);
  });

  it.each<[string, Operation[]]>([
    ["a connection to the engine", [connect("draw", "B", "queue_free")]],
    ["a connection to a tool script", [connect("draw", "Live", "called")]],
    [
      "a connection to a class that is a tool",
      [{ op: "add", type: "TripNode", name: "Trip" }, connect("draw", "Trip", "called")],
    ],
    ["a property that there is not", [set("A", { nothing: 1 })]],
    ["a value that does not fit", [set("A", { texture: { type: "Resource", class: "Gradient" } })]],
    ["a class that there is not", [{ op: "add", type: "Nodee", name: "A" }]],
    ["a script for another class", [{ op: "attach_script", path: "Mover", script: "res://wires/tool_base.gd" }]],
    [
      "what plays and sends signals",
      [set("Mover", { active: true, current_animation: "" }), { op: "delete", path: "nothing" }],
    ],
  ])("why a batch is refused: %s", async (_, operations) => {
    const why = await bench.fails("edit.preview", { scene: STAGE, operations });
    expect(wires.tripped).toEqual([]);
    expect(await bench.fails("edit.batch", { scene: STAGE, operations })).toEqual(why);
  });

  it("a conflict", async () => {
    const asked = { scene: STAGE, operations: [set("A", { visible: false })], ifRevision: 0 };
    expect(await bench.fails("edit.preview", asked)).toEqual(await bench.fails("edit.batch", asked));
  });
});

it("the editor has not complained", () => {
  // A tripwire that the editor's docks trip while the wires are reset cannot be put in its place.
  expect(bench.editor.complaints.filter((complaint) => !complaint.includes("rename_error"))).toEqual([]);
});
