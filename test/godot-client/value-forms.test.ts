/** Tests the forms of values in params and results: engine text, names of enums and flags, typed containers, long data. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const SCENE = "res://forms/forms.tscn";
const HOLDER = `@tool
extends Node2D

enum Mood { CALM, FAST_RUN = 4 }

@export var by_name: Dictionary[String, Item] = {}
@export var nodes: Dictionary[String, Node] = {}
@export var places: Dictionary[Vector2i, int] = {}
@export var items: Array[Item] = []
@export var cells: Array[Vector2i] = []
@export var anything: Array = []
@export var mood: Mood = Mood.CALM
@export_flags("Fire", "Water", "Earth:8") var powers: int = 0
@export var bytes: PackedByteArray = []
@export var ints: PackedInt32Array = []
@export var floats: PackedFloat32Array = []
@export var points: PackedVector2Array = []
@export var colors: PackedColorArray = []
@export var words: PackedStringArray = []
`;
const FILES = {
  "forms/item.gd": "class_name Item\nextends Resource\n\n@export var mass: int = 1\n",
  "forms/holder.gd": HOLDER,
  "forms/forms.tscn": `[gd_scene format=3]

[ext_resource type="Script" path="res://forms/holder.gd" id="1"]

[node name="Forms" type="Node2D"]
position = Vector2(10, 0)

[node name="Holder" type="Node2D" parent="."]
script = ExtResource("1")

[node name="Body" type="StaticBody2D" parent="."]
`,
};

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(FILES);
  await bench.call("project.set_settings", {
    settings: { "layer_names/2d_physics/layer_1": "player", "layer_names/2d_physics/layer_3": "world" },
    create: true,
  });
  await bench.call("scene.open", { path: SCENE });
});
afterAll(() => bench.dispose());

const set = async (path: string, properties: Params) =>
  ((await bench.call("node.set_properties", { scene: SCENE, path, properties })) as { properties: Params }).properties;
const refused = (path: string, properties: Params) =>
  bench.fails("node.set_properties", { scene: SCENE, path, properties });
const get = async (path: string, names: string[], more: Params = {}) =>
  ((await bench.call("node.get_properties", { scene: SCENE, path, names, ...more })) as { properties: Params })
    .properties;
const vector = (x: number, y: number) => ({ type: "Vector2", x, y });
const vectori = (x: number, y: number) => ({ type: "Vector2i", x, y });

describe("engine text", () => {
  it.each([
    ["ints", "PackedInt32Array(1, -2, 3)", [1, -2, 3]],
    ["floats", "PackedFloat32Array(0.5, inf)", [0.5, { type: "float", value: "inf" }]],
    ["points", "PackedVector2Array(1, 2, 3, 4)", [vector(1, 2), vector(3, 4)]],
    ["colors", "PackedColorArray(1, 0, 0, 1)", [{ type: "Color", r: 1, g: 0, b: 0, a: 1 }]],
    ["words", 'PackedStringArray("a, b", "c)")', ["a, b", "c)"]],
    ["bytes", "PackedByteArray(1, 2, 255)", [1, 2, 255]],
    ["bytes", 'PackedByteArray("AAEC/w==")', [0, 1, 2, 255]],
    ["ints", "PackedInt32Array()", []],
    ["cells", ["Vector2i(1, 2)", vectori(3, 4)], [vectori(1, 2), vectori(3, 4)]],
    [
      "anything",
      ["Vector2(1, 2)", ["Vector2i(0, 1)"], "plain (text)"],
      [vector(1, 2), [vectori(0, 1)], "plain (text)"],
    ],
    ["metadata/where", "Vector2(5, 6)", vector(5, 6)],
    ["metadata/said", { type: "String", value: "Vector2(5, 6)" }, { type: "String", value: "Vector2(5, 6)" }],
  ])("sets %s to %j", async (name, given, expected) => {
    expect(await set("Holder", { [name]: given })).toEqual({ [name]: expected });
  });

  it.each([
    ["ints", "PackedInt32Array(1, 2.5)"],
    ["ints", "PackedFloat32Array(1)"],
    ["bytes", "PackedByteArray(256)"],
    ["bytes", 'PackedByteArray("no base64!")'],
    ["points", "PackedVector2Array(1, 2, 3)"],
    ["words", "PackedStringArray(a)"],
  ])("that is none leaves %s as it is: %s", async (name, given) => {
    expect(await refused("Holder", { [name]: given })).toMatchObject({ kind: "INVALID_PARAMS", property: name });
  });
});

describe("names of enums and flags", () => {
  it.each([
    ["Holder", "mood", "FAST_RUN", 4],
    ["Holder", "mood", "Fast Run", 4],
    ["Holder", "powers", ["Water", "Earth"], 10],
    ["Holder", "powers", "Fire | Earth", 9],
    ["Body", "collision_layer", ["player", "world"], 5],
    ["Body", "collision_mask", "world", 4],
    ["Holder", "process_mode", "PROCESS_MODE_ALWAYS", 3],
    ["Holder", "process_mode", "Pausable", 1],
  ])("set %s.%s to %j", async (path, name, given, expected) => {
    expect(await set(path, { [name]: given })).toEqual({ [name]: expected });
  });

  it("name what fits when none does", async () => {
    expect(await refused("Body", { collision_layer: ["enemy"] })).toMatchObject({
      message: expect.stringContaining("player, world"),
    });
    expect(await refused("Holder", { mood: "Sad" })).toMatchObject({ message: expect.stringContaining("Calm") });
  });

  it("stand in arguments of methods", async () => {
    const call = { scene: SCENE, path: "Cart", method: "get_axis_lock" };
    await bench.call("node.add", {
      scene: SCENE,
      type: "RigidBody3D",
      name: "Cart",
      properties: { axis_lock_linear_y: true },
    });
    expect(await bench.call("node.call_method", { ...call, args: ["BODY_AXIS_LINEAR_Y"] })).toMatchObject({
      result: true,
    });
    expect(await bench.call("node.call_method", { ...call, args: ["LINEAR_X"] })).toMatchObject({ result: false });
  });
});

describe("typed containers", () => {
  const gradient = { type: "Resource", class: "Gradient" };
  it.each([
    [{ by_name: { a: gradient } }, "'a'"],
    [{ items: [gradient] }, "[0]"],
    [{ nodes: { door: "Nowhere" } }, "'door'"],
    [{ places: { here: 1 } }, "'here'"],
    [{ places: { "Vector2i(0, 0)": "much" } }, "'Vector2i(0, 0)'"],
  ])("refuse %j and name the key", async (properties, key) => {
    const error = await refused("Holder", properties);
    expect(error).toMatchObject({ kind: "INVALID_PARAMS", message: expect.stringContaining(`at ${key}`) });
  });

  it("take what fits, nodes by their paths", async () => {
    const item = { type: "Resource", class: "Item", properties: { mass: 3 } };
    expect(
      await set("Holder", { by_name: { a: item }, nodes: { body: "Body" }, places: { "Vector2i(1, 2)": 7 } }),
    ).toMatchObject({
      by_name: { a: { class: "Item", properties: { mass: 3 } } },
      nodes: { body: { type: "Node", path: "Body" } },
      places: { "Vector2i(1, 2)": 7 },
    });
  });
});

describe("values that are neither saved nor shown", () => {
  it("are read and set", async () => {
    expect(await set("Body", { global_position: "Vector2(15, 5)", rotation_degrees: 90 })).toEqual({
      global_position: vector(15, 5),
      rotation_degrees: 90,
    });
    expect(await get("Body", ["position", "global_rotation_degrees"])).toEqual({
      position: vector(5, 5),
      global_rotation_degrees: 90,
    });
    const timer = await bench.call("node.add", { scene: SCENE, type: "Timer", name: "Clock" });
    expect(timer).toMatchObject({ path: "Clock" });
    expect(await get("Clock", ["time_left"])).toEqual({ time_left: 0 });
    await bench.call("node.add", {
      scene: SCENE,
      type: "Node3D",
      name: "Deep",
      properties: { position: "Vector3(1, 0, 0)" },
    });
    await bench.call("node.add", {
      scene: SCENE,
      parent: "Deep",
      type: "Node3D",
      name: "Deeper",
      properties: { global_position: "Vector3(3, 0, 0)" },
    });
    expect(await get("Deep/Deeper", ["position", "global_position"])).toMatchObject({
      position: { x: 2 },
      global_position: { x: 3 },
    });
  });

  it("are read from scenes in background tabs, too", async () => {
    await bench.call("scene.save", { scene: SCENE });
    await bench.call("scene.create", { path: "res://forms/other.tscn", rootType: "Node" });
    expect(await get("Deep/Deeper", ["global_position"])).toMatchObject({ global_position: { x: 3 } });
    await bench.call("scene.open", { path: SCENE });
  });

  it("have none that would name files or nodes", async () => {
    for (const name of ["scene_file_path", "owner", "multiplayer", "name"])
      expect(["NOT_FOUND", "INVALID_PARAMS"]).toContain((await refused("Body", { [name]: "x" })).kind);
  });
});

describe("long data", () => {
  const bytes = Array.from({ length: 3050 }, (_, index) => index % 256);
  const base64 = Buffer.from(bytes).toString("base64");

  it("is shown by type, size and its beginning, and as a whole on request", async () => {
    const short = {
      type: "PackedByteArray",
      size: 3050,
      truncated: true,
      first: bytes.slice(0, 8),
      hash: expect.any(String),
    };
    expect(await set("Holder", { bytes: `PackedByteArray("${base64}")` })).toEqual({ bytes: short });
    expect(await get("Holder", ["bytes"])).toEqual({ bytes: short });
    expect(await get("Holder", ["bytes"], { whole: true })).toEqual({ bytes: `PackedByteArray("${base64}")` });
  });

  it("can be given back as it was read, and is refused elsewhere", async () => {
    const seen = await get("Holder", ["bytes"]);
    expect(await set("Holder", seen)).toEqual(seen);
    expect(await refused("Holder", { ints: seen.bytes })).toMatchObject({
      message: expect.stringContaining("whole:true"),
    });
    await set("Holder", { bytes: [1] });
    expect(await refused("Holder", seen)).toMatchObject({ message: expect.stringContaining("whole:true") });
  });

  it("is bounded in meshes of any size", async () => {
    await bench.call("script.create", { path: "res://forms/big.gd", source: BIG });
    await bench.call("node.add", {
      scene: SCENE,
      type: "MeshInstance3D",
      name: "Big",
      properties: { script: "res://forms/big.gd", build: 40_000 },
    });
    const seen = JSON.stringify(await get("Big", ["mesh"]));
    expect(seen.length).toBeLessThan(20_000);
    expect(seen).toContain("ArrayMesh");
    expect(JSON.stringify(await get("Big", ["mesh"], { whole: true })).length).toBeGreaterThan(400_000);
  });
});

const BIG = `@tool
extends MeshInstance3D

@export var build: int = 0:
	set(count):
		build = count
		var arrays: Array = []
		arrays.resize(Mesh.ARRAY_MAX)
		var vertices := PackedVector3Array()
		for index: int in count:
			vertices.append(Vector3(index, 0, 0))
		arrays[Mesh.ARRAY_VERTEX] = vertices
		mesh = ArrayMesh.new()
		(mesh as ArrayMesh).add_surface_from_arrays(Mesh.PRIMITIVE_POINTS, arrays)
`;
