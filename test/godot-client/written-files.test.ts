/** Tests that files reported as written are on the disk: on a full disk, in places that take no file, and over files that must survive. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const LEVEL = `[gd_scene format=3]\n\n[node name="Level" type="Node2D"]\n`;
const THEME = `[gd_resource type="Theme" format=3]\n\n[resource]\n`;
/** Longest file that the editor can write while its disk counts as full, bytes: a few are cut in their middle. */
const FULL_AT = [0, 60, 4_200] as const;
/** A disk that takes so many bytes takes the short files, too. */
const ROOM = 4_000;
const LONG_TEXT = "x".repeat(6_000);
/** Text that the editor writes as it is given: a script would be checked first, by a process that needs the disk, too. */
const SHADER = `shader_type canvas_item;\n// ${LONG_TEXT}\n`;

type Case = [command: string, params: Params, file: string];
const LONG_FILES: Case[] = [
  ["resource.duplicate", { path: "res://disk/long.gdshader", to: "res://disk/c.gdshader" }, "disk/c.gdshader"],
  [
    "resource.create",
    { path: "res://disk/n.tres", type: "Gradient", properties: { resource_name: LONG_TEXT } },
    "disk/n.tres",
  ],
  [
    "resource.create",
    { path: "res://disk/n.res", type: "Gradient", properties: { resource_name: LONG_TEXT } },
    "disk/n.res",
  ],
  [
    "resource.set_properties",
    { path: "res://disk/theme.tres", properties: { resource_name: LONG_TEXT } },
    "disk/theme.tres",
  ],
  ["script.create", { path: "res://disk/b.gdshader", source: SHADER }, "disk/b.gdshader"],
  ["script.edit", { path: "res://disk/a.gdshader", source: SHADER }, "disk/a.gdshader"],
  ["project.set_settings", { settings: { "application/config/description": LONG_TEXT } }, "project.godot"],
];
const SHORT_FILES: Case[] = [
  ["scene.create", { path: "res://disk/new.tscn", rootType: "Node2D" }, "disk/new.tscn"],
  ["scene.create_from_template", { path: "res://disk/new.tscn", template: "player_2d" }, "disk/new.tscn"],
  ["project.set_input_action", { name: "long", deadzone: 0.25, events: [] }, "project.godot"],
];

let bench: Workbench;
let wrapper: string;
const wrappedGodot = process.env.GODOT;
beforeAll(async () => {
  // A program that ignores SIGXFSZ gets an error from the write instead.
  wrapper = mkdtempSync(join(tmpdir(), "godot-wrapper-"));
  const script = join(wrapper, "godot");
  writeFileSync(script, `#!/bin/sh\ntrap '' XFSZ\nexec "${wrappedGodot}" "$@"\n`);
  chmodSync(script, 0o755);
  process.env.GODOT = script;
  bench = await openWorkbench({
    "disk/level.tscn": LEVEL,
    "disk/other.tscn": LEVEL,
    "disk/theme.tres": THEME,
    "disk/a.gd": "extends Node\n",
    "disk/long.gdshader": SHADER,
    "disk/a.gdshader": "shader_type spatial;\n",
  });
});
afterAll(async () => {
  process.env.GODOT = wrappedGodot;
  await bench.dispose();
  rmSync(wrapper, { recursive: true, force: true });
});

/** Runs `work` while no file of the editor can grow beyond `bytes`. */
async function withFullDisk<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  const limit = (soft: string) => execFileSync("prlimit", ["--pid", String(bench.editor.pid), `--fsize=${soft}:`]);
  limit(String(bytes));
  try {
    return await work();
  } finally {
    limit("unlimited");
  }
}

const isUnsaved = async (scene: string) => {
  const { scenes } = await bench.call("scene.list_open");
  return (scenes as Params[]).find((open) => open.scene === scene)?.unsaved;
};
const leftovers = () => readdirSync(join(bench.editor.project, "disk")).filter((name) => /part|\.tmp$/.test(name));
const NOT_WRITTEN = { kind: "INTERNAL_ERROR", message: expect.stringContaining("Nothing was saved") };

