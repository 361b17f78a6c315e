/** Time as a tester wants it: frame by frame, written down, and the same every time. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { type Game, openStage, type Params, SCENE, type Stage } from "./stage.ts";

/** Moves by the length of its frames, of both kinds, under a fall and a push. */
const RUNNER = {
  "arena/runner.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/runner.gd" id="1"]

[node name="Runner" type="Node2D"]
script = ExtResource("1")
`,
  "arena/runner.gd": `extends Node2D

var velocity := Vector2.ZERO
var drawn: int = 0
var had: int = 0
var pushes: int = 0


func _process(delta: float) -> void:
	drawn += 1
	rotation += 0.37 * delta


func _physics_process(delta: float) -> void:
	had += 1
	if Input.is_action_just_pressed(&"ui_accept"):
		pushes += 1
		velocity.y = -300.0
	velocity.x += Input.get_axis(&"ui_left", &"ui_right") * 900.0 * delta
	velocity.y += 980.0 * delta
	position += velocity * delta
`,
};
const RUNNER_SCENE = "res://arena/runner.tscn";

/** Everything that runs while the tree is paused, and counts how far it has come. */
const RESTLESS = {
  "arena/restless.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/restless.gd" id="1"]

[node name="Restless" type="Node2D"]
process_mode = 3
script = ExtResource("1")

[node name="Timer" type="Timer" parent="."]
process_mode = 3
wait_time = 0.25
autostart = true

[node name="Animated" type="AnimationPlayer" parent="."]
process_mode = 3

[node name="Label" type="Label" parent="."]
text = "short"
`,
  "arena/restless.gd": `extends Node2D

var drawn: int = 0
var had: int = 0
var passed: float = 0.0
var frames_awaited: int = 0
var timeouts: int = 0
var done: bool = false
var tweened: float = 0.0
var animated: float = 0.0


func _ready() -> void:
	($Timer as Timer).timeout.connect(func() -> void: timeouts += 1)
	create_tween().set_pause_mode(Tween.TWEEN_PAUSE_PROCESS).tween_property(self, ^"tweened", 100.0, 1.0)
	_animate()
	_await_frames()
	await get_tree().create_timer(1.0).timeout
	done = true


func _process(delta: float) -> void:
	drawn += 1
	passed += delta


func _physics_process(_delta: float) -> void:
	had += 1


func leave(code: int) -> void:
	get_tree().quit(code)


func next_frame() -> int:
	await get_tree().process_frame
	return drawn


func _animate() -> void:
	var animation := Animation.new()
	animation.length = 2.0
	var track := animation.add_track(Animation.TYPE_VALUE)
	animation.track_set_path(track, ^".:animated")
	animation.track_insert_key(track, 0.0, 0.0)
	animation.track_insert_key(track, 2.0, 100.0)
	var library := AnimationLibrary.new()
	library.add_animation(&"rise", animation)
	($Animated as AnimationPlayer).add_animation_library(&"", library)
	($Animated as AnimationPlayer).play(&"rise")


func _await_frames() -> void:
	while true:
		await get_tree().process_frame
		frames_awaited += 1
`,
};
const RESTLESS_SCENE = "res://arena/restless.tscn";
const RESTLESS_NAMES = ["had", "drawn", "passed", "frames_awaited", "timeouts", "done", "tweened", "animated"];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ ...RUNNER, ...RESTLESS });
});
afterEach(() => stage.call("run.stop"));
afterAll(() => stage.dispose());

interface Recorded extends Params {
  columns: string[];
  types: string[];
  rows: unknown[][];
}
const record = async (params: Params) => (await stage.call("game.record", params)) as Recorded;

