/**
 * Texts that would end the editor or keep it for long: whatever reads them answers, and the editor works on. Deep brackets, long chains, patterns
 * that can be matched in many ways, long names, marks inside one another.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "../godot-client/workbench.ts";

const SCENE = "res://named.tscn";
const deep = (open: string, close = "", count = 50_000) => open.repeat(count) + close.repeat(count);
const long = (length: number) => "a".repeat(length);
/** As many ways to divide a name of 200 letters among the stars as no editor can try. */
const STARS = `${"*a".repeat(60)}*b`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "named.tscn": `[gd_scene format=3]\n\n[node name="Named" type="Node2D"]\n\n[node name="${long(200)}" type="Label" parent="."]\n`,
    [`${long(120)}.gd`]: "extends Node\n",
    "ignored/.gdignore": "",
    "ignored/deep.gdshader": `shader_type spatial;\nvoid f() { float a = ${deep("(")}; }\n`,
    "ignored/deep.gd": `extends Node\nvar a = ${deep("[", "]")}\n`,
    "ignored/deep.tres": `[gd_resource type="Resource" format=3]\n\n[resource]\nmetadata/long = "${"\\\\".repeat(3_000_000)}"\nmetadata/deep = ${deep("[", "]")}\n`,
    "ignored/expression.tres": `[gd_resource type="AnimationNodeStateMachineTransition" format=3]\n\n[resource]\nadvance_mode = 2\nadvance_expression = "${deep("(")}"\n`,
    "ignored/dictionary.tres": `[gd_resource type="Resource" format=3]\n\n[resource]\nmetadata/deep = ${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}\n`,
    "ignored/calls.tscn": `[gd_scene format=3]\n\n[node name="A" type="Node"]\nmetadata/deep = ${"Array[int]([".repeat(20_000)}\n`,
  });
  await bench.call("scene.open", { path: SCENE });
});
afterAll(() => bench?.dispose());

const preview = (...operations: Params[]): [string, Params] => ["edit.preview", { scene: SCENE, operations }];
const set = (path: string, properties: Params) => ({ op: "set_properties", path, properties });
const made = (type: string, properties: Params) => ({ type: "Resource", class: type, properties });
const nested = (levels: number) => JSON.parse(deep("[", "]", levels)) as unknown;
const LABEL = long(200);

