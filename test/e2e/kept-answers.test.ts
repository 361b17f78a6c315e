/** Tests the response cache with real adapters and a real editor: the hub never gives an outdated answer. */
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { GodotEditor } from "../support/godot-editor.ts";
import { type Agent, Studio } from "../support/studio.ts";
import { until } from "../support/wait.ts";

/** Scans when a file appears, as an editor does when its window gets the focus; and changes settings without saying so. */
const ADDON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")
const MARK := "res://scan_now"


func _enter_tree() -> void:
	GodotMcpHub.register_command("probe.put", "Sets a setting, and says that it only reads.", {}, func(_params: Dictionary) -> Dictionary:
		ProjectSettings.set_setting("probe/value", 2)
		return {}, true)
	GodotMcpHub.register_command("probe.clear", "Clears it, without a signal of the engine.", {}, func(_params: Dictionary) -> Dictionary:
		ProjectSettings.clear("probe/value")
		return {}, true)


func _process(_delta: float) -> void:
	if FileAccess.file_exists(MARK) and not EditorInterface.get_resource_filesystem().is_scanning():
		DirAccess.remove_absolute(MARK)
		EditorInterface.get_resource_filesystem().scan()
`;
const CONFIG = '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
const LATER = Date.now() / 1_000 + 60;
const foundSchema = z.object({ classes: z.array(z.object({ name: z.string() })) });

let studio: Studio;
let editor: GodotEditor;
let one: Agent;
let two: Agent;
beforeAll(async () => {
  studio = await Studio.open();
  [editor] = (await studio.editors(["kept-game"], {
    files: { "addons/probe/plugin.cfg": CONFIG, "addons/probe/plugin.gd": ADDON },
    addons: ["res://addons/probe/plugin.cfg"],
  })) as [GodotEditor];
  [one, two] = [await studio.agent("one"), await studio.agent("two")];
}, 180_000);
afterAll(() => studio.dispose());

async function cachedBy(work: () => Promise<unknown>): Promise<number> {
  const before = (await studio.counters()).cached ?? Number.NaN;
  await work();
  return ((await studio.counters()).cached ?? Number.NaN) - before;
}

async function classesLike(agent: Agent, query: string): Promise<string[]> {
  return foundSchema.parse(await agent.run("classdb.search", { query })).classes.map(({ name }) => name);
}

describe("answers that the hub keeps", () => {
  it("are those about the engine's classes: a second agent gets the first one's answer at once", async () => {
    const asked = { name: "CharacterBody2D", inherited: true };
    const first = await one.run("classdb.get_class", asked);
    let again: unknown;
    expect(await cachedBy(async () => (again = await two.run("classdb.get_class", asked)))).toBe(1);
    expect(again).toEqual(first);
    expect(await cachedBy(() => two.run("classdb.get_class", { name: "CharacterBody3D" }))).toBe(0);
  });

  it("end with what another session writes", async () => {
    expect(await classesLike(one, "KeptByAgent")).toEqual([]);
    expect(await cachedBy(() => classesLike(two, "KeptByAgent"))).toBe(1);
    await two.run("script.create", {
      path: "res://kept_by_agent.gd",
      source: "class_name KeptByAgent\nextends Node\n",
    });
    await until(async () => (await classesLike(one, "KeptByAgent")).length === 1, { what: "the class" });
    await two.run("script.delete", { path: "res://kept_by_agent.gd", confirm: true });
    await until(async () => (await classesLike(one, "KeptByAgent")).length === 0, { what: "the end of the class" });
  });

  it("end with what happens behind the hub's back: classes that come and go by files", {
    timeout: 150_000,
  }, async () => {
    const asks = () => classesLike(one, "KeptByFile");
    expect(await asks()).toEqual([]);
    expect(await cachedBy(asks)).toBe(1);
    editor.write("kept_by_file.gd", "class_name KeptByFile\nextends Node\n");
    editor.write("scan_now", "");
    // No client writes through the hub meanwhile: only the editor's event ends the cached answer.
    await until(async () => (await asks()).length === 1, { what: "the class of the file", deadlineMs: 60_000 });
    expect(await cachedBy(asks)).toBe(1);
    editor.write("kept_by_file.gd", "class_name KeptAnew\nextends Node\n");
    // The engine looks at the seconds.
    utimesSync(join(editor.project, "kept_by_file.gd"), LATER, LATER);
    editor.write("scan_now", "");
    await until(async () => (await asks()).length === 0, { what: "the end of that class", deadlineMs: 60_000 });
  });

  it("do not speak of what can change unseen: scripts' members, settings", async () => {
    const settings = () => one.run("project.get_settings", { prefix: "probe/", all: true });
    await two.run("project.set_settings", { settings: { "probe/value": 1 }, create: true });
    expect(await settings()).toMatchObject({ settings: { "probe/value": 1 } });
    await two.run("probe.put");
    expect(await settings()).toMatchObject({ settings: { "probe/value": 2 } });
    await two.run("probe.clear");
    expect(await settings()).toMatchObject({ settings: {} });
    expect(await cachedBy(settings)).toBe(0);

    await two.run("script.create", { path: "res://kept.gd", source: "class_name KeptMembers\nextends Node\n" });
    const members = () => one.run("classdb.get_class", { name: "KeptMembers" });
    await until(() => members().catch(() => undefined), { what: "the class" });
    expect(await cachedBy(members)).toBe(0);
  });
});
