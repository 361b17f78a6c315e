/** Links inside a project: what lies where a person has named the target is read and instanced, and nothing else, and nothing is written there. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GodotEditor } from "../support/godot-editor.ts";
import { type Agent, kindOf, Studio, textOf } from "../support/studio.ts";

const BASE = realpathSync(mkdtempSync(join(tmpdir(), "links-")));
const [NAMED, OTHER] = [join(BASE, "named"), join(BASE, "other")];
const SECRET = "only-for-those-who-own-it";
const COIN = '[gd_scene format=3]\n\n[node name="Coin" type="Node2D"]\n';
const USER = 'extends Node\n\nconst COIN := preload("res://game/used.tscn")\n';

/** An addon that does in the dock what a person would. */
const PERSON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("person.allow_links", "Names folders in the dock.", {
		"type": "object", "properties": {"types": {"type": "string"}, "submits": {"type": "boolean"}}}, _allow_links)


func _allow_links(params: Dictionary) -> Dictionary:
	var field: LineEdit = EditorInterface.get_base_control().find_child("AllowLinks", true, false)
	field.text = params["types"]
	field.text_changed.emit(field.text)
	if params["submits"]:
		field.text_submitted.emit(field.text)
	return {}
`;
const FILES = {
  "game/used.tscn": COIN,
  "addons/person/plugin.cfg": '[plugin]\nname="Person"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n',
  "addons/person/plugin.gd": PERSON,
};

let studio: Studio;
let editor: GodotEditor;
let agent: Agent;

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

beforeAll(async () => {
  put(join(NAMED, "kit/coin.tscn"), COIN);
  put(join(NAMED, "kit/user.gd"), USER);
  put(join(NAMED, "kit/.env.gd"), `# ${SECRET}\n`);
  put(join(NAMED, "kit/.store/key.gd"), `# ${SECRET}\n`);
  put(join(`${NAMED}-not`, "a.gd"), `# ${SECRET}\n`);
  put(join(OTHER, "user.gd"), `# ${SECRET}\n${USER}`);
  symlinkSync(OTHER, join(NAMED, "kit/further"));
  studio = await Studio.open({ args: ["--allow-links", NAMED] });
  [editor] = (await studio.editors(["linked"], {
    files: FILES,
    addons: ["res://addons/person/plugin.cfg"],
  })) as [GodotEditor];
  mkdirSync(join(editor.project, "addons"), { recursive: true });
  symlinkSync(join(NAMED, "kit"), join(editor.project, "addons/kit"));
  symlinkSync(OTHER, join(editor.project, "addons/other"));
  symlinkSync(`${NAMED}-not`, join(editor.project, "near"));
  symlinkSync(join(NAMED, "kit/coin.tscn"), join(editor.project, "one_coin.tscn"));
  symlinkSync(join(NAMED, "kit/.env.gd"), join(editor.project, "env.gd"));
  agent = await studio.agent("alice");
  await agent.run("editor.rescan");
});
afterAll(async () => {
  await studio?.dispose();
  rmSync(BASE, { recursive: true, force: true });
});

const ask = (command: string, params: Record<string, unknown>) => agent.call("command_run", { command, params });

describe("a link to a folder that a person has named", () => {
  it("is read, listed and instanced from, also where it is one file", async () => {
    expect(await agent.run("script.read", { path: "res://addons/kit/user.gd" })).toMatchObject({ source: USER });
    const { scripts } = await agent.run("script.list", { path: "res://addons" });
    expect((scripts as { path: string }[]).map(({ path }) => path)).toContain("res://addons/kit/user.gd");
    await agent.run("scene.open", { path: "res://game/level.tscn" });
    for (const [name, instance] of Object.entries({ One: "res://addons/kit/coin.tscn", Two: "res://one_coin.tscn" }))
      expect(await agent.run("scene.instance", { instance, name })).toMatchObject({ name, type: "Node2D" });
  });

  it("is not written through", async () => {
    const path = "res://addons/kit/user.gd";
    for (const [command, params] of [
      ["script.edit", { path, source: "extends Node\n" }],
      ["script.create", { path: "res://addons/kit/new.gd", source: "extends Node\n" }],
      ["script.delete", { path, confirm: true }],
      ["resource.move", { path, to: "res://taken.gd" }],
      ["resource.move", { path: "res://game/used.tscn", to: "res://addons/kit/used.tscn" }],
      ["node.set_properties", { scene: "res://addons/kit/coin.tscn", path: ".", properties: { visible: false } }],
    ] as const) {
      const refused = await ask(command, params);
      expect(kindOf(refused), `${command}: ${textOf(refused)}`).toBe("FORBIDDEN");
    }
    expect(readFileSync(join(NAMED, "kit/user.gd"), "utf8")).toBe(USER);
  });

  it.each([
    "res://addons/kit/.env.gd",
    "res://addons/kit/.store/key.gd",
    "res://addons/kit/further/user.gd",
    "res://env.gd",
    "res://addons/other/user.gd",
    "res://near/a.gd",
  ])("does not lead to %s: what counts is where a path really is", async (path) => {
    for (const command of ["script.read", "script.outline", "project.resolve_uid"]) {
      const refused = textOf(await ask(command, { path }));
      expect(refused).toMatch(/INVALID_PARAMS/);
      expect(refused).not.toContain(SECRET);
      if (!path.endsWith("env.gd") && !path.includes("/.")) expect(refused).toContain("--allow-links");
    }
  });
});

describe("a link that is not followed", () => {
  it("is named where it may use a file, and followed links count", async () => {
    const unused = await agent.run("project.find_unused");
    expect(unused.notLookedAt).toEqual([
      "res://addons/kit/further",
      "res://addons/other",
      "res://env.gd",
      "res://near",
    ]);
    const users = await agent.run("project.get_dependencies", { path: "res://game/used.tscn", reverse: true });
    expect(users).toMatchObject({ files: [{ path: "res://addons/kit/user.gd" }] });
    const moved = await agent.run("resource.move", { path: "res://game/used.tscn", to: "res://game/moved.tscn" });
    expect(moved).toMatchObject({
      updated: [],
      notFollowed: ["res://addons/kit/user.gd"],
      notLookedAt: unused.notLookedAt,
    });
    expect(readFileSync(join(NAMED, "kit/user.gd"), "utf8")).toBe(USER);
  });
});

describe("the editor's dock", () => {
  it("names folders, too, for this project only, and not before they are typed to the end", async () => {
    const path = "res://addons/other/user.gd";
    const person = (types: string, submits: boolean) => agent.run("person.allow_links", { types, submits });
    await person("/", false);
    expect(kindOf(await ask("script.read", { path }))).toBe("INVALID_PARAMS");
    await person(`relative, ${OTHER}`, true);
    expect(await agent.run("script.read", { path })).toMatchObject({ source: expect.stringContaining(USER) });
    expect((await agent.run("project.find_unused")).notLookedAt).toEqual(["res://env.gd", "res://near"]);
    await person("", true);
    expect(kindOf(await ask("script.read", { path }))).toBe("INVALID_PARAMS");
  });
});
