/** Tests scenes as files and tabs, and that each session has a separate current scene. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GodotEditor } from "../support/godot-editor.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const COIN = "res://game/coin.tscn";
const anna = { clientId: "client-anna", agent: "anna" };
const ben = { clientId: "client-ben", agent: "ben" };

let bench: Workbench;
/** Without a main scene, the editor opens none when it starts. */
const settings = readFileSync(new URL("../../godot-client/project.godot", import.meta.url), "utf8");

beforeAll(async () => {
  bench = await openWorkbench({
    "project.godot": settings.replace(/^run\/main_scene=.*$/m, ""),
    "game/broken.tscn": '[gd_scene format=3]\n[node name="A" type="Nonsense',
  });
});
afterAll(() => bench.dispose());

describe("without an open scene", () => {
  it("says so, and what to do", async () => {
    expect(await bench.fails("scene.get_tree")).toMatchObject({
      kind: "NO_SCENE_OPEN",
      hint: expect.stringContaining("scene.open"),
    });
    expect(await bench.fails("node.add", { type: "Node" })).toMatchObject({ kind: "NO_SCENE_OPEN" });
    expect(await bench.call("scene.list_open")).toEqual({ scenes: [], current: null });
  });

  it("reads a scene that is not open from its file, and opens nothing", async () => {
    const tree = await bench.call("scene.get_tree", { scene: LEVEL, depth: 1 });
    expect(tree).toMatchObject({ scene: LEVEL, root: { name: "Level", type: "Node2D", path: "." } });
    expect(await bench.call("node.get_properties", { scene: LEVEL, path: "Score", names: ["text"] })).toMatchObject({
      properties: { text: "Coins: 0" },
    });
    expect(await bench.call("scene.list_open")).toEqual({ scenes: [], current: null });
  });
});

describe("two sessions", () => {
  it("work on their own scenes, whatever tab the editor shows", async () => {
    await bench.call("scene.open", { path: LEVEL }, anna);
    await bench.call("scene.open", { path: COIN }, ben);
    const add = (name: string, asking: typeof anna) => bench.call("node.add", { type: "Node", name }, asking);
    const added = await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => add(`A${index}`, anna)),
      ...Array.from({ length: 10 }, (_, index) => add(`B${index}`, ben)),
    ]);
    expect(added.slice(0, 10).every(({ scene }) => scene === LEVEL)).toBe(true);
    expect(added.slice(10).every(({ scene }) => scene === COIN)).toBe(true);
    const names = async (asking: typeof anna) =>
      JSON.stringify((await bench.call("scene.get_tree", { depth: 1 }, asking)).root);
    expect(await names(anna)).toContain("A9");
    expect(await names(anna)).not.toContain("B0");
    expect(await names(ben)).toContain("B9");
    expect(await bench.call("scene.list_open", {}, anna)).toMatchObject({ current: LEVEL });
    expect(await bench.call("scene.list_open", {}, ben)).toMatchObject({ current: COIN });
  });

  it("may name another scene for one command, which changes nothing for the next", async () => {
    await bench.call("node.add", { type: "Node", name: "Guest", scene: COIN }, anna);
    expect(await bench.call("scene.get_tree", { depth: 0 }, anna)).toMatchObject({ scene: LEVEL });
  });
});

