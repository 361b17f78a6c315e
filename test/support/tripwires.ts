/**
 * A project full of tripwires: scripts, resources, scenes and addons that leave a file outside the project as soon as any line
 * of them runs. The name of the file says which tripwire it was.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Watches a folder in which tripwires leave their files. */
export class Tripwires {
  /** Absolute path of the folder. */
  readonly folder = mkdtempSync(join(tmpdir(), "godot-hub-tripwires-"));

  /** GDScript that trips, as an expression: the name tells where. */
  trip(where: string): string {
    return `FileAccess.open("${this.folder}/${where}", FileAccess.WRITE)`;
  }

  /** Names of what has tripped, sorted. The engine writes a file under another name first, and one that stays open keeps that. */
  get tripped(): string[] {
    return [...new Set(readdirSync(this.folder).map((name) => name.replace(/-[A-Za-z0-9]{6}$/, "")))].sort();
  }

  /** Forgets what has tripped. */
  reset(): void {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name), { force: true });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Everything in a script of `base` that the engine may run by itself, each with a separate tripwire. */
  body(name: string, more = ""): string {
    const trip = (where: string) => this.trip(`${name}.${where}`);
    return `static var began := ${trip("static")}
@export var plain: int = 3
@export var watched: int = 4:
	set(value):
		${trip("setter")}
		watched = value
	get:
		${trip("getter")}
		return watched
signal rang(times: int)
const KNOWN := 7

static func _static_init() -> void:
	${trip("static_init")}

func _init() -> void:
	${trip("init")}

func _get(property: StringName) -> Variant:
	${trip("get")}
	return 5 if property == &"dynamic" else null

func _set(property: StringName, _value: Variant) -> bool:
	${trip("set")}
	return property == &"dynamic"

func _get_property_list() -> Array[Dictionary]:
	${trip("property_list")}
	return [{"name": "dynamic", "type": TYPE_INT, "usage": PROPERTY_USAGE_DEFAULT}]

func _validate_property(_property: Dictionary) -> void:
	${trip("validate_property")}

func _property_can_revert(_property: StringName) -> bool:
	${trip("can_revert")}
	return false

func _property_get_revert(_property: StringName) -> Variant:
	${trip("get_revert")}
	return null

func _to_string() -> String:
	${trip("to_string")}
	return "tripped"

func _iter_init(_state: Variant) -> bool:
	${trip("iterator")}
	return false

func called(_a: Variant = null) -> int:
	${trip("called")}
	return 1
${more}`;
  }
}

/** What a node may run beside what every object may: also every frame, unless the editor has it at work anyway. */
function nodeBody(wires: Tripwires, name: string, isAtWork: boolean): string {
  const trip = (where: string) => wires.trip(`${name}.${where}`);
  const methods = ["_enter_tree", "_ready", "_exit_tree"].map(
    (method) => `\nfunc ${method}() -> void:\n\t${trip(method.slice(1))}\n`,
  );
  methods.push(`\nfunc _get_configuration_warnings() -> PackedStringArray:\n\t${trip("warnings")}\n\treturn []\n`);
  if (!isAtWork) methods.push(`\nfunc _process(_delta: float) -> void:\n\t${trip("process")}\n`);
  return methods.join("");
}

const SCENE = "[gd_scene format=3]\n";

/**
 * Files of the project. None of the tripwires is loaded by the editor itself but those of the autoload and the addon;
 * `res://wires/live.tscn` and `res://wires/opened.tscn` are for tests that open them.
 */
