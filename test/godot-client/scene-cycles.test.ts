/** Scenes that would contain themselves, through instances, inheritance and scenes that are not saved yet. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const scene = (name: string, ...inner: string[]) =>
  [
    "[gd_scene format=3]",
    ...inner.map((each, index) => `[ext_resource type="PackedScene" path="res://cycles/${each}.tscn" id="${index}"]`),
    `[node name="${name}" type="Node"]`,
    ...inner.map((_, index) => `[node name="I${index}" parent="." instance=ExtResource("${index}")]`),
    "",
  ].join("\n\n");
const heir = (name: string, base: string) =>
  `[gd_scene format=3]\n\n[ext_resource type="PackedScene" path="res://cycles/${base}.tscn" id="1_base"]\n\n[node name="${name}" instance=ExtResource("1_base")]\n`;
const path = (name: string) => `res://cycles/${name}.tscn`;
const EMPTY = ["a", "b", "c", "one two", "x", "y", "z", "p", "q"];

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    ...Object.fromEntries(EMPTY.map((name) => [`cycles/${name}.tscn`, scene("Root")])),
    "cycles/base.tscn": scene("Base"),
    "cycles/heir.tscn": heir("Heir", "base"),
    "cycles/heir_of_heir.tscn": heir("Grandchild", "heir"),
    "cycles/with_heir.tscn": scene("Root", "heir_of_heir"),
    "cycles/around.tscn": scene("Root", "back"),
    "cycles/back.tscn": scene("Root", "around"),
    "cycles/to_around.tscn": scene("Root", "around"),
    "cycles/own_heir.tscn": heir("Own", "own_heir"),
    "cycles/mention.tscn": `${scene("Root").trimEnd()}\nmetadata/text = "[node name=\\"I\\" instance=ExtResource(\\"0\\")]"\n`,
  });
});
afterAll(() => bench.dispose());

const put = (inner: string, outer: string, more = {}) => ({ scene: path(outer), instance: path(inner), ...more });
const REFUSED = {
  kind: "INVALID_PARAMS",
  message: expect.stringContaining("contains the scene that it would be put into"),
};

describe("a scene is not put into one that it contains", () => {
  it.each([
    ["itself", "base", "base"],
    ["through inheritance", "heir", "base"],
    ["through two steps of inheritance", "heir_of_heir", "base"],
    ["through an instance of an heir", "with_heir", "base"],
  ])("%s", async (_, inner, outer) => {
    expect(await bench.fails("node.add", put(inner, outer))).toMatchObject(REFUSED);
    expect(await bench.fails("scene.instance", put(inner, outer))).toMatchObject(REFUSED);
    const operations = [{ op: "add", instance: path(inner), name: "Inner" }];
    expect(await bench.fails("edit.batch", { scene: path(outer), operations })).toMatchObject(REFUSED);
  });

  it("through a scene that is open and not saved", async () => {
    await bench.call("node.add", put("a", "b"));
    expect(await bench.fails("node.add", put("b", "a"))).toMatchObject(REFUSED);
    await bench.call("node.add", put("b", "c"));
    const refused = await bench.fails("node.add", put("c", "a"));
    expect(refused).toMatchObject(REFUSED);
    expect(refused.message).toContain(`through ${path("b")}`);
    await bench.call("node.add", put("one two", "a"));
    expect(await bench.fails("node.add", put("c", "one two"))).toMatchObject(REFUSED);
  });

  it("but may be where the containing instance was taken out, before anything is saved", async () => {
    const { path: added } = await bench.call("node.add", put("x", "y"));
    await bench.call("node.delete", { scene: path("y"), path: added });
    await bench.call("node.add", put("y", "x"));
    expect(await bench.fails("editor.undo", { scene: path("y") })).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringContaining("contains itself"),
    });
    const { root } = await bench.call("scene.get_tree", { scene: path("y") });
    expect(JSON.stringify(root)).not.toContain(path("x"));
  });

  it("by doing a step again neither", async () => {
    await bench.call("node.add", put("p", "q"));
    await bench.call("editor.undo", { scene: path("q") });
    await bench.call("node.add", put("q", "p"));
    expect(await bench.fails("editor.redo", { scene: path("q") })).toMatchObject({ kind: "CONFLICT" });
    await bench.call("editor.undo", { scene: path("p") });
    await bench.call("editor.redo", { scene: path("q") });
    expect(await bench.call("scene.save", { scene: path("q") })).toMatchObject({ scene: path("q") });
  });
});

describe("a file that contains itself", () => {
  it.each(["around", "back", "to_around", "own_heir"])("is not opened: %s", async (name) => {
    expect(await bench.fails("scene.open", { path: path(name) })).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringContaining("contains itself"),
    });
    expect(bench.editor.isRunning).toBe(true);
  });

  it("is not instanced", async () => {
    expect(await bench.fails("node.add", put("to_around", "z"))).toMatchObject({ kind: "CONFLICT" });
  });

  it("is another than one with such a text in it", async () => {
    expect(await bench.call("scene.open", { path: path("mention") })).toMatchObject({ scene: path("mention") });
  });
});
