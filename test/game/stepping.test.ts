/** Time as a tester wants it: frame by frame, written down, and the same every time. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Params, SCENE, type Stage } from "./stage.ts";

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

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(RUNNER);
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
  it("gives a game that began paused exactly the frames that it is told to", async () => {
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

  it("shows input to the first of its frames, and releases what is still held when they are over", async () => {
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
