/** Tests commands that write or throw away more than they name: others' unsaved work, their leases, and newer files. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const scene = (name: string) => `[gd_scene format=3]\n\n[node name="${name}" type="Node2D"]\n`;
const MINE = "res://shared/mine.tscn";
const THEIRS = "res://shared/theirs.tscn";
const QUIT = "extends Node\n";
/** Types into a script that is open in the script editor, as the person does. */
const PROBE = {
  "addons/probe/plugin.cfg": '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n',
  "addons/probe/plugin.gd": `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("probe.type", "Types a line into the script that is shown.", {}, func(_params: Dictionary) -> Dictionary:
		var shown := EditorInterface.get_script_editor().get_current_editor().get_base_editor() as CodeEdit
		shown.insert_line_at(0, "# typed")
		return {})
	GodotMcpHub.register_command("probe.allow", "Allows code execution, as the person does.", {}, func(_params: Dictionary) -> Dictionary:
		EditorInterface.get_editor_settings().set_project_metadata("godot_mcp_hub", "allow_code_execution", true)
		return {})
	GodotMcpHub.register_command("probe.saved", "Takes the script that is shown for saved.", {}, func(_params: Dictionary) -> Dictionary:
		(EditorInterface.get_script_editor().get_current_editor().get_base_editor() as CodeEdit).tag_saved_version()
		return {})
`,
};
const A = { clientId: "a", agent: "ann" };
const B = { clientId: "b", agent: "ben" };

let bench: Workbench;
let steps = 0;
beforeAll(async () => {
  const files = {
    ...PROBE,
    "shared/mine.tscn": scene("Mine"),
    "shared/theirs.tscn": scene("Theirs"),
    "shared/held.tres": `[gd_resource type="Gradient" format=3]\n\n[resource]\n`,
    "shared/quit.gd": QUIT,
    "shared/menu.tscn": `[gd_scene format=3]\n\n[ext_resource type="Script" path="res://shared/quit.gd" id="1"]\n\n[node name="Menu" type="Node"]\nscript = ExtResource("1")\n`,
  };
  bench = await openWorkbench(files, ["res://addons/probe/plugin.cfg"]);
});
afterAll(() => bench.dispose());

/** Leaves a change of `who` unsaved, and gives the new node's name. */
async function change(path: string, who: typeof A): Promise<string> {
  steps += 1;
  await bench.call("node.add", { scene: path, type: "Node2D", name: `N${steps}` }, who);
  return `N${steps}`;
}
const inFile = (path: string, name: string) => bench.editor.read(path.slice(6)).includes(`name="${name}"`);
async function unsaved(): Promise<string[]> {
  const { scenes } = await bench.call("scene.list_open");
  return (scenes as Params[]).filter((open) => open.unsaved).map((open) => String(open.scene));
}
const sorted = (list: unknown) => [...(list as string[])].sort();

describe("saving all", () => {
  it("leaves what another session holds, and names it", async () => {
    const mine = await change(MINE, A);
    const theirs = await change(THEIRS, B);
    const answer = await bench.call("scene.save_all", {}, { ...A, held: { [`scene:${THEIRS}`]: "ben" } });
    expect(answer).toMatchObject({ saved: [MINE], skipped: [{ scene: THEIRS, kind: "LEASE_HELD" }] });
    expect(inFile(MINE, mine)).toBe(true);
    expect(inFile(THEIRS, theirs)).toBe(false);
    expect(await bench.call("scene.save_all", {}, { ...A, held: { "*": "ben" } })).toMatchObject({ saved: [] });
    expect(await bench.call("scene.save_all", {}, A)).toMatchObject({ saved: [THEIRS], skipped: [] });
  });
});

describe("playing", () => {
  const play = (params: Params = {}, who: Params = A) =>
    bench.call("run.play", { scene: "res://shared/menu.tscn", ...params }, who);
  const isOver = async () => {
    await bench.call("run.stop", {}, A).catch(() => undefined);
  };
  beforeEach(() => bench.call("scene.save_all", { force: true }));

  it("saves what only its session has changed, and says what it left out", async () => {
    const mine = await change(MINE, A);
    const theirs = await change(THEIRS, B);
    const answer = await play();
    await isOver();
    expect(answer).toMatchObject({ saved: [MINE], notSaved: [{ scene: THEIRS, kind: "CONFLICT" }] });
    expect(inFile(MINE, mine)).toBe(true);
    expect(inFile(THEIRS, theirs)).toBe(false);
    expect(await unsaved()).toEqual([THEIRS]);
  });

  it("saves nothing, or everything, when that is asked for", async () => {
    const mine = await change(MINE, A);
    const theirs = await change(THEIRS, B);
    expect(await play({ save: "none" })).toMatchObject({ saved: [] });
    await isOver();
    expect([inFile(MINE, mine), inFile(THEIRS, theirs)]).toEqual([false, false]);
    const held = await play({ save: "all" }, { ...A, held: { [`scene:${THEIRS}`]: "ben" } });
    await isOver();
    expect(held).toMatchObject({ saved: [MINE], notSaved: [{ scene: THEIRS, kind: "LEASE_HELD" }] });
    const all = await play({ save: "all" });
    await isOver();
    expect(sorted(all.saved)).toEqual([THEIRS]);
    expect([inFile(MINE, mine), inFile(THEIRS, theirs)]).toEqual([true, true]);
    expect(await bench.fails("run.play", { save: "some" })).toMatchObject({ kind: "INVALID_PARAMS" });
  });

  it("counts a scene that two sessions have changed as neither's own", async () => {
    await change(MINE, A);
    await change(MINE, B);
    const answer = await play();
    await isOver();
    expect(answer).toMatchObject({ saved: [], notSaved: [{ scene: MINE, kind: "CONFLICT" }] });
  });

  it("does not begin over a file that is newer", async () => {
    await change(MINE, A);
    const newer = `${scene("Mine")}\n[node name="Stranger" type="Node2D" parent="."]\n`;
    bench.editor.write("shared/mine.tscn", newer);
    expect(await bench.fails("run.play", { scene: "res://shared/menu.tscn" }, A)).toMatchObject({
      kind: "CONFLICT",
      scene: MINE,
    });
    expect(bench.editor.read("shared/mine.tscn")).toBe(newer);
    expect(await play({ save: "none" })).toMatchObject({ saved: [] });
    await isOver();
    expect(bench.editor.read("shared/mine.tscn")).toBe(newer);
  });
});

