/** Tests scripts that failed once and are correct now: every user gets the current script, whichever part was missing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const EXPORTS = "@export var speed: int = 1\n";
const sceneWith = (script: string, properties = "") =>
  `[gd_scene format=3]\n\n[ext_resource type="Script" path="${script}" id="1"]\n\n[node name="Top" type="Node2D"]\nscript = ExtResource("1")\n${properties}`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.dispose());

const create = (path: string, source: string) => bench.call("script.create", { path, source });
const edit = (path: string, source: string) => bench.call("script.edit", { path, source });

async function attachFails(script: string): Promise<void> {
  expect(await bench.fails("script.attach", { scene: LEVEL, path: ".", script })).toMatchObject({
    kind: "SCRIPT_COMPILE_FAILED",
  });
}

interface Case {
  /** Files that are there, by their paths below res://. */
  files?: Record<string, string>;
  /** Text of a script of a Node2D that lacks something. */
  source: string;
  /** Brings what it lacks. */
  come: () => Promise<unknown>;
}

const cases: Record<string, Case> = {
  "a class": {
    source: `extends Node2D\n${EXPORTS}var w: LateClass\n`,
    come: () => create("res://stale/late_class.gd", "class_name LateClass\nextends Node\n"),
  },
  "an autoload": {
    files: { "stale/auto.gd": "extends Node\n" },
    source: `extends Node2D\n${EXPORTS}func f() -> void:\n\tLateAutoload.queue_free()\n`,
    come: () => bench.call("project.add_autoload", { name: "LateAutoload", path: "res://stale/auto.gd" }),
  },
  "a base script that compiles": {
    files: { "stale/base.gd": "extends Node2D\nvar x: int = nothing\n" },
    source: `extends "res://stale/base.gd"\n${EXPORTS}`,
    come: () => edit("res://stale/base.gd", "extends Node2D\nvar x: int = 1\n"),
  },
  "a base of its base that compiles": {
    files: {
      "stale/root.gd": "extends Node2D\nvar x: int = nothing\n",
      "stale/middle.gd": 'extends "root.gd"\n',
    },
    source: `extends "middle.gd"\n${EXPORTS}`,
    come: async () => bench.editor.write("stale/root.gd", "extends Node2D\nvar x: int = 1\n"),
  },
  "a preloaded script that compiles": {
    files: { "stale/used.gd": "extends Nothing\nfunc f() -> int:\n\treturn 1\n" },
    source: `extends Node2D\nconst Used := preload("used.gd")\n${EXPORTS}var u: int = Used.new().f()\n`,
    come: async () => bench.editor.write("stale/used.gd", "extends Node\nfunc f() -> int:\n\treturn 1\n"),
  },
};

/** Ways to use a script: what each answers shows that it compiled. */
const uses: Record<string, (script: string) => Promise<unknown>> = {
  attach: (script) => bench.call("script.attach", { scene: LEVEL, path: ".", script }),
  property: (script) =>
    bench.call("node.set_properties", { scene: LEVEL, path: ".", properties: { script, speed: 4 } }),
  add: (script) =>
    bench.call("node.add", { scene: LEVEL, type: "Node2D", name: "Made", properties: { script, speed: 4 } }),
  batch: (script) =>
    bench.call("edit.batch", { scene: LEVEL, operations: [{ op: "attach_script", path: ".", script }] }),
  instance: async (script) => {
    bench.editor.write("stale/instance.tscn", sceneWith(script));
    const added = { scene: LEVEL, instance: "res://stale/instance.tscn", name: "Instance", properties: { speed: 4 } };
    await bench.call("node.add", added);
  },
};

