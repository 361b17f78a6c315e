/** Switching the addon off and on, two editors beside each other, and the end of the editor. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GodotEditor } from "../support/godot-editor.ts";
import { StubHub } from "../support/stub-hub.ts";
import { until } from "../support/wait.ts";

/** A second addon, which does to the first what a person would: it reads its orders from a file. */
const SWITCH = `@tool
extends EditorPlugin


func _process(_delta: float) -> void:
	if not FileAccess.file_exists("res://order"):
		return
	var order := FileAccess.get_file_as_string("res://order")
	if order.is_empty():
		return
	DirAccess.remove_absolute("res://order")
	match order:
		"off": EditorInterface.set_plugin_enabled("godot_mcp_hub", false)
		"on": EditorInterface.set_plugin_enabled("godot_mcp_hub", true)
		"quit": get_tree().quit()
`;
const CONFIG = '[plugin]\nname="Switch"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
const settings = readFileSync(new URL("../../godot-client/project.godot", import.meta.url), "utf8").replace(
  'godot_mcp_hub/plugin.cfg"',
  'godot_mcp_hub/plugin.cfg", "res://addons/switch/plugin.cfg"',
);

let hub: StubHub;
let otherHub: StubHub;
let editor: GodotEditor;
let other: GodotEditor;

beforeAll(async () => {
  hub = await StubHub.start();
  otherHub = await StubHub.start();
  const files = {
    "project.godot": settings,
    "addons/switch/plugin.cfg": CONFIG,
    "addons/switch/plugin.gd": SWITCH,
  };
  editor = GodotEditor.start({ env: hub.env, files });
  other = GodotEditor.start({ env: otherHub.env, name: "Other Game" });
  await Promise.all([hub.editor(), otherHub.editor()]);
});
afterAll(async () => {
  await Promise.all([editor.dispose(), other.dispose()]);
  await Promise.all([hub.stop(), otherHub.stop()]);
});

it("two editors run beside each other, each with its own project", async () => {
  const facts = await Promise.all([hub.call("project.get_info"), otherHub.call("project.get_info")]);
  expect(facts).toMatchObject([
    { name: "Hub Sample", path: editor.project },
    { name: "Other Game", path: other.project },
  ]);
});

it("the addon leaves when it is switched off, and comes back with a new epoch", async () => {
  await hub.call("scene.open", { path: "res://game/level.tscn" });
  await hub.call("node.add", { type: "Node", name: "Before" });
  const before = hub.identifies.at(-1)?.instance?.epoch;
  editor.write("order", "off");
  await until(() => !hub.isConnected, { what: "the end of the connection" });
  editor.write("order", "on");
  const { instance } = await hub.editor(2);
  expect(instance?.epoch).not.toBe(before);
  expect(await hub.call("node.add", { type: "Node", name: "After" })).toMatchObject({ path: "After" });
  expect(await hub.call("editor.undo")).toMatchObject({ action: "Add After (tester)" });
});

it("the editor ends as ever, without a complaint", async () => {
  editor.write("order", "quit");
  expect(await editor.exited()).toBe(0);
  expect(editor.complaints).toEqual([]);
});