describe("game.step", () => {
  it("gives a game that began paused exactly the requested frames", async () => {
    await stage.play({ scene: RUNNER_SCENE, paused: true, fixedFps: 60 });
    expect(await stage.properties("Runner", "had", "drawn")).toEqual({ had: 0, drawn: 0 });
    expect(await stage.call("game.step", { frames: 7 })).toMatchObject({ frames: 7, paused: true });
    expect(await stage.properties("Runner", "had", "drawn")).toEqual({ had: 7, drawn: 7 });
    await stage.call("game.step", { frames: 3, physics: false });
    expect(await stage.properties("Runner", "had", "drawn")).toEqual({ had: 10, drawn: 10 });
  });

  it("gives a game with frames of the clock's length exactly those of its physics", async () => {
    await stage.play({ scene: RUNNER_SCENE, paused: true });
    await stage.call("game.step", { frames: 12, events: [] });
    await stage.call("game.step");
    expect(await stage.properties("Runner", "had")).toEqual({ had: 13 });
  });

  it("shows input to the first of its frames, and releases held keys when they are over", async () => {
    await stage.play({ scene: RUNNER_SCENE, paused: true, fixedFps: 60 });
    const events = [
      { type: "action", action: "ui_accept" },
      { type: "action", action: "ui_right", frames: 30_000 },
    ];
    await stage.call("game.step", { frames: 10, events });
    expect(await stage.properties("Runner", "had", "pushes")).toEqual({ had: 10, pushes: 1 });
    const { velocity } = (await stage.properties("Runner", "velocity")) as { velocity: { x: number } };
    expect(velocity.x).toBeGreaterThan(0);
    await stage.call("game.step", { frames: 5 });
    expect(await stage.properties("Runner", "velocity")).toMatchObject({ velocity: { x: velocity.x } });
  });

  it("refuses input that makes no sense and leaves the game paused", async () => {
    await stage.play({ scene: RUNNER_SCENE, paused: true, fixedFps: 60 });
    const events = [{ type: "action", action: "fly" }];
    expect(await stage.fails("game.step", { frames: 5_000, events })).toMatchObject({
      kind: "INVALID_PARAMS",
      step: 0,
    });
    expect(await stage.call("game.get_monitors")).toMatchObject({ paused: true });
  });
});

describe("a run with frames of a fixed length", () => {
  /** Plays the same input and gives what was written down. */
  async function performance(): Promise<unknown[][]> {
    await stage.play({ scene: RUNNER_SCENE, paused: true, fixedFps: 60 });
    const { rows } = await record({
      columns: ["Runner:position", "Runner:velocity:y", "Runner:rotation", "Runner:drawn"],
      frames: 90,
      step: true,
      events: [
        { type: "action", action: "ui_right", frames: 20 },
        { type: "wait", frames: 5 },
        { type: "action", action: "ui_accept" },
        { type: "action", action: "ui_left", frames: 11 },
      ],
    });
    await stage.call("run.stop");
    return rows;
  }

  it("is the same every time, to the last digit, in either kind of frame", async () => {
    const first = await performance();
    expect(first).toHaveLength(91);
    expect(first[0]).toEqual([0, [0, 0], 0, 0, 0]);
    expect(new Set(first.map(String)).size).toBe(91);
    expect(await performance()).toEqual(first);
  });
});

