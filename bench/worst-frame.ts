/** Measures an editor's frames while commands run: the worst and the median, against an idle editor. */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { getGodot } from "../scripts/get-godot.mjs";
import { GodotEditor } from "../test/support/godot-editor.ts";
import { LARGE_MAIN, largeProject } from "../test/support/large-project.ts";
import { StubHub } from "../test/support/stub-hub.ts";
import { until } from "../test/support/wait.ts";

/** An addon that measures each frame of the editor and writes the figures down whenever it finds an order to. */
const WATCH = `@tool
extends EditorPlugin

var _frames: Array[int] = []
var _last_usec: int = 0


func _process(_delta: float) -> void:
	var now := Time.get_ticks_usec()
	if _last_usec > 0:
		_frames.append(now - _last_usec)
	_last_usec = now
	if _frames.size() % 8 == 0 and FileAccess.file_exists("res://.order"):
		DirAccess.remove_absolute("res://.order")
		_frames.sort()
		var figures := {"frames": _frames.size(), "median": _frames[int(_frames.size() * 0.5)], "p99": _frames[int(_frames.size() * 0.99)], "worst": _frames[-1]}
		FileAccess.open("res://.figures", FileAccess.WRITE).store_string(JSON.stringify(figures))
		_frames.clear()
		_last_usec = 0
`;
const CONFIG = '[plugin]\nname="Frames"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
const LEVEL = "res://game/level.tscn";
const COMMANDS = 1_000;
const IDLE_MS = 2_000;

/** Runs the benchmark and prints its figures. */
export async function worstFrame(): Promise<void> {
  process.env.GODOT = await getGodot();
  const hub = await StubHub.start();
  const editor = GodotEditor.start({ env: hub.env, files: { ...largeProject(), ...watcher() } });
  try {
    await hub.editor();
    await hub.call("scene.open", { path: LEVEL });
    await framesDuring(editor, () => pause(IDLE_MS));
    console.log("\nFrames of an editor on a project of 2,000 files (budget of commands: 8 ms a frame)");
    await show(editor, "idle", () => pause(IDLE_MS));
    await show(editor, `${COMMANDS} reads and writes, all in flight`, () => manyCommands(hub));
    for (const method of ["project.validate", "project.find_unused", "project.get_dependencies"]) {
      const params = method === "project.find_unused" ? { roots: [LARGE_MAIN] } : {};
      await show(editor, method, () => hub.call(method, params));
    }
  } finally {
    await editor.dispose();
    await hub.stop();
  }
}

function watcher(): Record<string, string> {
  const sample = readFileSync(new URL("../godot-client/project.godot", import.meta.url), "utf8");
  return {
    "project.godot": sample.replace('hub/plugin.cfg"', 'hub/plugin.cfg", "res://addons/frames/plugin.cfg"'),
    "addons/frames/plugin.cfg": CONFIG,
    "addons/frames/plugin.gd": WATCH,
  };
}

async function manyCommands(hub: StubHub): Promise<void> {
  const one = (index: number) => {
    const clientId = `client-${index % 8}`;
    if (index % 2 === 0) return hub.call("scene.get_tree", { scene: LEVEL }, { clientId });
    const position = { type: "Vector2", x: index, y: 0 };
    return hub.call("node.set_properties", { scene: LEVEL, path: "Player", properties: { position } }, { clientId });
  };
  await Promise.all(Array.from({ length: COMMANDS }, (_, index) => one(index)));
}

async function show(editor: GodotEditor, name: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  const { frames, median, p99, worst } = await framesDuring(editor, work);
  const took = performance.now() - started;
  const ms = (usec: number) => `${(usec / 1_000).toFixed(1)} ms`;
  console.log(
    `  ${name}: ${(took / 1_000).toFixed(2)} s, ${frames} frames, median ${ms(median)}, p99 ${ms(p99)}, worst ${ms(worst)}`,
  );
}

async function framesDuring(editor: GodotEditor, work: () => Promise<unknown>) {
  await work();
  editor.write(".order", "");
  const figures = await until(() => figuresOf(editor), { what: "the figures" });
  editor.write(".figures", "");
  return figures;
}

function figuresOf(editor: GodotEditor): { frames: number; median: number; p99: number; worst: number } | undefined {
  try {
    return JSON.parse(editor.read(".figures"));
  } catch {
    return undefined;
  }
}
