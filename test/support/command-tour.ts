/** Lists one request for each command, in an order that works on a fresh copy of the sample project. */

/** A command and its params. The answer of a step that is `hidden` is not shown: it only prepares the next. */
export interface Step {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly hidden?: true;
}

const step = (method: string, params: Record<string, unknown> = {}): Step => ({ method, params });
const prepare = (method: string, params: Record<string, unknown> = {}): Step => ({ method, params, hidden: true });

const LEVEL = "res://game/level.tscn";
const walk = { path: "Mover", animation: "walk" };
const cheer = { path: "Coins/Coin1", signal: "body_entered", to: "Player", method: "queue_free", unbinds: 1 };

const PROJECT: readonly Step[] = [
  step("project.get_info"),
  step("project.list_files", { path: "res://game", pattern: "*.tscn" }),
  step("project.search_files", { query: "func _ready", pattern: "*.gd", path: "res://game" }),
  step("project.get_settings", { names: ["application/config/name", "display/window/size/viewport_width"] }),
  step("project.set_settings", { settings: { "display/window/size/viewport_width": 1280 } }),
  step("project.set_input_action", { name: "jump", events: ["Space"], deadzone: 0.5 }),
  step("project.list_input_actions"),
  step("project.remove_input_action", { name: "jump" }),
  prepare("script.create", { path: "res://score.gd", source: "extends Node\n\nvar points: int = 0\n" }),
  step("project.add_autoload", { name: "Score", path: "res://score.gd" }),
  step("project.list_autoloads"),
  step("project.remove_autoload", { name: "Score" }),
  step("project.get_statistics", { path: "res://game" }),
  step("project.resolve_uid", { path: "res://game/coin.tscn" }),
  step("project.get_dependencies", { path: LEVEL }),
  step("project.find_unused", { path: "res://game" }),
  step("project.validate", { path: "res://game" }),
];

const SCENES: readonly Step[] = [
  step("scene.open", { path: LEVEL }),
  step("scene.list_open"),
  step("scene.get_tree", { depth: 1 }),
  step("scene.read_file", { path: "res://game/coin.tscn" }),
  step("scene.instance", { instance: "res://game/coin.tscn", parent: "Coins", name: "Coin4" }),
  step("scene.compare", {}),
  step("scene.save", {}),
  step("scene.create", { path: "res://made/tower.tscn", rootType: "Node2D" }),
  step("scene.create_from_template", { path: "res://made/hero.tscn", template: "player_2d" }),
  step("scene.save_as", { scene: "res://made/hero.tscn", path: "res://made/heroine.tscn" }),
  step("scene.save_all"),
  step("scene.set_main", { path: LEVEL }),
  step("scene.close", { scene: "res://made/heroine.tscn" }),
  step("scene.reload", { scene: "res://made/tower.tscn" }),
  step("scene.delete", { path: "res://made/tower.tscn", confirm: true }),
  prepare("scene.open", { path: LEVEL }),
];

const NODES: readonly Step[] = [
  step("node.add", {
    type: "Sprite2D",
    name: "Tree",
    properties: { position: "Vector2(300, 560)", modulate: "#ff8800" },
  }),
  step("node.get_properties", { path: "Tree" }),
  step("node.set_properties", { path: "Tree", properties: { rotation: 0.5, scale: { type: "Vector2", x: 2, y: 2 } } }),
  step("node.rename", { path: "Tree", name: "Oak" }),
  step("node.move", { path: "Oak", parent: "Ground" }),
  step("node.duplicate", { path: "Ground/Oak", name: "Elm", properties: { position: "Vector2(0, -40)" } }),
  step("node.delete", { path: "Ground/Elm" }),
  step("node.find", { type: "Area2D", name: "Coin*", limit: 2 }),
  step("node.set_groups", { path: "Enemy", add: ["enemies"] }),
  step("node.list_groups"),
  step("node.get_group_nodes", { group: "enemies" }),
  step("node.connect_signal", cheer),
  step("node.list_signals", { path: "Coins/Coin1", connectedOnly: true }),
  step("node.disconnect_signal", { path: cheer.path, signal: cheer.signal, to: cheer.to, method: cheer.method }),
  step("node.set_reference", { path: "Enemy", property: "target", to: "Player" }),
  step("node.call_method", { path: "Player", method: "to_global", args: ["Vector2(0, -20)"] }),
  prepare("node.add", { type: "AnimationPlayer", name: "Mover" }),
  step("animation.create", { ...walk, length: 2, loop: "pingpong" }),
  step("animation.add_track", { ...walk, node: "Enemy", property: "position" }),
  step("animation.set_key", { ...walk, track: 0, time: 0, value: "Vector2(700, 566)" }),
  step("animation.get", walk),
  step("animation.list"),
  step("animation.play", walk),
  step("animation.stop", { path: "Mover" }),
  step("animation.remove", { ...walk, track: 0, time: 0 }),
  step("edit.preview", { operations: [{ op: "delete", path: "Coins/Coin4" }] }),
  step("edit.batch", {
    label: "Build a tower",
    operations: [
      { op: "add", as: "tower", type: "Node2D", name: "Tower" },
      { op: "add", parent: "$tower", type: "Marker2D", name: "Top", properties: { position: "Vector2(0, -200)" } },
      { op: "set_groups", path: "$tower", groups: ["buildings"] },
    ],
  }),
];

