/** Measuring a game and its editor, and saying what has got worse. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStage, type Params, type Stage } from "./stage.ts";

const WORKSHOP = {
  "arena/workshop.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/workshop.gd" id="1"]

[node name="Workshop" type="Node"]
script = ExtResource("1")
`,
  "arena/workshop.gd": `extends Node

var busy_ms: int = 0


func _ready() -> void:
	Performance.add_custom_monitor(&"workshop/tools", func() -> int: return get_child_count())


func _process(_delta: float) -> void:
	OS.delay_msec(busy_ms)


func burden(milliseconds: int, tools: int) -> void:
	busy_ms = milliseconds
	for tool: int in tools:
		add_child(Node.new())


func relieve() -> void:
	busy_ms = 0
	for tool: Node in get_children():
		tool.queue_free()
`,
};
const SCENE = "res://arena/workshop.tscn";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(WORKSHOP);
});
afterAll(() => stage.dispose());

interface Statistics {
  min: number;
  median: number;
  p95: number;
  max: number;
}
interface Snapshot extends Params {
  snapshot: string;
  monitors: Record<string, Statistics>;
}
interface Change {
  monitor: string;
  before: number;
  after: number;
  percent: number | null;
}
const measure = async (params: Params = {}) =>
  (await stage.call("profiler.snapshot", { ms: 400, ...params })) as Snapshot;
const compare = async (before: Snapshot, after: Snapshot, more: Params = {}) =>
  (await stage.call("profiler.compare", { before: before.snapshot, after: after.snapshot, ...more })) as {
    worse: Change[];
    better: Change[];
  } & Params;
const monitorsOf = (changes: Change[]) => changes.map(({ monitor }) => monitor);

it("says what got worse in a game, by how much, and what got better again", async () => {
  await stage.play({ scene: SCENE });
  const light = await measure({ label: "as it was" });
  for (const { min, median, p95, max } of Object.values(light.monitors)) {
    expect([min, median, p95, max]).toEqual([min, median, p95, max].toSorted((one, other) => one - other));
  }
  await stage.call("game.call_method", { path: "Workshop", method: "burden", args: [60, 500] });
  const heavy = await measure();
  expect(heavy.monitors.frameMs?.min).toBeGreaterThanOrEqual(60);
  const { before, after, worse } = await compare(light, heavy);
  expect([before, after]).toMatchObject([{ of: "game", label: "as it was", scene: SCENE }, { of: "game" }]);
  expect(monitorsOf(worse)).toEqual(expect.arrayContaining(["frameMs", "nodes", "workshop/tools"]));
  expect(worse.find(({ monitor }) => monitor === "workshop/tools")).toMatchObject({
    before: 0,
    after: 500,
    percent: null,
  });
  await stage.call("game.call_method", { path: "Workshop", method: "relieve" });
  const { better } = await compare(heavy, await measure());
  expect(better.find(({ monitor }) => monitor === "workshop/tools")).toMatchObject({ after: 0, percent: -100 });
});

it("compares one run with the next, since the editor keeps the snapshots", async () => {
  const before = await measure();
  await stage.call("run.stop");
  expect(await stage.fails("profiler.snapshot")).toMatchObject({ kind: "NOT_FOUND" });
  await stage.play({ scene: SCENE });
  await stage.call("game.call_method", { path: "Workshop", method: "burden", args: [0, 300] });
  const { worse } = await compare(before, await measure(), { tolerance: 5 });
  expect(monitorsOf(worse)).toContain("workshop/tools");
});

it("measures the editor, and compares only snapshots of one kind", async () => {
  const editor = await measure({ of: "editor", ms: 100 });
  expect(editor).toMatchObject({ of: "editor", frames: expect.any(Number) });
  expect(editor.monitors.nodes?.median).toBeGreaterThan(1_000);
  const game = await measure({ ms: 100 });
  const pair = { before: editor.snapshot, after: game.snapshot };
  expect(await stage.fails("profiler.compare", pair)).toMatchObject({ kind: "INVALID_PARAMS" });
  expect(await stage.fails("profiler.compare", { ...pair, before: "s99" })).toMatchObject({
    kind: "NOT_FOUND",
    candidates: expect.arrayContaining([game.snapshot]),
  });
});

it("tells who waits for a measurement when the game is killed", async () => {
  const [game] = (await stage.call("run.status")).games as [{ pid: number }];
  const waiting = stage.fails("profiler.snapshot", { ms: 60_000 });
  await stage.call("game.get_monitors");
  process.kill(game.pid, "SIGKILL");
  expect(await waiting).toMatchObject({ kind: "INSTANCE_DISCONNECTED" });
});
