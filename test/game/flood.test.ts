/** A game that prints without a pause: its editor has time for others all the same, and its output is answered at once. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { openStage, type Stage } from "./stage.ts";

const scene = (name: string) =>
  `[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://flood/${name}.gd" id="1"]\n\n[node name="Flood" type="Node"]\nscript = ExtResource("1")\n`;
const LINES = `extends Node


func _process(_delta: float) -> void:
	for number: int in 2000:
		print("line %d of frame %d" % [number, Engine.get_process_frames()])
	for number: int in 50:
		push_error("error %d" % number)
`;
const LOOP = `extends Node


func _process(_delta: float) -> void:
	if Engine.get_process_frames() < 5:
		return
	while true:
		print(1)
`;

/** Most edits take a tenth of this beside the flood; they took five to twelve times this where every line was looked at and shown. */
const EDIT_MS = 1_000;
const MOST = 0.9;
const EDITS = 20;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    "flood/lines.gd": LINES,
    "flood/lines.tscn": scene("lines"),
    "flood/loop.gd": LOOP,
    "flood/loop.tscn": scene("loop"),
    "flood/empty.tscn": '[gd_scene format=3]\n\n[node name="Empty" type="Node2D"]\n',
  });
});
afterAll(() => stage.dispose());

async function timed(run: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

describe.each(["lines", "loop"])("a game that floods its output: %s", (name) => {
  it("does not hold up edits, nor its output, nor its end", async () => {
    await stage.call("scene.open", { path: "res://flood/empty.tscn" });
    await stage.call("run.play", { scene: `res://flood/${name}.tscn` });
    await until(async () => ((await stage.call("run.get_output")).skippedLines as number) > 0, { what: "the flood" });
    const times: number[] = [];
    for (let count = 0; count < EDITS; count += 1) {
      const properties = { position: `Vector2(${count}, 1)` };
      times.push(await timed(() => stage.call("node.set_properties", { path: ".", properties })));
    }
    const asked = await timed(() => stage.call("run.get_output", { limit: 10 }));
    await stage.call("run.stop");
    expect(times.filter((time) => time < EDIT_MS).length).toBeGreaterThanOrEqual(EDITS * MOST);
    expect(asked).toBeLessThan(EDIT_MS);
  });
});
