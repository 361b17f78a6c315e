/** Commands that come while the engine is at work: while it scans, imports, or shows its progress within a call. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** Files that take long to import, and a command that tells whether it runs within a call into the engine. */
const ADDON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")
const SlowImporter := preload("slow_importer.gd")

var _importer := SlowImporter.new()
var _looks: int = 0


func _enter_tree() -> void:
	add_import_plugin(_importer)
	GodotMcpHub.register_command("probe.look", "Whether progress is shown.", {}, func(_params: Dictionary) -> Dictionary:
		return {"progress": _is_progress_shown(), "importing": SlowImporter.is_importing, "seen": _looks}, true)


func _exit_tree() -> void:
	remove_import_plugin(_importer)


func _process(_delta: float) -> void:
	if _is_progress_shown():
		_looks += 1


func _is_progress_shown() -> bool:
	return get_tree().root.find_children("*", "ProgressDialog", true, false).any(func(dialog: Node) -> bool:
		return dialog.get("visible"))
`;
const IMPORTER = `@tool
extends EditorImportPlugin

static var is_importing: bool = false


func _get_importer_name() -> String: return "slow"
func _get_visible_name() -> String: return "Slow"
func _get_recognized_extensions() -> PackedStringArray: return ["slow"]
func _get_save_extension() -> String: return "res"
func _get_resource_type() -> String: return "Resource"
func _get_priority() -> float: return 1.0
func _get_import_order() -> int: return 0
func _get_preset_count() -> int: return 0
func _get_import_options(_path: String, _preset: int) -> Array[Dictionary]: return []
func _can_import_threaded() -> bool: return false


func _import(_source: String, save_path: String, _options: Dictionary, _variants: Array[String], _files: Array[String]) -> Error:
	is_importing = true
	OS.delay_msec(400)
	is_importing = false
	return ResourceSaver.save(Resource.new(), save_path + ".res") as Error
`;
const CONFIG = '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
const SLOW_FILES = 12;
/** Commands wait for those before them, on a machine that does much else. */
const DEADLINE_MS = 120_000;

const lookSchema = z.looseObject({ progress: z.boolean(), importing: z.boolean(), seen: z.number() });
const progressSchema = z.object({
  method: z.literal("progress"),
  params: z.object({ id: z.string(), progress: z.number(), message: z.string() }),
});

let bench: Workbench;
beforeAll(async () => {
  const files = {
    "addons/probe/plugin.gd": ADDON,
    "addons/probe/slow_importer.gd": IMPORTER,
    "addons/probe/plugin.cfg": CONFIG,
  };
  bench = await openWorkbench(files, ["res://addons/probe/plugin.cfg"]);
});
afterAll(() => bench?.dispose());

const look = async () => lookSchema.parse(await bench.call("probe.look"));
/** The progress that callers with this id got meanwhile. */
const told = (id: string): string[] =>
  bench.hub.messages.flatMap((message) => {
    const { success, data } = progressSchema.safeParse(message);
    return success && data.params.id === id ? [data.params.message] : [];
  });

describe("while the engine imports", () => {
  let round = 0;
  /** Has the editor import files that take their time; resolves when it has begun, to the promise of the end. */
  const importSlowly = async (): Promise<{ ended: Promise<unknown> }> => {
    const state = () => bench.hub.events.findLast(({ event }) => event === "instance.state")?.data.state;
    await until(() => state() === "ready", { what: "an editor that is at nothing" });
    round += 1;
    for (let file = 0; file < SLOW_FILES; file += 1) bench.editor.write(`slow_${round}/${file}.slow`, `${file}`);
    const before = bench.hub.events.length;
    const ended = bench.call("editor.rescan");
    await bench.hub.event(({ data }) => data.state === "importing", "the import", before);
    return { ended };
  };

  it("commands wait, those that wait long learn the reason, and saved files are on disk", async () => {
    const { ended } = await importSlowly();
    const before = bench.hub.events.length;
    const details = () => bench.hub.events.map(({ data }) => String(data.state === "importing" ? data.detail : ""));
    const script = { path: "res://made/while_importing.gd", source: "extends Node\n" };
    await bench.call("script.create", script, { id: "patient", clientId: "patient", deadlineMs: 60_000 });
    expect(bench.editor.read("made/while_importing.gd")).toBe(script.source);
    expect(bench.hub.events.slice(before).map(({ event }) => event)).toContain("import.finished");
    await ended;
    expect(details().join("\n")).toMatch(/it imports 12 files|\.slow \(\d+ of 12\)/);
    expect(await look()).toMatchObject({ progress: false, importing: false });
    if (bench.editor.hasWindow)
      expect(told("patient").join()).toMatch(/waiting for the editor: .*\.slow \(\d+ of 12\)/);
  });

  it("a caller that cannot wait so long learns that nothing was done", async () => {
    const { ended } = await importSlowly();
    const params = { path: "res://made/hasty.gd", source: "" };
    const { error } = await bench.hub.ask("script.create", params, { clientId: "hasty", deadlineMs: 1_500 });
    await ended;
    if (error) {
      expect(error.data).toMatchObject({ kind: "TIMEOUT", dispatched: false });
      expect(await bench.fails("script.read", { path: params.path })).toMatchObject({ kind: "NOT_FOUND" });
    } else {
      // An editor without a window hears nothing while it imports, and has the whole time from when it does.
      expect(bench.editor.hasWindow).toBe(false);
      expect(bench.editor.read("made/hasty.gd")).toBe("");
    }
  });

  it("heartbeats are answered and waiting commands can be cancelled", async () => {
    const { ended } = await importSlowly();
    bench.hub.sendText('{"type":"heartbeat","timestamp":1700000000321}');
    const cancelled = bench.hub.ask("scene.open", { path: "res://game/coin.tscn" }, { id: "given-up" });
    bench.hub.sendText('{"jsonrpc":"2.0","method":"cancel","params":{"id":"given-up"}}');
    expect((await cancelled).error?.data?.kind).toBe("CANCELLED");
    const beat = () => bench.hub.messages.some((message) => JSON.stringify(message).includes("1700000000321"));
    await until(beat, { what: "the heartbeat's answer" });
    await ended;
    const { scenes } = await bench.call("scene.list_open");
    expect(JSON.stringify(scenes)).not.toContain("coin.tscn");
  });
});

it("no command begins within a call of another one into the engine", async () => {
  await bench.call("scene.open", { path: "res://game/level.tscn" });
  const seen: Promise<unknown>[] = [];
  const looks: Promise<z.infer<typeof lookSchema>>[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const writer = { clientId: `writer-${turn % 3}`, deadlineMs: DEADLINE_MS };
    seen.push(bench.call("node.add", { scene: "res://game/level.tscn", type: "Node2D", name: `W${turn}` }, writer));
    seen.push(bench.call("scene.save", { scene: "res://game/level.tscn" }, writer));
    seen.push(bench.call("script.create", { path: `res://made/d${turn}/a.gd`, source: "extends Node\n" }, writer));
    const reader = { clientId: `reader-${turn % 4}`, deadlineMs: DEADLINE_MS };
    looks.push(bench.call("probe.look", {}, reader).then((told) => lookSchema.parse(told)));
  }
  await Promise.all(seen);
  for (const answer of await Promise.all(looks)) expect(answer.progress).toBe(false);
  // Without frames within calls this would show nothing.
  if (bench.editor.hasWindow) expect((await look()).seen).toBeGreaterThan(0);
  expect(bench.editor.complaints).toEqual([]);
});
