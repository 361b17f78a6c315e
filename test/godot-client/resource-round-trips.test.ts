/** Resources of many classes: what a read tells of each is what a write takes, for the same file and for a new one. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const made = (type: string, properties: Params = {}) => ({ type: "Resource", class: type, properties });
const picture = (width = 16, height = 16) => made("PlaceholderTexture2D", { size: [width, height] });
const walk = made("AnimationNodeAnimation", { animation: "walk" });
const animation = {
  length: 2,
  loop_mode: 1,
  "tracks/0/type": "value",
  "tracks/0/path": "Hero:position",
  "tracks/0/keys": {
    times: "PackedFloat32Array(0, 1.5)",
    transitions: "PackedFloat32Array(1, 0.5)",
    update: 0,
    values: ["Vector2(0, 0)", "Vector2(2, 0)"],
  },
  "tracks/1/type": "bezier",
  "tracks/1/path": "Hero:modulate:a",
  "tracks/1/keys": {
    handle_modes: "PackedInt32Array(0)",
    points: "PackedFloat32Array(0.5, -0.25, 0, 0.25, 0)",
    times: "PackedFloat32Array(0)",
  },
  "tracks/2/type": "method",
  "tracks/2/path": "Hero",
  "tracks/2/keys": {
    times: "PackedFloat32Array(1)",
    transitions: "PackedFloat32Array(1)",
    values: [{ method: '&"hide"', args: [] }],
  },
};

const RESOURCES: [string, Params][] = [
  ["Animation", animation],
  ["AnimationLibrary", { _data: { walk: made("Animation", animation), run: made("Animation") } }],
  [
    "AnimationNodeStateMachine",
    {
      "states/idle/node": walk,
      "states/idle/position": [320, 100],
      "states/fight/node": made("AnimationNodeStateMachine", {
        "states/hit/node": walk,
        transitions: ["Start", "hit", made("AnimationNodeStateMachineTransition", { switch_mode: 1 })],
      }),
      transitions: [
        "Start",
        "idle",
        made("AnimationNodeStateMachineTransition", { advance_mode: 2 }),
        "idle",
        "fight",
        made("AnimationNodeStateMachineTransition", { xfade_time: 0.25, advance_condition: "angry" }),
      ],
      graph_offset: [10, 20],
    },
  ],
  [
    "AnimationNodeBlendTree",
    {
      "nodes/walk/node": walk,
      "nodes/walk/position": [0, 40],
      "nodes/mix/node": made("AnimationNodeBlend2", { filter_enabled: true, filters: ["Hero:position"] }),
      "nodes/mix/position": [200, 40],
      node_connections: ["output", 0, "mix", "mix", 0, "walk"],
      graph_offset: [-20, 5],
    },
  ],
  [
    "AnimationNodeBlendSpace1D",
    {
      "blend_point_0/node": walk,
      "blend_point_0/pos": -0.5,
      "blend_point_1/node": walk,
      "blend_point_1/pos": 1,
      min_space: -2,
      value_label: "speed",
    },
  ],
  [
    "AnimationNodeBlendSpace2D",
    {
      auto_triangles: false,
      "blend_point_0/node": walk,
      "blend_point_0/pos": [0, 0],
      "blend_point_1/node": walk,
      "blend_point_1/pos": [1, 0],
      "blend_point_2/node": made("AnimationNodeBlendTree", { "nodes/walk/node": walk }),
      "blend_point_2/pos": [0, 1],
      triangles: [0, 1, 2],
    },
  ],
  [
    "SpriteFrames",
    {
      animations: [
        {
          frames: [
            { duration: 1.5, texture: picture() },
            { duration: 1, texture: picture(8, 8) },
          ],
          loop: true,
          name: '&"run"',
          speed: 5.5,
        },
      ],
    },
  ],
  [
    "Theme",
    {
      default_font_size: 20,
      "Big/base_type": "Button",
      "Big/colors/font_color": [0, 1, 0],
      "Big/constants/outline_size": 2,
      "Big/font_sizes/font_size": 18,
      "Big/icons/icon": picture(),
      "Big/styles/normal": made("StyleBoxFlat", { bg_color: [1, 0, 0], corner_radius_top_left: 3 }),
    },
  ],
  [
    "AudioBusLayout",
    {
      "bus/1/name": "SFX",
      "bus/1/volume_db": -3,
      "bus/1/send": "Master",
      "bus/1/effect/0/effect": made("AudioEffectReverb", { room_size: 0.5 }),
      "bus/1/effect/0/enabled": true,
      "bus/2/name": "Music",
      "bus/2/send": "SFX",
    },
  ],
  [
    "CurveTexture",
    {
      curve: made("Curve", {
        max_value: 2,
        point_count: 2,
        "point_0/position": [0, 0.5],
        "point_0/right_tangent": 1.25,
        "point_1/position": [1, 1],
      }),
    },
  ],
  ["CurveXYZTexture", { curve_x: made("Curve", { point_count: 1, "point_0/position": [0.5, 0.25] }) }],
  ["Curve2D", { point_count: 2, "point_1/position": [3, 4], "point_1/in": [-1, 0], "point_0/out": [1, 0] }],
  ["Curve3D", { point_count: 2, "point_1/position": [3, 4, 5], "point_1/tilt": 0.5, closed: true }],
  [
    "TileSet",
    {
      tile_size: [8, 8],
      "physics_layer_0/collision_layer": 2,
      "terrain_set_0/mode": 0,
      "terrain_set_0/terrain_0/name": "grass",
      "terrain_set_0/terrain_0/color": [0, 1, 0],
      "custom_data_layer_0/name": "cost",
      "custom_data_layer_0/type": 2,
      pattern_0: made("TileMapPattern", { tile_data: "PackedInt32Array(0, 1, 0)" }),
      "sources/0": made("TileSetAtlasSource", {
        texture: picture(),
        texture_region_size: [8, 8],
        "0:0/0": 0,
        "0:0/0/terrain_set": 0,
        "0:0/0/terrain": 0,
        "0:0/0/physics_layer_0/polygon_0/points": [
          [-4, -4],
          [4, -4],
          [4, 4],
        ],
        "0:0/0/custom_data_0": 3,
        "1:0/0": 0,
        "1:0/0/modulate": [1, 0, 0],
      }),
    },
  ],
  [
    "MeshLibrary",
    {
      "item/0/name": "Box",
      "item/0/mesh": made("BoxMesh", { size: [1, 2, 3] }),
      "item/0/shapes": [made("BoxShape3D", { size: [1, 2, 3] }), "Transform3D(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 2, 0)"],
      "item/3/name": "Ball",
      "item/3/mesh": made("SphereMesh"),
    },
  ],
  ["SceneReplicationConfig", { "properties/0/path": "Hero:position", "properties/1/path": ".:visible" }],
  [
    "SkeletonModificationStack2D",
    {
      modification_count: 1,
      "modifications/0": made("SkeletonModification2DCCDIK", {
        target_nodepath: "Aim",
        ccdik_data_chain_length: 1,
        "joint_data/0/bone2d_node": "Hip",
      }),
    },
  ],
  ["Skin", { bind_count: 1, "bind/0/name": "Hip", "bind/0/bone": -1 }],
  [
    "AudioStreamRandomizer",
    { streams_count: 1, "stream_0/stream": made("AudioStreamGenerator"), "stream_0/weight": 2 },
  ],
  ["Shortcut", { events: [made("InputEventKey", { keycode: 65, ctrl_pressed: true })] }],
  [
    "NavigationPolygon",
    {
      vertices: [
        [0, 0],
        [8, 0],
        [8, 8],
      ],
      polygons: ["PackedInt32Array(0, 1, 2)"],
    },
  ],
  ["Environment", { background_mode: 2, sky: made("Sky", { sky_material: made("ProceduralSkyMaterial") }) }],
  [
    "ShaderMaterial",
    {
      shader: made("Shader", {
        code: "shader_type canvas_item;\nuniform vec4 tint : source_color;\nuniform float speed;\n",
      }),
      "shader_parameter/tint": [1, 0, 0],
      "shader_parameter/speed": 2,
    },
  ],
  [
    "VisualShader",
    {
      mode: 1,
      "nodes/fragment/2/node": made("VisualShaderNodeColorConstant", { constant: [1, 0, 0] }),
      "nodes/fragment/2/position": [0, 100],
      "nodes/fragment/connections": "PackedInt32Array(2, 0, 0, 0)",
    },
  ],
  ["BitMap", { data: { data: "PackedByteArray(5, 1)", size: "Vector2(4, 3)" } }],
  ["Gradient", { offsets: [0, 0.25, 1], colors: [[0, 0, 0], [1, 0, 0, 0.5], "#ffffff"] }],
];

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.dispose());

/** The same without the places where resources are kept: what would be new ones. */
const unplaced = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, member: unknown) =>
    key === "path" && typeof member === "string" && (member.includes("::") || member === "") ? undefined : member,
  );
const told = async (path: string) =>
  (await bench.call("resource.get", { path, whole: true })) as { class: string; hash: string; properties: Params };

it.each(RESOURCES)("a %s is given back as it was told, and makes a new one the same", async (type, properties) => {
  const path = `res://round/${type}.tres`;
  await bench.call("resource.create", { path, type, properties });
  // As the engine writes what it has read.
  await bench.call("resource.set_properties", { path, properties: {} });
  const first = await told(path);
  expect(Object.keys(first.properties)).toEqual(expect.arrayContaining(Object.keys(properties).slice(0, 1)));
  const text = bench.editor.read(`round/${type}.tres`);
  await bench.call("resource.set_properties", { path, properties: first.properties });
  expect(bench.editor.read(`round/${type}.tres`)).toBe(text);
  const again = unplaced(first.properties) as Params;
  await bench.call("resource.create", { path: `res://round/${type}_copy.tres`, type, properties: again });
  expect(unplaced((await told(`res://round/${type}_copy.tres`)).properties)).toEqual(again);
});

it("no resource was asked for what it did not have yet", () => {
  expect(bench.editor.complaints.filter((line) => /out of bounds|item_map/.test(line))).toEqual([]);
});
