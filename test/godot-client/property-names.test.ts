/** Properties that an object has only after others were set, and values that the engine does not take. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedText, undoably } from "./undo-check.ts";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const SCENE = "res://stage/stage.tscn";
const STAGE = `[gd_scene format=3]

[sub_resource type="BoxMesh" id="BoxMesh_1"]

[node name="Stage" type="Control"]

[node name="List" type="ItemList" parent="."]
item_count = 2
item_0/text = "one"
item_1/text = "two"

[node name="Choice" type="OptionButton" parent="."]
item_count = 2
selected = 1
popup/item_0/text = "left"
popup/item_1/text = "right"

[node name="Box" type="MeshInstance3D" parent="."]
mesh = SubResource("BoxMesh_1")

[node name="Bar" type="ProgressBar" parent="."]
value = 80.0

[node name="Frame" type="Panel" parent="."]
layout_mode = 0
offset_right = 40.0
offset_bottom = 40.0
`;
const SHADER = `shader_type canvas_item;
uniform float speed;
uniform vec4 tint : source_color;
`;
const GAIT = `extends Control

@export var pace: float = 1.0
@export var steps: Array[Vector2i] = []
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "stage/stage.tscn": STAGE,
    "stage/wave.gdshader": SHADER,
    "stage/gait.gd": GAIT,
    "stage/rock.gd": "class_name Rock\nextends Resource\n\n@export var mass: int = 1\n",
  });
  await bench.call("scene.open", { path: SCENE });
});
afterAll(() => bench.dispose());

const read = async (path: string, names: string[]) =>
  ((await bench.call("node.get_properties", { scene: SCENE, path, names })) as { properties: Params }).properties;
const set = (path: string, properties: Params) =>
  bench.call("node.set_properties", { scene: SCENE, path, properties }) as Promise<Params>;
const refused = (path: string, properties: Params) =>
  bench.fails("node.set_properties", { scene: SCENE, path, properties });

describe("names that are there only after others were set", () => {
  const shader = { shader: "res://stage/wave.gdshader", "shader_parameter/speed": 2 };

  it.each([
    ["ShaderMaterial", shader, { "shader_parameter/speed": 2 }],
    [
      "ShaderMaterial",
      { "shader_parameter/tint": "#ff0000", ...shader },
      { "shader_parameter/tint": { type: "Color", r: 1, g: 0, b: 0, a: 1 } },
    ],
    [
      "Curve",
      { point_count: 2, "point_0/position": "Vector2(0, 0.5)", "point_1/position": "Vector2(1, 1)" },
      { point_count: 2 },
    ],
    ["Curve", { "point_1/position": "Vector2(1, 0.25)", point_count: 2 }, { point_count: 2 }],
    [
      "Theme",
      { "Button/colors/font_color": "#00ff00", "Button/constants/outline_size": 3 },
      { "Button/constants/outline_size": 3 },
    ],
    ["AudioBusLayout", { "bus/1/name": "SFX", "bus/1/volume_db": -6 }, { "bus/1/name": "SFX" }],
    [
      "TileSet",
      { "physics_layer_0/collision_layer": 4, "physics_layer_0/collision_mask": 2 },
      { "physics_layer_0/collision_layer": 4 },
    ],
    ["Resource", { script: "res://stage/rock.gd", mass: 7 }, { mass: 7 }],
  ])("are set in one resource.create of a %s: %j", async (type, properties, expected) => {
    const path = `res://made/${type.toLowerCase()}_${Math.abs(hash(JSON.stringify(properties)))}.tres`;
    expect(await bench.call("resource.create", { path, type, properties })).toMatchObject({ properties: expected });
    const names = Object.keys(expected);
    expect(await bench.call("resource.get", { path, names })).toMatchObject({ properties: expected });
  });

  it("are set by resource.set_properties, or none of them", async () => {
    const path = "res://made/steps.tres";
    await bench.call("resource.create", { path, type: "Curve" });
    await bench.call("resource.set_properties", {
      path,
      properties: { point_count: 1, "point_0/position": "Vector2(0, 0.5)" },
    });
    const before = await bench.call("resource.get", { path, all: true });
    const wrong = { point_count: 3, "point_2/position": "Vector2(1, 1)", "point_9/position": "Vector2(1, 1)" };
    expect(await bench.fails("resource.set_properties", { path, properties: wrong })).toMatchObject({
      kind: "NOT_FOUND",
    });
    expect(await bench.call("resource.get", { path, all: true })).toEqual(before);
  });

  it.each([
    ["ItemList", { item_count: 2, "item_1/text": "b" }, { "item_1/text": "b" }],
    ["OptionButton", { "popup/item_0/text": "a", item_count: 1, selected: 0 }, { "popup/item_0/text": "a" }],
    [
      "MeshInstance3D",
      {
        mesh: { type: "Resource", class: "BoxMesh" },
        "surface_material_override/0": { type: "Resource", class: "StandardMaterial3D", properties: { metallic: 0.5 } },
      },
      {},
    ],
    [
      "Control",
      { script: "res://stage/gait.gd", pace: 2.5, steps: ["Vector2i(1, 2)"] },
      { pace: 2.5, steps: [{ type: "Vector2i", x: 1, y: 2 }] },
    ],
    ["Control", { pace: 1.5, script: "res://stage/gait.gd" }, { pace: 1.5 }],
    ["Sprite2D", { material: { type: "Resource", class: "ShaderMaterial", properties: shader } }, {}],
  ])("are set in one node.add of a %s: %j", async (type, properties, expected) => {
    const added = (await bench.call("node.add", { scene: SCENE, type, properties, name: `New${type}` })) as {
      path: string;
    };
    expect(await read(added.path, Object.keys(properties))).toMatchObject(expected);
    await undone();
  });

  it("are set in a batch, or nothing is done", async () => {
    const before = await savedText(bench, SCENE);
    const operations = [
      { op: "add", type: "ItemList", name: "More", properties: { item_count: 1, "item_0/text": "x" } },
      { op: "set_properties", path: "List", properties: { item_count: 3, "item_2/text": "three", "item_7/text": "?" } },
    ];
    expect(await bench.fails("edit.batch", { scene: SCENE, operations })).toMatchObject({
      kind: "NOT_FOUND",
      operation: 1,
    });
    expect(await savedText(bench, SCENE)).toBe(before);
  });
});

describe("undo", () => {
  it.each([
    ["List", { item_count: 1 }],
    ["List", { item_count: 4, "item_3/text": "four" }],
    ["Choice", { item_count: 0 }],
    ["Bar", { max_value: 50 }],
    [
      "Box",
      {
        mesh: { type: "Resource", class: "SphereMesh" },
        "surface_material_override/0": { type: "Resource", class: "StandardMaterial3D" },
      },
    ],
    ["Frame", { layout_mode: 1, anchors_preset: 15 }],
    ["List", { script: "res://stage/gait.gd", pace: 3 }],
  ])("restores all that setting %s %j has changed", async (path, properties) => {
    await undoably(bench, SCENE, "node.set_properties", { path, properties });
  });

  it("gives the variables of a script back that was taken away as a property", async () => {
    await set("Frame", { script: "res://stage/gait.gd", pace: 4 });
    await undoably(bench, SCENE, "node.set_properties", { path: "Frame", properties: { script: null } });
    await undone();
    await undoably(bench, SCENE, "script.detach", { path: "Frame" });
  });

  it("goes back over an anchor and a preset", async () => {
    const before = await savedText(bench, SCENE);
    await set("Bar", { anchor_right: 0.5 });
    await set("Bar", { layout_mode: 1, anchors_preset: 8 });
    await undone();
    await undone();
    expect(await savedText(bench, SCENE)).toBe(before);
  });
});

describe("a value that does not take", () => {
  it.each([
    ["AudioStreamPlayer", { bus: "Nowhere" }, "bus"],
    ["Panel", { layout_mode: 0, anchors_preset: 15 }, "anchors_preset"],
    [
      "TileMapLayer",
      { tile_set: { type: "Resource", class: "TileSet", properties: { physics_layers: 1 } } },
      "tile_set",
    ],
    ["Sprite2D", { hframes: 2, frame: 9 }, "frame"],
  ])("is an error of node.add %s %j, and nothing is added", async (type, properties, property) => {
    const before = await savedText(bench, SCENE);
    const error = await bench.fails("node.add", { scene: SCENE, type, name: "Wrong", properties });
    expect(error).toMatchObject({ kind: "INVALID_PARAMS", property });
    expect(await savedText(bench, SCENE)).toBe(before);
  });

  it("is an error of resource.create, and no file is made", async () => {
    const path = "res://made/wrong.tres";
    const properties = { physics_layers: 1 };
    expect(await bench.fails("resource.create", { path, type: "TileSet", properties })).toMatchObject({
      kind: "NOT_FOUND",
    });
    expect(await bench.fails("resource.get", { path })).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("is set again when what it needs is there", async () => {
    const buffer = [1, 0, 0, 5, 0, 1, 0, 6];
    const multimesh = { type: "Resource", class: "MultiMesh", properties: { buffer, instance_count: 1 } };
    await bench.call("node.add", {
      scene: SCENE,
      type: "MultiMeshInstance2D",
      name: "Many",
      properties: { multimesh },
    });
    expect(await read("Many", ["multimesh"])).toMatchObject({
      multimesh: { properties: { buffer, instance_count: 1 } },
    });
    await undone();
    const path = "res://made/many.tres";
    await bench.call("resource.create", { path, type: "MultiMesh", properties: { buffer, instance_count: 1 } });
    expect(await bench.call("resource.get", { path, names: ["buffer"] })).toMatchObject({ properties: { buffer } });
    expect(await bench.fails("resource.set_properties", { path, properties: { buffer: [1, 2] } })).toMatchObject({
      property: "buffer",
    });
    await set("Frame", { anchors_preset: 15, layout_mode: 1 });
    expect(await read("Frame", ["anchors_preset"])).toEqual({ anchors_preset: 15 });
    await undone();
  });

  it("is noted where the engine adjusts it by a rule", async () => {
    const answer = await set("Bar", { max_value: 120, value: 150 });
    expect(answer).toMatchObject({ properties: { value: 120 } });
    expect(answer.notes).toEqual([expect.stringContaining("value is 120")]);
    await undone();
  });
});

describe("a script as a property", () => {
  it.each([
    ["List", "res://stage/rock.gd", "INVALID_PARAMS"],
    ["List", "res://stage/missing.gd", "INVALID_PARAMS"],
  ])("is checked as script.attach does: %s %s", async (path, script, kind) => {
    expect(await refused(path, { script })).toMatchObject({ kind });
    expect(
      await bench.fails("node.add", { scene: SCENE, type: "ItemList", name: "N", properties: { script } }),
    ).toMatchObject({ kind });
    expect(
      await bench.fails("node.duplicate", { scene: SCENE, path, name: "N", properties: { script } }),
    ).toMatchObject({ kind });
  });

  it("is checked for resources, in files and in values", async () => {
    const path = "res://made/scripted.tres";
    const properties = { script: "res://stage/gait.gd" };
    expect(await bench.fails("resource.create", { path, type: "Resource", properties })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
    const material = { type: "Resource", class: "ShaderMaterial", properties };
    expect(await refused("Frame", { material })).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("gait.gd extends Control"),
    });
  });

  it("is not set when it does not compile", async () => {
    await bench.call("script.create", {
      path: "res://stage/torn.gd",
      source: "extends Control\n\nfunc _ready():\n\treturn )\n",
    });
    expect(await refused("Frame", { script: "res://stage/torn.gd" })).toMatchObject({ kind: "SCRIPT_COMPILE_FAILED" });
  });
});

const undone = () => bench.call("editor.undo", { scene: SCENE });

/** A short number for a file's name. */
function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) | 0, 7);
}
