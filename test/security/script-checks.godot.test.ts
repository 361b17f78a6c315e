/** Checking a script runs nothing: neither of the text, nor of what it refers to; and it leaves nothing behind in the editor. */
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "../godot-client/workbench.ts";
import { Tripwires, tripwireFiles } from "../support/tripwires.ts";

const wires = new Tripwires();
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    ...tripwireFiles(wires),
    "checks/fresh.gd": 'extends Node\n\nconst NAME := "from the file"\n',
    "checks/fresh.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://checks/fresh.gd" id="1"]\n\n[node name="Fresh" type="Node"]\nscript = ExtResource("1")\n',
  });
});
afterAll(async () => {
  await bench?.dispose();
  wires.dispose();
});
beforeEach(() => wires.reset());

const TYPED = "extends Node\n";

describe("script.validate", () => {
  it.each<[string, () => string]>([
    ["static variables of a tool script", () => `@tool\n${TYPED}static var x := ${wires.trip("text")}\n`],
    ["_static_init", () => `@tool\n${TYPED}static func _static_init() -> void:\n\t${wires.trip("text")}\n`],
    ["an inner class's", () => `@tool\n${TYPED}class A:\n\tstatic var x := ${wires.trip("text")}\n`],
    ["those of a script that is no tool", () => `${TYPED}static var x := ${wires.trip("text")}\n`],
    [
      "a tool annotation behind others",
      () => `@icon("res://icon.svg") @tool\n${TYPED}static var x := ${wires.trip("text")}\n`,
    ],
    [
      "an annotation that is no longer the first word",
      () => `# a\n\n\t\n@tool class_name A1 extends Node\nstatic var x := ${wires.trip("text")}\n`,
    ],
    ["the class that it extends", () => "extends TripNode\n"],
    ["the file that it extends", () => 'extends "res://wires/tool_base.gd"\n'],
    ["a file that extends a tool script", () => 'extends "res://wires/child.gd"\n'],
    ["a script out of the editor's sight", () => 'extends "res://ignored/hidden.gd"\n'],
    [
      "a class as a type",
      () => `${TYPED}var a: TripNode\nvar b: Array[TripResource]\nfunc f(x: TripUser) -> TripNode:\n\treturn x.node\n`,
    ],
    ["a preloaded script", () => `${TYPED}const A := preload("res://wires/tool_node.gd")\nvar b: int = A.KNOWN\n`],
    [
      "a preloaded scene",
      () => `${TYPED}const A := preload("res://wires/closed.tscn")\nfunc f() -> Node:\n\treturn A.instantiate()\n`,
    ],
    ["a preloaded resource", () => `${TYPED}const A := preload("res://wires/config.tres")\nvar b: int = A.plain\n`],
    ["resources inside a resource", () => `${TYPED}const A := preload("res://wires/holder.tres")\n`],
    ["a getter of a constant", () => `${TYPED}const A := preload("res://wires/config.tres")\nconst B := A.plain\n`],
    ["a constant as text", () => `${TYPED}const A := preload("res://wires/config.tres")\nconst B := "%s" % A\n`],
    [
      "an index into a constant",
      () => `${TYPED}const A := preload("res://wires/config.tres")\nvar b: Variant = A["plain"]\n`,
    ],
    ["a constant of another script", () => `${TYPED}var a: int = TripUser.CONFIG.plain\n`],
    [
      "a path that is put together",
      () =>
        `${TYPED}const P := "res://wires/"\nconst A := preload(P + "con" + "fig.tres")\nconst B := preload(P + "closed.tscn")\n`,
    ],
    [
      "a path by way of the file system",
      () => `${TYPED}const A := preload("${join(bench.editor.project, "wires/tool_base.gd")}")\nvar b: int = A.KNOWN\n`,
    ],
    ["an autoload", () => `${TYPED}func f() -> int:\n\treturn TripAuto.plain\n`],
    ["an autoload that is a scene", () => `${TYPED}func f() -> Variant:\n\treturn TripAutoScene.get("plain")\n`],
    ["a script for the editor", () => 'extends "res://wires/job.gd"\n'],
  ])("runs nothing of %s, and finds the text right", async (_, source) => {
    const { valid, errors } = await bench.call("script.validate", { source: source() });
    expect(wires.tripped).toEqual([]);
    expect({ valid, errors }).toEqual({ valid: true, errors: [] });
  });

  it.each([
    "tool_node.gd",
    "tool_base.gd",
    "child.gd",
    "uses.gd",
    "tool_resource.gd",
    "auto.gd",
    "auto_scene.gd",
    "job.gd",
    "plain.gd",
    "test/test_wires.gd",
  ])("runs nothing of the file %s, nor do its outline and its class", async (file) => {
    const path = `res://wires/${file}`;
    expect(await bench.call("script.validate", { path })).toMatchObject({ valid: true });
    await bench.call("script.outline", { path });
    expect(wires.tripped).toEqual([]);
  });

  it("finds errors of tool scripts where they stand, their own and those that only a tool has", async () => {
    const check = (source: string) => bench.call("script.validate", { source });
    expect((await check("@tool\nextends Node\nvar a: int = nope\n")).errors).toEqual([
      { line: 3, column: 14, message: 'Identifier "nope" not declared in the current scope.' },
    ]);
    expect((await check("extends Node\n@tool\nvar a: int = 1\n")).errors).toMatchObject([
      { line: 2, message: expect.stringContaining("@tool") },
    ]);
    expect((await check("@tool\n@tool\nextends Node\n")).errors).toMatchObject([
      { line: 2, message: expect.stringContaining("once") },
    ]);
    expect((await check("@tool(1)\nextends Node\n")).errors).toMatchObject([
      { line: 1, message: expect.stringContaining("arguments") },
    ]);
    expect((await check("@tool\nextends Node\nfunc f(a: int) -> void:\n\tpass\n")).warnings).toMatchObject([
      { line: 3, column: 8 },
    ]);
    expect(wires.tripped).toEqual([]);
  });

  it("reports the error of a script that the text refers to, and the place of the reference", async () => {
    bench.editor.write("checks/broken.gd", "extends Node\n\n\nfunc f() -> int:\n\treturn nope\n");
    const { errors } = await bench.call("script.validate", {
      source: 'extends Node\n\nconst A := preload("res://checks/broken.gd")\n',
    });
    expect(errors).toEqual([
      {
        line: 3,
        column: expect.any(Number),
        message: expect.stringContaining('res://checks/broken.gd:5: Identifier "nope"'),
      },
    ]);
  });

  it("leaves the text that it was given nowhere: the editor loads the file", async () => {
    const path = "res://checks/fresh.gd";
    const source = 'extends Node\n\nconst NAME := "from the agent"\nfunc agent() -> void:\n\tpass\n';
    expect(await bench.call("script.validate", { path, source })).toMatchObject({ valid: true });
    await bench.call("script.outline", { path });
    await bench.call("scene.open", { path: "res://checks/fresh.tscn" });
    const { signals } = await bench.call("node.list_signals", { path: "." });
    expect(signals).toBeDefined();
    const missing = await bench.fails("node.connect_signal", { path: ".", signal: "ready", to: ".", method: "agent" });
    expect(missing.kind).toBe("NOT_FOUND");
  });
});