describe("a game with frames of a fixed length that is paused", () => {
  const seen = () => stage.properties("Restless", ...RESTLESS_NAMES);
  /** So long, in the clock's time, the game does nothing. */
  const letClockRun = () =>
    stage.fails("game.wait_for", { path: "Restless", property: "drawn", is: "less", value: 0, timeoutMs: 1_300 });

  it("stands still: timers, tweens, animations and nodes that run while the tree is paused, too", async () => {
    await stage.play({ scene: RESTLESS_SCENE, paused: true, fixedFps: 60 });
    const nothing = {
      had: 0,
      drawn: 0,
      passed: 0,
      frames_awaited: 0,
      timeouts: 0,
      done: false,
      tweened: 0,
      animated: 0,
    };
    expect(await seen()).toEqual(nothing);
    expect(await letClockRun()).toMatchObject({ kind: "TIMEOUT" });
    expect(await seen()).toEqual(nothing);
    await stage.call("game.step", { frames: 10 });
    const moved = await seen();
    expect(moved).toMatchObject({ had: 10, drawn: 10, frames_awaited: 10, timeouts: 0, done: false });
    expect(moved.passed).toBeCloseTo(10 / 60);
    expect(moved.tweened).toBeCloseTo(100 * (10 / 60), 0);
    await letClockRun();
    expect(await seen()).toEqual(moved);
  });

  it("is the same every time, at each step", async () => {
    const run = async () => {
      await stage.play({ scene: RESTLESS_SCENE, paused: true, fixedFps: 60 });
      const { rows } = await record({
        columns: RESTLESS_NAMES.map((name) => `Restless:${name}`),
        frames: 75,
        step: true,
      });
      await stage.call("run.stop");
      return rows;
    };
    const first = await run();
    expect(first[0]).toEqual([0, 0, 0, 0, 0, 0, false, 0, 0]);
    expect(first.map((row) => row[1])).toEqual(first.map((_, frame) => frame));
    expect(first[30]?.slice(5, 7)).toEqual([1, false]);
    expect(first[75]?.slice(5, 7)).toEqual([4, true]);
    expect(await run()).toEqual(first);
  });

  it("has what a command has changed done and drawn in one frame in which its tree is paused", async () => {
    await stage.play({ scene: RESTLESS_SCENE, paused: true, fixedFps: 60 });
    await stage.call("game.step", { frames: 5 });
    const { size } = (await stage.properties("Restless/Label", "size")) as { size: { x: number } };
    await stage.call("game.set_properties", { path: "Restless/Label", properties: { text: "a longer text" } });
    const later = (await stage.properties("Restless/Label", "size")) as { size: { x: number } };
    expect(later.size.x).toBeGreaterThan(size.x);
    expect(await seen()).toMatchObject({ had: 6, drawn: 6 });
    expect(await stage.call("game.call_method", { path: "Restless", method: "next_frame" })).toMatchObject({
      paused: true,
    });
    const before = await seen();
    await stage.call("game.step", { frames: 3 });
    expect(await seen()).toMatchObject({ had: Number(before.had) + 3, drawn: Number(before.drawn) + 3 });
  });

  it("refuses what needs frames, goes on when it is let go, and is paused again", async () => {
    await stage.play({ scene: RESTLESS_SCENE, paused: true, fixedFps: 60 });
    const events = [{ type: "action", action: "ui_accept" }];
    expect(await stage.fails("game.send_input", { events })).toMatchObject({
      kind: "CONFLICT",
      hint: expect.stringContaining("game.step"),
    });
    expect(await stage.fails("game.record", { columns: ["Restless:had"] })).toMatchObject({ kind: "CONFLICT" });
    expect(await stage.call("game.set_clock", { paused: false })).toMatchObject({ paused: false });
    await stage.call("game.wait_for", { path: "Restless", property: "done", value: true });
    expect(await stage.call("game.set_clock", { paused: true })).toMatchObject({ paused: true });
    const { drawn } = await seen();
    await letClockRun();
    expect(await seen()).toMatchObject({ drawn });
  });

  it("quits on request", async () => {
    const [game] = await stage.play({ scene: RESTLESS_SCENE, paused: true, fixedFps: 60 });
    await stage.call("game.call_method", { path: "Restless", method: "leave", args: [4] });
    const ended = await until(
      async () => {
        const { games } = (await stage.call("run.status")) as { games: Game[] };
        return games.find(({ game: number, state }) => number === game.game && state === "ended");
      },
      { what: "the end" },
    );
    expect(ended).toMatchObject({ end: "quit", exitCode: 4 });
  });
});

describe("game.record", () => {
  it("writes down what it is asked for, once in so many frames", async () => {
    await stage.play({ scene: RUNNER_SCENE, paused: true, fixedFps: 60 });
    const { columns, types, rows } = await record({
      columns: ["Runner:had", "/root/Runner:position:y", "Runner:modulate"],
      ms: 500,
      every: 10,
      step: true,
    });
    expect(columns).toEqual(["frame", "Runner:had", "/root/Runner:position:y", "Runner:modulate"]);
    expect(types).toEqual(["int", "int", "float", "Color"]);
    expect(rows.map(([frame, had]) => [frame, had])).toEqual([
      [0, 0],
      [10, 10],
      [20, 20],
      [30, 30],
    ]);
    expect(rows[3]).toEqual([30, 30, expect.any(Number), [1, 1, 1, 1]]);
  });

  it("watches a game that runs without pausing it, and tells of nodes that are gone", async () => {
    await stage.play({ scene: SCENE });
    const recording = record({ columns: ["Arena:ticks", "Arena/Status:text"], frames: 60 });
    await stage.call("game.call_method", { path: "Arena/Status", method: "queue_free" });
    const { rows, paused } = await recording;
    expect(paused).toBe(false);
    const ticks = rows.map(([, tick]) => Number(tick));
    expect(ticks).toEqual(ticks.map((_, index) => Number(ticks[0]) + index));
    expect(rows.at(-1)?.[2]).toBeNull();
  });

  it("refuses what cannot be recorded", async () => {
    await stage.play();
    const refused: [Params, string][] = [
      [{ columns: ["Arena"] }, "INVALID_PARAMS"],
      [{ columns: ["Areena:ticks"] }, "NOT_FOUND"],
      [{ columns: ["Arena:tick"] }, "NOT_FOUND"],
      [{ columns: ["Arena:ticks"], frames: 90_000 }, "INVALID_PARAMS"],
      [{ columns: ["Arena:ticks"], frames: 10, ms: 10 }, "INVALID_PARAMS"],
    ];
    for (const [params, kind] of refused) expect(await stage.fails("game.record", params)).toMatchObject({ kind });
  });
});
