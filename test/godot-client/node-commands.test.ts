/** Adding, deleting, renaming, moving and setting nodes in a real editor, and that undoing brings back exactly what was. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const vector = (x: number, y: number) => ({ type: "Vector2", x, y });

const placeSchema = z.object({ position: z.looseObject({ x: z.number(), y: z.number() }), rotation: z.number() });

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
  await bench.call("scene.open", { path: LEVEL });
  await bench.call("scene.save");
});
afterAll(() => bench.dispose());

/** A transform that no rotation and scale make. */
const SHEARED = "Transform3D(1, 0.3, 0, 0.1, 1, 0.7, 0, 0.2, 2, 1, 2, 3)";

/** The saved text of the level. */
async function saved(): Promise<string> {
  await bench.call("scene.save", { scene: LEVEL });
  return bench.editor.read("game/level.tscn");
}

/** Runs a change, and checks that undo restores the file to the letter and redo gives the changed one again. */
async function undoably(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
  const before = await saved();
  const result = await bench.call(method, params);
  const after = await saved();
  expect(after).not.toBe(before);
  await bench.call("editor.undo");
  expect(await saved()).toBe(before);
  await bench.call("editor.redo");
  expect(await saved()).toBe(after);
  return result;
}

describe("node.add", () => {
  it("adds a node with its properties as one undo step", async () => {
    const result = await undoably("node.add", {
      type: "Sprite2D",
      name: "Tree",
      properties: { position: "Vector2(3, 4)", modulate: "#ff8800" },
    });
    expect(result).toMatchObject({ path: "Tree", name: "Tree", type: "Sprite2D", scene: LEVEL });
    const { properties } = await bench.call("node.get_properties", { path: "Tree" });
    expect(properties).toMatchObject({ position: vector(3, 4) });
  });

  it("adds an instance of a scene, and a node of a script's class, at a position", async () => {
    await undoably("node.add", { instance: "res://game/coin.tscn", parent: "Coins", name: "Coin4" });
    await undoably("node.add", { type: "Enemy", name: "Boss", index: 1 });
    const { root } = await bench.call("scene.get_tree", { depth: 2 });
    const children = expect.arrayContaining([
      expect.objectContaining({ name: "Coin4", instance: "res://game/coin.tscn" }),
    ]);
    expect(root).toMatchObject({
      children: expect.arrayContaining([expect.objectContaining({ name: "Coins", children })]),
    });
    expect(root).toMatchObject({ children: [{}, { name: "Boss" }, {}, {}, {}, {}, {}, {}, {}] });
    const { properties } = await bench.call("node.get_properties", { path: "Boss", names: ["script", "speed"] });
    expect(properties).toEqual({
      script: { type: "Resource", class: "GDScript", path: "res://game/enemy.gd" },
      speed: 60,
    });
  });

  it("makes resources that the scene keeps inside", async () => {
    const shape = { type: "Resource", class: "CircleShape2D", properties: { radius: 8 } };
    await undoably("node.add", { type: "CollisionShape2D", name: "Round", parent: "Ground", properties: { shape } });
    expect(await saved()).toMatch(/\[sub_resource type="CircleShape2D"[^\]]*\]\nradius = 8.0/);
  });

  it("says how a new resource is written where it was written in another way", async () => {
    const properties = { shape: { type: "CircleShape2D", radius: 8 } };
    const refused = await bench.fails("node.add", { type: "CollisionShape2D", name: "Wrong", properties });
    expect(refused).toMatchObject({ kind: "INVALID_PARAMS", property: "shape" });
    expect(refused.message).toContain('{"type":"Resource","class":"CircleShape2D","properties":{...}}');
  });

  it("refuses a name that is taken, and never invents another", async () => {
    const { revision } = await bench.call("scene.get_tree", { depth: 0 });
    expect(await bench.fails("node.add", { type: "Node2D", name: "Player" })).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringContaining("Player"),
    });
    expect(await bench.call("scene.get_tree", { depth: 0 })).toMatchObject({ revision });
  });

  it.each([
    ["a class that does not exist", { type: "Sprite2d" }, "NOT_FOUND", ["Sprite2D"]],
    ["a class that is no node", { type: "Resource" }, "INVALID_PARAMS", undefined],
    ["a parent that does not exist", { type: "Node", parent: "Coin" }, "NOT_FOUND", ["Coins"]],
    ["both type and instance", { type: "Node", instance: LEVEL }, "INVALID_PARAMS", undefined],
    ["neither type nor instance", { name: "x" }, "INVALID_PARAMS", undefined],
    ["the scene itself as an instance", { instance: LEVEL }, "INVALID_PARAMS", undefined],
    ["a file that is no scene", { instance: "res://game/player.gd" }, "NOT_FOUND", undefined],
    ["a name with a slash", { type: "Node", name: "a/b" }, "INVALID_PARAMS", undefined],
    [
      "a property that does not exist",
      { type: "Node2D", name: "N", properties: { positon: 1 } },
      "NOT_FOUND",
      ["position"],
    ],
    [
      "a value that does not fit",
      { type: "Node2D", name: "N", properties: { position: [1, "two"] } },
      "INVALID_PARAMS",
      undefined,
    ],
    [
      "a child of an instance that is not editable",
      { type: "Node", parent: "Player/Shape" },
      "INVALID_PARAMS",
      undefined,
    ],
  ])("refuses %s and leaves nothing behind", async (_, params, kind, candidates) => {
    const before = await saved();
    const error = await bench.fails("node.add", params);
    expect(error.kind).toBe(kind);
    if (candidates) expect(error.candidates).toEqual(expect.arrayContaining(candidates));
    expect(await saved()).toBe(before);
  });
});

