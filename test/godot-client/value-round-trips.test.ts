/** Values of every type that a property can have, written and read back: for any of them, and for what does not fit. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fc } from "../support/random.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const HOLDER = `@tool
class_name Holder
extends Node2D

enum Mood { CALM, ANGRY, FAST_ASLEEP = 7 }

@export var a_bool: bool
@export var an_int: int
@export var a_float: float
@export var a_string: String
@export var a_name: StringName
@export var a_path: NodePath
@export var a_vector2: Vector2
@export var a_vector2i: Vector2i
@export var a_vector3: Vector3
@export var a_vector3i: Vector3i
@export var a_vector4: Vector4
@export var a_vector4i: Vector4i
@export var a_rect2: Rect2
@export var a_rect2i: Rect2i
@export var a_transform2d: Transform2D
@export var a_transform3d: Transform3D
@export var a_basis: Basis
@export var a_quaternion: Quaternion
@export var a_plane: Plane
@export var an_aabb: AABB
@export var a_projection: Projection
@export var a_color: Color
@export var an_array: Array
@export var ints: Array[int]
@export var vectors: Array[Vector2]
@export var nodes: Array[Node]
@export var shapes: Array[Shape2D]
@export var a_dictionary: Dictionary
@export var prices: Dictionary[String, float]
@export var bytes: PackedByteArray
@export var ints32: PackedInt32Array
@export var ints64: PackedInt64Array
@export var floats32: PackedFloat32Array
@export var floats64: PackedFloat64Array
@export var strings: PackedStringArray
@export var vectors2: PackedVector2Array
@export var vectors3: PackedVector3Array
@export var vectors4: PackedVector4Array
@export var colors: PackedColorArray
@export var mood: Mood
@export_flags("Fire", "Water", "Earth:8") var elements: int
@export var friend: Node2D
@export var shape: Shape2D
@export var recipe: Recipe
`;
const RECIPE = `@tool
class_name Recipe
extends Resource

@export var title: String
@export var steps: Array[String]
@export var picture: Gradient
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ "holder.gd": HOLDER, "recipe.gd": RECIPE });
  await bench.call("scene.create", { path: "res://values.tscn", rootType: "Node2D" });
  await bench.call("node.add", { type: "Holder", name: "Holder" });
  await bench.call("node.add", { type: "Node2D", name: "Friend" });
});
afterAll(() => bench.dispose());

async function written(property: string, value: unknown): Promise<unknown> {
  const { properties } = await bench.call("node.set_properties", { path: "Holder", properties: { [property]: value } });
  return (properties as Record<string, unknown>)[property];
}

/** Numbers of up to so many digits, small and large. */
const decimal = (most: number, smallest: number, largest: number) =>
  fc
    .tuple(fc.integer({ min: -most, max: most }), fc.integer({ min: smallest, max: largest }))
    .map(([mantissa, power]) => Number(`${mantissa}e${power}`) + 0);
/** Components are kept in 32 bits: six digits, below 2^24, come back as they were. */
const component = decimal(999_999, -8, 1);
const int32 = fc.integer();
const text = fc.string({ unit: "grapheme", maxLength: 40 });
const typed = <T extends Record<string, fc.Arbitrary<unknown>>>(type: string, members: T) =>
  fc.record(members).map((value) => ({ type, ...value }));
const named = (names: string, of: fc.Arbitrary<unknown>) => Object.fromEntries([...names].map((name) => [name, of]));
const vector2 = typed("Vector2", named("xy", component));
const vector3 = typed("Vector3", named("xyz", component));
const vector4 = typed("Vector4", named("xyzw", component));
const vector2i = typed("Vector2i", named("xy", int32));
const basis = typed("Basis", named("xyz", vector3));
const color = typed("Color", named("rgba", component));
const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 8 });