describe("what else asks the compiler", () => {
  it("classdb.get_class runs nothing", async () => {
    for (const name of ["TripNode", "TripResource", "TripUser", "LiveNode"]) {
      expect(await bench.call("classdb.get_class", { name })).toMatchObject({
        name,
        source: expect.stringContaining("res://wires/"),
      });
    }
    expect(wires.tripped).toEqual([]);
  });

  it("gives outlines of tool scripts as of others", async () => {
    const outline = await bench.call("script.outline", { path: "res://wires/tool_node.gd" });
    expect(outline).toMatchObject({ className: "TripNode", base: "Node2D", tool: true });
    expect(outline.variables).toContainEqual({
      name: "plain",
      type: "int",
      line: expect.any(Number),
      exported: true,
      default: 3,
    });
    expect(outline.constants).toContainEqual({ name: "KNOWN", value: 7, line: expect.any(Number) });
    expect(wires.tripped).toEqual([]);
  });
});

describe("a text that would bring the engine down", () => {
  const deep = 40_000;
  it.each<[string, string]>([
    ["(", `extends Node\nvar x: int = ${"(".repeat(deep)}`],
    ["[", `extends Node\nvar x: Array = ${"[".repeat(deep)}${"]".repeat(deep)}\n`],
    ["{", `extends Node\nvar x: Dictionary = ${"{".repeat(deep)}`],
    ["+1", `extends Node\nvar x: int = 1${"+1".repeat(deep)}\n`],
    [".a", `extends Node\nvar x: Variant = self${".a".repeat(deep)}\n`],
    ["lambdas", `extends Node\nvar x: Callable = ${"func(): return ".repeat(deep / 8)}1\n`],
    ["ternaries", `extends Node\nvar x: int = ${"1 if true else ".repeat(deep / 4)}1\n`],
    ["elif", `extends Node\nfunc f(x: int) -> void:\n\tif x: pass\n${"\telif x: pass\n".repeat(deep / 2)}`],
    [
      "patterns",
      `extends Node\nfunc f(x: int) -> void:\n\tmatch x:\n\t\t${"[".repeat(deep)}1${"]".repeat(deep)}: pass\n`,
    ],
    [
      "classes",
      `extends Node\n${Array.from({ length: 40 }, (_, level) => `${"\t".repeat(level)}class A${level}:`).join("\n")}\n${"\t".repeat(40)}pass\n`,
    ],
    ["a huge string", 'extends Node\nconst X := "%2000000000d" % 1\n'],
    ["a huge string that is put together", 'extends Node\nconst X := ("%" + "2000000000" + "d") % 1\n'],
  ])("is an error that says why, and is not written: %s", async (_, source) => {
    expect(await bench.call("script.validate", { source })).toMatchObject({ valid: false, errors: [{ line: 1 }] });
    const path = "res://checks/deep.gd";
    const created = await bench.fails("script.create", { path, source });
    expect(created).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringMatching(/deeper than|more than|limit|engine/),
    });
    const edited = await bench.fails("script.edit", { path: "res://checks/fresh.gd", source });
    expect(edited.kind).toBe("INVALID_PARAMS");
    expect(bench.editor.read("checks/fresh.gd")).toContain("from the file");
    expect(bench.editor.isRunning).toBe(true);
  });

  it("is reported for a file, too", async () => {
    bench.editor.write("ignored/deep.gd", `extends Node\nvar x: int = ${"(".repeat(deep)}`);
    const path = "res://ignored/deep.gd";
    expect(await bench.call("script.validate", { path })).toMatchObject({
      valid: false,
      errors: [{ message: expect.stringContaining("deeper than 100") }],
    });
    expect(await bench.fails("script.outline", { path })).toMatchObject({ kind: "SCRIPT_COMPILE_FAILED" });
    expect(bench.editor.isRunning).toBe(true);
  });
});