describe("is answered, and the editor works on", () => {
  it.each<[string, () => [method: string, params: Params]]>([
    ["stars in the name of a node", () => ["node.find", { scene: SCENE, name: STARS }]],
    ["nothing but stars", () => ["node.find", { scene: SCENE, name: "*".repeat(500_000) }]],
    ["a long name of a node", () => ["node.find", { scene: SCENE, name: long(1_000_000) }]],
    ["stars in the name of a file", () => ["project.list_files", { pattern: STARS }]],
    ["stars in where to search", () => ["project.search_files", { query: "a", pattern: STARS }]],
    ["stars in what to leave out", () => ["project.find_unused", { exclude: [STARS] }]],
    ["a pattern in many ways", () => ["project.search_files", { query: "(a+)+$", regexp: true }]],
    ["a pattern with brackets", () => ["project.search_files", { query: deep("(", ")"), regexp: true }]],
    ["a long class of nodes", () => ["node.find", { scene: SCENE, type: long(1_000_000) }]],
    ["a long class", () => ["classdb.get_class", { name: long(1_000_000) }]],
    ["a long query", () => ["classdb.search", { query: long(1_000_000) }]],
    ["a long path of a node", () => ["node.get_properties", { scene: SCENE, path: deep("a/", "", 200_000) }]],
    ["a path up and up", () => ["node.get_properties", { scene: SCENE, path: deep("../", "", 200_000) }]],
    ["a long property", () => ["node.get_properties", { scene: SCENE, path: ".", names: [long(1_000_000)] }]],
    ["a long file", () => ["resource.get", { path: `res://${deep("a/", "", 200_000)}` }]],
    ["a long scene", () => ["scene.get_tree", { scene: `res://${long(1_000_000)}.tscn` }]],
    ["nested JSON", () => ["node.find", { scene: SCENE, property: "metadata/a", value: nested(55) }]],
    ["brackets in a vector", () => preview(set(".", { position: deep("Vector2(", ")") }))],
    ["brackets in a colour", () => preview(set(".", { modulate: deep("Color(") }))],
    ["brackets in a value of any type", () => preview(set(".", { "metadata/a": deep("[", "]") }))],
    ["brackets in a list", () => preview(set(".", { "metadata/a": [deep("{", "}")] }))],
    ["brackets in a path of nodes", () => preview(set(".", { "metadata/a": `NodePath("${deep("../")}")` }))],
    ["a value to find", () => ["node.find", { scene: SCENE, property: "position", value: deep("Vector2(") }]],
    ["deep code", () => ["script.validate", { source: `extends Node\nvar a = ${deep("func(): return ")}1` }]],
    ["dictionaries", () => ["script.validate", { source: `extends Node\nvar a = ${'{"a":'.repeat(20_000)}1` }]],
    ["negations", () => ["script.validate", { source: `extends Node\nvar a = ${deep("not ")}true` }]],
    ["signs", () => ["script.validate", { source: `extends Node\nvar a = ${deep("- ")}1` }]],
    [
      "blocks",
      () => {
        const blocks = Array.from({ length: 600 }, (_, level) => `${"\t".repeat(level + 1)}if true:`).join("\n");
        return ["script.validate", { source: `extends Node\nfunc f():\n${blocks}\n${"\t".repeat(601)}pass` }];
      },
    ],
    ["a file of code", () => ["script.validate", { path: "res://ignored/deep.gd" }]],
    ["the outline of a file", () => ["script.outline", { path: "res://ignored/deep.gd" }]],
    ["a file of a shader", () => ["script.validate", { path: "res://ignored/deep.gdshader" }]],
    ["a text resource", () => ["resource.get", { path: "res://ignored/deep.tres" }]],
    ["dictionaries in a text resource", () => ["resource.get", { path: "res://ignored/dictionary.tres" }]],
    ["an expression in a text resource", () => ["resource.get", { path: "res://ignored/expression.tres" }]],
    ["typed lists in a scene", () => ["scene.read_file", { path: "res://ignored/calls.tscn" }]],
    [
      "a text resource in a value",
      () =>
        preview(
          set(".", { "metadata/a": made("Resource", {}) }),
          set(".", { "metadata/b": { type: "Resource", path: "res://ignored/deep.tres" } }),
        ),
    ],
    ["a scene to be put in", () => preview({ op: "add", instance: "res://ignored/calls.tscn" })],
    [
      "a shader in a value",
      () =>
        preview(
          set(".", {
            material: made("ShaderMaterial", {
              shader: made("Shader", { code: `shader_type canvas_item;\nvoid f() { float a = ${deep("(")}; }` }),
            }),
          }),
        ),
    ],
    [
      "an expression in a value",
      () =>
        preview(
          set(".", {
            "metadata/a": made("AnimationNodeStateMachineTransition", {
              advance_mode: 2,
              advance_expression: deep("("),
            }),
          }),
        ),
    ],
    [
      "marks in one another",
      () =>
        preview({
          op: "add",
          type: "RichTextLabel",
          name: "Rich",
          properties: { bbcode_enabled: true, text: deep("[b]") },
        }),
    ],
    [
      "marks that end",
      () =>
        preview({
          op: "add",
          type: "RichTextLabel",
          name: "Rich",
          properties: { bbcode_enabled: true, text: deep("[ul]", "[/ul]") },
        }),
    ],
    ["a long text", () => preview(set(LABEL, { text: long(1_000_000) }))],
    ["a name with stars for a copy", () => preview({ op: "duplicate", path: LABEL, name: long(100_000) })],
    [
      "many nodes in one another",
      () =>
        preview(
          ...Array.from({ length: 1_000 }, (_, level) => ({
            op: "add",
            type: "Node",
            name: "N",
            parent: level === 0 ? "." : Array(level).fill("N").join("/"),
          })),
        ),
    ],
  ])(
    "%s",
    async (_, command) => {
      const [method, params] = command();
      const answer = await bench.call(method, params).catch((error: Error) => error);
      // An answer that says no is one, too; an error of the addon itself is none.
      if (answer instanceof Error) expect(answer.message).not.toMatch(/INTERNAL|ended|TIMEOUT/);
      const began = performance.now();
      await bench.call("scene.list_open");
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(bench.editor.isRunning).toBe(true);
    },
    60_000,
  );

  it("patterns still match as before", async () => {
    const found = async (name: string) =>
      ((await bench.call("node.find", { scene: SCENE, name })) as { nodes: unknown[] }).nodes.length;
    for (const [pattern, count] of [
      ["*", 2],
      ["N?med", 1],
      ["n*D", 1],
      ["*am*", 1],
      ["N*m*d", 1],
      ["N*x*d", 0],
      ["Name", 0],
      ["amed", 0],
      ["N.med", 0],
      ["[N]amed", 0],
      ["**a**", 2],
      [`${"a".repeat(199)}?`, 1],
    ] as const)
      expect(await found(pattern), pattern).toBe(count);
  });
});