const ARBITRARIES: Record<string, fc.Arbitrary<unknown>> = {
  a_bool: fc.boolean(),
  an_int: fc.maxSafeInteger(),
  a_float: decimal(999_999_999_999, -12, 3),
  a_string: text,
  a_name: fc.stringMatching(/^[a-z]{1,20}$/),
  a_path: fc.stringMatching(/^(\.\.\/)?[A-Z][a-z]{0,8}(\/[A-Z][a-z]{0,8})?(:[a-z]{1,8})?$/),
  a_vector2: vector2,
  a_vector2i: vector2i,
  a_vector3: vector3,
  a_vector3i: typed("Vector3i", named("xyz", int32)),
  a_vector4: vector4,
  a_vector4i: typed("Vector4i", named("xyzw", int32)),
  a_rect2: typed("Rect2", { position: vector2, size: vector2 }),
  a_rect2i: typed("Rect2i", { position: vector2i, size: vector2i }),
  a_transform2d: typed("Transform2D", { x: vector2, y: vector2, origin: vector2 }),
  a_basis: basis,
  a_transform3d: typed("Transform3D", { basis, origin: vector3 }),
  a_quaternion: typed("Quaternion", named("xyzw", component)),
  a_plane: typed("Plane", { normal: vector3, d: component }),
  an_aabb: typed("AABB", { position: vector3, size: vector3 }),
  a_projection: typed("Projection", named("xyzw", vector4)),
  a_color: color,
  an_array: list(fc.oneof(fc.boolean(), int32, text, vector2, list(int32))),
  ints: list(int32),
  vectors: list(vector2),
  a_dictionary: fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/).filter((key) => key !== "type"),
    fc.oneof(int32, text, vector3),
    { noNullPrototype: true },
  ),
  prices: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), decimal(999_999, -8, 8), { noNullPrototype: true }),
  bytes: list(fc.nat(255)),
  ints32: list(int32),
  ints64: list(fc.maxSafeInteger()),
  floats32: list(component),
  floats64: list(decimal(999_999_999_999, -12, 3)),
  strings: list(text),
  vectors2: list(vector2),
  vectors3: list(vector3),
  vectors4: list(vector4),
  colors: list(color),
  mood: fc.constantFrom(0, 1, 7),
  elements: fc.constantFrom(0, 1, 2, 3, 8, 11),
  friend: fc.constantFrom(null, { type: "Node", path: "Friend" }, { type: "Node", path: "." }),
};

describe("a written value is read back", () => {
  it.each(Object.entries(ARBITRARIES))("%s", async (property, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (value) => {
        expect(await written(property, value)).toEqual(value);
        const { properties } = await bench.call("node.get_properties", { path: "Holder", names: [property] });
        expect(properties).toEqual({ [property]: value });
      }),
      { numRuns: 20 },
    );
  });

  it("components with the digits that they were given", async () => {
    const components = fc.array(component, { minLength: 2_000, maxLength: 2_000 });
    await fc.assert(
      fc.asyncProperty(components, async (xs) => {
        const given = [0.00098381, 0.1, 0.001, 1.23456e-8, 999_999, ...xs].map((x) => ({ type: "Vector2", x, y: 0 }));
        expect(await written("vectors2", given)).toEqual(given);
      }),
      { numRuns: 5 },
    );
  });

  it("also after saving and reloading", async () => {
    const [sample] = fc.sample(fc.record(ARBITRARIES), { numRuns: 1, seed: 1 });
    await bench.call("node.set_properties", { path: "Holder", properties: { ...sample } });
    await bench.call("scene.save");
    await bench.call("scene.reload");
    const names = Object.keys(ARBITRARIES);
    expect((await bench.call("node.get_properties", { path: "Holder", names })).properties).toEqual(sample);
  });
});