describe.each(FULL_AT)("on a disk that is full at %i bytes", (bytes) => {
  it("a scene stays unsaved, keeps its file, and is saved when there is room", async () => {
    const scene = "res://disk/level.tscn";
    await bench.call("scene.open", { path: scene });
    const name = `N${bytes}`;
    await bench.call("node.add", { scene, type: "Node2D", name });
    await bench.call("node.set_properties", { scene, path: name, properties: { editor_description: LONG_TEXT } });
    const before = bench.editor.read("disk/level.tscn");
    await withFullDisk(bytes, async () => {
      expect(await bench.fails("scene.save", { scene })).toMatchObject(NOT_WRITTEN);
      const all = await bench.call("scene.save_all");
      expect(all).toMatchObject({ saved: [], skipped: [{ scene, kind: "INTERNAL_ERROR" }] });
      expect(await bench.fails("scene.save_as", { scene, path: "res://disk/copy.tscn" })).toMatchObject(NOT_WRITTEN);
    });
    expect(await isUnsaved(scene)).toBe(true);
    expect(bench.editor.read("disk/level.tscn")).toBe(before);
    expect(existsSync(join(bench.editor.project, "disk/copy.tscn"))).toBe(false);
    await bench.call("scene.save", { scene });
    expect(await isUnsaved(scene)).toBe(false);
    expect(bench.editor.read("disk/level.tscn")).toContain(`name="${name}"`);
    expect(leftovers()).toEqual([]);
  });

  it.each(bytes < ROOM ? [...LONG_FILES, ...SHORT_FILES] : LONG_FILES)(
    "%s writes nothing and says so: %#",
    async (command, params, file) => {
      const before = existsSync(join(bench.editor.project, file)) ? bench.editor.read(file) : undefined;
      expect(await withFullDisk(bytes, () => bench.fails(command, params))).toMatchObject(NOT_WRITTEN);
      const now = existsSync(join(bench.editor.project, file)) ? bench.editor.read(file) : undefined;
      expect(now).toBe(before);
      expect(leftovers()).toEqual([]);
    },
  );
});

it("what was not written is not in the editor either", async () => {
  const autoload = { name: "Global", path: "res://disk/a.gd" };
  expect(await withFullDisk(60, () => bench.fails("project.add_autoload", autoload))).toMatchObject(NOT_WRITTEN);
  const { properties } = await bench.call("resource.get", { path: "res://disk/theme.tres", names: ["resource_name"] });
  expect(properties).toEqual({ resource_name: "" });
  const { autoloads } = await bench.call("project.list_autoloads");
  expect(autoloads).not.toContainEqual(expect.objectContaining({ name: "Global" }));
  expect(await bench.fails("project.get_settings", { names: ["input/long"] })).toMatchObject({ kind: "NOT_FOUND" });
});

it("a folder in the place of a file is no place for it", async () => {
  const scene = "res://disk/other.tscn";
  await bench.call("scene.open", { path: scene });
  await bench.call("node.add", { scene, type: "Node2D", name: "Kept" });
  const file = join(bench.editor.project, "disk/other.tscn");
  rmSync(file);
  mkdirSync(file);
  expect(await bench.fails("scene.save", { scene, force: true })).toMatchObject(NOT_WRITTEN);
  expect(await isUnsaved(scene)).toBe(true);
  rmSync(file, { recursive: true });
  await bench.call("scene.save", { scene, force: true });
  expect(bench.editor.read("disk/other.tscn")).toContain('name="Kept"');
  mkdirSync(join(bench.editor.project, "disk/taken.tres"));
  expect(await bench.fails("resource.create", { path: "res://disk/taken.tres", type: "Gradient" })).toMatchObject(
    NOT_WRITTEN,
  );
  mkdirSync(join(bench.editor.project, "disk/taken.gd"));
  expect(await bench.fails("script.create", { path: "res://disk/taken.gd", source: "extends Node\n" })).toMatchObject(
    NOT_WRITTEN,
  );
});

it("a file in the place of a folder is no folder", async () => {
  bench.editor.write("disk/flat", "");
  for (const [command, params] of [
    ["scene.create", { path: "res://disk/flat/a.tscn", rootType: "Node" }],
    ["resource.create", { path: "res://disk/flat/a.tres", type: "Gradient" }],
    ["script.create", { path: "res://disk/flat/a.gd", source: "extends Node\n" }],
    ["resource.duplicate", { path: "res://disk/theme.tres", to: "res://disk/flat/t.tres" }],
  ] as const)
    expect(await bench.fails(command, params)).toMatchObject(NOT_WRITTEN);
});

it("a file keeps its permissions", async () => {
  const file = join(bench.editor.project, "disk/tool.gdshader");
  writeFileSync(file, "shader_type spatial;\n");
  chmodSync(file, 0o640);
  await bench.call("script.edit", { path: "res://disk/tool.gdshader", source: SHADER });
  expect(statSync(file).mode & 0o777).toBe(0o640);
});
