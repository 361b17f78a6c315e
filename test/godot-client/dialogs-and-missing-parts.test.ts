/** Scenes with missing parts, scenes that cannot load, and the dialogs of the editor: shown as state, answered by a command, left out where possible. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** Lets the editor believe that its window got the focus, and shows dialogs that wait for a person. */
const ADDON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")

static var _pressed: Array[String] = []


func _enter_tree() -> void:
	GodotMcpHub.register_command("probe.focus", "Tells the editor that it has the focus.", {}, func(_params: Dictionary) -> Dictionary:
		get_tree().root.propagate_notification(NOTIFICATION_APPLICATION_FOCUS_IN)
		return {})
	GodotMcpHub.register_command("probe.ask", "Shows two dialogs.", {}, func(_params: Dictionary) -> Dictionary:
		_ask("First")
		_ask("Second")
		return {})
	GodotMcpHub.register_command("probe.pressed", "What was pressed.", {}, func(_params: Dictionary) -> Dictionary:
		return {"pressed": _pressed}, true)


func _ask(title: String) -> void:
	var dialog := ConfirmationDialog.new()
	dialog.title = title
	dialog.dialog_text = "Shall it be %s?" % title
	dialog.exclusive = false
	dialog.add_button("Later", true, "later")
	dialog.get_cancel_button().disabled = title == "First"
	dialog.confirmed.connect(func() -> void: _pressed.append(title + " ok"))
	dialog.custom_action.connect(func(action: StringName) -> void:
		_pressed.append("%s %s" % [title, action])
		dialog.hide())
	EditorInterface.get_base_control().add_child(dialog)
	dialog.popup_centered()
