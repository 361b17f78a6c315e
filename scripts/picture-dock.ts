/**
 * Takes docs/images/dock.png: the dock of a real editor window while two agents work in it.
 * Needs `GODOT`; the window is on a display without a screen.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Display } from "../test/support/display.ts";
import { GodotEditor } from "../test/support/godot-editor.ts";
import { StubHub } from "../test/support/stub-hub.ts";

const PICTURE = fileURLToPath(new URL("../docs/images/dock.png", import.meta.url));
const CONFIG = '[plugin]\nname="Photographer"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
/** Shows the dock, lets it be drawn, and saves that part of the window. */
const PHOTOGRAPHER = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("photo.take", "", {"type": "object", "properties": {"path": {"type": "string"}}}, _take)


func _take(params: Dictionary) -> Dictionary:
	for dialog: Node in EditorInterface.get_base_control().find_children("*", "AcceptDialog", true, false):
		(dialog as AcceptDialog).hide()
	var dock: Control = EditorInterface.get_base_control().find_child("AllowExecution", true, false).get_parent()
	var at: Node = dock
	while at != null:
		if at.get_parent() is TabContainer:
			var tabs: TabContainer = at.get_parent()
			tabs.current_tab = tabs.get_tab_idx_from_control(at as Control)
		at = at.get_parent()
	for frame: int in 30:
		await get_tree().process_frame
	var frame_of_dock := Rect2i(dock.get_global_rect().grow(8.0))
	var picture := dock.get_viewport().get_texture().get_image()
	picture.get_region(frame_of_dock.intersection(Rect2i(Vector2i.ZERO, picture.get_size()))).save_png(params["path"])
	return {"size": [frame_of_dock.size.x, frame_of_dock.size.y]}
`;

async function takePicture(hub: StubHub): Promise<void> {
  await hub.editor();
  const claude = { clientId: "client-1", agent: "claude-code" };
  const codex = { clientId: "client-2", agent: "codex" };
  await hub.call("scene.open", { path: "res://game/level.tscn" }, claude);
  await hub.call("node.add", { type: "Marker2D", name: "Start" }, claude);
  await hub.call("script.read", { path: "res://game/enemy.gd" }, codex);
  await hub.call("node.rename", { path: "Nobody", name: "Somebody" }, codex).catch(() => undefined);
  await hub.call("edit.batch", { operations: [{ op: "set_groups", path: "Enemy", add: ["enemies"] }] }, codex);
  await hub.call("scene.save", {}, claude);
  await hub.call("photo.take", { path: PICTURE }, { clientId: "client-3", agent: "photographer" });
}

const hub = await StubHub.start();
const display = await Display.start();
const settings = mkdtempSync(join(tmpdir(), "godot-settings-"));
const editor = GodotEditor.start({
  name: "my-game",
  display: display.env,
  env: { ...hub.env, XDG_CONFIG_HOME: settings, XDG_DATA_HOME: settings },
  files: { "addons/photographer/plugin.cfg": CONFIG, "addons/photographer/plugin.gd": PHOTOGRAPHER },
  addons: ["res://addons/photographer/plugin.cfg"],
});
try {
  await takePicture(hub);
} finally {
  await editor.dispose();
  await hub.stop();
  display.dispose();
  rmSync(settings, { recursive: true, force: true });
}