describe("scene.create", () => {
  it("makes a file that Godot itself wrote, opens it and makes it the session's scene", async () => {
    const created = await bench.call("scene.create", { path: "res://made/fire_ball.tscn", rootType: "Area2D" }, anna);
    expect(created).toMatchObject({ scene: "res://made/fire_ball.tscn", root: { name: "FireBall", type: "Area2D" } });
    expect(bench.editor.read("made/fire_ball.tscn")).toMatch(
      /^\[gd_scene format=3 uid="uid:\/\/\w+"\]\n\n\[node name="FireBall" type="Area2D"/,
    );
    expect(await bench.call("scene.list_open", {}, anna)).toMatchObject({ current: "res://made/fire_ball.tscn" });
  });

  it.each([
    ["a file that exists", { path: LEVEL, rootType: "Node" }, "CONFLICT"],
    ["a class that does not exist", { path: "res://made/x.tscn", rootType: "Node4D" }, "NOT_FOUND"],
    ["a file that is no scene", { path: "res://made/x.txt", rootType: "Node" }, "INVALID_PARAMS"],
    ["a place outside the project", { path: "res://../x.tscn", rootType: "Node" }, "INVALID_PARAMS"],
    ["a root name with a slash", { path: "res://made/x.tscn", rootType: "Node", rootName: "a/b" }, "INVALID_PARAMS"],
  ])("refuses %s", async (_, params, kind) => {
    expect(await bench.fails("scene.create", params)).toMatchObject({ kind });
  });
});

describe("scene.open", () => {
  it("names near scenes when there is none of that name", async () => {
    expect(await bench.fails("scene.open", { path: "res://game/levle.tscn" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining([LEVEL]),
    });
  });

  it("fails for a file that cannot be loaded, and keeps the session where it was", async () => {
    await bench.call("scene.open", { path: LEVEL }, anna);
    expect(await bench.fails("scene.open", { path: "res://game/broken.tscn" }, anna)).toMatchObject({
      kind: "NO_SCENE_OPEN",
    });
    expect(await bench.call("scene.list_open", {}, anna)).toMatchObject({ current: LEVEL });
    await bench.editor.clearOutput();
  });
});

describe("scene.get_tree", () => {
  it("limits depth and says how many children it left out", async () => {
    const { root } = await bench.call("scene.get_tree", { scene: COIN, depth: 0 });
    expect(root).toMatchObject({
      name: "Coin",
      script: "res://game/coin.gd",
      groups: ["coins"],
      childCount: expect.any(Number),
    });
  });

  it("pages: the pages together have every node once", async () => {
    const seen: string[] = [];
    const collect = (node: unknown, own: Set<string>): void => {
      const { path, children = [] } = node as { path: string; children?: unknown[] };
      own.add(path);
      for (const child of children) collect(child, own);
    };
    let cursor: unknown;
    do {
      const page = await bench.call("scene.get_tree", {
        scene: LEVEL,
        limit: 5,
        ...(cursor !== undefined && { cursor }),
      });
      const own = new Set<string>();
      collect(page.root, own);
      seen.push(...own);
      cursor = page.cursor;
    } while (cursor !== undefined);
    const whole = new Set<string>();
    collect((await bench.call("scene.get_tree", { scene: LEVEL })).root, whole);
    expect(new Set(seen)).toEqual(whole);
  });

  it("keeps only nodes of a class, with their ancestors", async () => {
    const { root } = await bench.call("scene.get_tree", { scene: LEVEL, type: "Area2D" });
    expect(root).toMatchObject({
      name: "Level",
      children: [{ name: "Coins", children: [{}, {}, {}] }, { name: "Goal" }],
    });
    expect(await bench.fails("scene.get_tree", { scene: LEVEL, type: "Aera2D" })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
    expect(await bench.fails("scene.get_tree", { scene: LEVEL, path: "Coin" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining(["Coins"]),
    });
  });
});

describe("scene.save", () => {
  const unsaved = async () => {
    const { scenes } = await bench.call("scene.list_open");
    return (scenes as { scene: string; unsaved: boolean }[]).filter((scene) => scene.unsaved).map(({ scene }) => scene);
  };

  it("saves the session's scene and marks it as saved", async () => {
    await bench.call("node.set_properties", { path: "Score", properties: { text: "7" } }, anna);
    expect(await unsaved()).toContain(LEVEL);
    const { revision } = await bench.call("scene.get_tree", { depth: 0 }, anna);
    expect(await bench.call("scene.save", {}, anna)).toEqual({ scene: LEVEL, revision });
    expect(await unsaved()).not.toContain(LEVEL);
    expect(bench.editor.read("game/level.tscn")).toContain('text = "7"');
  });

  it("knows a scene in which a saved step was undone and another one done as unsaved", async () => {
    await bench.call("node.add", { type: "Node2D", name: "Saved" }, anna);
    await bench.call("scene.save", {}, anna);
    await bench.call("editor.undo", {}, anna);
    expect(await unsaved()).toContain(LEVEL);
    await bench.call("editor.redo", {}, anna);
    expect(await unsaved()).not.toContain(LEVEL);
    await bench.call("editor.undo", {}, anna);
    await bench.call("node.add", { type: "Node2D", name: "Another" }, anna);
    expect(await unsaved()).toContain(LEVEL);
    expect((await bench.call("scene.save_all")).saved).toContain(LEVEL);
    expect(await unsaved()).not.toContain(LEVEL);
    expect(bench.editor.read("game/level.tscn")).toContain('name="Another"');
    expect(bench.editor.read("game/level.tscn")).not.toContain('name="Saved"');
  });

  it("writes files that another editor opens without a complaint", async () => {
    await bench.call("scene.save", { scene: LEVEL });
    await bench.call("scene.save", { scene: COIN });
    expect(bench.editor.complaints).toEqual([]);
    await bench.editor.kill();
    const files = ["game/level.tscn", "game/coin.tscn"].map((path) => [
      path,
      readFileSync(join(bench.editor.project, path), "utf8"),
    ]);
    const other = GodotEditor.start({ env: bench.hub.env, files: Object.fromEntries(files) });
    await bench.hub.editor(2);
    await bench.call("scene.open", { path: LEVEL });
    await bench.call("scene.open", { path: COIN });
    expect(other.complaints).toEqual([]);
    await other.dispose();
  });
});
