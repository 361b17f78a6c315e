/** Tests the first start on a fresh clone, which has no `.godot`: its checks give the same results as after a restart. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GodotEditor } from "../support/godot-editor.ts";
import { StubHub } from "../support/stub-hub.ts";

const COUNT = 16;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>\n';

/** Of the characters that a uid has. */
const uid = (kind: string, index: number) =>
  `uid://b${kind}${String(index).replace(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "")}yyq`;

/** Scripts that need one another by their class names, whichever is read first; resources, scenes and pictures with uids. */
function clone(): Record<string, string> {
  const files: Record<string, string> = {
    "clone/registry.gd": `extends Node\n\nvar first: Clone0 = Clone0.new()\nvar last := Clone${COUNT - 1}.new()\n`,
    "clone/registry.gd.uid": `${uid("reg", 0)}\n`,
  };
  for (let index = 0; index < COUNT; index += 1) {
    const next = (index + 7) % COUNT;
    const base = index % 4 === 3 ? `Clone${index - 1}` : "Resource";
    files[`clone/s${index}.gd`] =
      `class_name Clone${index}\nextends ${base}\n\n@export var size${index} := ${index}\n\n\nfunc next${index}() -> Clone${next}:\n\treturn Clone${next}.new()\n\n\nfunc by_uid${index}() -> Array:\n\treturn [preload("${uid("scr", index >> 1)}"), preload("PICTURE${index}")]\n`;
    files[`clone/s${index}.gd.uid`] = `${uid("scr", index)}\n`;
    files[`clone/p${index}.svg`] = SVG;
    files[`clone/d${index}.tres`] =
      `[gd_resource type="Resource" script_class="Clone${index}" format=3 uid="${uid("dat", index)}"]\n\n[ext_resource type="Script" uid="${uid("scr", index)}" path="res://clone/s${index}.gd" id="1"]\n\n[resource]\nscript = ExtResource("1")\n`;
    files[`clone/n${index}.tscn`] =
      `[gd_scene format=3 uid="${uid("scn", index)}"]\n\n[ext_resource type="Resource" uid="${uid("dat", index)}" path="res://clone/d${index}.tres" id="1"]\n[ext_resource type="Texture2D" uid="PICTURE${index}" path="res://clone/p${index}.svg" id="2"]\n\n[node name="N" type="Sprite2D"]\ntexture = ExtResource("2")\nmetadata/data = ExtResource("1")\n`;
  }
  files["clone/broken.gd"] = "extends Node\n\nvar gone: NoSuchClass\n";
  files["clone/stale.tscn"] =
    `[gd_scene format=3]\n\n[ext_resource type="Resource" uid="uid://bnosuchuid0000" path="res://clone/d1.tres" id="1"]\n\n[node name="N" type="Node"]\nmetadata/data = ExtResource("1")\n`;
  return files;
}

let hub: StubHub;
let editor: GodotEditor;
beforeAll(async () => {
  hub = await StubHub.start();
  editor = GodotEditor.start({ env: hub.env, files: clone() });
  await hub.editor();
  await hub.settled();
  await editor.kill();
  // Pictures get their uids at their first import: a clone has them.
  for (let index = 0; index < COUNT; index += 1) {
    const [, given = ""] = /^uid="(.*)"$/m.exec(editor.read(`clone/p${index}.svg.import`)) ?? [];
    for (const path of [`clone/n${index}.tscn`, `clone/s${index}.gd`]) {
      editor.write(path, editor.read(path).replace(`PICTURE${index}`, given));
    }
  }
});
afterAll(async () => {
  await editor.dispose();
  await hub.stop();
});

async function judged() {
  editor.launch();
  await hub.editor();
  const id = `validate-${editor.pid}`;
  const { problems, checked } = await hub.call("project.validate", { limit: 500 }, { id, deadlineMs: 110_000 });
  await editor.kill();
  return { problems, checked };
}

it("finds at once what it finds after a restart", async () => {
  rmSync(join(editor.project, ".godot"), { recursive: true });
  const first = await judged();
  const second = await judged();
  expect(first).toEqual(second);
  const kinds = (second.problems as { path: string; kind: string }[]).filter(({ path }) =>
    path.startsWith("res://clone"),
  );
  expect(kinds.map(({ path, kind }) => [path, kind])).toEqual([
    ["res://clone/broken.gd", "script"],
    ["res://clone/stale.tscn", "stale_uid"],
  ]);
}, 400_000);
