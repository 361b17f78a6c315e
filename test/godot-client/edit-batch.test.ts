/** edit.batch: all of it as one undo step, or none. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
  await bench.call("scene.open", { path: LEVEL });
  await bench.call("scene.save");
});
afterAll(() => bench.dispose());

async function saved(): Promise<string> {
  await bench.call("scene.save", { scene: LEVEL });
  return bench.editor.read("game/level.tscn");
}

describe("edit.batch", () => {
  it("runs every kind of operation as one step that is undone as one", async () => {
    const before = await saved();
    const { results, revision } = await bench.call("edit.batch", {
      label: "Build a tower",
      operations: [
        { op: "add", as: "tower", type: "StaticBody2D", name: "Tower", properties: { position: "Vector2(10, 20)" } },
        { op: "add", as: "roof", parent: "$tower", type: "Polygon2D", name: "Roof" },
        { op: "add", parent: "$tower/Roof", instance: "res://game/coin.tscn", name: "Treasure" },
        { op: "set_properties", path: "$roof", properties: { color: "red" } },
        { op: "rename", path: "$roof", name: "Top" },
        { op: "move", path: "$roof", parent: "Ground" },
        { op: "attach_script", path: "$tower", script: "res://game/level.gd" },
        { op: "delete", path: "Score" },
      ],
    });
    expect(results).toHaveLength(8);
    expect(results).toMatchObject([
      { path: "Tower" },
      { path: "Tower/Roof" },
      { path: "Tower/Roof/Treasure" },
      {},
      { path: "Tower/Top" },
      { path: "Ground/Top" },
      {},
      {},
    ]);
    const after = await saved();
    expect(await bench.call("editor.undo")).toMatchObject({
      action: "Build a tower (tester)",
      revision: Number(revision) + 1,
    });
    expect(await saved()).toBe(before);
    await bench.call("editor.redo");
    expect(await saved()).toBe(after);
    await bench.call("editor.undo");
  });

  it.each([
    ["a node that does not exist", { op: "delete", path: "Nobody" }, "NOT_FOUND"],
    ["an operation that does not exist", { op: "explode", path: "Ground" }, "INVALID_PARAMS"],
    ["a param that does not exist", { op: "delete", path: "Ground", force: true }, "INVALID_PARAMS"],
    ["a missing param", { op: "rename", path: "Ground" }, "INVALID_PARAMS"],
    ["an unknown alias", { op: "delete", path: "$ghost" }, "INVALID_PARAMS"],
    [
      "a value that does not fit",
      { op: "set_properties", path: "Ground", properties: { rotation: "x" } },
      "INVALID_PARAMS",
    ],
    ["a taken name", { op: "add", type: "Node", name: "Player" }, "CONFLICT"],
    ["something that is no object", "delete", "INVALID_PARAMS"],
  ])("leaves nothing behind when one operation has %s", async (_, bad, kind) => {
    const before = await saved();
    const { revision } = await bench.call("scene.get_tree", { depth: 0 });
    const error = await bench.fails("edit.batch", {
      operations: [
        { op: "add", as: "a", type: "Node2D", name: "A" },
        { op: "move", path: "Enemy", parent: "$a" },
        { op: "delete", path: "Coins" },
        { op: "set_properties", path: "Ground", properties: { position: "Vector2(0, 0)" } },
        bad,
      ],
    });
    expect(error).toMatchObject({ kind, operation: 4, message: expect.stringContaining("Operation 4") });
    expect(await bench.call("scene.get_tree", { depth: 0 })).toMatchObject({ revision });
    expect(await saved()).toBe(before);
    expect(await bench.fails("editor.undo")).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("takes a thousand operations, and no more", async () => {
    const operations = Array.from({ length: 1_000 }, (_, index) => ({ op: "add", type: "Node", name: `N${index}` }));
    const before = await saved();
    expect((await bench.call("edit.batch", { operations })).results).toHaveLength(1_000);
    await bench.call("editor.undo");
    expect(await saved()).toBe(before);
    expect(await bench.fails("edit.batch", { operations: [...operations, ...operations] })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
    expect(await bench.fails("edit.batch", { operations: [] })).toMatchObject({ kind: "INVALID_PARAMS" });
  });

  it("respects ifRevision", async () => {
    const operations = [{ op: "add", type: "Node", name: "Late" }];
    expect(await bench.fails("edit.batch", { operations, ifRevision: 0 })).toMatchObject({ kind: "CONFLICT" });
  });
});

describe("edit.preview", () => {
  const state = async () => [
    await saved(),
    (await bench.call("scene.get_tree", { depth: 0 })).revision,
    (await bench.call("editor.get_state")).selection,
  ];
  const operations = [
    { op: "duplicate", as: "copy", path: "Ground", name: "Ceiling" },
    { op: "set_groups", path: "$copy", groups: ["solid"] },
    { op: "add", as: "mover", type: "AnimationPlayer", name: "Mover" },
    { op: "create_animation", path: "$mover", animation: "walk" },
    { op: "add_track", path: "$mover", animation: "walk", node: "$copy", property: "position" },
    { op: "set_key", path: "$mover", animation: "walk", track: 0, time: 0, value: "Vector2(1, 2)" },
    { op: "connect_signal", path: "$mover", signal: "animation_finished", to: "$copy", method: "hide", unbinds: 1 },
    { op: "set_reference", path: "$mover", property: "root_node", to: "Player" },
    { op: "delete", path: "Coins" },
  ];

  it("answers what edit.batch then answers, and changes nothing", async () => {
    const before = await state();
    const foretold = await bench.call("edit.preview", { operations });
    expect(await state()).toEqual(before);
    const done = await bench.call("edit.batch", { operations });
    expect(foretold.results).toEqual(done.results);
    await bench.call("editor.undo");
    expect((await state())[0]).toBe(before[0]);
  });

  it("fails where edit.batch fails, with the same error", async () => {
    const bad = { operations: [...operations, { op: "delete", path: "Coins" }] };
    const before = await state();
    expect(await bench.fails("edit.preview", bad)).toEqual(await bench.fails("edit.batch", bad));
    expect(await state()).toEqual(before);
  });
});

it("the editor has not complained", () => {
  expect(bench.editor.complaints).toEqual([]);
});
