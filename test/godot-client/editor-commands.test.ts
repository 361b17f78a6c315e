/** The editor's selection, history, log, script editor and life. */
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const COIN = "res://game/coin.tscn";

/** A script that reports an error and a warning, and prints, as soon as a node gets it in the editor. */
const LOUD = `@tool
extends Node

@export var volume: int = 0:
	set(value):
		volume = value
		print_rich("[color=green]volume is [b]%d[/b][/color]" % value)
		if value > 1:
			push_warning("loud ", value)
		if value > 2:
			push_error("too loud ", value)
		if value > 8:
			burst.call_deferred()


func burst() -> void:
	var nothing: Object = null
	nothing.call("shout")
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ "game/loud.gd": LOUD });
  await bench.call("scene.open", { path: LEVEL });
});
afterAll(() => bench.dispose());

interface Entry {
  level: string;
  message: string;
}
async function logSince(cursor: unknown, level = "info"): Promise<Entry[]> {
  const { entries } = await bench.call("editor.get_log", { cursor, level });
  return (entries as Entry[]).map(({ level, message }) => ({ level, message }));
}

describe("the selection", () => {
  it("is set in the scene that is meant, and read back", async () => {
    expect(await bench.call("editor.set_selection", { paths: ["Ground", "."] })).toMatchObject({
      scene: LEVEL,
      selection: expect.arrayContaining(["Ground", "."]),
    });
    await bench.call("editor.set_selection", { scene: COIN, paths: ["."] });
    expect(await bench.call("editor.get_selection")).toEqual({ scene: COIN, nodes: [{ path: ".", type: "Area2D" }] });
    await bench.call("editor.set_selection", { paths: [] });
    expect(await bench.call("editor.get_selection")).toEqual({ scene: LEVEL, nodes: [] });
  });

  it("leaves nothing to complain of when its nodes are deleted in a tab that is hidden, or by undo", async () => {
    const scene = "res://selected/selected.tscn";
    await bench.call("scene.create", { path: scene, rootType: "Node2D", rootName: "Selected" });
    const paths = ["A", "B"];
    await bench.call("edit.batch", {
      scene,
      operations: paths.map((name) => ({ op: "add", parent: ".", type: "Control", name })),
    });
    const { cursor } = await bench.call("editor.get_log", {});
    const take = async (method: string, params: Record<string, unknown>) => {
      await bench.call("editor.set_selection", { scene, paths });
      await bench.call("scene.open", { path: COIN });
      await bench.call(method, { scene, ...params });
      for (const path of [COIN, scene, COIN, scene]) await bench.call("scene.open", { path });
    };
    await take("edit.batch", { operations: paths.map((path) => ({ op: "delete", path })) });
    await bench.call("editor.undo", { scene });
    await take("editor.undo", {});
    expect((await bench.call("editor.get_log", { cursor, level: "error" })).entries).toEqual([]);
    await bench.call("scene.close", { scene, discard: true });
    await bench.call("scene.open", { path: LEVEL });
  });

  it("refuses nodes that are not there, and changes nothing then", async () => {
    await bench.call("editor.set_selection", { paths: ["Ground"] });
    expect(await bench.fails("editor.set_selection", { paths: ["Player", "Grund"] })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining(["Ground"]),
    });
    expect(await bench.call("editor.get_selection")).toMatchObject({ nodes: [{ path: "Ground" }] });
  });
});

describe("editor.get_history", () => {
  it("lists the steps, their agents, and which are undone", async () => {
    const asOther = { clientId: "client-2", agent: "other" };
    await bench.call("node.add", { type: "Node", name: "One" });
    await bench.call("node.add", { scene: LEVEL, type: "Node", name: "Two" }, asOther);
    await bench.call("node.add", { type: "Node", name: "Three" });
    await bench.call("editor.undo");
    const { steps } = await bench.call("editor.get_history", { limit: 3 });
    expect(steps).toEqual([
      { action: "Add One (tester)", agent: "tester", own: true, undone: false },
      { action: "Add Two (other)", agent: "other", own: false, undone: false },
      { action: "Add Three (tester)", agent: "tester", own: true, undone: true },
    ]);
    expect(await bench.call("editor.get_history", { limit: 1 })).toMatchObject({
      steps: [{ action: "Add Three (tester)" }],
      truncated: true,
    });
  });
});

describe("what the engine reports", () => {
  it("is part of the answer of the command during which it happened", async () => {
    await bench.call("node.add", { type: "Node", name: "Speaker" });
    await bench.call("script.attach", { path: "Speaker", script: "res://game/loud.gd" });
    const quiet = await bench.call("node.set_properties", { path: "Speaker", properties: { volume: 1 } });
    expect(quiet).not.toHaveProperty("engineErrors");
    const { engineErrors } = await bench.call("node.set_properties", { path: "Speaker", properties: { volume: 5 } });
    expect(engineErrors).toEqual([
      expect.objectContaining({ level: "warning", message: "loud 5", file: "res://game/loud.gd", line: 9 }),
      expect.objectContaining({ level: "error", message: "too loud 5", file: "res://game/loud.gd", line: 11 }),
    ]);
    await bench.editor.clearOutput();
  });

  it("comes as events, from warnings on", async () => {
    const from = bench.hub.events.length;
    await bench.call("node.set_properties", { path: "Speaker", properties: { volume: 7 } });
    await bench.hub.event(({ event, data }) => event === "log.warning" && data.message === "loud 7", "it", from);
    const isError = (message: string) => (event: { event: string; data: Record<string, unknown> }) =>
      event.event === "log.error" && event.data.message === message;
    const seen = await bench.hub.event(isError("too loud 7"), "the error", from);
    expect(seen.data).toMatchObject({ file: "res://game/loud.gd", line: 11 });
    await bench.editor.clearOutput();
  });

  it("is not what a check was asked to find", async () => {
    const answer = await bench.call("script.validate", { source: "extends Nod\n" });
    expect(answer).toMatchObject({ valid: false });
    expect(answer).not.toHaveProperty("engineErrors");
  });
});

describe("editor.get_log", () => {
  it("gives what came since a cursor, from a level on, in pages", async () => {
    const { cursor } = await bench.call("editor.get_log", { limit: 1 });
    for (const volume of [1, 2, 3]) {
      await bench.call("node.set_properties", { path: "Speaker", properties: { volume } });
    }
    expect(await logSince(cursor)).toEqual([
      { level: "info", message: "volume is 1" },
      { level: "info", message: "volume is 2" },
      { level: "warning", message: "loud 2" },
      { level: "info", message: "volume is 3" },
      { level: "warning", message: "loud 3" },
      { level: "error", message: "too loud 3" },
    ]);
    expect(await logSince(cursor, "warning")).toHaveLength(3);
    expect(await logSince(cursor, "error")).toEqual([{ level: "error", message: "too loud 3" }]);
    const first = await bench.call("editor.get_log", { cursor, limit: 2 });
    expect(first).toMatchObject({ truncated: true });
    expect((await logSince(first.cursor)).map(({ message }) => message)[0]).toBe("loud 2");
    expect(await bench.call("editor.get_log", { limit: 1 })).toMatchObject({ entries: [{ message: "too loud 3" }] });
    await bench.editor.clearOutput();
  });

  it("has the errors of scripts that run in the editor, by themselves too, with their places", async () => {
    const { cursor } = await bench.call("editor.get_log", { limit: 1 });
    await bench.call("node.set_properties", { path: "Speaker", properties: { volume: 9 } });
    const failure = await until(
      async () => {
        const { entries } = (await bench.call("editor.get_log", { cursor, level: "error" })) as { entries: Entry[] };
        return entries.find(({ message }) => message.includes("null value"));
      },
      { what: "the error" },
    );
    expect(failure).toMatchObject({ level: "error", file: "res://game/loud.gd", function: "burst", line: 18 });
    await bench.editor.clearOutput();
  });

  it("has nothing of how far the engine's own work has come, and all that the project prints", async () => {
    const { cursor } = await bench.call("editor.get_log", { limit: 1 });
    for (const name of ["Apple", "Pear"]) {
      bench.editor.write(`game/${name.toLowerCase()}.gd`, `class_name ${name}\nextends Node\n`);
    }
    await bench.call("editor.rescan");
    await bench.call("node.set_properties", { path: "Speaker", properties: { volume: 1 } });
    expect(await logSince(cursor)).toEqual([{ level: "info", message: "volume is 1" }]);
    // An editor with a window shows it elsewhere.
    if (!bench.editor.hasWindow) expect(bench.editor.output).toContain("update_scripts_classes");
    const whole = JSON.stringify(await bench.call("editor.get_log", { limit: 5_000 }));
    expect(whole).not.toContain("% ]");
    expect(whole).not.toContain("\\u001b");
  });

  it("starts empty after editor.clear_log, while cursors stay right", async () => {
    const { cursor } = await bench.call("editor.get_log");
    expect(await bench.call("editor.clear_log")).toEqual({ cleared: expect.any(Number) });
    expect(await bench.call("editor.get_log")).toEqual({ entries: [], cursor });
    await bench.call("node.set_properties", { path: "Speaker", properties: { volume: 1 } });
    expect(await logSince(cursor)).toEqual([{ level: "info", message: "volume is 1" }]);
  });

  it.each([{ level: "loud" }, { cursor: "yesterday" }])("refuses %j", async (params) => {
    expect(await bench.fails("editor.get_log", params)).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});

describe("editor.open_script", () => {
  it("shows a script at a line, and a script that is changed there shows its new text", async () => {
    const path = "res://game/coin.gd";
    expect(await bench.call("editor.open_script", { path, line: 3 })).toEqual({ path, line: 3, column: 1 });
    expect(await bench.fails("editor.open_script", { path: "res://game/cion.gd" })).toMatchObject({
      kind: "NOT_FOUND",
    });
  });
});

describe("a file that is not imported yet", () => {
  const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
  const MODEL = JSON.stringify({
    asset: { version: "2.0" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name: "A" }],
  });
  const scene = "res://imports/user.tscn";

  it("is imported before the command that uses it: a picture, a model, one that a read names", async () => {
    await bench.call("scene.create", { path: scene, rootType: "Node2D", rootName: "User" });
    bench.editor.write("imports/used.svg", PICTURE);
    const sprite = { type: "Sprite2D", name: "Sprite", properties: { texture: "res://imports/used.svg" } };
    expect(await bench.call("node.add", { scene, ...sprite })).toMatchObject({ path: "Sprite" });
    bench.editor.write("imports/model.gltf", MODEL);
    expect(await bench.call("scene.instance", { scene, instance: "res://imports/model.gltf" })).not.toHaveProperty(
      "error",
    );
    bench.editor.write("imports/read.svg", PICTURE);
    expect(await bench.call("resource.get", { path: "res://imports/read.svg" })).toMatchObject({
      class: "CompressedTexture2D",
    });
  });

  it("is imported before a scene is opened that consists of it", async () => {
    bench.editor.write("imports/part.svg", PICTURE);
    bench.editor.write(
      "imports/whole.tscn",
      `[gd_scene format=3]\n\n[ext_resource type="Texture2D" path="res://imports/part.svg" id="1"]\n\n[node name="Root" type="Sprite2D"]\ntexture = ExtResource("1")\n`,
    );
    expect(await bench.call("scene.open", { path: "res://imports/whole.tscn" })).not.toHaveProperty("missing");
  });

  it("is not imported by a read where the file says how: that may be code", async () => {
    bench.editor.write("imports/told.svg", PICTURE);
    bench.editor.write(
      "imports/told.svg.import",
      '[remap]\n\nimporter="texture"\npath="res://.godot/imported/told.ctex"\n',
    );
    expect(await bench.fails("resource.get", { path: "res://imports/told.svg" })).toMatchObject({
      kind: "NOT_FOUND",
      message: expect.stringContaining("has not imported it"),
      hint: expect.stringContaining("editor.rescan"),
    });
    const properties = { texture: "res://imports/told.svg" };
    await bench.call("node.set_properties", { scene, path: "Sprite", properties });
  });

  it.each([
    ["broken.png", "no picture", {}, /could not be imported/],
    ["kept.svg", PICTURE, { "kept.svg.import": '[remap]\n\nimporter="keep"\n' }, /importer is "keep"/],
    ["ignored/x.svg", PICTURE, { "ignored/.gdignore": "" }, /\.gdignore keeps the editor out/],
  ])("that is never imported says why: %s", async (name, text, beside, why) => {
    for (const [path, content] of Object.entries({ [name]: text, ...beside }))
      bench.editor.write(`imports/${path}`, content);
    const properties = { texture: `res://imports/${name}` };
    for (let time = 0; time < 2; time += 1) {
      expect((await bench.fails("node.set_properties", { scene, path: "Sprite", properties })).message).toMatch(why);
      expect((await bench.fails("resource.get", { path: properties.texture })).message).toMatch(why);
    }
    await bench.editor.clearOutput();
  });

  it("is waited for within the deadline only", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `imports/many/${index}.svg`);
    for (const path of many) bench.editor.write(path, PICTURE.replaceAll('"8"', '"900"'));
    const properties = { texture: "res://imports/many/39.svg" };
    const asked = () =>
      bench.hub.call("node.set_properties", { scene, path: "Sprite", properties }, { deadlineMs: 520 });
    const first = await asked().catch((error: { kind?: string }) => error.kind);
    if (typeof first === "string") expect(first).toBe("TIMEOUT");
    await bench.call("node.set_properties", { scene, path: "Sprite", properties }, { deadlineMs: 60_000 });
  });
});

