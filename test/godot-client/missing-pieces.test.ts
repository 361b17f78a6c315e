/** Scenes and resources that need files which are gone: moving and copying other files keeps what they say to the letter. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const PIECES = {
  picture: '[ext_resource type="Texture2D" path="res://gone/gone.png" id="9"]',
  script: '[ext_resource type="Script" path="res://gone/gone.gd" id="9"]',
  scene: '[ext_resource type="PackedScene" path="res://gone/gone.tscn" id="9"]',
  resource: '[ext_resource type="Gradient" uid="uid://c0nenobodyhas" path="res://gone/gone.tres" id="9"]',
} as const;
const USES = {
  picture: '[node name="P" type="Sprite2D" parent="."]\ntexture = ExtResource("9")',
  script: '[node name="P" type="Node2D" parent="."]\nscript = ExtResource("9")\nspeed = 12.50',
  scene: '[node name="P" parent="." instance=ExtResource("9")]\nposition = Vector2(1, 2)',
  resource: '[node name="P" type="Line2D" parent="."]\ngradient = ExtResource("9")',
} as const;
const KINDS = ["picture", "script", "scene", "resource"] as const;

const needy = (kind: keyof typeof PIECES) =>
  `[gd_scene load_steps=3 format=3 uid="uid://needy${kind}"]\n\n[ext_resource type="Theme" path="res://old/theme.tres" id="1_x"]\n${PIECES[kind]}\n\n` +
  `[node name="Root" type="Control"]\ntheme = ExtResource("1_x")\nmetadata/text = "res://old/theme.tres"\n\n${USES[kind]}\n`;
const theme = `[gd_resource type="Theme" format=3]\n\n[resource]\n`;
const holder = `[gd_resource type="StyleBoxTexture" format=3]\n\n${PIECES.picture}\n\n[resource]\ntexture = ExtResource("9")\n`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "old/theme.tres": theme,
    "holder.tres": holder,
    ...Object.fromEntries(KINDS.map((kind) => [`needy/${kind}.tscn`, needy(kind)])),
  });
});
afterAll(() => bench.dispose());

describe("a file that needs one that is gone", () => {
  it("differs after another file's move by the path alone", async () => {
    const answer = await bench.call("resource.move", { path: "res://old/theme.tres", to: "res://new/theme.tres" });
    const users = KINDS.map((kind) => `res://needy/${kind}.tscn`);
    expect([...(answer.updated as string[])].sort()).toEqual([...users].sort());
    // Each still has the old path as a text.
    for (const kind of KINDS)
      expect(bench.editor.read(`needy/${kind}.tscn`)).toBe(
        needy(kind).replace('path="res://old/theme.tres"', 'path="res://new/theme.tres"'),
      );
    await bench.call("resource.move", { path: "res://new/theme.tres", to: "res://old/theme.tres" });
    for (const kind of KINDS) expect(bench.editor.read(`needy/${kind}.tscn`)).toBe(needy(kind));
  });

  it.each(KINDS)("is copied with all its contents, and a new id: %s", async (kind) => {
    await bench.call("resource.duplicate", { path: `res://needy/${kind}.tscn`, to: `res://copies/${kind}.tscn` });
    const [original, copy] = [`needy/${kind}.tscn`, `copies/${kind}.tscn`].map((path) =>
      bench.editor.read(path).split("\n"),
    );
    expect(copy?.slice(1)).toEqual(original?.slice(1));
    expect(copy?.[0]).toMatch(/^\[gd_scene load_steps=3 format=3 uid="uid:\/\/\w+"\]$/);
    expect(copy?.[0]).not.toBe(original?.[0]);
  });

  it("is not written anew by resource.set_properties", async () => {
    expect(
      await bench.fails("resource.set_properties", { path: "res://holder.tres", properties: { resource_name: "x" } }),
    ).toMatchObject({ kind: "CONFLICT", missing: ["res://gone/gone.png"] });
    expect(bench.editor.read("holder.tres")).toBe(holder);
  });

  it("moves itself as it is", async () => {
    await bench.call("resource.move", { path: "res://holder.tres", to: "res://kept/holder.tres" });
    expect(bench.editor.read("kept/holder.tres")).toBe(holder);
    expect(existsSync(join(bench.editor.project, "holder.tres"))).toBe(false);
  });
});

it("a move claims no update of a file that it did not change", async () => {
  bench.editor.write("said.gd", 'extends Node\nvar theme := load("uid://" + "x")\n');
  const before = bench.editor.read("project.godot");
  const answer = await bench.call("resource.move", { path: "res://old/theme.tres", to: "res://elsewhere/theme.tres" });
  expect(bench.editor.read("project.godot")).toBe(before);
  expect(answer.updated).not.toContain("res://project.godot");
});