describe("node.delete", () => {
  it("is undone with everything below the node", async () => {
    await undoably("node.delete", { path: "Ground" });
    await bench.call("editor.undo");
  });

  it("refuses the root, and a node of an instanced scene", async () => {
    expect(await bench.fails("node.delete", { path: "." })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await bench.fails("node.delete", { path: "Player/Shape" })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await bench.fails("node.delete", { path: ".." })).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("node.rename and node.move", () => {
  beforeEach(async () => {
    await bench.call("edit.batch", {
      operations: [
        {
          op: "add",
          as: "arm",
          type: "Node2D",
          name: "Arm",
          properties: { position: "Vector2(100, 0)", rotation: 0.5 },
        },
        { op: "add", parent: "$arm", type: "Node2D", name: "Hand", properties: { position: "Vector2(10, 0)" } },
        { op: "add", type: "AnimationPlayer", name: "Leash", properties: { root_node: "../Arm/Hand" } },
      ],
    });
  });

  it("let node paths follow", async () => {
    const leash = async () =>
      (await bench.call("node.get_properties", { path: "Leash", names: ["root_node"] })).properties;
    expect(await undoably("node.rename", { path: "Arm", name: "Limb" })).toMatchObject({ path: "Limb", name: "Limb" });
    expect(await leash()).toEqual({ root_node: "../Limb/Hand" });
    expect(await undoably("node.move", { path: "Limb/Hand", parent: "." })).toMatchObject({ path: "Hand" });
    expect(await leash()).toEqual({ root_node: "../Hand" });
    await bench.call("node.delete", { path: "Hand" });
    await bench.call("node.delete", { path: "Limb" });
    await bench.call("node.delete", { path: "Leash" });
  });

  it("keep the global transform, or the local one when asked", async () => {
    const place = async (path: string) =>
      placeSchema.parse(
        (await bench.call("node.get_properties", { path, names: ["position", "rotation"] })).properties,
      );
    await undoably("node.move", { path: "Arm/Hand", parent: "." });
    const { position, rotation } = await place("Hand");
    expect(position.x).toBeCloseTo(100 + 10 * Math.cos(0.5), 3);
    expect(position.y).toBeCloseTo(10 * Math.sin(0.5), 3);
    expect(rotation).toBeCloseTo(0.5, 5);
    await bench.call("editor.undo");
    await undoably("node.move", { path: "Arm/Hand", parent: ".", keepTransform: false });
    expect(await place("Hand")).toEqual({ position: vector(10, 0), rotation: 0 });
    for (const path of ["Hand", "Arm", "Leash"]) await bench.call("node.delete", { path });
  });

  it("reorder siblings, and refuse what cannot be", async () => {
    await undoably("node.move", { path: "Leash", index: 0 });
    const { root } = await bench.call("scene.get_tree", { depth: 1 });
    expect(root).toMatchObject({ children: expect.arrayContaining([expect.objectContaining({ name: "Leash" })]) });
    expect(await bench.fails("node.move", { path: "Arm", parent: "Arm/Hand" })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
    expect(await bench.fails("node.move", { path: ".", parent: "Arm" })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await bench.fails("node.rename", { path: "Arm", name: "Leash" })).toMatchObject({ kind: "CONFLICT" });
    expect(await bench.fails("node.rename", { path: "Nobody", name: "x" })).toMatchObject({ kind: "NOT_FOUND" });
    for (const path of ["Arm", "Leash"]) await bench.call("node.delete", { path });
  });
});

describe("node.set_properties", () => {
  it.each([
    ["Ground", "position", vector(1, 2.5), undefined],
    ["Ground", "rotation", 1.5, undefined],
    ["Ground", "visible", false, undefined],
    ["Ground", "modulate", { type: "Color", r: 0.5, g: 0, b: 0, a: 1 }, "Color(0.5, 0, 0)"],
    ["Ground", "collision_layer", 5, undefined],
    ["Ground/Look", "polygon", [vector(0, 0), vector(4, 0), vector(4, 4)], undefined],
    ["Score", "text", 'two\nlines, a \u000b tab and "quotes" \\v 😀', undefined],
    ["Score", "offset_left", 12.5, undefined],
    ["Enemy", "mood", 1, "ANGRY"],
    ["Enemy", "target", { type: "Node", path: "Player" }, "Player"],
    ["Enemy", "tint", { type: "Color", r: 1, g: 0, b: 0, a: 1 }, "red"],
    ["Enemy", "range_of_patrol", vector(-1, 0.1), "Vector2(-1, 0.1)"],
  ])("sets %s.%s and reads it back", async (path, name, value, given) => {
    const result = await undoably("node.set_properties", { path, properties: { [name]: given ?? value } });
    expect(result.properties).toEqual({ [name]: value });
    expect((await bench.call("node.get_properties", { path, names: [name] })).properties).toEqual({ [name]: value });
  });

  it.each([
    ["Label", {}, { position: vector(3, 1) }],
    ["Label", { text: "long" }, { size: vector(200, 90) }],
    ["Label", { offset_right: 7 }, { anchor_right: 0.5 }],
    ["Panel", { anchor_left: 0.5, anchor_right: 0.5 }, { anchor_right: 0.25, position: vector(1, 1) }],
    ["Label", { offset_left: 5, offset_top: 6 }, { anchors_preset: 15 }],
    ["Node3D", { transform: SHEARED }, { rotation: { type: "Vector3", x: 1, y: 2, z: 3 } }],
  ])("undoes what follows from setting it, too: %s %j %j", async (type, properties, change) => {
    await bench.call("node.add", { type, name: "Placed", properties });
    await undoably("node.set_properties", { path: "Placed", properties: change });
    await bench.call("node.delete", { path: "Placed" });
  });

  it("gives a node the resource that another one keeps, by the path that reading gave", async () => {
    await saved();
    const { properties } = await bench.call("node.get_properties", { path: "Ground/Shape", names: ["shape"] });
    expect(properties).toMatchObject({ shape: { path: expect.stringContaining("level.tscn::") } });
    await undoably("node.add", { type: "CollisionShape2D", name: "Twin", parent: "Ground", properties: properties });
    expect((await bench.call("node.get_properties", { path: "Ground/Twin", names: ["shape"] })).properties).toEqual(
      properties,
    );
  });

  it("sets all or none", async () => {
    const before = await saved();
    const error = await bench.fails("node.set_properties", {
      path: "Ground",
      properties: { position: vector(9, 9), rotation: "a lot" },
    });
    expect(error).toMatchObject({ kind: "INVALID_PARAMS", property: "rotation" });
    expect(error.message).toContain("rotation");
    expect(error.message).toContain("a lot");
    expect(await saved()).toBe(before);
  });

  it("names what there is when a property does not exist", async () => {
    const error = await bench.fails("node.set_properties", { path: "Ground", properties: { rotatoin: 1 } });
    expect(error).toMatchObject({ kind: "NOT_FOUND", candidates: expect.arrayContaining(["rotation"]) });
    expect(await bench.fails("node.set_properties", { path: "Ground", properties: { name: "x" } })).toMatchObject({
      hint: "Use node.rename.",
    });
  });

  it("changes nothing when the scene has another revision", async () => {
    const { revision } = await bench.call("scene.get_tree", { depth: 0 });
    const properties = { position: vector(7, 7) };
    const error = await bench.fails("node.set_properties", {
      path: "Ground",
      properties,
      ifRevision: Number(revision) - 1,
    });
    expect(error).toMatchObject({ kind: "CONFLICT", revision });
    await bench.call("node.set_properties", { path: "Ground", properties, ifRevision: revision });
  });
});

describe("node.get_properties", () => {
  it("gives what differs from the defaults, named ones, or all", async () => {
    const { properties: some } = await bench.call("node.get_properties", { path: "Coins/Coin1" });
    expect(Object.keys(some as object)).toEqual(expect.arrayContaining(["position", "script"]));
    expect(Object.keys(some as object)).not.toContain("rotation");
    const { properties: all } = await bench.call("node.get_properties", { path: "Coins/Coin1", all: true });
    expect(all).toMatchObject({ rotation: 0, value: 1 });
    expect(await bench.fails("node.get_properties", { path: "Score", names: ["txet"] })).toMatchObject({
      kind: "NOT_FOUND",
    });
  });
});

it("the editor has not complained", () => {
  expect(bench.editor.complaints).toEqual([]);
});