const FILES: readonly Step[] = [
  step("script.list", { path: "res://game" }),
  step("script.read", { path: "res://game/coin.gd", from: 1, to: 5 }),
  step("script.validate", { source: "extends Node\n\nfunc _ready() -> void:\n\tvar x: int = y\n" }),
  step("script.create", { path: "res://tower.gd", source: "extends Node2D\n\n@export var height: int = 3\n" }),
  step("script.edit", { path: "res://tower.gd", edits: [{ find: "height: int = 3", replace: "height: int = 5" }] }),
  step("script.attach", { path: "Tower", script: "res://tower.gd" }),
  step("script.outline", { path: "res://game/enemy.gd" }),
  step("script.detach", { path: "Tower" }),
  step("script.delete", { path: "res://tower.gd", confirm: true }),
  step("resource.create", { path: "res://made/sky.tres", type: "Gradient", properties: { offsets: [0, 1] } }),
  step("resource.get", { path: "res://made/sky.tres" }),
  step("resource.set_properties", { path: "res://made/sky.tres", properties: { interpolation_mode: 1 } }),
  step("resource.list", { path: "res://made" }),
  step("resource.duplicate", { path: "res://made/sky.tres", to: "res://made/dusk.tres" }),
  step("resource.move", { path: "res://made/dusk.tres", to: "res://made/night.tres" }),
  step("classdb.get_class", { name: "Timer", sections: ["properties"] }),
  step("classdb.search", { query: "CharacterBody", limit: 3 }),
];

const EDITOR: readonly Step[] = [
  step("editor.get_state"),
  step("editor.set_selection", { paths: ["Player"] }),
  step("editor.get_selection"),
  step("editor.open_script", { path: "res://game/player.gd", line: 3 }),
  step("editor.get_history", { limit: 3 }),
  step("editor.undo"),
  step("editor.redo"),
  step("editor.get_log", { level: "error", limit: 2 }),
  step("editor.clear_log"),
  prepare("notice.show"),
  step("editor.answer_dialog", { button: "OK" }),
  step("editor.screenshot", { view: "2d" }),
  step("editor.rescan"),
  prepare("scene.save_all"),
];

const GAME: readonly Step[] = [
  step("run.play", { which: "main" }),
  step("run.status"),
  step("run.get_output", { limit: 3 }),
  step("debug.set_breakpoints", { path: "res://game/player.gd", lines: [18] }),
  step("debug.list_breakpoints"),
  step("debug.wait_for_stop"),
  step("debug.get_state"),
  step("debug.get_stack"),
  step("debug.get_variables", { scope: "locals" }),
  step("debug.evaluate", { expression: "velocity.length() > speed" }),
  step("debug.step", { kind: "over" }),
  step("debug.remove_breakpoints"),
  step("debug.continue"),
  step("debug.pause"),
  prepare("debug.continue"),
  step("debug.set_error_stops", { enabled: false }),
  step("game.get_tree", { depth: 1 }),
  step("game.find", { group: "coins", limit: 2 }),
  step("game.get_properties", { path: "Level/Player", names: ["position", "coins"] }),
  step("game.set_properties", { path: "Level/Player", properties: { coins: 3 } }),
  step("game.call_method", { path: "Level/Player", method: "get_child_count" }),
  step("game.wait_for", { frames: 2 }),
  step("game.get_monitors"),
  step("game.set_clock", { paused: true }),
  step("game.step", { frames: 2 }),
  step("game.record", { columns: ["Level/Player:position"], frames: 2, step: true }),
  step("game.eval", { code: "scene.get_child_count()" }),
  step("game.send_input", { events: [{ type: "action", action: "ui_right", pressed: true }] }),
  step("game.screenshot"),
  step("profiler.snapshot", { ms: 200, label: "before" }),
  prepare("profiler.snapshot", { ms: 200, label: "after" }),
  step("profiler.compare", { before: "s1", after: "s2" }),
  step("run.stop"),
  step("custom.list_resources"),
  step("custom.read_resource", { uri: "custom://coins/Coin1" }),
  step("custom.list_prompts"),
  step("custom.get_prompt", { name: "place_coins", arguments: { count: "5" } }),
  step("test.list", { paths: ["res://game"] }),
  step("test.run", { paths: ["res://game"] }),
];

/** The last examples: they end the connection. */
const GOODBYES: readonly Step[] = [step("editor.reload_plugin"), step("editor.restart", { save: true })];

export const EXAMPLES: readonly Step[] = [...PROJECT, ...SCENES, ...NODES, ...FILES, ...EDITOR, ...GAME, ...GOODBYES];