describe("editor.rescan", () => {
  it("tells of files that were imported by it", async () => {
    const from = bench.hub.events.length;
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
    bench.editor.write("game/fresh.svg", picture);
    await bench.call("editor.rescan");
    const { data } = await bench.hub.event(({ event }) => event === "import.finished", "the import", from);
    expect(data).toEqual({ files: ["res://game/fresh.svg"], count: 1 });
  });

  it("answers when what it found is imported, and says what could not be", async () => {
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
    bench.editor.write("game/later.svg", picture);
    bench.editor.write("game/broken.png", "no picture");
    expect(await bench.call("editor.rescan")).toMatchObject({
      state: "ready",
      imported: expect.arrayContaining(["res://game/later.svg"]),
      failed: ["res://game/broken.png"],
    });
    expect(await bench.call("resource.get", { path: "res://game/later.svg" })).toMatchObject({
      class: "CompressedTexture2D",
    });
    await bench.editor.clearOutput();
  });

  it("loads anew what was changed outside and is loaded: resources, shaders and scripts", async () => {
    const later = (path: string, text: string) => {
      bench.editor.write(path, text);
      const soon = Date.now() / 1_000 + 10;
      utimesSync(join(bench.editor.project, path), soon, soon);
    };
    await bench.call("resource.create", {
      path: "res://game/held.tres",
      type: "Gradient",
      properties: { resource_name: "old" },
    });
    await bench.call("script.create", {
      path: "res://game/held.gd",
      source: "extends Node2D\n@export var speed := 1\n",
    });
    const properties = { gradient: "res://game/held.tres", script: "res://game/held.gd" };
    await bench.call("node.add", { type: "Line2D", name: "Holder", properties });
    later("game/held.tres", bench.editor.read("game/held.tres").replace('"old"', '"new"'));
    later("game/held.gd", "extends Node2D\n@export var power := 7\n");
    const { reloaded } = await bench.call("editor.rescan");
    expect([...(reloaded as string[])].sort()).toEqual(["res://game/held.gd", "res://game/held.tres"]);
    expect(await bench.call("resource.get", { path: "res://game/held.tres", names: ["resource_name"] })).toMatchObject({
      properties: { resource_name: "new" },
    });
    expect(await bench.call("node.get_properties", { path: "Holder", names: ["power"] })).toMatchObject({
      properties: { power: 7 },
    });
  });

  it("finds files that were written from outside", async () => {
    bench.editor.write("outside/found.gd", "class_name FoundLater\nextends Node2D\n");
    expect(await bench.call("editor.rescan")).toMatchObject({ state: "ready" });
    expect(await bench.call("node.add", { type: "FoundLater", name: "Found" })).toMatchObject({ type: "Node2D" });
  });
});

it("nothing that the tests did not provoke was complained about", () => {
  expect(bench.editor.complaints).toEqual([]);
});