export function tripwireFiles(wires: Tripwires): Record<string, string> {
  const settings = readFileSync(new URL("../../godot-client/project.godot", import.meta.url), "utf8");
  const node = (name: string, head: string, isAtWork = false) =>
    `${head}\n${wires.body(name, nodeBody(wires, name, isAtWork))}`;
  return {
    "project.godot": settings + AUTOLOADS,
    "wires/tool_node.gd": node("tool_node", "@tool\nclass_name TripNode\nextends Node2D"),
    "wires/tool_base.gd": node("tool_base", "@tool\nextends Node2D"),
    "wires/child.gd": 'extends "res://wires/tool_base.gd"\n\n@export var own: int = 2\n',
    "wires/uses.gd":
      'class_name TripUser\nextends Node\n\nconst NODE := preload("res://wires/tool_node.gd")\nconst CONFIG := preload("res://wires/config.tres")\nvar node: TripNode\nvar plain: int = CONFIG.plain\n',
    "wires/tool_resource.gd": `@tool\nclass_name TripResource\nextends Resource\n${wires.body("tool_resource")}`,
    "wires/config.tres":
      '[gd_resource type="Resource" script_class="TripResource" load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://wires/tool_resource.gd" id="1"]\n\n[resource]\nscript = ExtResource("1")\nplain = 6\nwatched = 8\n',
    "wires/holder.tres":
      '[gd_resource type="Resource" load_steps=4 format=3]\n\n[ext_resource type="Resource" path="res://wires/config.tres" id="1"]\n[ext_resource type="Script" path="res://wires/tool_resource.gd" id="2"]\n\n[sub_resource type="Resource" id="3"]\nscript = ExtResource("2")\nplain = 1\nwatched = 2\n\n[resource]\nmetadata/config = ExtResource("1")\nmetadata/inner = SubResource("3")\n',
    "wires/closed.tscn": closedScene(wires),
    "wires/inherits.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="PackedScene" path="res://wires/closed.tscn" id="1"]\n\n[node name="Closed" instance=ExtResource("1")]\nplain = 12\n',
    "wires/contains.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="PackedScene" path="res://wires/closed.tscn" id="1"]\n\n[node name="Contains" type="Node2D"]\n\n[node name="Inner" parent="." instance=ExtResource("1")]\nwatched = 30\n',
    "wires/live.tscn":
      '[gd_scene load_steps=4 format=3]\n\n[ext_resource type="Script" path="res://wires/live_node.gd" id="1"]\n[ext_resource type="Script" path="res://wires/live_resource.gd" id="2"]\n\n[sub_resource type="Resource" id="3"]\nscript = ExtResource("2")\nplain = 9\nwatched = 10\n\n[node name="Live" type="Node2D"]\nscript = ExtResource("1")\nwatched = 11\nmetadata/inner = SubResource("3")\n\n[node name="Child" type="Sprite2D" parent="."]\n\n[node name="Player" type="AnimationPlayer" parent="."]\n',
    "wires/live_node.gd": node("live_node", "@tool\nclass_name LiveNode\nextends Node2D", true),
    "wires/live_resource.gd": `@tool\nextends Resource\n${wires.body("live_resource")}`,
    "wires/opened.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://wires/opened.gd" id="1"]\n\n[node name="Opened" type="Node2D"]\nscript = ExtResource("1")\n',
    "wires/opened.gd": node("opened", "@tool\nextends Node2D", true),
    "wires/auto.gd": node("auto", "@tool\nextends Node", true),
    "wires/auto_scene.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://wires/auto_scene.gd" id="1"]\n\n[node name="Auto" type="Node"]\nscript = ExtResource("1")\n',
    "wires/auto_scene.gd": node("auto_scene", "@tool\nextends Node", true),
    "wires/job.gd": `@tool\nextends EditorScript\n\nstatic var began := ${wires.trip("job.static")}\n\nfunc _run() -> void:\n\t${wires.trip("job.run")}\n`,
    "wires/plain.gd": `extends Node2D\n${wires.body("plain", nodeBody(wires, "plain", false))}`,
    "wires/plain.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://wires/plain.gd" id="1"]\n\n[node name="Plain" type="Node2D"]\nscript = ExtResource("1")\nwatched = 21\n',
    "wires/test/test_wires.gd": `@tool\nextends Node\n\nstatic var began := ${wires.trip("test.static")}\n\nfunc test_it() -> void:\n\t${wires.trip("test.run")}\n`,
    "ignored/.gdignore": "",
    "ignored/hidden.gd": node("hidden", "@tool\nextends Node2D"),
    "wires/empty.tscn": `${SCENE}\n[node name="Empty" type="Node2D"]\n\n[node name="Timer" type="Timer" parent="."]\n`,
  };
}

