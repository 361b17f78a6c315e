/** Sets up the tests of running games: a hub, a real editor that is connected to it, and a session that plays. */
import { readFileSync } from "node:fs";
import type { HubConfig } from "../../hub/config.ts";
import { type EditorOptions, GodotEditor } from "../support/godot-editor.ts";
import { LocalHub } from "../support/local-hub.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";

export type Params = Record<string, unknown>;

/** One game as run.play and run.status describe it. */
export interface Game extends Params {
  game: number;
  name: string;
  pid: number;
  state: string;
}

const ANSWER = { deadlineMs: 40_000 };

/** A game that shows what can be looked at, waited for and pressed. */
export const ARENA = {
  "arena/arena.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/arena.gd" id="1"]

[node name="Arena" type="Node2D" groups=["arenas"]]
script = ExtResource("1")

[node name="Hero" type="Node2D" parent="."]
position = Vector2(100, 50)

[node name="Go" type="Button" parent="."]
offset_left = 200.0
offset_top = 100.0
offset_right = 300.0
offset_bottom = 140.0
text = "Go!"

[node name="Name" type="LineEdit" parent="."]
offset_left = 200.0
offset_top = 200.0
offset_right = 400.0
offset_bottom = 240.0

[node name="Status" type="Label" parent="."]
text = "idle"
`,
  "arena/arena.gd": `extends Node2D

signal cheered(times: int, who: String)

var ticks: int = 0
var presses: int = 0
var jumps: int = 0
var seen: Array[String] = []


func _ready() -> void:
	print("arena is ready")
	($Go as Button).pressed.connect(func() -> void:
		presses += 1
		($Status as Label).text = "pressed %d" % presses)


func _physics_process(_delta: float) -> void:
	ticks += 1
	if Input.is_action_just_pressed(&"ui_accept"):
		jumps += 1
	($Hero as Node2D).position.x += Input.get_axis(&"ui_left", &"ui_right")


func _unhandled_input(event: InputEvent) -> void:
	if event is InputEventMouseButton and event.is_pressed():
		seen.append("mouse %d at %s" % [(event as InputEventMouseButton).button_index, (event as InputEventMouseButton).position])
	if event is InputEventKey and event.is_pressed():
		seen.append("key %s" % (event as InputEventKey).as_text())
	if event is InputEventScreenTouch and event.is_pressed():
		seen.append("touch %d" % (event as InputEventScreenTouch).index)
	if event is InputEventJoypadButton and event.is_pressed():
		seen.append("joypad %d" % (event as InputEventJoypadButton).button_index)


func add(one: int, other: int = 1) -> int:
	return one + other


func place(at: Vector2) -> Vector2:
	($Hero as Node2D).position = at
	return ($Hero as Node2D).global_position


func cheer(times: int) -> void:
	cheered.emit(times, "crowd")


func complain() -> void:
	for time: int in 3:
		push_error("too loud")
	push_warning("a bit loud")
	var nothing: Object = null
	nothing.call("shout")


func die() -> void:
	OS.crash("on purpose")


func leave(code: int) -> void:
	get_tree().quit(code)


func hang() -> void:
	while true:
		pass


func _input(event: InputEvent) -> void:
	if event is InputEventMouseMotion and (event as InputEventMouseMotion).button_mask != 0:
		seen.append("drag by %s" % (event as InputEventMouseMotion).relative)
	if event is InputEventJoypadMotion:
		seen.append("axis %d at %.1f" % [(event as InputEventJoypadMotion).axis, (event as InputEventJoypadMotion).axis_value])
`,
};

export const SCENE = "res://arena/arena.tscn";

export interface Stage {
  readonly hub: LocalHub;
  readonly editor: GodotEditor;
  readonly agent: ProtocolClient;
  /** Runs a command and gives its result. */
  readonly call: (method: string, params?: Params, target?: string) => Promise<Params>;
  /** Runs a command that must fail and gives its error: kind, message and the members of `data`. */
  readonly fails: (
    method: string,
    params?: Params,
    target?: string,
  ) => Promise<Params & { kind: string; message: string }>;
  /** Plays a scene and gives its games. */
  readonly play: (params?: Params) => Promise<[Game, ...Game[]]>;
  /** Values of properties of a node of the game. */
  readonly properties: (path: string, ...names: string[]) => Promise<Params>;
  readonly dispose: () => Promise<void>;
}

/** Starts everything, on the sample project with the arena and `files` in it. */
export async function openStage(
  files: Record<string, string> = {},
  options: EditorOptions = {},
  config: Partial<HubConfig> = {},
): Promise<Stage> {
  const hub = await LocalHub.start(config);
  const env = { GODOT_HUB_URL: hub.url, GODOT_HUB_TOKEN: hub.token, ...options.env };
  const editor = GodotEditor.start({ ...options, env, files: { ...ARENA, ...files } });
  const agent = await hub.adapter();
  const hasEditor = async () => {
    const { result } = await agent.request("hub.list_instances");
    return (result as { instances: unknown[] }).instances.length > 0;
  };
  await until(hasEditor, { what: "the editor", deadlineMs: 150_000 });
  const ask = async (method: string, params: Params = {}, target?: string) =>
    agent.request(method, params, { resources: [], ...(target !== undefined && { target }) }, ANSWER);
  const call: Stage["call"] = async (method, params, target) => {
    const { result, error } = await ask(method, params, target);
    if (error)
      throw new Error(`${method}: ${error.message} ${JSON.stringify(error.data)}\n${editor.output.slice(-2_000)}`);
    return result as Params;
  };
  return {
    hub,
    editor,
    agent,
    call,
    fails: async (method, params, target) => {
      const { result, error } = await ask(method, params, target);
      if (!error) throw new Error(`${method} did not fail: ${JSON.stringify(result)}`);
      return { ...error.data, kind: String(error.data?.kind), message: error.message };
    },
    play: async (params = { scene: SCENE }) => {
      const { games } = await call("run.play", params);
      return games as [Game, ...Game[]];
    },
    properties: async (path, ...names) => {
      const { properties } = await call("game.get_properties", { path, ...(names.length > 0 && { names }) });
      return properties as Params;
    },
    dispose: async () => {
      await editor.dispose();
      await hub.dispose();
    },
  };
}

/**
 * What somebody is told of an end that came at `since` (of `performance.now()`): the promise's value. Prints how long it took, which is well
 * below a second; the bound is for machines that are busy.
 */
export async function toldSoon<T>(what: string, since: number, told: Promise<T>): Promise<T> {
  const answer = await told;
  const ms = Math.round(performance.now() - since);
  console.info(`${what}: told after ${ms} ms`);
  if (ms > 5_000) throw new Error(`${what}: told only after ${ms} ms.`);
  return answer;
}

/** The processes that a process has started and that still run, with their command lines. */
export function childrenOf(parent: number): { pid: number; commandLine: string }[] {
  const listed = readProcess(parent, `task/${parent}/children`).trim().split(" ");
  const pids = listed.map(Number).filter((pid) => pid > 0);
  return pids.map((pid) => ({ pid, commandLine: readProcess(pid, "cmdline") }));
}

/** A file that Linux keeps about a process; empty when it has ended. */
export function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** True while a process exists and has not ended. */
export { isProcessAlive } from "../../hub-client/process-probe.ts";