describe("ending the editor", () => {
  it("does not throw away what others have not saved, nor what they hold", async () => {
    await bench.call("scene.save_all", { force: true });
    await change(MINE, A);
    await change(THEIRS, B);
    expect(await bench.fails("editor.restart", { save: false }, A)).toMatchObject({
      kind: "CONFLICT",
      unsaved: [THEIRS],
    });
    const held = { [`scene:${THEIRS}`]: "ben" };
    expect(await bench.fails("editor.restart", { save: false }, { ...A, held })).toMatchObject({ kind: "LEASE_HELD" });
    expect(await bench.fails("editor.restart", { save: true }, { ...A, held })).toMatchObject({ kind: "LEASE_HELD" });
    expect(await unsaved()).toEqual([THEIRS]);
  });

  it("counts what a session has changed beside the undo history as its work", async () => {
    await bench.call("scene.save_all", { force: true });
    await bench.call("probe.allow");
    const call = { scene: MINE, path: ".", method: "set_meta", args: ["turn", 1] };
    expect(await bench.call("node.call_method", call, B)).toMatchObject({ undoable: false });
    expect(await bench.fails("editor.validate_stop", {}, A)).toMatchObject({ kind: "CONFLICT", unsaved: [MINE] });
    expect(await bench.call("editor.validate_stop", {}, B)).toEqual({ lost: [MINE] });
    expect(await bench.call("editor.validate_stop", { discard: true }, A)).toEqual({ lost: [MINE] });
  });

  it("does not throw away what the person has typed into a script", async () => {
    await bench.call("scene.save_all", { force: true });
    const path = "res://shared/quit.gd";
    await bench.call("editor.open_script", { path });
    expect(await bench.call("editor.validate_stop", {}, A)).toEqual({ lost: [] });
    await bench.call("probe.type");
    for (const [command, params] of [
      ["editor.validate_stop", {}],
      ["editor.restart", {}],
      ["editor.restart", { save: true }],
    ] as const)
      expect(await bench.fails(command, params, A)).toMatchObject({ kind: "CONFLICT", unsaved: [path] });
    await bench.call("probe.saved");
    expect(await bench.call("editor.validate_stop", {}, A)).toEqual({ lost: [] });
  });
});

describe("moving a file", () => {
  it("changes no file that another session holds, and does not move it then", async () => {
    const params = { path: "res://shared/quit.gd", to: "res://shared/leave.gd" };
    for (const resource of [
      "scene:res://shared/menu.tscn",
      "file:res://shared/menu.tscn",
      "script:res://shared/quit.gd",
    ])
      expect(await bench.fails("resource.move", params, { ...A, held: { [resource]: "ben" } })).toMatchObject({
        kind: "LEASE_HELD",
        holder: "ben",
      });
    expect(bench.editor.read("shared/quit.gd")).toBe(QUIT);
    expect(
      await bench.call("resource.move", params, { ...A, held: { "scene:res://other.tscn": "ben" } }),
    ).toMatchObject({
      updated: ["res://shared/menu.tscn"],
    });
  });
});

describe("a project.godot that was changed outside", () => {
  it("is not written over by scene.set_main and editor.reload_plugin, and reads say so", async () => {
    const before = bench.editor.read("project.godot");
    expect(await bench.call("project.get_settings", { names: ["application/config/name"] })).not.toHaveProperty(
      "changedOnDisk",
    );
    const newer = before.replace(/config\/name="[^"]*"/, 'config/name="Another branch"');
    expect(newer).not.toBe(before);
    bench.editor.write("project.godot", newer);
    expect(await bench.fails("scene.set_main", { path: MINE })).toMatchObject({ kind: "CONFLICT" });
    expect(await bench.fails("editor.reload_plugin")).toMatchObject({ kind: "CONFLICT" });
    for (const [command, params] of [
      ["project.get_settings", { names: ["application/config/name"] }],
      ["project.list_input_actions", {}],
      ["project.list_autoloads", {}],
    ] as const)
      expect(await bench.call(command, params)).toMatchObject({ changedOnDisk: ["application/config/name"] });
    expect(bench.editor.read("project.godot")).toBe(newer);
    bench.editor.write("project.godot", before);
    expect(await bench.fails("editor.reload_plugin", {}, { ...A, held: { settings: "ben" } })).toMatchObject({
      kind: "LEASE_HELD",
    });
  });
});