describe("a script that could not be compiled", () => {
  it.each(Object.keys(cases))("for want of %s is right for every use when that has come", async (name) => {
    const { files = {}, source, come } = cases[name] as Case;
    await bench.call("scene.open", { path: LEVEL });
    for (const [path, text] of Object.entries(files)) bench.editor.write(path, text);
    const pathOf = (way: string) => `stale/${way}_${Object.keys(cases).indexOf(name)}.gd`;
    for (const way of Object.keys(uses)) {
      bench.editor.write(pathOf(way), source);
      await attachFails(`res://${pathOf(way)}`);
    }
    await come();
    for (const [way, use] of Object.entries(uses)) {
      await use(`res://${pathOf(way)}`);
      await bench.call("editor.undo");
    }
  });

  it("makes nodes and resources of its class as soon as it can be", async () => {
    await create("res://stale/kit.gd", "class_name Kit\nextends Resource\n@export var size: int = lacking\n");
    await create("res://stale/crate.gd", "class_name Crate\nextends Node2D\n@export var kit: Kit\n");
    const asked = { type: "Kit", path: "res://stale/kit.tres" };
    expect(await bench.fails("resource.create", asked)).toMatchObject({ kind: "SCRIPT_COMPILE_FAILED" });
    await edit("res://stale/kit.gd", "class_name Kit\nextends Resource\n@export var size: int = 3\n");
    await bench.call("resource.create", { ...asked, properties: { size: 5 } });
    await bench.call("node.add", {
      scene: LEVEL,
      type: "Crate",
      name: "Crate",
      properties: { kit: "res://stale/kit.tres" },
    });
    await bench.call("editor.undo");
  });

  it("gives a resource its properties, also after a repair by another program", async () => {
    const broken = "extends Resource\n@export var size: int = lacking\n";
    bench.editor.write("stale/box.gd", broken);
    bench.editor.write(
      "stale/box.tres",
      '[gd_resource type="Resource" format=3]\n\n[ext_resource type="Script" path="res://stale/box.gd" id="1"]\n\n[resource]\nscript = ExtResource("1")\nsize = 2\n',
    );
    const asked = { scene: LEVEL, path: ".", properties: { "metadata/box": "res://stale/box.tres" } };
    await bench.call("node.set_properties", asked);
    bench.editor.write("stale/box.gd", broken.replace("lacking", "1"));
    await bench.call("resource.set_properties", { path: "res://stale/box.tres", properties: { size: 5 } });
    expect(bench.editor.read("stale/box.tres")).toContain("size = 5");
    await bench.call("editor.undo", { scene: LEVEL });
  });

  it("gives a node in an open scene its properties, with the values of its file", async () => {
    await create("res://stale/hero.gd", `extends Node2D\n${EXPORTS}@export var rival: LateRival\n`);
    bench.editor.write("stale/hero.tscn", sceneWith("res://stale/hero.gd", "speed = 7\n"));
    await bench.call("scene.open", { path: "res://stale/hero.tscn" });
    await create("res://stale/rival.gd", "class_name LateRival\nextends Node\n");
    expect(await bench.call("node.get_properties", { path: ".", names: ["speed", "rival"] })).toMatchObject({
      properties: { speed: 7, rival: null },
    });
    await bench.call("node.set_properties", { path: ".", properties: { speed: 9 } });
    await bench.call("scene.save");
    expect(bench.editor.read("stale/hero.tscn")).toContain("speed = 9");
  });

  it("is right in a scene that is opened, or read without that", async () => {
    const scenes = ["opened", "read"].map((name) => `stale/${name}.tscn`);
    for (const scene of scenes) {
      const script = scene.replace("tscn", "gd");
      bench.editor.write(script, "extends Node2D\n@export var speed: int = lacking\n");
      bench.editor.write(scene, sceneWith(`res://${script}`, "speed = 7\n"));
      await attachFails(`res://${script}`);
      bench.editor.write(script, `extends Node2D\n${EXPORTS}@export var more: int = 2\n`);
    }
    const [opened, read] = scenes.map((scene) => `res://${scene}`);
    await bench.call("scene.open", { path: opened });
    const names = ["speed", "more"];
    const properties = { speed: 7, more: 2 };
    for (const scene of [opened, read])
      expect(await bench.call("node.get_properties", { scene, path: ".", names })).toMatchObject({ properties });
  });
});

describe("a script that was right", () => {
  it.each(["a command", "somebody else"])("is refused when %s has broken it", async (who) => {
    const path = `res://stale/turned_${who.length}.gd`;
    const broken = "extends Node2D\nvar x: int = nothing\n";
    bench.editor.write(path.slice(6), "extends Node2D\n");
    await bench.call("script.attach", { scene: LEVEL, path: ".", script: path });
    await bench.call("editor.undo", { scene: LEVEL });
    if (who === "a command") await edit(path, broken);
    else bench.editor.write(path.slice(6), broken);
    await attachFails(path);
  });
});