describe("resources", () => {
  it("inside the scene are read with their properties, and can be written back as they were read", async () => {
    const gradient = {
      type: "Resource",
      class: "Gradient",
      properties: { colors: [{ type: "Color", r: 1, g: 0, b: 0, a: 1 }] },
    };
    const recipe = {
      type: "Resource",
      class: "Recipe",
      properties: {
        title: "Soup",
        steps: ["Boil", "Eat"],
        picture: { ...gradient, properties: { ...gradient.properties, offsets: [0.5] } },
      },
    };
    const first = await written("recipe", recipe);
    expect(first).toMatchObject({
      class: "Recipe",
      properties: { title: "Soup", steps: ["Boil", "Eat"], picture: { properties: { offsets: [0.5] } } },
    });
    await bench.call("scene.save");
    const { properties } = await bench.call("node.get_properties", { path: "Holder", names: ["recipe"] });
    const again = await written("recipe", (properties as Record<string, unknown>).recipe);
    expect(again).toMatchObject({
      class: "Recipe",
      properties: { title: "Soup", picture: { properties: { offsets: [0.5] } } },
    });
  });

  it("inside the scene can be shared by the path that they are read with", async () => {
    await written("shape", { type: "Resource", class: "CircleShape2D", properties: { radius: 3 } });
    await bench.call("scene.save");
    const { properties } = await bench.call("node.get_properties", { path: "Holder", names: ["shape"] });
    const { path } = (properties as { shape: { path: string } }).shape;
    expect(path).toContain("::");
    expect(await written("shapes", [path, { type: "Resource", class: "CircleShape2D", path }])).toMatchObject([
      { path },
      { path },
    ]);
  });

  it("of files are named by their paths", async () => {
    expect(
      await written("a_dictionary", { icon: { type: "Resource", class: "GDScript", path: "res://recipe.gd" } }),
    ).toMatchObject({
      icon: { class: "GDScript", path: "res://recipe.gd" },
    });
  });

  it("and nodes stand in typed arrays", async () => {
    expect(await written("nodes", ["Friend", "."])).toEqual([
      { type: "Node", path: "Friend" },
      { type: "Node", path: "." },
    ]);
    expect(
      await written("shapes", [{ type: "Resource", class: "CircleShape2D", properties: { radius: 2 } }]),
    ).toMatchObject([{ class: "CircleShape2D", properties: { radius: 2 } }]);
  });
});

describe("a scene whose properties are all set as they are read", () => {
  const steps = Array.from({ length: 1_100 }, (_, index) => index / 1_100).join(", ");
  const SCENES: Record<string, string> = {
    // Setting the preset gives a Control directions in which it grows.
    "a Control from an older version": `[gd_scene format=3]

[node name="Root" type="Control"]
layout_mode = 3
anchors_preset = 15
anchor_right = 1.0
anchor_bottom = 1.0
`,
    "a long array within resources": `[gd_scene format=3]

[sub_resource type="Gradient" id="g"]
offsets = PackedFloat32Array(${steps})

[sub_resource type="GradientTexture1D" id="t"]
gradient = SubResource("g")

[node name="Root" type="Sprite2D"]
texture = SubResource("t")
`,
  };

  it.each(Object.entries(SCENES))("is saved as it was: %s", async (_what, text) => {
    const path = "res://as_read.tscn";
    bench.editor.write("as_read.tscn", text);
    await bench.call("scene.open", { path });
    await bench.call("scene.save", { scene: path, force: true });
    const before = bench.editor.read("as_read.tscn");
    const { properties } = await bench.call("node.get_properties", { scene: path, path: ".", whole: true });
    await bench.call("node.set_properties", { scene: path, path: ".", properties });
    await bench.call("scene.save", { scene: path });
    expect(bench.editor.read("as_read.tscn")).toBe(before);
    await bench.call("scene.close", { scene: path });
  });
});

describe("a TileSet", () => {
  const polygon = [
    { type: "Vector2", x: 0, y: 0 },
    { type: "Vector2", x: 8, y: 0 },
    { type: "Vector2", x: 8, y: 8 },
  ];
  const source = (properties: object) => ({
    "physics_layer_0/collision_layer": 1,
    "sources/0": {
      type: "Resource",
      class: "TileSetAtlasSource",
      properties: {
        texture: {
          type: "Resource",
          class: "PlaceholderTexture2D",
          properties: { size: { type: "Vector2", x: 16, y: 16 } },
        },
        "0:0/0": 0,
        ...properties,
      },
    },
  });
  const points = "0:0/0/physics_layer_0/polygon_0/points";

  it("is made with the shapes of its tiles, which a source tells only within it", async () => {
    const path = "res://tiles.tres";
    await bench.call("resource.create", { path, type: "TileSet", properties: source({ [points]: polygon }) });
    const { properties } = await bench.call("resource.get", { path, whole: true });
    expect(properties).toMatchObject({ "sources/0": { properties: { [points]: polygon } } });
  });

  it.each(["0:0/0/physics_layer_0/polygon_0/pionts", "0:0/0/physics_layer_1/polygon_0/points"])(
    "is not made where a source has no such property: %s",
    async (name) => {
      const params = { path: "res://tiles_wrong.tres", type: "TileSet", properties: source({ [name]: polygon }) };
      expect(await bench.fails("resource.create", params)).toMatchObject({
        kind: "INVALID_PARAMS",
        message: expect.stringContaining(name),
      });
    },
  );
});

