/** Looking into a running game, changing it, and waiting for what happens in it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Params, type Stage } from "./stage.ts";

/** Nodes with properties that come with others, that take some values only, or that limit them. */
const PARTS = {
  "arena/parts.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/parts.gd" id="1"]

[node name="Parts" type="Node"]
script = ExtResource("1")

[node name="List" type="ItemList" parent="."]

[node name="Sound" type="AudioStreamPlayer" parent="."]
`,
  "arena/parts.gd": `extends Node

var secret: int = 1
var counted: int = 0:
	set(value):
		counted = mini(value, 10)
`,
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(PARTS);
  await stage.play();
});
afterAll(() => stage.dispose());

describe("game.get_tree", () => {
  it("shows the nodes as they are now, autoloads and all, and nothing of the hub's", async () => {
    const { root, currentScene, paused } = await stage.call("game.get_tree");
    expect({ currentScene, paused }).toEqual({ currentScene: "Arena", paused: false });
    expect(root).toMatchObject({
      type: "Window",
      path: ".",
      children: [
        {
          name: "Arena",
          path: "Arena",
          script: "res://arena/arena.gd",
          groups: ["arenas"],
          children: [
            { name: "Hero", path: "Arena/Hero", type: "Node2D" },
            { name: "Go", path: "Arena/Go", type: "Button" },
            { name: "Name" },
            { name: "Status" },
          ],
        },
      ],
    });
  });

  it("is limited by place, depth, type and number", async () => {
    expect(await stage.call("game.get_tree", { path: "/root/Arena", depth: 0 })).toMatchObject({
      root: { path: "Arena", childCount: 4 },
    });
    const { root } = (await stage.call("game.get_tree", { path: "Arena", type: "Button" })) as { root: Params };
    expect(root.children).toEqual([expect.objectContaining({ name: "Go" })]);
    const first = await stage.call("game.get_tree", { limit: 3 });
    expect(first).toMatchObject({ truncated: true, cursor: "3", total: 6 });
    expect(JSON.stringify(await stage.call("game.get_tree", { limit: 3, cursor: first.cursor }))).toContain("Status");
  });

  it("says which node it may have been", async () => {
    expect(await stage.fails("game.get_tree", { path: "Arena/Heroo" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining(["Arena/Hero"]),
    });
  });
});

describe("game.find", () => {
  it.each([
    ["class", { type: "Button" }, ["Arena/Go"]],
    ["name", { name: "her*" }, ["Arena/Hero"]],
    ["group", { group: "arenas" }, ["Arena"]],
    ["script", { script: "res://arena/arena.gd" }, ["Arena"]],
    ["text", { text: "go" }, ["Arena/Go"]],
    ["place in the window", { near: { x: 250, y: 120 }, within: 1, type: "Control" }, ["Arena/Go"]],
    ["place in the world", { near: { x: 104, y: 53 }, within: 5.1 }, ["Arena/Hero"]],
  ])("finds nodes by %s", async (_, params, paths) => {
    await stage.call("game.set_properties", { path: "Arena/Hero", properties: { position: "Vector2(100, 50)" } });
    const { nodes } = (await stage.call("game.find", params)) as { nodes: { path: string }[] };
    expect(nodes.map(({ path }) => path)).toEqual(paths);
  });

  it("says where a Control is and what it says", async () => {
    expect(await stage.call("game.find", { name: "Go" })).toMatchObject({
      nodes: [{ text: "Go!", rect: { position: { x: 200, y: 100 }, size: { x: 100, y: 40 } } }],
      total: 1,
    });
  });

  it("wants to know what to look for", async () => {
    expect(await stage.fails("game.find")).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});

describe("properties", () => {
  it("are the variables of the script and what differs from the defaults", async () => {
    expect(Object.keys(await stage.properties("Arena"))).toEqual(
      expect.arrayContaining(["ticks", "presses", "jumps", "seen", "script"]),
    );
    expect(await stage.properties("Arena/Go")).toMatchObject({ text: "Go!" });
  });

  it("are set all or none, and read back", async () => {
    const properties = { position: { type: "Vector2", x: 7, y: 8 }, rotation: 1.5 };
    expect(await stage.call("game.set_properties", { path: "Arena/Hero", properties })).toMatchObject({ properties });
    const wrong = { rotation: 3, position: "somewhere" };
    expect(await stage.fails("game.set_properties", { path: "Arena/Hero", properties: wrong })).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("position"),
    });
    expect(await stage.properties("Arena/Hero", "rotation")).toEqual({ rotation: 1.5 });
    expect(await stage.properties("Arena/Hero", "position:x", "rotation")).toEqual({ "position:x": 7, rotation: 1.5 });
    expect(await stage.fails("game.get_properties", { path: "Arena", names: ["tick"] })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: ["ticks"],
    });
  });
});

describe("game.call_method", () => {
  it("gives arguments by their types and answers with the result", async () => {
    const call = (method: string, args?: unknown[]) =>
      stage.call("game.call_method", { path: "Arena", method, ...(args && { args }) });
    expect(await call("add", [2])).toMatchObject({ result: 3 });
    expect(await call("add", [2, 5])).toMatchObject({ result: 7 });
    for (const place of ["Vector2(3, 4)", [3, 4], { x: 3, y: 4 }])
      expect(await call("place", [place])).toMatchObject({ result: { type: "Vector2", x: 3, y: 4 } });
  });

  it.each([
    ["an unknown method", { method: "ad", args: [] }, "NOT_FOUND"],
    ["too few arguments", { method: "add", args: [] }, "INVALID_PARAMS"],
    ["too many", { method: "add", args: [1, 2, 3] }, "INVALID_PARAMS"],
    ["one of another type", { method: "add", args: ["one"] }, "INVALID_PARAMS"],
  ])("refuses %s", async (_, params, kind) => {
    expect(await stage.fails("game.call_method", { path: "Arena", ...params })).toMatchObject({ kind });
  });
});

describe("game.wait_for", () => {
  it("waits for a property to have a value", async () => {
    const { ticks } = (await stage.properties("Arena", "ticks")) as { ticks: number };
    const waited = await stage.call("game.wait_for", {
      path: "Arena",
      property: "ticks",
      is: "greater",
      value: ticks + 20,
    });
    expect(waited.value).toBeGreaterThan(ticks + 20);
    await stage.call("game.set_properties", { path: "Arena/Hero", properties: { position: "Vector2(9, 8)" } });
    expect(
      await stage.call("game.wait_for", {
        path: "Arena/Hero",
        property: "position",
        value: { type: "Vector2", x: 9, y: 8 },
      }),
    ).toMatchObject({ exists: true });
    expect(await stage.call("game.wait_for", { path: "Arena/Hero", property: "position:x", value: 9 })).toMatchObject({
      value: 9,
    });
  });

  it("reads the value as the property has it: a number or a vector as text, a text as number", async () => {
    const hero = { path: "Arena/Hero" };
    await stage.call("game.set_properties", { ...hero, properties: { position: [9, 8] } });
    await stage.call("game.set_properties", { path: "Arena/Status", properties: { text: "12" } });
    for (const params of [
      { ...hero, property: "position:x", value: "9" },
      { ...hero, property: "position:x", is: "greater", value: "8.5" },
      { ...hero, property: "position", value: "Vector2(9, 8)" },
      { ...hero, property: "position", value: [9, 8] },
      { ...hero, property: "position", value: { x: 9, y: 8 } },
      { ...hero, property: "visible", value: "true" },
      { path: "Arena/Status", property: "text", value: 12 },
      { path: "Arena/Status", property: "text", value: "12" },
      { path: "Arena/Status", property: "text", is: "contains", value: "1" },
    ]) {
      expect(await stage.call("game.wait_for", { ...params, timeoutMs: 5_000 })).toMatchObject({ exists: true });
    }
    await stage.call("game.set_properties", { path: "Arena/Status", properties: { text: "idle" } });
  });

  it("waits for a signal and tells its arguments", async () => {
    const waiting = stage.call("game.wait_for", { path: "Arena", signal: "cheered" });
    await stage.call("game.call_method", { path: "Arena", method: "cheer", args: [3] });
    expect(await waiting).toMatchObject({ arguments: [3, "crowd"] });
  });

  it("waits for a text, a node, and their end", async () => {
    const shown = stage.call("game.wait_for", { text: "well done" });
    await stage.call("game.set_properties", { path: "Arena/Status", properties: { text: "Well done!" } });
    expect(await shown).toMatchObject({ path: "Arena/Status" });
    const gone = stage.call("game.wait_for", { text: "well done", gone: true });
    await stage.call("game.set_properties", { path: "Arena/Status", properties: { text: "idle" } });
    expect(await gone).toMatchObject({ waitedMs: expect.any(Number) });
    expect(await stage.call("game.wait_for", { path: "Arena/Hero" })).toMatchObject({ exists: true });
    expect(await stage.call("game.wait_for", { path: "Arena/Nobody", gone: true })).toMatchObject({ exists: false });
  });

  it("gives up at its deadline and says what was seen last", async () => {
    expect(
      await stage.fails("game.wait_for", { path: "Arena", property: "presses", value: 99, timeoutMs: 100 }),
    ).toMatchObject({
      kind: "TIMEOUT",
      message: expect.stringContaining("the node is there, its presses is 0"),
      last: { exists: true, value: 0 },
    });
    expect(await stage.fails("game.wait_for", { text: "well done", timeoutMs: 50 })).toMatchObject({
      message: expect.stringContaining("no such text"),
    });
  });

  it.each([
    ["nothing", {}],
    ["a property of no node", { property: "ticks", value: 1 }],
    ["a property without a value", { path: "Arena", property: "ticks" }],
    ["an unknown comparison", { path: "Arena", property: "ticks", value: 1, is: "like" }],
    ["more than a value that is no number", { path: "Arena", property: "ticks", value: "many", is: "greater" }],
    ["less than nothing", { path: "Arena", property: "ticks", value: null, is: "less" }],
    ["a text that is greater", { path: "Arena/Status", property: "text", value: 1, is: "greater" }],
    ["a vector that is less", { path: "Arena/Hero", property: "position", value: 1, is: "less" }],
  ])("refuses %s", async (_, params) => {
    expect(await stage.fails("game.wait_for", params)).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});

describe("the game's time", () => {
  it("stands still while it is paused, and goes on frame by frame", async () => {
    expect(await stage.call("game.set_clock", { paused: true })).toMatchObject({ paused: true });
    const { ticks } = (await stage.properties("Arena", "ticks")) as { ticks: number };
    await stage.call("game.wait_for", { frames: 20 });
    expect(await stage.properties("Arena", "ticks")).toEqual({ ticks });
    expect(await stage.call("game.step", { frames: 5 })).toMatchObject({ frames: 5, paused: true });
    expect(await stage.properties("Arena", "ticks")).toEqual({ ticks: ticks + 5 });
    expect(await stage.call("game.step")).toMatchObject({ frames: 1 });
    expect(await stage.properties("Arena", "ticks")).toEqual({ ticks: ticks + 6 });
    await stage.call("game.set_clock", { paused: false });
    await stage.call("game.wait_for", { path: "Arena", property: "ticks", is: "greater", value: ticks + 10 });
  });

  it("passes faster or slower", async () => {
    expect(await stage.call("game.set_clock", { timeScale: 2 })).toMatchObject({ timeScale: 2 });
    expect(await stage.call("game.set_clock", { timeScale: 1 })).toMatchObject({ timeScale: 1 });
    expect(await stage.fails("game.set_clock", { timeScale: -1 })).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});

it("game.get_monitors tells what the engine measures", async () => {
  const { monitors } = (await stage.call("game.get_monitors")) as { monitors: Record<string, number> };
  expect(monitors.nodes).toBeGreaterThanOrEqual(6);
  expect(monitors.staticMemoryBytes).toBeGreaterThan(1_000_000);
});

describe("what a node has only after something else was set", () => {
  beforeAll(async () => {
    await stage.call("run.stop");
    await stage.play({ scene: "res://arena/parts.tscn" });
  });

  it("is set in one call, and nothing is when one does not take", async () => {
    const list = { path: "Parts/List" };
    const properties = { "item_1/text": "shield", item_count: 2, "item_0/text": "sword" };
    expect(await stage.call("game.set_properties", { ...list, properties })).toMatchObject({ properties });
    const wrong = { item_count: 3, "item_2/text": "bow", "item_2/nothing": 1 };
    expect(await stage.fails("game.set_properties", { ...list, properties: wrong })).toMatchObject({
      kind: "NOT_FOUND",
      message: expect.stringContaining("item_2/nothing"),
    });
    expect(await stage.properties("Parts/List", "item_count", "item_1/text")).toEqual({
      item_count: 2,
      "item_1/text": "shield",
    });
    const sound = { volume_db: -3, bus: "Nowhere" };
    expect(await stage.fails("game.set_properties", { path: "Parts/Sound", properties: sound })).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("did not take"),
    });
    expect(await stage.properties("Parts/Sound", "volume_db", "bus")).toEqual({ volume_db: 0, bus: "Master" });
    const unlike = { secret: 5, counted: "many" };
    expect(await stage.fails("game.set_properties", { path: "Parts", properties: unlike })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
    expect(await stage.properties("Parts", "secret", "counted")).toEqual({ secret: 1, counted: 0 });
    const given = { secret: 5, counted: 500 };
    expect(await stage.call("game.set_properties", { path: "Parts", properties: given })).toMatchObject({
      properties: { secret: 5, counted: 10 },
      notes: [expect.stringContaining("counted is 10")],
    });
  });
});
