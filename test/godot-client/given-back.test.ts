/** Tests that a write takes the value that a read shows: for the same object, and for a new one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedText, undoably } from "./undo-check.ts";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const SCENE = "res://kept/kept.tscn";
const FILES = {
  "kept/kept.tscn": `[gd_scene format=3]

[ext_resource type="Script" path="res://kept/plain.gd" id="2"]

[sub_resource type="Curve" id="Curve_1"]
_data = [Vector2(0, 0.5), 0.0, 1.0, 0, 1, Vector2(1, 1), 0.25, 0.0, 1, 0]
point_count = 2

[sub_resource type="CurveTexture" id="CurveTexture_1"]
curve = SubResource("Curve_1")

[sub_resource type="Animation" id="Animation_1"]
resource_name = "walk"
tracks/0/type = "value"
tracks/0/imported = false
tracks/0/enabled = true
tracks/0/path = NodePath("Ramp:position")
tracks/0/interp = 1
tracks/0/loop_wrap = true
tracks/0/keys = {
"times": PackedFloat32Array(0, 1),
"transitions": PackedFloat32Array(1, 1),
"update": 0,
"values": [Vector2(0, 0), Vector2(2, 0)]
}

[sub_resource type="AnimationLibrary" id="AnimationLibrary_1"]
_data = {
&"walk": SubResource("Animation_1")
}

[sub_resource type="AnimationNodeAnimation" id="AnimationNodeAnimation_1"]
animation = &"walk"

[sub_resource type="AnimationNodeStateMachineTransition" id="Transition_1"]
advance_mode = 2

[sub_resource type="AnimationNodeStateMachine" id="AnimationNodeStateMachine_1"]
states/idle/node = SubResource("AnimationNodeAnimation_1")
states/idle/position = Vector2(320, 100)
transitions = ["Start", "idle", SubResource("Transition_1")]

[sub_resource type="GradientTexture2D" id="GradientTexture2D_1"]

[sub_resource type="TileSetAtlasSource" id="TileSetAtlasSource_1"]
texture = SubResource("GradientTexture2D_1")
0:0/0 = 0
1:0/0 = 0

[sub_resource type="TileSet" id="TileSet_1"]
physics_layer_0/collision_layer = 2
sources/0 = SubResource("TileSetAtlasSource_1")

[sub_resource type="Resource" id="Resource_1"]
script = ExtResource("2")
mass = 4

[node name="Kept" type="Node2D"]

[node name="Ramp" type="Sprite2D" parent="."]
texture = SubResource("CurveTexture_1")
metadata/mixed = [2.0, 0.25, 1, &"name", "text", NodePath("Ramp"), Vector2(1, 2), { 1: 2.0 }, PackedFloat32Array(1, 2)]
metadata/keyed = {
Vector2i(1, 2): 1.0,
&"name": PackedByteArray("AAEC")
}
metadata/own = SubResource("Resource_1")

[node name="Player" type="AnimationPlayer" parent="."]
libraries = {
&"": SubResource("AnimationLibrary_1")
}

[node name="Tree" type="AnimationTree" parent="."]
active = false
tree_root = SubResource("AnimationNodeStateMachine_1")
anim_player = NodePath("../Player")

[node name="Map" type="TileMapLayer" parent="."]
tile_map_data = PackedByteArray("AAAAAAAAAAAAAAAAAAA=")
tile_set = SubResource("TileSet_1")
`,
  "kept/plain.gd": "extends Resource\n\n@export var mass: int = 1\n",
  "kept/buses.tres": `[gd_resource type="AudioBusLayout" format=3]

[sub_resource type="AudioEffectReverb" id="Reverb_1"]
room_size = 0.5

[resource]
bus/1/name = &"SFX"
bus/1/solo = false
bus/1/mute = false
bus/1/bypass_fx = false
bus/1/volume_db = -3.0
bus/1/send = &"Master"
bus/1/effect/0/effect = SubResource("Reverb_1")
bus/1/effect/0/enabled = true
`,
  "kept/theme.tres": `[gd_resource type="Theme" format=3]

[sub_resource type="StyleBoxFlat" id="Flat_1"]
bg_color = Color(1, 0, 0, 1)

[resource]
default_font_size = 20
Button/colors/font_color = Color(0, 1, 0, 1)
Button/constants/outline_size = 2
Button/font_sizes/font_size = 18
Button/styles/normal = SubResource("Flat_1")
`,
  "kept/gradient.tres": `[gd_resource type="GradientTexture1D" format=3]

[sub_resource type="Gradient" id="Gradient_1"]
offsets = PackedFloat32Array(0, 0.5, 1)
colors = PackedColorArray(0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1)

[resource]
gradient = SubResource("Gradient_1")
`,
};

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(FILES);
  await bench.call("scene.open", { path: SCENE });
});
afterAll(() => bench.dispose());

const get = async (path: string, names?: string[]) =>
  ((await bench.call("node.get_properties", { scene: SCENE, path, names, whole: true })) as { properties: Params })
    .properties;
const set = (path: string, properties: Params) => bench.call("node.set_properties", { scene: SCENE, path, properties });

/** The same without the places where resources are kept: what would be new ones. */
const unplaced = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, member: unknown) =>
    key === "path" && typeof member === "string" && (member.includes("::") || member === "") ? undefined : member,
  );

