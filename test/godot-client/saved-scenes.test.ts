/** Scenes of every shape are saved: what a file has in another form than the editor is no damage of the file. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const BASE = `[gd_scene format=3]

[node name="Base" type="Node2D"]

[node name="Body" type="Area2D" parent="." groups=["z", "m"]]

[node name="Deep" type="Timer" parent="Body"]
`;
const ANIMATED = `[gd_scene format=3]

[sub_resource type="Animation" id="r"]
length = 0.001
tracks/0/type = "value"
tracks/0/imported = false
tracks/0/enabled = true
tracks/0/path = NodePath("Body:position")
tracks/0/interp = 1
tracks/0/loop_wrap = true
tracks/0/keys = {
"times": PackedFloat32Array(0),
"transitions": PackedFloat32Array(1),
"update": 0,
"values": [Vector2(0, 0)]
}

[sub_resource type="AnimationLibrary" id="l"]
_data = {
&"RESET": SubResource("r")
}

[node name="Base" type="Node2D"]

[node name="Body" type="Node2D" parent="."]

[node name="AnimationPlayer" type="AnimationPlayer" parent="."]
libraries/ = SubResource("l")
`;
const POSED = `[gd_scene format=3]

[ext_resource type="PackedScene" path="res://kinds/animated.tscn" id="1"]

[node name="Root" type="Node2D"]

[node name="One" parent="." instance=ExtResource("1")]

[node name="Body" parent="One" index="0"]
position = Vector2(5, 5)

[editable path="One"]
`;
/** By file name: a scene as a person may have made it. */
const SCENES: Record<string, string> = {
  "groups.tscn": `[gd_scene format=3]

[node name="Root" type="Node2D" groups=["zebra", "Apple", "apple", "with space", "ä"]]

[node name="Child" type="Node2D" parent="." groups=["b", "a"]]
`,
  "connections.tscn": `[gd_scene format=3]

[node name="Root" type="Node2D"]

[node name="Z" type="Timer" parent="."]

[node name="A" type="Timer" parent="."]

[node name="Inner" type="Area2D" parent="A"]

[connection signal="timeout" from="Z" to="A" method="stop"]
[connection signal="timeout" from="Z" to="." method="hide" flags=3]
[connection signal="timeout" from="A" to="Z" method="start" flags=7 binds= [3.5]]
[connection signal="body_entered" from="A/Inner" to="." method="hide" unbinds=1]
[connection signal="renamed" from="." to="A" method="stop"]
`,
  "inherited.tscn": `[gd_scene format=3]

[ext_resource type="PackedScene" path="res://kinds/base.tscn" id="1"]

[node name="Heir" instance=ExtResource("1")]

[node name="Body" parent="." index="0" groups=["a", "zz"]]
position = Vector2(1, 2)

[node name="Deep" parent="Body" index="0"]
wait_time = 3.0

[node name="Own" type="Node2D" parent="Body" index="1"]

[connection signal="timeout" from="Body/Deep" to="." method="hide"]
[connection signal="renamed" from="Body/Own" to="Body" method="hide"]
`,
  "editable.tscn": `[gd_scene format=3]

[ext_resource type="PackedScene" path="res://kinds/base.tscn" id="1"]

[node name="Root" type="Node2D"]

[node name="One" parent="." instance=ExtResource("1")]

[node name="Body" parent="One" index="0" groups=["q", "b"]]
position = Vector2(5, 5)

[node name="Below" type="Timer" parent="One/Body" index="1"]

[node name="Two" parent="One/Body" instance=ExtResource("1")]

[node name="Later" parent="." instance_placeholder="res://kinds/base.tscn"]

[connection signal="timeout" from="One/Body/Deep" to="One" method="hide"]
[connection signal="timeout" from="One/Body/Below" to="." method="hide"]

[editable path="One"]
`,
  "values.tscn": `[gd_scene format=3]

[ext_resource type="Script" path="res://kinds/values.gd" id="1"]

[sub_resource type="Gradient" id="g"]

[node name="Root" type="Node2D" node_paths=PackedStringArray("one", "some", "named")]
script = ExtResource("1")
one = NodePath("Child")
some = [NodePath("Child"), NodePath(".")]
named = {
"a": NodePath("Child")
}
text = "a
b\\t\\"c\\"\\\\d"
number = nan
large = 1e300
small = 1.2345678901234567e-30
whole = -9223372036854775807
resources = Array[Resource]([SubResource("g"), null])
floats = PackedFloat32Array(0.1, nan, inf)
typed = Dictionary[StringName, Resource]({
&"x": SubResource("g")
})
place = Transform2D(nan, 0, 0, inf, 0.1, 0.2)
metadata/call = Callable()
metadata/name = &"n"
metadata/keys = {
0.1: 1,
Vector2(0.1, 0.2): 2,
&"s": 3
}

[node name="Child" type="Node2D" parent="."]
`,
  "unknown.tscn": `[gd_scene format=3]

[sub_resource type="NoSuchResource" id="r"]
a = 1

[node name="Root" type="Node2D"]

[node name="Odd" type="NoSuchNode" parent="." groups=["b", "a"]]
some = 3
thing = SubResource("r")
`,
};
const VALUES = `extends Node2D

@export var one: Node
@export var some: Array[Node]
@export var named: Dictionary[String, Node]
@export_multiline var text: String
@export var number: float
@export var large: float
@export var small: float
@export var whole: int
@export var resources: Array[Resource]
@export var floats: PackedFloat32Array
@export var typed: Dictionary[StringName, Resource]
@export var place: Transform2D
`;
const USER = `[gd_scene format=3]

[ext_resource type="Gradient" path="res://kinds/gone.tres" id="1"]
[ext_resource type="Script" path="res://kinds/gone.gd" id="2"]

[node name="Root" type="Node2D"]
metadata/a = ExtResource("1")

[node name="Child" type="Node2D" parent="."]
script = ExtResource("2")
`;