`;
const CONFIG = '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';

const scene = (...lines: string[]) => `[gd_scene format=3]\n\n${lines.join("\n\n")}\n`;
const PARTS = scene(
  '[ext_resource type="Texture2D" path="res://gone.png" id="1"]',
  '[ext_resource type="Script" path="res://gone.gd" id="2"]',
  '[ext_resource type="PackedScene" path="res://gone.tscn" id="3"]',
  '[node name="Root" type="Node2D"]',
  '[node name="Picture" type="Sprite2D" parent="."]\ntexture = ExtResource("1")',
  '[node name="Scripted" type="Node2D" parent="Picture"]\nscript = ExtResource("2")\nspeed = 4',
  '[node name="Inner" parent="." instance=ExtResource("3")]\nposition = Vector2(3, 4)',
);
const NESTED = scene(
  '[ext_resource type="PackedScene" path="res://m/parts.tscn" id="1"]',
  '[node name="Root" type="Node2D"]',
  '[node name="Inner" parent="." instance=ExtResource("1")]\nposition = Vector2(3, 4)',
);
const MENDED = scene(
  '[ext_resource type="Script" path="res://back.gd" id="1"]',
  '[node name="Root" type="Node2D"]\nscript = ExtResource("1")\nspeed = 4',
);
const WITHIN = scene(
  '[ext_resource type="Texture2D" path="res://gone.png" id="1"]',
  '[sub_resource type="AtlasTexture" id="a"]\natlas = ExtResource("1")',
  '[node name="Root" type="Sprite2D"]\ntexture = SubResource("a")',
);
const INHERITS = scene(
  '[ext_resource type="PackedScene" path="res://gone.tscn" id="1"]',
  '[node name="Root" instance=ExtResource("1")]',
);
const CSHARP = scene(
  '[ext_resource type="Script" path="res://m/a.cs" id="1"]',
  '[node name="Root" type="Node2D"]\nscript = ExtResource("1")',
);
const MODEL = JSON.stringify({ asset: { version: "2.0" }, scene: 0, scenes: [{ nodes: [0] }], nodes: [{ name: "A" }] });
const FILES = {
  "addons/probe/plugin.gd": ADDON,
  "addons/probe/plugin.cfg": CONFIG,
  "m/parts.tscn": PARTS,
  "m/nested.tscn": NESTED,
  "m/mended.tscn": MENDED,
  "m/within.tscn": WITHIN,
  "m/copied.tscn": WITHIN,
  "m/inner.tscn": scene('[node name="Inner" type="Node2D"]'),
  "m/base.tscn": scene('[node name="Base" type="Node2D"]'),
  "m/outer.tscn": scene(
    '[ext_resource type="PackedScene" path="res://m/inner.tscn" id="1"]',
    '[node name="Root" type="Node2D"]',
    '[node name="Inner" parent="." instance=ExtResource("1")]',
  ),
  "m/derived.tscn": scene(
    '[ext_resource type="PackedScene" path="res://m/base.tscn" id="1"]',
    '[node name="Root" instance=ExtResource("1")]',
  ),
  "m/inherits.tscn": INHERITS,
  "m/csharp.tscn": CSHARP,
  "m/a.cs": "public partial class A : Godot.Node2D {}\n",
  "m/broken.tscn": '[gd_scene format=3]\n\n[node name="Root" type="Node2D"\n',
  "m/empty.tscn": "",
  "m/model.gltf": MODEL,
  "m/there.tres": '[gd_resource type="GradientTexture2D" format=3]\n\n[resource]\n',
  "m/saved.tscn": scene('[node name="Root" type="Node2D"]'),
};

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(FILES, ["res://addons/probe/plugin.cfg"]);
});
afterAll(() => bench?.dispose());

const dialogs = async () => (await bench.call("editor.get_state")).dialogs;
/** How often the engine said so. */
const said = (text: string) => bench.editor.output.split(text).length - 1;
const PLACES = [
  { path: "res://gone.png", node: "Picture", property: "texture" },
  { path: "res://gone.gd", node: "Picture/Scripted", property: "script" },
  { path: "res://gone.tscn", node: "Inner" },
];

describe("a scene with missing parts", () => {
  const PATH = "res://m/parts.tscn";

  it("is opened at once, with its missing parts named", async () => {
    await bench.editor.clearOutput();
    const { missing, root } = await bench.call("scene.open", { path: PATH });
    expect(root).toEqual({ name: "Root", type: "Node2D" });
    expect(missing).toEqual(PLACES.map(({ path }) => ({ path, usedBy: PATH, exists: false })));
    expect(await dialogs()).toEqual([]);
    // Once by the look before, and by the editor before and after its question.
    expect(said("Failed loading resource: res://gone.png")).toBeLessThanOrEqual(3);
  });

  it("is named in a scene that contains it", async () => {
    const { missing } = await bench.call("scene.open", { path: "res://m/nested.tscn" });
    expect(missing).toEqual(PLACES.map(({ path }) => ({ path, usedBy: PATH, exists: false })));
    await bench.call("node.add", { type: "Node2D", name: "More" });
    await bench.call("scene.save");
    expect(bench.editor.read("m/nested.tscn")).toMatch(/name="Inner" .*instance=ExtResource\("1"\)\]\nposition/);
    expect(await dialogs()).toEqual([]);
  });

  it("is not saved without them, by no command", async () => {
    await bench.call("node.add", { scene: PATH, type: "Node2D", name: "More" });
    expect(await bench.fails("scene.save", { scene: PATH })).toMatchObject({ kind: "CONFLICT", missing: PLACES });
    const { skipped } = await bench.call("scene.save_all");
    expect(skipped).toMatchObject([{ scene: PATH, kind: "CONFLICT" }]);
    expect(await bench.fails("editor.restart", { save: true })).toMatchObject({ kind: "CONFLICT", skipped });
    const elsewhere = { scene: PATH, path: "res://m/elsewhere.tscn" };
    expect(await bench.fails("scene.save_as", elsewhere)).toMatchObject({ kind: "CONFLICT", missing: PLACES });
    expect(existsSync(join(bench.editor.project, "m/elsewhere.tscn"))).toBe(false);
    expect(bench.editor.read("m/parts.tscn")).toBe(PARTS);
  });

  it("is saved when something else stands in their place", async () => {
    const picture = { scene: PATH, path: "Picture", properties: { texture: "res://m/there.tres" } };
    await bench.call("node.set_properties", picture);
    expect(await bench.fails("scene.save", { scene: PATH })).toMatchObject({ missing: PLACES.slice(1) });
    await bench.call("node.delete", { scene: PATH, path: "Inner" });
    await bench.call("node.delete", { scene: PATH, path: "Picture/Scripted" });
    await bench.call("scene.save", { scene: PATH });
    expect(bench.editor.read("m/parts.tscn")).toContain("res://m/there.tres");
    expect(bench.editor.read("m/parts.tscn")).not.toContain("gone");
  });

  it("is whole again when the file is back and it is reloaded", async () => {
    await bench.call("scene.open", { path: "res://m/mended.tscn" });
    expect(await bench.fails("scene.save")).toMatchObject({ kind: "CONFLICT" });
    bench.editor.write("back.gd", "extends Node2D\n\n@export var speed: int = 1\n");
    await bench.call("editor.rescan");
    await bench.call("scene.reload");
    await bench.call("node.add", { type: "Node2D", name: "More" });
    await bench.call("scene.save");
    expect(bench.editor.read("m/mended.tscn")).toMatch(/path="res:\/\/back\.gd"[\s\S]*speed = 4/);
  });

  it("loses them when that is wanted, also within other resources", async () => {
    await bench.call("scene.open", { path: "res://m/within.tscn" });
    expect(await bench.fails("scene.save")).toMatchObject({ kind: "CONFLICT", missing: [{ path: "res://gone.png" }] });
    await bench.call("scene.save", { force: true });
    expect(bench.editor.read("m/within.tscn")).not.toContain("gone.png");
  });

  it("is saved elsewhere without them when that is wanted", async () => {
    await bench.call("scene.open", { path: "res://m/copied.tscn" });
    const to = { path: "res://m/copy.tscn" };
    expect(await bench.fails("scene.save_as", to)).toMatchObject({
      kind: "CONFLICT",
      missing: [{ path: "res://gone.png" }],
    });
    await bench.call("scene.save_as", { ...to, force: true });
    expect(bench.editor.read("m/copy.tscn")).not.toContain("gone.png");
    expect(bench.editor.read("m/copied.tscn")).toBe(WITHIN);
  });

  it.each([
    ["an instance", "m/outer.tscn", "m/inner.tscn", "Inner"],
    ["its base", "m/derived.tscn", "m/base.tscn", undefined],
  ])("whose file went while it was open says so when it is saved: %s", async (_what, outer, inner, node) => {
    const path = `res://${outer}`;
    await bench.call("scene.open", { path });
    const before = bench.editor.read(inner);
    rmSync(join(bench.editor.project, inner));
    await bench.call("node.add", { scene: path, type: "Node2D", name: "New" });
    for (const [command, params] of [
      ["scene.save", { scene: path }],
      ["scene.save_as", { scene: path, path: "res://m/elsewhere.tscn" }],
    ] as const) {
      const error = await bench.fails(command, params);
      expect(error).toMatchObject({ kind: "CONFLICT", missing: [{ path: `res://${inner}`, ...(node && { node }) }] });
      expect(error.hint).toContain("Bring the files back");
    }
    bench.editor.write(inner, before);
    await bench.call("scene.save", { scene: path });
    expect(bench.editor.read(outer)).toContain('name="New"');
  });
});

