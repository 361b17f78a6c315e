/** Reading, writing, checking and attaching scripts. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const WINDOWS = "extends Node\r\n\r\nvar a: int = 1\r\nvar b: int = 1\r\n";
const BROKEN = "extends Node\n\nfunc f() -> int:\n\treturn foo + bar\n\nvar x: Strng = 1\n";

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ "game/windows.gd": WINDOWS, "game/marked.gd": "\uFEFFextends Node\n" });
});
afterAll(() => bench.dispose());

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

describe("script.list", () => {
  it("names class and base, and pages", async () => {
    const { scripts, total } = await bench.call("script.list", { path: "res://game" });
    expect(scripts).toContainEqual({
      path: "res://game/enemy.gd",
      language: "GDScript",
      className: "Enemy",
      base: "CharacterBody2D",
    });
    expect(scripts).toContainEqual({ path: "res://game/coin.gd", language: "GDScript", base: "Area2D" });
    const first = await bench.call("script.list", { path: "res://game", limit: 2 });
    expect(first).toMatchObject({ truncated: true, total });
    const rest = await bench.call("script.list", { path: "res://game", cursor: first.cursor });
    expect([...(first.scripts as unknown[]), ...(rest.scripts as unknown[])]).toEqual(scripts);
  });
});

describe("script.read", () => {
  it("gives the text with its hash, whole or in part", async () => {
    const source = bench.editor.read("game/coin.gd");
    const lines = source.split("\n").length - 1;
    expect(await bench.call("script.read", { path: "res://game/coin.gd" })).toEqual({
      path: "res://game/coin.gd",
      source,
      hash: hashOf(source),
      lines,
    });
    expect(await bench.call("script.read", { path: "res://game/coin.gd", from: 2, to: 2 })).toMatchObject({
      source: "extends Area2D",
      lines,
    });
  });

  it.each([
    ["res://game/cion.gd", "NOT_FOUND"],
    ["res://../x.gd", "INVALID_PARAMS"],
    ["user://x.gd", "INVALID_PARAMS"],
    ["/etc/passwd", "INVALID_PARAMS"],
    ["res://project.godot", "INVALID_PARAMS"],
  ])("refuses %s", async (path, kind) => {
    expect(await bench.fails("script.read", { path })).toMatchObject({ kind });
  });

  it("refuses lines that are not there", async () => {
    expect(await bench.fails("script.read", { path: "res://game/coin.gd", from: 900 })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
  });
});

describe("script.create", () => {
  it("writes the file as given and says what the engine finds wrong in it", async () => {
    const created = await bench.call("script.create", { path: "res://made/broken.gd", source: BROKEN });
    expect(bench.editor.read("made/broken.gd")).toBe(BROKEN);
    expect(created).toMatchObject({ hash: hashOf(BROKEN), lines: 6 });
    expect(created.errors).toEqual([
      { line: 4, column: 9, message: expect.stringContaining("foo") },
      { line: 4, column: 15, message: expect.stringContaining("bar") },
      { line: 6, column: 8, message: expect.stringContaining("Strng") },
    ]);
  });

  it("makes a new class known at once", async () => {
    await bench.call("scene.open", { path: "res://game/level.tscn" });
    const source = "class_name Spinner\nextends Node2D\n\n@export var turns: int = 3\n";
    expect(await bench.call("script.create", { path: "res://made/spinner.gd", source })).toMatchObject({ errors: [] });
    await bench.call("node.add", { type: "Spinner", name: "Spinner", properties: { turns: 5 } });
    expect(await bench.call("node.get_properties", { path: "Spinner", names: ["turns"] })).toMatchObject({
      properties: { turns: 5 },
    });
  });

  it("refuses a file that exists, and one that is no script", async () => {
    expect(await bench.fails("script.create", { path: "res://game/coin.gd", source: "" })).toMatchObject({
      kind: "CONFLICT",
    });
    expect(await bench.fails("script.create", { path: "res://made/x.exe", source: "" })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
    expect(await bench.fails("script.create", { path: "res://.godot/x.gd", source: "" })).toMatchObject({
      kind: "INVALID_PARAMS",
    });
  });
});

describe("script.edit", () => {
  it("replaces anchored text and keeps the file's line endings", async () => {
    const path = "res://game/windows.gd";
    const { hash } = await bench.call("script.read", { path });
    const edits = [
      { find: "var a: int = 1\nvar b", replace: "var a: int = 2\nvar b" },
      { find: "extends Node", replace: "extends Node2D" },
    ];
    const edited = WINDOWS.replace("a: int = 1", "a: int = 2").replace("Node", "Node2D");
    expect(await bench.call("script.edit", { path, edits, ifHash: hash })).toMatchObject({
      hash: hashOf(edited),
      errors: [],
    });
    expect(bench.editor.read("game/windows.gd")).toBe(edited);
    expect(await bench.fails("script.edit", { path, edits, ifHash: hash })).toMatchObject({
      kind: "CONFLICT",
      hash: hashOf(edited),
    });
    await bench.call("script.edit", { path, source: "extends Node\nvar c: int\n" });
    expect(bench.editor.read("game/windows.gd")).toBe("extends Node\r\nvar c: int\r\n");
  });

  it("keeps a byte order mark", async () => {
    await bench.call("script.edit", { path: "res://game/marked.gd", edits: [{ find: "Node", replace: "Node3D" }] });
    expect(bench.editor.read("game/marked.gd")).toBe("\uFEFFextends Node3D\n");
  });

  it.each([
    ["a text that is not there", [{ find: "nowhere", replace: "" }], "NOT_FOUND"],
    ["a text that stands twice", [{ find: "func ", replace: "" }], "INVALID_PARAMS"],
    ["an edit that is none", [{ find: "value" }], "INVALID_PARAMS"],
  ])("changes nothing for %s", async (_, bad, kind) => {
    const before = bench.editor.read("game/coin.gd");
    const edits = [{ find: "queue_free()", replace: "hide()" }, ...bad];
    expect(await bench.fails("script.edit", { path: "res://game/coin.gd", edits })).toMatchObject({ kind, edit: 1 });
    expect(bench.editor.read("game/coin.gd")).toBe(before);
  });

  it("reaches the loaded script and the nodes that have it", async () => {
    await bench.call("scene.open", { path: "res://game/level.tscn" });
    await bench.call("script.edit", {
      path: "res://game/enemy.gd",
      edits: [{ find: "@export var speed", replace: "@export var courage: int = 9\n@export var speed" }],
    });
    expect(await bench.call("node.get_properties", { path: "Enemy", names: ["courage"] })).toMatchObject({
      properties: { courage: 9 },
    });
  });
});

describe("script.validate", () => {
  it("finds nothing in a good script, whose class is already known", async () => {
    expect(await bench.call("script.validate", { path: "res://game/player.gd" })).toEqual({
      valid: true,
      errors: [],
      warnings: [],
    });
  });

  it("reports every error with its line, and changes nothing", async () => {
    const path = "res://game/player.gd";
    const before = bench.editor.read("game/player.gd");
    const { valid, errors } = await bench.call("script.validate", {
      path,
      source: before.replace("velocity.x =", "velocty.x ="),
    });
    expect({ valid, errors }).toEqual({
      valid: false,
      errors: [{ line: expect.any(Number), column: 2, message: expect.stringContaining("velocty") }],
    });
    expect(bench.editor.read("game/player.gd")).toBe(before);
    expect(await bench.call("script.validate", { path })).toMatchObject({ valid: true });
    expect(await bench.call("node.add", { type: "Player", name: "StillFine" })).toMatchObject({
      type: "CharacterBody2D",
    });
  });

  it("reports warnings", async () => {
    const source = "extends Node\n\n\nfunc f(unused: int) -> void:\n\tpass\n";
    const { valid, warnings } = await bench.call("script.validate", { source });
    expect({ valid, warnings }).toEqual({
      valid: true,
      warnings: [{ line: 4, column: 8, message: expect.stringContaining("unused") }],
    });
    expect(await bench.call("script.create", { path: "res://made/warned.gd", source })).toMatchObject({ errors: [] });
  });

  it("needs something to check", async () => {
    expect(await bench.fails("script.validate")).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await bench.fails("script.validate", { path: "res://missing.gd" })).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("script.attach", () => {
  it("is one undo step that also brings back the values of the script before", async () => {
    await bench.call("scene.open", { path: "res://game/level.tscn" });
    await bench.call("script.create", { path: "res://made/other.gd", source: "extends Node2D\n" });
    await bench.call("node.add", { type: "Spinner", name: "Wheel", properties: { turns: 8 } });
    expect(await bench.call("script.attach", { path: "Wheel", script: "res://made/other.gd" })).toMatchObject({
      script: "res://made/other.gd",
    });
    await bench.call("editor.undo");
    expect(await bench.call("node.get_properties", { path: "Wheel", names: ["turns"] })).toMatchObject({
      properties: { turns: 8 },
    });
  });

  it.each([
    ["a command", (path: string, source: string) => bench.call("script.edit", { path, source })],
    ["somebody else", (path: string, source: string) => writeFile(join(bench.editor.project, path.slice(6)), source)],
  ])("takes a script that did not compile before %s mended it", async (who, mend) => {
    await bench.call("scene.open", { path: "res://game/level.tscn" });
    for (const tried of [false, true]) {
      const path = `res://made/mended_${who === "a command" ? "here" : "outside"}_${tried}.gd`;
      const created = await bench.call("script.create", { path, source: "extends Node2D\nvar a: int = b\n" });
      expect(created.errors).toHaveLength(1);
      if (tried)
        expect(await bench.fails("script.attach", { path: ".", script: path })).toMatchObject({
          kind: "SCRIPT_COMPILE_FAILED",
        });
      await mend(path, "extends Node2D\nvar a: int = 1\n");
      expect(await bench.call("script.attach", { path: ".", script: path })).toMatchObject({ script: path });
      await bench.call("editor.undo");
    }
  });

  it.each([
    ["a script that does not exist", "res://made/none.gd", "NOT_FOUND"],
    ["a script that does not compile", "res://made/broken.gd", "SCRIPT_COMPILE_FAILED"],
    ["a script of another kind of node", "res://game/coin.gd", "INVALID_PARAMS"],
  ])("refuses %s", async (_, script, kind) => {
    expect(await bench.fails("script.attach", { path: "Ground", script })).toMatchObject({ kind });
  });
});
