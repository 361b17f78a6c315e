/** The project's facts and files, the editor's state, and running the game. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ "notes.md": "# Notes\nthe *gravity* of things\n" });
});
afterAll(() => bench.dispose());

describe("project.get_info", () => {
  it("says what the project is", async () => {
    expect(await bench.call("project.get_info")).toMatchObject({
      name: "Hub Sample",
      path: bench.editor.project,
      mainScene: LEVEL,
      godotVersion: expect.stringMatching(/^4\./),
      autoloads: {},
      files: { gd: expect.any(Number), tscn: 5 },
    });
  });
});

describe("project.list_files", () => {
  it("filters by folder, name and type, with sizes", async () => {
    const { files } = await bench.call("project.list_files", { path: "res://game", pattern: "*.tscn" });
    expect((files as { path: string }[]).map(({ path }) => path)).toEqual(
      ["coin", "enemy", "level", "player", "tests/level_test"].map((name) => `res://game/${name}.tscn`),
    );
    expect(files).toContainEqual({
      path: LEVEL,
      type: "PackedScene",
      size: bench.editor.read("game/level.tscn").length,
    });
    expect(await bench.call("project.list_files", { path: "res://game", type: "GDScript" })).toMatchObject({
      total: 6,
    });
    expect(await bench.call("project.list_files", { recursive: false, pattern: "*.md" })).toMatchObject({
      files: [{ path: "res://notes.md" }],
    });
  });

  it("leaves out what stands beside other files unless it is named, and this addon unless it is asked for", async () => {
    const listed = async (params: object) => {
      const { files } = await bench.call("project.list_files", { limit: 5_000, ...params });
      return (files as { path: string }[]).map(({ path }) => path);
    };
    const all = await listed({});
    expect(all).toContain("res://game/player.gd");
    expect(all.filter((path) => /\.(uid|import)$|addons\/godot_mcp_hub/.test(path))).toEqual([]);
    expect(await listed({ pattern: "player.gd.uid" })).toEqual(["res://game/player.gd.uid"]);
    expect(await listed({ path: "res://addons/godot_mcp_hub" })).toContain("res://addons/godot_mcp_hub/plugin.gd");
    const { problems } = await bench.call("project.validate");
    expect((problems as { path: string }[]).filter(({ path }) => path.startsWith("res://addons/"))).toEqual([]);
  });

  it("pages", async () => {
    const first = await bench.call("project.list_files", { limit: 3 });
    expect(first).toMatchObject({ truncated: true });
    const next = await bench.call("project.list_files", { limit: 3, cursor: first.cursor });
    const all = await bench.call("project.list_files", { limit: 6 });
    expect([...(first.files as unknown[]), ...(next.files as unknown[])]).toEqual(all.files);
  });

  it("says of a list that was cut how many files there are of each kind and in each folder", async () => {
    const cut = await bench.call("project.list_files", { limit: 1, pattern: "*.tscn" });
    const { files, total } = await bench.call("project.list_files", { pattern: "*.tscn" });
    const inGame = (files as { path: string }[]).filter(({ path }) => path.startsWith("res://game/")).length;
    expect(cut).toMatchObject({ total, byExtension: { tscn: total }, byFolder: { "res://game": inGame } });
    const below = await bench.call("project.list_files", { limit: 1, path: "res://game" });
    expect(below).toMatchObject({ byFolder: { "res://game": expect.any(Number) } });
    expect(await bench.call("project.list_files", { pattern: "*.tscn" })).not.toHaveProperty("byExtension");
  });

  it("never leaves the project", async () => {
    const outside = mkdtempSync(join(tmpdir(), "outside-"));
    writeFileSync(join(outside, "secret.md"), "gravity");
    symlinkSync(outside, join(bench.editor.project, "leak"));
    symlinkSync(join(outside, "secret.md"), join(bench.editor.project, "leak.md"));
    for (const path of ["res://..", "/etc", "user://", "res://leak"]) {
      expect(await bench.fails("project.list_files", { path })).toMatchObject({ kind: "INVALID_PARAMS" });
    }
    expect(JSON.stringify(await bench.call("project.list_files", { limit: 5_000 }))).not.toContain("leak");
    expect(await bench.call("project.search_files", { query: "gravity", pattern: "*.md" })).toMatchObject({
      matches: [{ path: "res://notes.md" }],
    });
    rmSync(outside, { recursive: true });
    expect(await bench.fails("project.list_files", { path: "res://nowhere" })).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("project.search_files", () => {
  it("finds lines by text and by regular expression", async () => {
    expect(await bench.call("project.search_files", { query: "GRAVITY of", pattern: "*.md" })).toEqual({ matches: [] });
    expect(await bench.call("project.search_files", { query: "*GRAVITY*" })).toEqual({
      matches: [{ path: "res://notes.md", line: 2, text: "the *gravity* of things" }],
    });
    expect(await bench.call("project.search_files", { query: "*GRAVITY*", caseSensitive: true })).toEqual({
      matches: [],
    });
    const found = await bench.call("project.search_files", {
      query: "^class_name \\w+$",
      regexp: true,
      pattern: "*.gd",
    });
    expect((found.matches as { path: string }[]).map(({ path }) => path)).toEqual([
      "res://game/enemy.gd",
      "res://game/player.gd",
    ]);
    expect(await bench.fails("project.search_files", { query: "(", regexp: true })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
    await bench.editor.clearOutput();
  });

  it("is not held up by an expression that is made to backtrack, and says what it has given up", async () => {
    const line = `${"a".repeat(60)}b`;
    const lines = Array.from({ length: 300 }, () => line);
    writeFileSync(join(bench.editor.project, "costly.txt"), [...lines, "aaa", "bbb"].join("\n"));
    const search = (query: string) =>
      bench.call("project.search_files", { query, regexp: true, pattern: "costly.txt", caseSensitive: true });
    const given = bench.call("project.search_files", { query: "(a+)+$", regexp: true, pattern: "costly.txt" });
    // The engine's own limit would hold the main thread for half a second with each of these lines.
    const asked = Array.from({ length: 5 }, () => bench.call("editor.get_state"));
    await Promise.all(asked);
    expect(await given).toEqual({ matches: [{ path: "res://costly.txt", line: 301, text: "aaa" }], unsearched: 300 });
    expect(await search("a$")).toEqual({ matches: [{ path: "res://costly.txt", line: 301, text: "aaa" }] });
    expect(await search("(b)\\1")).toEqual({ matches: [{ path: "res://costly.txt", line: 302, text: "bbb" }] });
    expect(await search("^b*$")).toMatchObject({ matches: [{ line: 302 }] });
    expect(await search("(?x) a{3}$ # three at the end")).toMatchObject({ matches: [{ line: 301 }] });
    rmSync(join(bench.editor.project, "costly.txt"));
  });

  it("pages: the pages together are the whole", async () => {
    const whole = (await bench.call("project.search_files", { query: "extends", path: "res://game", limit: 100 }))
      .matches;
    const paged: unknown[] = [];
    let cursor: unknown;
    do {
      const page = await bench.call("project.search_files", {
        query: "extends",
        path: "res://game",
        limit: 1,
        ...(cursor !== undefined && { cursor }),
      });
      paged.push(...(page.matches as unknown[]));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole);
  });
});

describe("running the game", () => {
  it("says how to choose a main scene where there is none, or none that exists", async () => {
    for (const scene of ["res://gone.tscn", null]) {
      await bench.call("project.set_settings", { settings: { "application/run/main_scene": scene } });
      expect(await bench.fails("run.play")).toMatchObject({ hint: expect.stringContaining("scene.set_main") });
    }
    await bench.call("scene.set_main", { path: LEVEL });
  });

  it("plays the main scene, tells so, and stops", async () => {
    const from = bench.hub.events.length;
    expect(await bench.call("run.play")).toMatchObject({ playing: true, scene: LEVEL });
    expect(await bench.call("run.status")).toMatchObject({ playing: true, scene: LEVEL });
    expect(await bench.call("editor.get_state")).toMatchObject({
      state: "playing",
      playing: true,
      playingScene: LEVEL,
    });
    expect(await bench.fails("run.play")).toMatchObject({ kind: "CONFLICT" });
    await bench.hub.event(({ event, data }) => event === "run.started" && data.scene === LEVEL, "run.started", from);
    await bench.hub.event(({ event, data }) => event === "instance.state" && data.state === "playing", "playing", from);
    expect(await bench.call("run.stop")).toMatchObject({ playing: false, scene: null });
    await bench.hub.event(({ event }) => event === "run.stopped", "run.stopped", from);
    expect(await bench.call("run.stop")).toMatchObject({ playing: false, scene: null });
  });

  it("plays a scene that is named, or the session's own", async () => {
    const coin = "res://game/coin.tscn";
    expect(await bench.call("run.play", { scene: coin })).toMatchObject({ playing: true, scene: coin });
    await bench.call("run.stop");
    await bench.call("scene.open", { path: coin });
    await until(async () => !(await bench.call("run.status")).playing, { what: "the end of the game" });
    expect(await bench.call("run.play", { which: "current" })).toMatchObject({ playing: true, scene: coin });
    await bench.call("run.stop");
  });

  it.each([
    ["a scene that does not exist", { scene: "res://game/nothing.tscn" }, "NOT_FOUND"],
    ["an unknown word", { which: "all" }, "INVALID_PARAMS"],
    ["custom without a scene", { which: "custom" }, "INVALID_PARAMS"],
  ])("refuses %s", async (_, params, kind) => {
    expect(await bench.fails("run.play", params)).toMatchObject({ kind });
  });
});

describe("editor.get_state", () => {
  it("names the open scenes and the selection", async () => {
    await bench.call("scene.open", { path: LEVEL });
    const state = await bench.call("editor.get_state");
    expect(state).toMatchObject({ current: LEVEL, playing: false, playingScene: null, selection: [] });
    expect(state.scenes).toContainEqual({
      scene: LEVEL,
      revision: 1,
      unsaved: false,
      active: true,
      changedOnDisk: false,
    });
  });
});

it("every script of the project compiles without a warning, the addon's too", async () => {
  const { scripts } = await bench.call("script.list", { limit: 1_000 });
  const findings: unknown[] = [];
  for (const { path } of scripts as { path: string }[]) {
    const { errors, warnings } = await bench.call("script.validate", { path });
    for (const finding of [...(errors as object[]), ...(warnings as object[])]) findings.push({ path, ...finding });
  }
  expect(findings).toEqual([]);
});
