/** The addon switched off and on again and again, reloaded in the middle of a command, and taken out of the project. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** Switches the addon as often as the file `order` says, then writes how many nodes and orphans there are. */
const SWITCH = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")
const ADDON := "godot_mcp_hub"

var _is_working := false


func _enter_tree() -> void:
	GodotMcpHub.register_command("switch.reload", "Reloads the addon while this command runs.", {}, _reload)


func _process(_delta: float) -> void:
	if _is_working or not FileAccess.file_exists("res://order"):
		return
	var order := FileAccess.get_file_as_string("res://order")
	if order.is_empty():
		return
	_is_working = true
	DirAccess.remove_absolute("res://order")
	if order == "off":
		EditorInterface.set_plugin_enabled(ADDON, false)
	else:
		for time: int in order.to_int():
			await _switch()
	var report := FileAccess.open("res://report", FileAccess.WRITE)
	report.store_string(JSON.stringify({
		"nodes": get_tree().get_node_count(),
		"orphans": int(Performance.get_monitor(Performance.OBJECT_ORPHAN_NODE_COUNT)),
		"objects": int(Performance.get_monitor(Performance.OBJECT_COUNT)),
	}))
	report.close()
	_is_working = false


func _switch() -> void:
	EditorInterface.set_plugin_enabled(ADDON, false)
	await get_tree().process_frame
	await get_tree().process_frame
	EditorInterface.set_plugin_enabled(ADDON, true)
	await get_tree().process_frame
	await get_tree().process_frame


func _reload(_params: Dictionary) -> Dictionary:
	await _switch()
	return {"reloaded": true}
`;
const CONFIG = '[plugin]\nname="Switch"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ "addons/switch/plugin.cfg": CONFIG, "addons/switch/plugin.gd": SWITCH }, [
    "res://addons/switch/plugin.cfg",
  ]);
  await bench.call("scene.open", { path: "res://game/level.tscn" });
});
afterAll(() => bench.dispose());

async function order(text: string): Promise<Record<string, number>> {
  rmSync(join(bench.editor.project, "report"), { force: true });
  bench.editor.write("order", text);
  const report = () => {
    try {
      return JSON.parse(bench.editor.read("report")) as Record<string, number>;
    } catch {
      return undefined;
    }
  };
  return until(report, { what: `the end of '${text}'`, deadlineMs: 60_000 });
}

it("leaves nothing behind when it is switched off and on twenty times", async () => {
  const before = await order("3");
  const after = await order("20");
  expect({ nodes: after.nodes, orphans: after.orphans }).toEqual({ nodes: before.nodes, orphans: before.orphans });
  expect(Number(after.objects) - Number(before.objects)).toBeLessThan(200);
  await until(() => bench.hub.isConnected, { what: "the connection" });
  expect(await bench.call("scene.get_tree", { depth: 0 })).toMatchObject({ scene: "res://game/level.tscn" });
  expect(bench.editor.complaints).toEqual([]);
});

it("survives being reloaded in the middle of a command", async () => {
  const openings = bench.hub.identifies.length;
  bench.hub.send("switch.reload", {}, { id: "reload-1" });
  bench.hub.send("scene.get_tree", {}, { id: "tree-1" });
  await bench.hub.editor(openings + 1);
  expect(await bench.call("node.add", { type: "Node", name: "After" })).toMatchObject({ path: "After" });
  expect(bench.editor.complaints).toEqual([]);
});

it("leaves no trace in project.godot when it is taken out", async () => {
  await order("off");
  await until(() => !bench.editor.read("project.godot").includes("godot_mcp_hub"), {
    what: "project.godot without it",
  });
  expect(bench.editor.read("project.godot")).not.toMatch(/mcp|execution/i);
  expect(bench.editor.complaints).toEqual([]);
});
