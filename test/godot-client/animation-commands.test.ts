/** Animations: made, changed and removed with exact undo, read back, and previewed without a trace. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedText, undoably } from "./undo-check.ts";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const vector = (x: number, y: number) => ({ type: "Vector2", x, y });

let bench: Workbench;
const change = (method: string, params: Params) =>
  undoably(bench, LEVEL, method, { path: "Mover", animation: "walk", ...params });
const read = () => bench.call("animation.get", { path: "Mover", animation: "walk" });

beforeAll(async () => {
  bench = await openWorkbench();
  await bench.call("scene.open", { path: LEVEL });
  await bench.call("node.add", { type: "AnimationPlayer", name: "Mover" });
});
afterAll(() => bench.dispose());

describe("an animation", () => {
  it("is created, with the player's library when it has none", async () => {
    expect(await change("animation.create", { length: 2, loop: "pingpong", step: 0.1 })).toMatchObject({
      path: "Mover",
      animation: "walk",
      length: 2,
    });
    expect(await bench.call("animation.list")).toMatchObject({
      players: [{ path: "Mover", animations: [{ name: "walk", length: 2, loop: "pingpong", trackCount: 0 }] }],
    });
  });

  it("lives in a separate library when the name says so", async () => {
    expect(await change("animation.create", { animation: "combat/hit", length: 1.7 })).toMatchObject({ length: 1.7 });
    expect(await bench.call("animation.get", { path: "Mover", animation: "combat/hit" })).toMatchObject({
      length: 1.7,
    });
    await change("animation.remove", { animation: "combat/hit" });
  });

  it("gets tracks and keys, whose values have the type of what they move", async () => {
    expect(await change("animation.add_track", { node: "Player", property: "position" })).toMatchObject({ track: 0 });
    await change("animation.set_key", { track: 0, time: 0, value: [200, 500] });
    await change("animation.set_key", { track: 0, time: 1.5, value: vector(300, 500), transition: 2 });
    expect(await change("animation.set_key", { track: 0, time: 1.5, value: vector(400, 500) })).toMatchObject({
      key: 1,
      replaced: true,
    });
    await change("animation.add_track", { node: "Score", property: "modulate:a", type: "bezier" });
    await change("animation.set_key", { track: 1, time: 0, value: 0.5 });
    await change("animation.add_track", { node: "Enemy", type: "method" });
    await change("animation.set_key", { track: 2, time: 1, value: { method: "hide", args: [] } });
    await change("animation.add_track", {
      node: "Score",
      property: "text",
      update: "discrete",
      interpolation: "nearest",
    });
    await change("animation.set_key", { track: 3, time: 0, value: "Go" });
    expect(await read()).toMatchObject({
      tracks: [
        {
          node: "Player",
          property: "position",
          keys: [
            { time: 0, value: vector(200, 500) },
            { time: 1.5, value: vector(400, 500) },
          ],
        },
        { node: "Score", property: "modulate:a", type: "bezier", keys: [{ time: 0, value: 0.5 }] },
        { node: "Enemy", type: "method", keys: [{ time: 1, value: { method: "hide", args: [] } }] },
        {
          node: "Score",
          property: "text",
          update: "discrete",
          interpolation: "nearest",
          keys: [{ time: 0, value: "Go" }],
        },
      ],
    });
  });

  it("loses keys, tracks, and is removed, all of it to be undone", async () => {
    expect(await change("animation.remove", { track: 0, time: 1.5 })).toMatchObject({ removed: "key" });
    expect(await change("animation.remove", { track: 1 })).toMatchObject({ removed: "track" });
    expect(await change("animation.remove", {})).toMatchObject({ removed: "animation" });
    await bench.call("editor.undo");
  });

  it("follows a node that is renamed", async () => {
    await undoably(bench, LEVEL, "node.rename", { path: "Player", name: "Hero" });
    expect(await read()).toMatchObject({ tracks: [{ node: "Hero" }, {}, {}] });
    await bench.call("editor.undo");
  });

  it.each([
    ["a node that is no player", "animation.create", { path: "Player", animation: "x" }, "INVALID_PARAMS"],
    ["a name that is taken", "animation.create", { animation: "walk" }, "CONFLICT"],
    ["a name with a colon", "animation.create", { animation: "a:b" }, "INVALID_PARAMS"],
    ["an animation that does not exist", "animation.get", { animation: "wlak" }, "NOT_FOUND"],
    [
      "a property that does not exist",
      "animation.add_track",
      { animation: "walk", node: "Player", property: "positon" },
      "NOT_FOUND",
    ],
    ["a track without property", "animation.add_track", { animation: "walk", node: "Player" }, "INVALID_PARAMS"],
    [
      "a 3D track of a 2D node",
      "animation.add_track",
      { animation: "walk", node: "Player", type: "position_3d" },
      "INVALID_PARAMS",
    ],
    [
      "a value that does not fit",
      "animation.set_key",
      { animation: "walk", track: 0, time: 0, value: "far" },
      "INVALID_PARAMS",
    ],
    [
      "a track that does not exist",
      "animation.set_key",
      { animation: "walk", track: 9, time: 0, value: 1 },
      "NOT_FOUND",
    ],
    ["a key that does not exist", "animation.remove", { animation: "walk", track: 0, time: 0.7 }, "NOT_FOUND"],
    ["a time without a track", "animation.remove", { animation: "walk", time: 0.7 }, "INVALID_PARAMS"],
  ])("is not touched by %s", async (_, method, params, kind) => {
    const before = await savedText(bench, LEVEL);
    expect(await bench.fails(method, { path: "Mover", ...params })).toMatchObject({ kind });
    expect(await savedText(bench, LEVEL)).toBe(before);
  });
});

describe("a preview", () => {
  const position = async () =>
    (await bench.call("node.get_properties", { path: "Player", names: ["position"] })).properties;

  it("plays, and what it moved has its values back when it stops", async () => {
    await bench.call("animation.set_key", {
      path: "Mover",
      animation: "walk",
      track: 0,
      time: 2,
      value: vector(900, 0),
    });
    const before = await savedText(bench, LEVEL);
    const at = await position();
    await bench.call("animation.play", { path: "Mover", animation: "walk", start: 1 });
    expect(await position()).not.toEqual(at);
    expect(await bench.call("animation.stop", { path: "Mover" })).toMatchObject({ playing: false, wasPlaying: true });
    expect(await position()).toEqual(at);
    expect(await savedText(bench, LEVEL)).toBe(before);
  });

  it("is ended by a change and by saving, so that nothing of it is kept", async () => {
    const before = await savedText(bench, LEVEL);
    await bench.call("animation.play", { path: "Mover", animation: "walk", start: 1 });
    expect(await savedText(bench, LEVEL)).toBe(before);
    await bench.call("animation.play", { path: "Mover", animation: "walk", start: 1 });
    await bench.call("node.add", { type: "Node", name: "Late" });
    await bench.call("editor.undo");
    expect(await savedText(bench, LEVEL)).toBe(before);
  });
});

it("the editor has not complained", () => {
  expect(bench.editor.complaints).toEqual([]);
});