describe("a scene that cannot load", () => {
  const cases: [path: string, why: RegExp, missing: string[]][] = [
    ["res://m/inherits.tscn", /needs what is missing: res:\/\/gone\.tscn/, ["res://gone.tscn"]],
    ["res://m/csharp.tscn", /res:\/\/m\/a\.cs .*this editor cannot load it/, ["res://m/a.cs"]],
    ["res://m/broken.tscn", /cannot load res:\/\/m\/broken\.tscn/, []],
    ["res://m/empty.tscn", /cannot load res:\/\/m\/empty\.tscn/, []],
  ];
  it.each(cases)("is refused without a dialog, and why is named: %s", async (path, why, missing) => {
    await bench.editor.clearOutput();
    for (const [command, params] of [
      ["scene.open", { path }],
      ["node.add", { scene: path, type: "Node2D", name: "New" }],
    ] as const) {
      const error = await bench.fails(command, params);
      expect(error).toMatchObject({ kind: "NO_SCENE_OPEN", message: expect.stringMatching(why) });
      if (missing.length > 0) expect(error.missing).toMatchObject(missing.map((part) => ({ path: part })));
      expect(error).not.toHaveProperty("dialogs");
    }
    expect(await dialogs()).toEqual([]);
    expect(said(`Failed loading resource: ${path}`)).toBeLessThanOrEqual(4);
    const { scenes } = await bench.call("scene.list_open");
    expect(JSON.stringify(scenes)).not.toContain(path);
  });

  it("is refused when it is imported, with what to do", async () => {
    await bench.call("editor.rescan");
    const error = await bench.fails("scene.open", { path: "res://m/model.gltf" });
    expect(error).toMatchObject({ kind: "INVALID_PARAMS", hint: expect.stringContaining("scene.instance") });
    expect(await dialogs()).toEqual([]);
  });
});