/**
 * An addon with an import plugin that trips when it imports, and a file for it. To be enabled by its plugin.cfg. What the engine asks of every plugin
 * about any file (its name, its extensions) is no trip.
 */
export function importPlugin(wires: Tripwires): Record<string, string> {
  return {
    "addons/wires/plugin.cfg": '[plugin]\n\nname="Wires"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n',
    "addons/wires/plugin.gd":
      '@tool\nextends EditorPlugin\n\nvar _importer := preload("importer.gd").new()\n\nfunc _enter_tree() -> void:\n\tadd_import_plugin(_importer)\n\nfunc _exit_tree() -> void:\n\tremove_import_plugin(_importer)\n',
    "addons/wires/importer.gd": `@tool
extends EditorImportPlugin

func _get_importer_name() -> String:
	return "wires"

func _get_visible_name() -> String:
	return "Wires"

func _get_recognized_extensions() -> PackedStringArray:
	return ["wire"]

func _get_save_extension() -> String:
	return "res"

func _get_resource_type() -> String:
	return "Resource"

func _get_preset_count() -> int:
	return 0

func _get_import_order() -> int:
	return 0

func _get_priority() -> float:
	return 1.0

func _get_import_options(_path: String, _preset: int) -> Array[Dictionary]:
	return []

func _import(_source: String, to: String, _options: Dictionary, _variants: Array[String], _files: Array[String]) -> Error:
	${wires.trip("importer.import")}
	return ResourceSaver.save(Resource.new(), to + ".res")
`,
    "addons/wires/thing.wire": "1",
  };
}

/** A scene whose nodes have tool scripts of every kind: a file's, one kept in the scene, one that extends another. */
function closedScene(wires: Tripwires): string {
  const builtIn = `@tool\nextends Node2D\n${wires.body("built_in", nodeBody(wires, "built_in", false))}`;
  const text = builtIn.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `[gd_scene load_steps=6 format=3]

[ext_resource type="Script" path="res://wires/tool_node.gd" id="1"]
[ext_resource type="Script" path="res://wires/child.gd" id="2"]
[ext_resource type="Resource" path="res://wires/config.tres" id="3"]

[sub_resource type="GDScript" id="4"]
script/source = "${text}"

[sub_resource type="Animation" id="5"]
resource_name = "turn"
length = 0.5
tracks/0/type = "value"
tracks/0/imported = false
tracks/0/enabled = true
tracks/0/path = NodePath("BuiltIn:watched")
tracks/0/interp = 1
tracks/0/loop_wrap = true
tracks/0/keys = {
"times": PackedFloat32Array(0),
"transitions": PackedFloat32Array(1),
"update": 0,
"values": [1]
}

[sub_resource type="AnimationLibrary" id="6"]
_data = {
&"turn": SubResource("5")
}

[node name="Closed" type="Node2D" groups=["wired"]]
script = ExtResource("1")
watched = 14
metadata/config = ExtResource("3")

[node name="BuiltIn" type="Node2D" parent="."]
script = SubResource("4")
watched = 15

[node name="Child" type="Node2D" parent="."]
script = ExtResource("2")
own = 16

[node name="Player" type="AnimationPlayer" parent="."]
libraries/ = SubResource("6")

[connection signal="rang" from="." to="Child" method="called"]
`;
}

/** Lines of project.godot that make the autoloads known. */
const AUTOLOADS = `
[autoload]

TripAuto="*res://wires/auto.gd"
TripAutoScene="*res://wires/auto_scene.tscn"
`;
