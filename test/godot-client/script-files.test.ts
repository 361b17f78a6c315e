/** Outlines, detaching and deleting scripts, and scripts that are open in the script editor or not GDScript. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const TOWER = `class_name Tower
extends Node2D
## Stands and shoots.

signal fired(at: Vector2, damage: int)

enum Mode { IDLE, AIM = 5 }
const RANGE := 64.0

@export var damage: int = 3
@export_range(0, 10)
var pace: float = 1.5
var targets: Array[Node2D] = []
var anything: Variant = null
static var built: int = 0


func _ready() -> void:
	var local := 1
	damage += local


func aim(at: Vector2, mode: Mode = Mode.AIM, label: String = "x") -> bool:
	return at.length() < RANGE and mode == Mode.AIM and label != ""


static func price(level: int) -> int:
	return level * 10


class Shell:
	extends RefCounted

	var speed: float = 9.0

	func fly(delta: float) -> float:
		return speed * delta
`;

/** What a person at the editor does, done by a script whose properties are set: types into the open script, looks at it. */
const PERSON = `@tool
extends Node

@export var types: String = "":
	set(value):
		_open().insert_text_at_caret(value)

@export var looks: bool = false:
	set(value):
		looks = value
		sees = _open().text
		has_unsaved = _open().get_version() != _open().get_saved_version()

@export var sees: String = ""
@export var has_unsaved: bool = false


func _open() -> CodeEdit:
	return EditorInterface.get_script_editor().get_current_editor().get_base_editor() as CodeEdit
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "game/tower.gd": TOWER,
    "game/person.gd": PERSON,
    "game/notes.gd": 'extends Node\n\nvar text: String = ""\n',
    "game/Pilot.cs": "using Godot;\n\npublic partial class Pilot : Node2D\n{\n}\n",
  });
  await bench.call("scene.open", { path: "res://game/level.tscn" });
});
afterAll(() => bench.dispose());

describe("script.outline", () => {
  it("gives what the engine sees, with lines", async () => {
    const outline = await bench.call("script.outline", { path: "res://game/tower.gd" });
    const line = (text: string) => TOWER.split("\n").findIndex((each) => each.includes(text)) + 1;
    expect(outline).toMatchObject({ className: "Tower", base: "Node2D", tool: false, path: "res://game/tower.gd" });
    expect(outline.signals).toEqual([
      {
        name: "fired",
        line: line("signal fired"),
        args: [
          { name: "at", type: "Vector2" },
          { name: "damage", type: "int" },
        ],
      },
    ]);
    expect(outline.constants).toEqual([
      { name: "Mode", line: line("enum Mode"), value: { IDLE: 0, AIM: 5 } },
      { name: "RANGE", line: line("const RANGE"), value: 64 },
    ]);
    expect(outline.variables).toEqual([
      { name: "damage", type: "int", line: line("damage: int = 3"), exported: true, default: 3 },
      { name: "pace", type: "float", line: line("var pace"), exported: true, default: 1.5 },
      expect.objectContaining({ name: "targets", type: "Array[Node2D]", exported: false }),
      expect.objectContaining({ name: "anything", type: "Variant" }),
    ]);
    expect(outline.functions).toEqual([
      { name: "_ready", line: line("func _ready"), args: [], returns: "void" },
      {
        name: "aim",
        line: line("func aim"),
        args: [
          { name: "at", type: "Vector2" },
          { name: "mode", type: expect.stringContaining("Mode"), default: 5 },
          { name: "label", type: "String", default: "x" },
        ],
        returns: "bool",
      },
      expect.objectContaining({ name: "price", static: true, returns: "int" }),
    ]);
    expect(outline.classes).toMatchObject([
      {
        name: "Shell",
        base: "RefCounted",
        variables: [{ name: "speed", type: "float", line: line("var speed") }],
        functions: [{ name: "fly", line: line("func fly"), returns: "float" }],
      },
    ]);
  });

  it("leaves out what a base script declares, and says why a broken script has none", async () => {
    await bench.call("script.create", {
      path: "res://game/spire.gd",
      source: "extends Tower\n\n\nfunc rise() -> void:\n\tpass\n",
    });
    const { base, functions } = await bench.call("script.outline", { path: "res://game/spire.gd" });
    expect({ base, functions }).toMatchObject({ base: "Tower", functions: [{ name: "rise" }] });
    expect(functions).toHaveLength(1);
    await bench.call("script.create", { path: "res://game/torn.gd", source: "extends Node\nfunc\n" });
    expect(await bench.fails("script.outline", { path: "res://game/torn.gd" })).toMatchObject({
      kind: "SCRIPT_COMPILE_FAILED",
      errors: [{ line: 2 }],
    });
    expect(await bench.fails("script.outline", { path: "res://game/Pilot.cs" })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
  });
});

describe("C#", () => {
  it("is listed and read", async () => {
    const path = "res://game/Pilot.cs";
    const { scripts } = await bench.call("script.list", { path: "res://game" });
    expect(scripts).toContainEqual({ path, language: "C#" });
    expect(await bench.call("script.read", { path })).toMatchObject({ source: bench.editor.read("game/Pilot.cs") });
  });
});

describe("script.detach", () => {
  it("is one undo step that also brings back the values", async () => {
    await bench.call("node.add", { type: "Tower", name: "Tower", properties: { damage: 7 } });
    expect(await bench.call("script.detach", { path: "Tower" })).toMatchObject({ script: "res://game/tower.gd" });
    expect(await bench.fails("script.detach", { path: "Tower" })).toMatchObject({ kind: "NOT_FOUND" });
    await bench.call("editor.undo");
    expect(await bench.call("node.get_properties", { path: "Tower", names: ["damage"] })).toMatchObject({
      properties: { damage: 7 },
    });
  });
});

describe("a script that is open in the script editor", () => {
  const path = "res://game/notes.gd";

  it("shows what a command wrote, as saved", async () => {
    await bench.call("node.add", { type: "Node", name: "Person" });
    await bench.call("script.attach", { path: "Person", script: "res://game/person.gd" });
    await bench.call("editor.open_script", { path, line: 3 });
    await bench.call("script.edit", { path, edits: [{ find: '= ""', replace: '= "new"' }] });
    await bench.call("node.set_properties", { path: "Person", properties: { looks: true } });
    expect(await bench.call("node.get_properties", { path: "Person", names: ["sees", "has_unsaved"] })).toMatchObject({
      properties: { sees: bench.editor.read("game/notes.gd"), has_unsaved: false },
    });
  });

  it("is not overwritten while the person at the editor has unsaved changes in it", async () => {
    const before = bench.editor.read("game/notes.gd");
    await bench.call("node.set_properties", { path: "Person", properties: { types: "# mine\n" } });
    const edit = { path, edits: [{ find: "new", replace: "newer" }] };
    expect(await bench.fails("script.edit", edit)).toMatchObject({ kind: "CONFLICT" });
    expect(await bench.fails("script.delete", { path, confirm: true })).toMatchObject({ kind: "CONFLICT" });
    expect(bench.editor.read("game/notes.gd")).toBe(before);
  });
});

describe("script.delete", () => {
  it("needs confirm:true, checks the hash, and says who still refers to the file", async () => {
    const path = "res://game/tower.gd";
    expect(await bench.fails("script.delete", { path })).toMatchObject({
      kind: "INVALID_PARAMS",
      hint: expect.stringContaining("confirm:true"),
    });
    expect(await bench.fails("script.delete", { path, confirm: true, ifHash: "0" })).toMatchObject({
      kind: "CONFLICT",
    });
    expect(existsSync(join(bench.editor.project, "game/tower.gd"))).toBe(true);
    expect(await bench.call("script.delete", { path, confirm: true })).toMatchObject({
      referencedBy: ["res://game/spire.gd"],
    });
    expect(existsSync(join(bench.editor.project, "game/tower.gd"))).toBe(false);
    expect(await bench.fails("script.read", { path })).toMatchObject({ kind: "NOT_FOUND" });
  });
});