describe.each(["Ramp", "Player", "Tree", "Map"])("the node %s", (path) => {
  it("is unchanged when it gets its own answer back", async () => {
    const before = await savedText(bench, SCENE);
    await set(path, await get(path));
    expect(await savedText(bench, SCENE)).toBe(before);
  });
});

describe.each([
  ["Ramp", "Sprite2D", ["texture", "metadata/mixed", "metadata/own"]],
  ["Player", "AnimationPlayer", ["libraries/"]],
  ["Tree", "AnimationTree", ["tree_root"]],
  ["Map", "TileMapLayer", ["tile_set", "tile_map_data"]],
])("the answer of %s", (path, type, names) => {
  it("makes a new node the same", async () => {
    const seen = await get(path, names);
    const properties = unplaced(seen) as Params;
    await bench.call("node.add", { scene: SCENE, type, name: "Twin", properties });
    expect(unplaced(await get("Twin", names))).toEqual(properties);
    await bench.call("editor.undo", { scene: SCENE });
  });
});

describe.each(["buses", "theme", "gradient"])("the resource %s.tres", (name) => {
  const path = `res://kept/${name}.tres`;
  const seen = async (file: string) =>
    (await bench.call("resource.get", { path: file, whole: true })) as {
      class: string;
      hash: string;
      properties: Params;
    };

  it("is unchanged when it gets its own answer back, and makes a new one the same", async () => {
    await bench.call("resource.set_properties", { path, properties: {} });
    const before = await seen(path);
    await bench.call("resource.set_properties", { path, properties: before.properties });
    expect(await seen(path)).toEqual(before);
    const properties = unplaced(before.properties) as Params;
    const copy = `res://kept/copy_of_${name}.tres`;
    await bench.call("resource.create", { path: copy, type: before.class, properties });
    expect(unplaced((await seen(copy)).properties)).toEqual(properties);
  });
});

describe("undo of node.move", () => {
  const HALL = "res://kept/hall.tscn";
  const containers = [
    "VBoxContainer",
    "GridContainer",
    "MarginContainer",
    "CenterContainer",
    "HSplitContainer",
    "ScrollContainer",
    "TabContainer",
    "PanelContainer",
    "AspectRatioContainer",
    "HFlowContainer",
    "Control",
  ];

  it("restores Controls that containers have placed, to the letter", async () => {
    await bench.call("scene.create", { path: HALL, rootType: "Control" });
    const add = (params: Params) => bench.call("node.add", { scene: HALL, ...params });
    await add({ type: "Panel", name: "Full", properties: { layout_mode: 1, anchors_preset: 15 } });
    await add({ type: "Label", name: "Low", properties: { layout_mode: 1, anchors_preset: 12, text: "low" } });
    await add({ type: "Button", name: "Free", properties: { position: "Vector2(30, 40)", size: "Vector2(90, 50)" } });
    for (const type of containers) {
      await add({ type, name: `In${type}`, properties: { size: "Vector2(200, 200)" } });
      await add({ parent: `In${type}`, type: "Label", name: "First", properties: { text: "first" } });
    }
    for (const type of containers)
      for (const path of ["Full", "Low", "Free"]) await movedAndBack({ path, parent: `In${type}` });
    await movedAndBack({ path: "InTabContainer/First", parent: ".", keepTransform: false });
  });

  const movedAndBack = async (params: Params) => {
    await undoably(bench, HALL, "node.move", params);
    await bench.call("editor.undo", { scene: HALL });
  };
});

describe("a change outside the history", () => {
  it("is reported: a node that its own setter has deleted", async () => {
    await bench.call("script.create", { path: "res://kept/shy.gd", source: SHY });
    await bench.call("node.add", {
      scene: SCENE,
      type: "Node2D",
      name: "Shy",
      properties: { script: "res://kept/shy.gd" },
    });
    await bench.call("scene.save", { scene: SCENE });
    expect(await set("Shy", { gone: true })).toMatchObject({
      undoable: false,
      notes: [expect.stringContaining("deleted")],
    });
    const { scenes } = (await bench.call("scene.list_open")) as { scenes: Params[] };
    expect(scenes).toContainEqual(expect.objectContaining({ scene: SCENE, unsaved: true }));
    await bench.call("scene.save", { scene: SCENE });
    expect(bench.editor.read("kept/kept.tscn")).not.toContain("Shy");
  });
});

const SHY = `@tool
extends Node2D

@export var gone: bool = false:
	set(value):
		gone = value
		if value:
			queue_free()
`;
