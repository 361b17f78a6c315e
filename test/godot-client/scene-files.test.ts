/** Scene files: templates, saving elsewhere, closing, reloading, deleting, reading and comparing; newer files are kept. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedText, undoably } from "./undo-check.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const COIN = "res://game/coin.tscn";

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.dispose());

const openScenes = async () =>
  ((await bench.call("scene.list_open")).scenes as { scene: string }[]).map(({ scene }) => scene);

describe("scene.create_from_template", () => {
  it.each(["player_2d", "player_3d", "enemy_3d", "level_3d", "ui_menu"])(
    "makes %s as the editor itself would write it",
    async (template) => {
      const path = `res://made/${template}.tscn`;
      const created = await bench.call("scene.create_from_template", { path, template });
      expect(created).toMatchObject({ scene: path, root: { name: expect.any(String) } });
      const { nodes } = await bench.call("scene.read_file", { path });
      expect((nodes as unknown[]).length).toBeGreaterThan(3);
      const written = bench.editor.read(path.replace("res://", ""));
      expect(await savedText(bench, path)).toBe(written);
    },
  );

  it("refuses a template that does not exist, and a file that does", async () => {
    const path = "res://made/x.tscn";
    expect(await bench.fails("scene.create_from_template", { path, template: "player" })).toMatchObject({
      kind: "INVALID_PARAMS",
      hint: expect.stringContaining("player_2d"),
    });
    expect(await bench.fails("scene.create_from_template", { path: LEVEL, template: "ui_menu" })).toMatchObject({
      kind: "CONFLICT",
    });
  });
});

describe("a saved file", () => {
  it.each(["level", "coin", "player", "enemy"])("is byte for byte what was opened: %s", async (name) => {
    const before = bench.editor.read(`game/${name}.tscn`);
    await bench.call("scene.open", { path: `res://game/${name}.tscn` });
    expect(await savedText(bench, `res://game/${name}.tscn`)).toBe(before);
  });
});

describe("scene.instance", () => {
  it("adds an instance, with editable children when that is wanted", async () => {
    await bench.call("scene.open", { path: LEVEL });
    const params = { instance: COIN, parent: "Coins", name: "Coin7", editableChildren: true };
    expect(await undoably(bench, LEVEL, "scene.instance", params)).toMatchObject({ path: "Coins/Coin7" });
    expect(await savedText(bench, LEVEL)).toContain('[editable path="Coins/Coin7"]');
    await bench.call("node.set_properties", { path: "Coins/Coin7/Shape", properties: { disabled: true } });
    await bench.call("editor.undo");
    await bench.call("editor.undo");
    await bench.call("scene.save");
  });
});

describe("a file that was changed elsewhere", () => {
  const newer = (text: string) => text.replace('text = "Coins: 0"', 'text = "Coins: many"');

  it("is not overwritten", async () => {
    const text = await savedText(bench, LEVEL);
    bench.editor.write("game/level.tscn", newer(text));
    await bench.call("node.add", { scene: LEVEL, type: "Node", name: "Mine" });
    expect(await bench.fails("scene.save", { scene: LEVEL })).toMatchObject({
      kind: "CONFLICT",
      hint: expect.stringContaining("scene.reload"),
    });
    expect(await bench.call("scene.save_all")).toMatchObject({ skipped: [{ scene: LEVEL, kind: "CONFLICT" }] });
    expect(bench.editor.read("game/level.tscn")).toBe(newer(text));
    const { scenes } = await bench.call("scene.list_open");
    expect(scenes).toContainEqual(expect.objectContaining({ scene: LEVEL, changedOnDisk: true, unsaved: true }));
  });

  it("is shown in what it differs from the open scene", async () => {
    expect(await bench.call("scene.compare", { scene: LEVEL })).toMatchObject({
      equal: false,
      added: ["Mine"],
      removed: [],
      changed: [{ path: "Score", properties: { text: ["Coins: many", "Coins: 0"] } }],
    });
  });

  it("is taken by a reload, which loses unsaved changes only with discard", async () => {
    expect(await bench.fails("scene.reload", { scene: LEVEL })).toMatchObject({ kind: "CONFLICT" });
    await bench.call("scene.reload", { scene: LEVEL, discard: true });
    expect(await bench.call("scene.compare", { scene: LEVEL })).toMatchObject({ equal: true });
    expect(await bench.call("node.get_properties", { scene: LEVEL, path: "Score", names: ["text"] })).toMatchObject({
      properties: { text: "Coins: many" },
    });
    await bench.call("scene.save", { scene: LEVEL });
  });

  it("is overwritten with force", async () => {
    bench.editor.write("game/level.tscn", `${bench.editor.read("game/level.tscn")}\n`);
    expect(await bench.fails("scene.save", { scene: LEVEL })).toMatchObject({ kind: "CONFLICT" });
    await bench.call("scene.save", { scene: LEVEL, force: true });
    await bench.call("scene.save", { scene: LEVEL });
  });
});

describe("scene.save_as and scene.close", () => {
  it("save under another name, which is then open, and leave the first file as it was", async () => {
    await bench.call("scene.open", { path: COIN });
    const original = bench.editor.read("game/coin.tscn");
    await bench.call("node.add", { type: "Node", name: "Extra" });
    expect(await bench.call("scene.save_as", { path: "res://made/gem.tscn" })).toMatchObject({
      scene: "res://made/gem.tscn",
      from: COIN,
    });
    expect(bench.editor.read("game/coin.tscn")).toBe(original);
    expect(bench.editor.read("made/gem.tscn")).toContain('name="Extra"');
    expect(await openScenes()).toContain("res://made/gem.tscn");
    expect(await bench.call("scene.list_open")).toMatchObject({ current: "res://made/gem.tscn" });
    expect(await bench.fails("scene.save_as", { path: LEVEL })).toMatchObject({ kind: "CONFLICT" });
  });

  it("close a scene, unless it has unsaved changes", async () => {
    await bench.call("node.add", { type: "Node", name: "More" });
    expect(await bench.fails("scene.close")).toMatchObject({ kind: "CONFLICT" });
    await bench.call("scene.close", { discard: true });
    expect(await openScenes()).not.toContain("res://made/gem.tscn");
    expect(bench.editor.read("made/gem.tscn")).not.toContain('name="More"');
  });
});

describe("scene.delete", () => {
  it("deletes only when that is confirmed, and never the main scene", async () => {
    const path = "res://made/gem.tscn";
    expect(await bench.fails("scene.delete", { path })).toMatchObject({
      kind: "INVALID_PARAMS",
      hint: expect.stringContaining("confirm:true"),
    });
    expect(await bench.fails("scene.delete", { path: LEVEL, confirm: true })).toMatchObject({ kind: "CONFLICT" });
    await bench.call("scene.open", { path });
    expect(await bench.call("scene.delete", { path, confirm: true })).toEqual({ path, deleted: true });
    expect(await openScenes()).not.toContain(path);
    expect(() => bench.editor.read("made/gem.tscn")).toThrow();
    expect(await bench.fails("scene.open", { path })).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("a scene's file", () => {
  it("may be named scene or path, whatever the command calls it", async () => {
    expect(await bench.call("scene.open", { scene: COIN })).toMatchObject({ scene: COIN });
    expect(await bench.call("scene.read_file", { scene: COIN })).toMatchObject({ path: COIN });
    expect(await bench.call("editor.get_history", { path: LEVEL })).toMatchObject({ scene: LEVEL });
    expect(await bench.call("node.get_group_nodes", { path: LEVEL, group: "none" })).toMatchObject({ scene: LEVEL });
    expect(await bench.fails("scene.open", { scene: COIN, path: COIN })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await bench.fails("script.read", { scene: COIN })).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});

describe("scene.set_main", () => {
  it("says which scene it was before", async () => {
    expect(await bench.call("scene.set_main", { path: COIN })).toEqual({ path: COIN, previous: LEVEL });
    expect(bench.editor.read("project.godot")).toContain(`run/main_scene="${COIN}"`);
    await bench.call("scene.set_main", { path: LEVEL });
  });
});

describe("scene.read_file", () => {
  it("tells nodes, values, connections and dependencies of a scene that is not open", async () => {
    const file = await bench.call("scene.read_file", { path: "res://game/player.tscn" });
    expect(file).toMatchObject({
      path: "res://game/player.tscn",
      nodes: [
        { path: ".", name: "Player", type: "CharacterBody2D" },
        {
          path: "Shape",
          properties: {
            shape: {
              type: "Resource",
              class: "RectangleShape2D",
              properties: { size: { type: "Vector2", x: 24, y: 40 } },
            },
          },
        },
        { path: "Look" },
      ],
      dependencies: ["res://game/player.gd"],
    });
  });
});

describe("scene.get_tree", () => {
  it("filters by name, group and script", async () => {
    const tree = async (filter: Record<string, unknown>) =>
      JSON.stringify((await bench.call("scene.get_tree", { scene: LEVEL, ...filter })).root);
    expect(await tree({ name: "Coin2" })).toMatch(/Coin2/);
    expect(await tree({ name: "Coin2" })).not.toMatch(/Coin1|Player/);
    expect(await tree({ group: "coins" })).toMatch(/Coin1.*Coin2.*Coin3/);
    expect(await tree({ group: "coins" })).not.toMatch(/Ground/);
    expect(await tree({ script: "res://game/enemy.gd" })).toMatch(/Enemy/);
  });
});

it("the editor has not complained", () => {
  expect(bench.editor.complaints).toEqual([]);
});