let bench: Workbench;
beforeAll(async () => {
  const scenes = Object.entries({
    ...SCENES,
    "base.tscn": BASE,
    "user.tscn": USER,
    "animated.tscn": ANIMATED,
    "posed.tscn": POSED,
  });
  bench = await openWorkbench({
    ...Object.fromEntries(scenes.map(([name, text]) => [`kinds/${name}`, text])),
    "kinds/values.gd": VALUES,
    "kinds/gone.gd": "extends Node2D\n",
    "kinds/gone.tres": `[gd_resource type="Gradient" format=3]\n\n[resource]\n`,
  });
});
afterAll(() => bench.dispose());

const sections = (text: string, kind: string) => text.split("\n").filter((line) => line.startsWith(`[${kind} `)).length;

it.each(Object.entries(SCENES))(
  "%s is saved, once more without a change, and under another name",
  async (name, text) => {
    const scene = `res://kinds/${name}`;
    await bench.call("scene.open", { path: scene });
    await bench.call("node.add", { scene, type: "Node2D", name: "Added" });
    await bench.call("scene.save", { scene });
    await bench.call("scene.save", { scene });
    const copy = `res://kinds/copy_${name}`;
    await bench.call("scene.save_as", { scene, path: copy });
    await bench.call("scene.close", { scene: copy, discard: true });
    for (const file of [`kinds/${name}`, `kinds/copy_${name}`]) {
      const saved = bench.editor.read(file);
      expect(saved).toContain('[node name="Added" type="Node2D" parent="."');
      expect(sections(saved, "node")).toBe(sections(text, "node") + 1);
      expect(sections(saved, "connection")).toBe(sections(text, "connection"));
    }
  },
);

it("a scene is saved whose animated nodes of an instance stand elsewhere than in their RESET, where the editor puts them back", async () => {
  const scene = "res://kinds/posed.tscn";
  await bench.call("scene.open", { path: scene });
  await bench.call("node.add", { scene, type: "Node2D", name: "Added" });
  await bench.call("scene.save", { scene });
  const saved = bench.editor.read("kinds/posed.tscn");
  expect(saved).toContain('name="Added"');
  expect(saved).not.toContain("Vector2(5, 5)");
  // The same bytes, in the same second.
  for (let round = 0; round < 3; round += 1) await bench.call("scene.save", { scene });
  expect(bench.editor.read("kinds/posed.tscn")).toBe(saved);
});

it.each(["gone.tres", "gone.gd"])("a scene that uses %s is saved when that has gone from the disk", async (name) => {
  const scene = "res://kinds/user.tscn";
  await bench.call("scene.open", { path: scene });
  rmSync(join(bench.editor.project, "kinds", name));
  await bench.call("node.add", { scene, type: "Node2D", name: `Without_${name.replace(".", "_")}` });
  await bench.call("scene.save", { scene });
  const saved = bench.editor.read("kinds/user.tscn");
  expect(saved).toContain(`name="Without_${name.replace(".", "_")}"`);
  expect(saved).toContain(`path="res://kinds/${name}"`);
});
