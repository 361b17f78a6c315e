/** Resource files: made, read, changed, copied and moved, and what refers to them follows. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const HERO = `class_name Hero
extends Resource

@export var title: String = "nobody"
@export var strength: int = 1
@export var tint: Gradient
`;
const SHOP = `extends Node

const HERO := preload("hero.tres")


func price() -> int:
	return (load("res://shop/hero.tres") as Hero).strength
`;
const HERO_FILE = `[gd_resource type="Resource" script_class="Hero" format=3 uid="uid://dhero0resource"]

[ext_resource type="Script" path="res://shop/hero.gd" id="1"]

[resource]
script = ExtResource("1")
title = "one"
`;
const STALL = `[gd_scene format=3]

[ext_resource type="Script" path="res://shop/shop.gd" id="1"]

[node name="Stall" type="Node"]
script = ExtResource("1")
`;
const TENT = `[gd_scene format=3]

[sub_resource type="GDScript" id="GDScript_1"]
script/source = "extends Node

var poles: int = 4
"

[node name="Tent" type="Node"]
script = SubResource("GDScript_1")
`;
const SHELF = `[gd_resource type="Resource" script_class="Shelf" format=3]

[ext_resource type="Script" path="res://shop/shelf.gd" id="1"]
[ext_resource type="Resource" path="res://shop/hero.tres" id="2"]

[resource]
script = ExtResource("1")
first = ExtResource("2")
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "shop/hero.gd": HERO,
    "shop/shop.gd": SHOP,
    "shop/hero.tres": HERO_FILE,
    "shop/shelf.gd": "class_name Shelf\nextends Resource\n\n@export var first: Hero\n",
    "shop/shelf.tres": SHELF,
    "shop/stall.tscn": STALL,
    "yard/tent.tscn": TENT,
  });
});
afterAll(() => bench.dispose());

const exists = (path: string) => existsSync(join(bench.editor.project, path));

describe("resource.create", () => {
  it("makes a resource of the engine with properties, which resource.get reads", async () => {
    const path = "res://made/bounce.tres";
    const properties = { friction: 0.25, bounce: 0.5 };
    const created = await bench.call("resource.create", { path, type: "PhysicsMaterial", properties });
    expect(created).toMatchObject({ path, class: "PhysicsMaterial", properties });
    expect(await bench.call("resource.get", { path })).toEqual({ ...created, properties });
    expect(await bench.call("resource.get", { path, names: ["rough"] })).toMatchObject({
      properties: { rough: false },
    });
    expect(bench.editor.read("made/bounce.tres")).toContain("bounce = 0.5");
  });

  it("makes no script inside a resource or a scene, and takes one back as it was read", async () => {
    const sly = { type: "Resource", class: "GDScript", properties: { "script/source": "extends Node\n" } };
    const path = "res://made/sly.tres";
    const params = { path, type: "Gradient", properties: { script: sly } };
    expect(await bench.fails("resource.create", params)).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("script.create"),
    });
    const scene = "res://yard/tent.tscn";
    const own = { scene, path: "." };
    expect(await bench.fails("node.set_properties", { ...own, properties: { script: sly } })).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("script.create"),
    });
    const { properties } = await bench.call("node.get_properties", { ...own, names: ["script"] });
    expect(await bench.call("node.set_properties", { ...own, properties })).toMatchObject({ properties });
    const changed = { script: { ...(properties as { script: object }).script, ...sly } };
    expect(await bench.fails("node.set_properties", { ...own, properties: changed })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
  });

  it("makes a resource of a script's class, with a resource inside", async () => {
    const tint = { type: "Resource", class: "Gradient", properties: { offsets: [0, 0.5] } };
    await bench.call("resource.create", {
      path: "res://made/knight.tres",
      type: "Hero",
      properties: { title: "Knight", tint },
    });
    expect(bench.editor.read("made/knight.tres")).toMatch(
      /script_class="Hero"[\s\S]*type="Gradient"[\s\S]*title = "Knight"/,
    );
  });

  it.each([
    ["a class that does not exist", { path: "res://made/x.tres", type: "PhysicsMaterail" }, "NOT_FOUND"],
    ["a class that is no resource", { path: "res://made/x.tres", type: "Node2D" }, "INVALID_PARAMS"],
    ["another ending", { path: "res://made/x.png", type: "PhysicsMaterial" }, "INVALID_PARAMS"],
    ["a file that exists", { path: "res://shop/hero.tres", type: "Hero" }, "CONFLICT"],
    [
      "a property that it does not have",
      { path: "res://made/x.tres", type: "Hero", properties: { nme: 1 } },
      "NOT_FOUND",
    ],
    [
      "a value that does not fit",
      { path: "res://made/x.tres", type: "Hero", properties: { strength: "a" } },
      "INVALID_PARAMS",
    ],
  ])("refuses %s", async (_, params, kind) => {
    expect(await bench.fails("resource.create", params)).toMatchObject({ kind });
    expect(exists("made/x.tres")).toBe(false);
  });
});

describe("resource.set_properties", () => {
  it("saves, tells what was before, and checks the hash", async () => {
    const path = "res://shop/hero.tres";
    const { hash } = await bench.call("resource.get", { path });
    const properties = { title: "two", strength: 5 };
    const done = await bench.call("resource.set_properties", { path, properties, ifHash: hash });
    expect(done).toMatchObject({ properties, previous: { title: "one", strength: 1 } });
    expect(bench.editor.read("shop/hero.tres")).toContain('title = "two"');
    expect(await bench.fails("resource.set_properties", { path, properties, ifHash: hash })).toMatchObject({
      kind: "CONFLICT",
      hash: done.hash,
    });
  });

  it("changes nothing when one value does not fit", async () => {
    const before = bench.editor.read("shop/hero.tres");
    const properties = { title: "three", strength: "many" };
    expect(await bench.fails("resource.set_properties", { path: "res://shop/hero.tres", properties })).toMatchObject({
      kind: "INVALID_PARAMS",
      property: "strength",
    });
    expect(bench.editor.read("shop/hero.tres")).toBe(before);
  });

  it("keeps a text that another program wrote into the file meanwhile", async () => {
    const path = "res://shop/hero.tres";
    bench.editor.write("shop/hero.tres", bench.editor.read("shop/hero.tres").replace('"two"', '"outside"'));
    await bench.call("resource.set_properties", { path, properties: { strength: 6 } });
    expect(bench.editor.read("shop/hero.tres")).toMatch(/title = "outside"\nstrength = 6/);
  });

  it("leaves scenes and scripts to their own commands", async () => {
    for (const path of ["res://game/level.tscn", "res://game/coin.gd"]) {
      expect(await bench.fails("resource.get", { path })).toMatchObject({ kind: "INVALID_PARAMS" });
    }
    for (const type of ["GDScript", "PackedScene"]) {
      for (const path of ["res://made/sly.tres", "res://made/sly.gd"]) {
        expect(await bench.fails("resource.create", { path, type })).toMatchObject({ kind: "INVALID_PARAMS" });
        expect(exists(path.slice("res://".length))).toBe(false);
      }
    }
    expect(await bench.fails("resource.get", { path: "res://shop/heor.tres" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining(["res://shop/hero.tres"]),
    });
  });
});

describe("resource.list", () => {
  it("filters by class, with uids", async () => {
    const { resources } = await bench.call("resource.list", { path: "res://shop", type: "PackedScene" });
    expect(resources).toEqual([{ path: "res://shop/stall.tscn", type: "PackedScene", uid: expect.any(String) }]);
    expect(await bench.call("resource.list", { path: "res://made", type: "PhysicsMaterial" })).toMatchObject({
      total: 1,
    });
  });
});

describe("resource.duplicate", () => {
  it("makes a copy with a new uid", async () => {
    await bench.call("resource.duplicate", { path: "res://shop/hero.tres", to: "res://shop/twin.tres" });
    expect(await bench.call("resource.get", { path: "res://shop/twin.tres" })).toMatchObject({
      properties: { title: "outside" },
    });
    const uids = await Promise.all(
      ["hero", "twin"].map(
        async (name) => (await bench.call("project.resolve_uid", { path: `res://shop/${name}.tres` })).uid,
      ),
    );
    expect(new Set(uids).size).toBe(2);
    expect(
      await bench.fails("resource.duplicate", { path: "res://shop/hero.gd", to: "res://shop/b.gd" }),
    ).toMatchObject({
      kind: "INVALID_PARAMS",
    });
  });
});

describe("a resource inside a file", () => {
  const box = (color: string) => `[sub_resource type="StyleBoxFlat" id="Box_1"]\nbg_color = Color(${color}, 1)\n`;
  const theme = "res://shop/inner.tres";
  const inner = `${theme}::Box_1`;

  it("is read and changed by the path that answers name it by", async () => {
    bench.editor.write(
      "shop/inner.tres",
      `[gd_resource type="Theme" format=3]\n\n${box("1, 0, 0")}\n[resource]\nPanel/styles/panel = SubResource("Box_1")\n`,
    );
    await bench.call("editor.rescan");
    const read = await bench.call("resource.get", { path: inner, names: ["bg_color"] });
    expect(read).toMatchObject({ path: inner, class: "StyleBoxFlat" });
    expect(JSON.stringify(read.properties)).toContain('"r":1');
    const set = { path: inner, properties: { bg_color: "Color(0, 1, 0, 1)" }, ifHash: read.hash };
    const changed = await bench.call("resource.set_properties", set);
    expect(bench.editor.read("shop/inner.tres")).toMatch(/id="Box_1"\]\nbg_color = Color\(0, 1, 0, 1\)/);
    expect(changed.hash).not.toBe(read.hash);
    expect(await bench.fails("resource.set_properties", set)).toMatchObject({ kind: "CONFLICT" });
    expect(await bench.fails("resource.get", { path: `${theme}::Box_2` })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: ["Box_1"],
    });
  });

  it("is one that an open scene shows, which is changed with its node", async () => {
    bench.editor.write(
      "shop/boxed.tscn",
      `[gd_scene format=3]\n\n${box("0, 0, 1")}\n[node name="Panel" type="Panel"]\ntheme_override_styles/panel = SubResource("Box_1")\n`,
    );
    await bench.call("editor.rescan");
    const path = "res://shop/boxed.tscn::Box_1";
    expect(await bench.call("resource.get", { path })).toMatchObject({ class: "StyleBoxFlat" });
    await bench.call("scene.open", { path: "res://shop/boxed.tscn" });
    expect(await bench.call("resource.get", { path })).toMatchObject({ path, class: "StyleBoxFlat" });
    expect(await bench.fails("resource.set_properties", { path, properties: { draw_center: false } })).toMatchObject({
      kind: "INVALID_PARAMS",
      hint: expect.stringContaining("node.set_properties"),
    });
    await bench.call("scene.close");
  });
});

describe("resource.move", () => {
  it("takes resources and scripts along that refer to the file", async () => {
    const moved = await bench.call("resource.move", { path: "res://shop/hero.tres", to: "res://people/hero.tres" });
    expect(moved).toMatchObject({
      path: "res://people/hero.tres",
      updated: ["res://shop/shelf.tres", "res://shop/shop.gd"],
      unsaved: [],
      notFollowed: [],
    });
    expect(exists("shop/hero.tres")).toBe(false);
    expect(bench.editor.read("shop/shelf.tres")).toContain('path="res://people/hero.tres"');
    expect(bench.editor.read("shop/shop.gd").match(/"res:\/\/people\/hero\.tres"/g)).toHaveLength(2);
    expect(await bench.call("project.validate", { path: "res://shop" })).toMatchObject({ errors: 0, problems: [] });
    expect(await bench.call("resource.get", { path: "uid://dhero0resource" })).toMatchObject({
      path: "res://people/hero.tres",
    });
  });

  it("moves a script that scenes have, open ones too, and the main scene's path in the settings", async () => {
    await bench.call("scene.open", { path: "res://shop/stall.tscn" });
    await bench.call("resource.move", { path: "res://shop/shop.gd", to: "res://people/market/shop.gd" });
    expect(bench.editor.read("shop/stall.tscn")).toContain('path="res://people/market/shop.gd"');
    expect(await bench.call("scene.get_tree", { scene: "res://shop/stall.tscn" })).toMatchObject({
      root: { script: "res://people/market/shop.gd" },
    });
    await bench.call("project.set_settings", { settings: { "application/run/main_scene": "res://game/enemy.tscn" } });
    expect(
      await bench.call("resource.move", { path: "res://game/enemy.tscn", to: "res://people/foe.tscn" }),
    ).toMatchObject({ updated: ["res://game/level.tscn", "res://project.godot"], notFollowed: [] });
    expect(await bench.call("project.get_info")).toMatchObject({ mainScene: "res://people/foe.tscn" });
    expect(bench.editor.read("game/level.tscn")).toContain('path="res://people/foe.tscn"');
    expect(await bench.call("project.validate")).toMatchObject({ errors: 0 });
  });

  it("takes settings along that name the file in their lists, and claims no change that it did not make", async () => {
    await bench.call("script.create", { path: "res://shop/tool.gd", source: "extends Node\n" });
    const list = "editor/script/search_in_file_extensions";
    const named = ["gd", "res://shop/tool.gd", "res://shop/tool.gd:de", "res://shop/tool.gdx"];
    await bench.call("project.set_settings", { settings: { [list]: named } });
    expect(await bench.call("resource.move", { path: "res://shop/tool.gd", to: "res://shop/tools.gd" })).toMatchObject({
      updated: ["res://project.godot"],
      notFollowed: [],
    });
    expect(bench.editor.read("project.godot").match(/shop\/tools\.gd/g)).toHaveLength(2);
    const { uid } = await bench.call("project.resolve_uid", { path: "res://shop/tools.gd" });
    const byId = { [list]: null, "application/config/description": uid };
    await bench.call("project.set_settings", { settings: byId });
    const before = bench.editor.read("project.godot");
    expect(await bench.call("resource.move", { path: "res://shop/tools.gd", to: "res://shop/by_id.gd" })).toMatchObject(
      {
        updated: [],
        notFollowed: [],
      },
    );
    expect(bench.editor.read("project.godot")).toBe(before);
    await bench.call("project.set_settings", { settings: { "application/config/description": null } });
  });

  it("moves nothing where a file beside it cannot be moved, and says which", async () => {
    await bench.call("script.create", { path: "res://shop/pair.gd", source: "extends Node\n" });
    await bench.call("editor.rescan");
    expect(exists("shop/pair.gd.uid")).toBe(true);
    mkdirSync(join(bench.editor.project, "shop/single.gd.uid/in_the_way"), { recursive: true });
    expect(
      await bench.fails("resource.move", { path: "res://shop/pair.gd", to: "res://shop/single.gd" }),
    ).toMatchObject({
      kind: "INTERNAL_ERROR",
      message: expect.stringContaining("res://shop/single.gd.uid"),
    });
    expect(exists("shop/pair.gd") && exists("shop/pair.gd.uid") && !exists("shop/single.gd")).toBe(true);
    rmSync(join(bench.editor.project, "shop/single.gd.uid"), { recursive: true });
  });

  it.each([
    ["onto a file", { path: "res://shop/shelf.tres", to: "res://people/hero.tres" }, "CONFLICT"],
    ["to another ending", { path: "res://shop/shelf.tres", to: "res://people/shelf.res" }, "INVALID_PARAMS"],
    ["out of the project", { path: "res://shop/shelf.tres", to: "res://../shelf.tres" }, "INVALID_PARAMS"],
    ["a missing file", { path: "res://shop/nothing.tres", to: "res://a.tres" }, "NOT_FOUND"],
    ["a scene that is open", { path: "res://shop/stall.tscn", to: "res://a.tscn" }, "CONFLICT"],
  ])("refuses to move %s", async (_, params, kind) => {
    expect(await bench.fails("resource.move", params)).toMatchObject({ kind });
  });
});

it("nothing was complained about", () => {
  expect(bench.editor.complaints).toEqual([]);
});