it("a save that fails says why, and leaves no dialog and the scene unsaved", async () => {
  const path = "res://m/saved.tscn";
  await bench.call("scene.open", { path });
  await bench.call("node.add", { type: "Node2D", name: "New" });
  const file = join(bench.editor.project, "m/saved.tscn");
  rmSync(file);
  mkdirSync(file);
  expect(await bench.fails("scene.save", { force: true })).toMatchObject({ kind: "INTERNAL_ERROR" });
  expect(await dialogs()).toEqual([]);
  const { scenes } = await bench.call("scene.list_open");
  expect(scenes).toContainEqual(expect.objectContaining({ scene: path, unsaved: true }));
  rmSync(file, { recursive: true });
  await bench.call("scene.save", { force: true });
});

describe("a dialog of the editor", () => {
  const CHANGED = "res://game/level.tscn";
  const title = "Files have been modified outside Godot";

  it("is state, causes an event, is named by errors, and is answered by a command", async () => {
    await bench.call("scene.open", { path: CHANGED });
    const before = bench.hub.events.length;
    bench.editor.write("game/level.tscn", scene('[node name="Other" type="Node2D"]'));
    await bench.call("probe.focus");
    const seen = await bench.hub.event(({ event }) => event === "editor.dialogs_changed", "the dialog", before);
    const buttons = ["Cancel", "Reload from disk", "Ignore external changes"];
    const shown = { title, text: expect.stringContaining("level.tscn"), buttons };
    expect(seen.data.dialogs).toEqual([shown]);
    expect(await dialogs()).toEqual([shown]);
    const error = await bench.fails("scene.open", { path: "res://m/broken.tscn" });
    expect(error).toMatchObject({ dialogs: [shown], hint: expect.stringContaining("editor.answer_dialog") });
    const unknown = await bench.fails("editor.answer_dialog", { button: "Yes" });
    expect(unknown).toMatchObject({ kind: "NOT_FOUND", candidates: buttons });
    const answer = await bench.call("editor.answer_dialog", { button: "reload from disk" });
    expect(answer).toEqual({ answered: shown, button: "Reload from disk", dialogs: [] });
    const { root } = await bench.call("scene.get_tree", { scene: CHANGED });
    expect(root).toMatchObject({ name: "Other" });
    const isGone = () => bench.hub.events.findLast(({ event }) => event === "editor.dialogs_changed")?.data.dialogs;
    await until(() => JSON.stringify(isGone()) === "[]", { what: "the end of the dialog" });
  });

  it("is none of the scene that is edited", async () => {
    const mine = { type: "AcceptDialog", name: "Mine", properties: { visible: true, title: "Mine" } };
    await bench.call("node.add", { scene: "res://m/saved.tscn", ...mine });
    expect(await dialogs()).toEqual([]);
    await bench.call("editor.undo", { scene: "res://m/saved.tscn" });
  });

  it("is named where there are several, and only enabled buttons are pressed", async () => {
    await bench.call("probe.ask");
    expect(await bench.fails("editor.answer_dialog", { button: "OK" })).toMatchObject({
      kind: "INVALID_PARAMS",
      candidates: ["First", "Second"],
    });
    expect(await bench.fails("editor.answer_dialog", { dialog: "Third", button: "OK" })).toMatchObject({
      kind: "NOT_FOUND",
    });
    expect(await bench.fails("editor.answer_dialog", { dialog: "First", button: "Cancel" })).toMatchObject({
      kind: "CONFLICT",
    });
    await bench.call("editor.answer_dialog", { dialog: "First", button: "Later" });
    await bench.call("editor.answer_dialog", { button: "OK" });
    expect((await bench.call("probe.pressed")).pressed).toEqual(["First later", "Second ok"]);
    expect(await bench.fails("editor.answer_dialog", { button: "OK" })).toMatchObject({ kind: "NOT_FOUND" });
  });
});