describe("names", () => {
  it.each([
    ["mood", "ANGRY", 1],
    ["mood", "Fast Asleep", 7],
    ["elements", ["Fire", "earth"], 9],
    ["a_color", "red", { type: "Color", r: 1, g: 0, b: 0, a: 1 }],
    ["a_color", "#00ff0080", { type: "Color", r: 0, g: 1, b: 0, a: 0.5019608 }],
    ["a_float", { type: "float", value: "inf" }, { type: "float", value: "inf" }],
    ["an_int", "9223372036854775807", expect.anything()],
    [
      "a_transform2d",
      "Transform2D(1, 0, 0, 1, 5, 6)",
      expect.objectContaining({ origin: { type: "Vector2", x: 5, y: 6 } }),
    ],
    ["rotation", 0.1, 0.1],
  ])("of values are understood: %s %j", async (property, given, read) => {
    expect(await written(property, given)).toEqual(read);
  });
});

describe("lists of numbers and objects without a type", () => {
  it.each([
    ["a_vector2", [1.5, 2], "Vector2(1.5, 2)"],
    ["a_vector2", { x: 1.5, y: 2 }, "Vector2(1.5, 2)"],
    ["a_vector2i", [-1, 2], "Vector2i(-1, 2)"],
    ["a_vector3", [1, 2, 3], "Vector3(1, 2, 3)"],
    ["a_vector3i", { x: 1, y: 2, z: 3 }, "Vector3i(1, 2, 3)"],
    ["a_vector4", [1, 2, 3, 4], "Vector4(1, 2, 3, 4)"],
    ["a_vector4i", [1, 2, 3, 4], "Vector4i(1, 2, 3, 4)"],
    ["a_quaternion", [0, 0, 1, 0], "Quaternion(0, 0, 1, 0)"],
    ["a_color", [1, 0.5, 0], "Color(1, 0.5, 0, 1)"],
    ["a_color", [1, 0.5, 0, 0.25], "Color(1, 0.5, 0, 0.25)"],
    ["a_color", { r: 1, g: 0.5, b: 0 }, "Color(1, 0.5, 0, 1)"],
    ["a_rect2", [1, 2, 3, 4], "Rect2(1, 2, 3, 4)"],
    ["a_rect2", { position: [1, 2], size: { x: 3, y: 4 } }, "Rect2(1, 2, 3, 4)"],
    [
      "a_rect2i",
      [
        [1, 2],
        [3, 4],
      ],
      "Rect2i(1, 2, 3, 4)",
    ],
    ["a_plane", [0, 1, 0, 5], "Plane(0, 1, 0, 5)"],
    ["an_aabb", [1, 2, 3, 4, 5, 6], "AABB(1, 2, 3, 4, 5, 6)"],
    [
      "a_transform2d",
      [
        [1, 0],
        [0, 1],
        [5, 6],
      ],
      "Transform2D(1, 0, 0, 1, 5, 6)",
    ],
    ["a_transform3d", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "Transform3D(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)"],
    [
      "vectors",
      [
        [1, 2],
        [3, 4],
      ],
      ["Vector2(1, 2)", { x: 3, y: 4 }],
    ],
    [
      "vectors2",
      [
        [1, 2],
        [3, 4],
      ],
      "PackedVector2Array(1, 2, 3, 4)",
    ],
    ["vectors3", [{ x: 1, y: 2, z: 3 }], "PackedVector3Array(1, 2, 3)"],
    ["colors", [[1, 0, 0], "#00ff00"], "PackedColorArray(1, 0, 0, 1, 0, 1, 0, 1)"],
  ])("are values of the type that %s has: %j", async (property, given, same) => {
    const value = await written(property, given);
    expect(await written(property, same)).toEqual(value);
    expect(JSON.stringify(value)).toContain('"type"');
  });

  it("stay what they are where any type is taken", async () => {
    await written("a_dictionary", { at: { type: "Vector2", x: 1, y: 2 } });
    for (const given of [{ at: [1, 2] }, { at: { x: 1, y: 2 } }])
      expect(await written("a_dictionary", given)).toEqual(given);
    expect(await written("an_array", [[1, 2]])).toEqual([[1, 2]]);
    expect(await written("metadata/at", [1, 2])).toEqual([1, 2]);
  });

  it("stand in resources, also under names that these do not list", async () => {
    const properties = {
      "Button/colors/font_color": [1, 0, 0],
      "Button/styles/normal": {
        type: "Resource",
        class: "StyleBoxFlat",
        properties: { bg_color: [0, 1, 0, 0.5], shadow_offset: [1, 2] },
      },
    };
    await bench.call("resource.create", { path: "res://listed.tres", type: "Theme", properties });
    expect((await bench.call("resource.get", { path: "res://listed.tres" })).properties).toMatchObject({
      "Button/colors/font_color": { type: "Color", r: 1, g: 0, b: 0, a: 1 },
      "Button/styles/normal": {
        properties: { bg_color: { type: "Color", g: 1, a: 0.5 }, shadow_offset: { type: "Vector2", x: 1, y: 2 } },
      },
    });
  });

  it("stand in batches, arguments, settings, and what nodes are looked for by", async () => {
    await bench.call("edit.batch", {
      operations: [
        { op: "add", type: "Node2D", name: "Listed", properties: { position: [3, 4] } },
        { op: "set_properties", path: "Listed", properties: { scale: [2, 2], modulate: [1, 0, 0] } },
      ],
    });
    const call = { path: "Listed", method: "to_global", args: [[1, 1]] };
    expect(await bench.call("node.call_method", call)).toMatchObject({ result: { type: "Vector2", x: 5, y: 6 } });
    expect(await bench.call("node.find", { property: "position", value: [3, 4] })).toMatchObject({
      nodes: [{ path: "Listed" }],
    });
    const setting = "rendering/environment/defaults/default_clear_color";
    await bench.call("project.set_settings", { settings: { [setting]: [0, 0, 1] } });
    expect(await bench.call("project.get_settings", { names: [setting] })).toMatchObject({
      settings: { [setting]: { type: "Color", b: 1 } },
    });
  });

  it("are shown as an example when they do not fit", async () => {
    const error = await bench.fails("node.set_properties", { path: "Holder", properties: { a_vector2: [1, 2, 3] } });
    expect(error.message).toContain('Vector2 such as [0, 0] or {"type":"Vector2"');
  });
});

describe("what does not fit", () => {
  it.each([
    ["a_vector2", [1, 2, 3]],
    ["a_vector3", [1, 2]],
    ["a_vector2", [1, "2"]],
    ["a_vector2", { x: 1, z: 2 }],
    ["a_rect2", [[1, 2], [3]]],
    ["a_color", [1, 2]],
    ["a_color", ["1", "0", "0"]],
    ["a_vector2i", [1, 2.5]],
    ["vectors2", [1, 2, 3, 4]],
    ["vectors", [[1, 2], [3]]],
    ["a_transform3d", [1, 2, 3]],
    ["a_vector2i", { type: "Vector2i", x: 1.5, y: 2 }],
    ["a_vector3", "Vector3(1, 2)"],
    ["a_color", "reddish"],
    ["an_int", 1.5],
    ["a_bool", 1],
    ["ints", [1, "two"]],
    ["bytes", [256]],
    ["prices", { apple: "dear" }],
    ["mood", "SAD"],
    ["elements", ["Air"]],
    ["friend", "Nobody"],
    ["shape", { type: "Resource", class: "Gradient" }],
    ["shape", { type: "Resource", class: "CircleShape2D", properties: { radios: 1 } }],
    ["shape", "res://nothing.tres"],
    ["recipe", "res://holder.gd"],
    ["a_string", 1],
    ["a_path", 1],
  ])("is an error that names property, expected type and value: %s %j", async (property, value) => {
    const error = await bench.fails("node.set_properties", { path: "Holder", properties: { [property]: value } });
    expect(error).toMatchObject({ kind: "INVALID_PARAMS", property, expected: expect.any(String) });
    expect(error.message).toContain(`'${property}'`);
  });
});

it("the editor has not complained", () => {
  expect(bench.editor.complaints).toEqual([]);
});
