/** Commands of the project's own code, and a person who pauses the agents in the dock. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";

/** An addon that registers commands, badly too, and does in the dock what a person would. */
const ADDON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")

var owner_of_command := Node.new()
var _seen: Dictionary = {}


func _enter_tree() -> void:
	GodotMcpHub.register_command("probe.echo", "Gives back.", {
		"type": "object", "properties": {"list": {"type": "array", "items": {"type": "integer"}}, "mode": {"type": "string", "enum": ["a", "b"]}}},
		func(params: Dictionary) -> Dictionary: return {"got": params, "where": Vector2(1, 2)})
	GodotMcpHub.register_command("probe.later", "Waits for a frame.", {}, _later)
	GodotMcpHub.register_command("probe.fail", "Fails.", {}, func(_params: Dictionary) -> Variant:
		return GodotMcpHub.failure("No luck.", "Try again.", "CONFLICT"))
	GodotMcpHub.register_command("probe.break", "Returns nothing.", {}, func(_params: Dictionary) -> void: return)
	GodotMcpHub.register_command("probe.register", "Registers what is given.", {
		"type": "object", "properties": {"name": {"type": "string"}, "schema": {"type": "object", "additionalProperties": true}}},
		func(params: Dictionary) -> Dictionary: return {
			"error": GodotMcpHub.register_command(params["name"], "", params["schema"], _later)})
	GodotMcpHub.register_command("probe.toggle", "Presses a button of the dock.", {
		"type": "object", "properties": {"button": {"type": "string"}, "pressed": {"type": "boolean"}}}, _toggle)
	GodotMcpHub.register_command("probe.orphan", "Vanishes with its object.", {}, owner_of_command.get_meta_list.unbind(1))
	GodotMcpHub.register_command("probe.bury", "Frees an object.", {}, func(_params: Dictionary) -> Dictionary:
		owner_of_command.free()
		return {})
	GodotMcpHub.register_command("probe.tell", "Emits an event.", {
		"type": "object", "properties": {"event": {"type": "string"}}},
		func(params: Dictionary) -> Dictionary: return {"error": GodotMcpHub.emit_event(params["event"], {"coins": 3})})
	GodotMcpHub.register_command("probe.press_when_told", "Presses the button of the pause when there is a file.", {}, _press_when_told)
	GodotMcpHub.register_command("probe.seen", "What the button said.", {}, func(_params: Dictionary) -> Dictionary: return _seen)
	GodotMcpHub.register_command("probe.nap", "Pauses for a second.", {}, _nap)
	_register_late()


func _register_late() -> void:
	while EditorInterface.get_resource_filesystem().is_scanning():
		await get_tree().process_frame
	GodotMcpHub.register_command("probe.tardy", "Is registered when the editor has found its files.", {}, _later)


func _later(_params: Dictionary) -> Dictionary:
	await get_tree().process_frame
	return {"frames": 1}


func _toggle(params: Dictionary) -> Dictionary:
	var button: BaseButton = EditorInterface.get_base_control().find_child(params["button"], true, false)
	button.button_pressed = params["pressed"]
	return {}


func _press_when_told(_params: Dictionary) -> Dictionary:
	_press()
	return {}


func _press() -> void:
	while not FileAccess.file_exists("res://press"):
		await get_tree().process_frame
	var button: Button = EditorInterface.get_base_control().find_child("Pause", true, false)
	_seen = {"text": button.text, "hint": button.tooltip_text}
	button.button_pressed = not button.button_pressed
	_seen["after"] = button.text


func _nap(_params: Dictionary) -> Dictionary:
	_toggle({"button": "Pause", "pressed": true})
	get_tree().create_timer(1.0).timeout.connect(_toggle.bind({"button": "Pause", "pressed": false}))
	return {}
`;
const CONFIG = '[plugin]\nname="Probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';
const commandsSchema = z.array(
  z.object({
    name: z.string(),
    description: z.string(),
    readOnly: z.boolean(),
    paramsSchema: z.record(z.string(), z.unknown()),
  }),
);

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ "addons/probe/plugin.cfg": CONFIG, "addons/probe/plugin.gd": ADDON }, [
    "res://addons/probe/plugin.cfg",
  ]);
  await bench.call("scene.open", { path: LEVEL });
});
afterAll(() => bench.dispose());

/** The commands that the hub knows now: the latest list that it got. */
function known(): string[] {
  const told = bench.hub.events.findLast(({ event }) => event === "instance.commands");
  const commands = told?.data.commands ?? bench.hub.identifies.at(-1)?.capabilities?.commands;
  return commandsSchema.parse(commands).map(({ name }) => name);
}

describe("custom commands", () => {
  it("of the sample game reach the hub, run, and undo as one step", async () => {
    await bench.hub.event(({ event }) => event === "instance.state", "the editor's state");
    expect(known()).toEqual(expect.arrayContaining(["level.count_coins", "level.place_coins", "probe.echo"]));
    expect(await bench.call("level.count_coins")).toEqual({ coins: 3, worth: 3 });
    expect(await bench.call("level.place_coins", { count: 4, x: 100, y: 300 })).toEqual({ placed: 4, coins: 7 });
    await bench.call("editor.undo", { force: true });
    expect(await bench.call("level.count_coins")).toEqual({ coins: 3, worth: 3 });
  });

  it("get what fits their schema, and answer in the form of every command", async () => {
    expect(await bench.call("probe.echo", { list: [1, 2], mode: "a" })).toEqual({
      got: { list: [1, 2], mode: "a" },
      where: { type: "Vector2", x: 1, y: 2 },
    });
    expect(await bench.call("probe.later")).toEqual({ frames: 1 });
  });

  it.each([
    [{ list: [1.5] }, "list[0]"],
    [{ list: "1" }, "list"],
    [{ mode: "c" }, "mode"],
    [{ other: 1 }, "other"],
  ])("are not run with params that do not fit: %j", async (params, named) => {
    expect(await bench.fails("probe.echo", params)).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining(named),
    });
    expect(await bench.fails("level.place_coins", { count: 51, x: 0, y: 0 })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await bench.fails("level.place_coins", { count: 1 })).toMatchObject({ kind: "INVALID_PARAMS" });
  });

  it("fail with the kind that they name; one that returns nothing is a defect", async () => {
    expect(await bench.fails("probe.fail")).toMatchObject({
      kind: "CONFLICT",
      message: "No luck.",
      hint: "Try again.",
    });
    expect(await bench.fails("probe.break")).toMatchObject({ kind: "INTERNAL_ERROR" });
  });

  it("vanish with the object that they belong to", async () => {
    expect(known()).toContain("probe.orphan");
    const from = bench.hub.events.length;
    await bench.call("probe.bury");
    await bench.hub.event(({ event }) => event === "instance.commands", "instance.commands", from);
    expect(known()).not.toContain("probe.orphan");
    expect(await bench.fails("probe.orphan")).toMatchObject({ kind: "METHOD_NOT_FOUND" });
  });

  it("that are many come after an identify that stays short", async () => {
    const schema = { type: "object", properties: { text: { type: "string", description: "x".repeat(1_500) } } };
    const names = Array.from({ length: 30 }, (_, index) => `swell.number_${index}`);
    for (const name of names) expect(await bench.call("probe.register", { name, schema })).toEqual({ error: 0 });
    await until(() => known().includes("swell.number_29"), { what: "the last to be known" });
    const [from, count] = [bench.hub.events.length, bench.hub.identifies.length];
    bench.hub.drop();
    const identify = await bench.hub.editor(count + 1);
    expect(identify.capabilities?.commands).toEqual([]);
    await bench.hub.event(({ event }) => event === "instance.commands", "instance.commands", from);
    expect(known()).toEqual(expect.arrayContaining([...names, "probe.echo"]));
  });

  it("tell of events of their own, under names that are not the addon's", async () => {
    const from = bench.hub.events.length;
    expect(await bench.call("probe.tell", { event: "level.finished" })).toEqual({ error: 0 });
    const told = await bench.hub.event(({ event }) => event === "level.finished", "the event", from);
    expect(told.data).toEqual({ coins: 3 });
    for (const event of ["scene.saved", "nonsense"]) {
      expect((await bench.call("probe.tell", { event })).error).not.toBe(0);
    }
    await bench.editor.clearOutput();
  });

  it.each([
    ["a group of the addon's own", "node.explode", {}],
    ["a name without a group", "explode", {}],
    ["a schema that is no object", "probe.x", { type: "string" }],
    ["a keyword that is not checked", "probe.x", { type: "object", properties: { a: { pattern: "x" } } }],
    ["a type that does not exist", "probe.x", { type: "object", properties: { a: { type: "float" } } }],
  ])("are refused with %s", async (_, name, schema) => {
    const { error } = await bench.call("probe.register", { name, schema });
    expect(error).not.toBe(0);
    expect(known()).not.toContain(name);
    await bench.editor.clearOutput();
  });
});

describe("a person at the dock", () => {
  it("pauses the agents: they get an error, and the hub shows it", async () => {
    const from = bench.hub.events.length;
    await bench.call("probe.nap");
    expect(await bench.fails("node.add", { type: "Node", name: "Patient" })).toMatchObject({
      kind: "BUSY",
      retryAfterMs: expect.any(Number),
      message: expect.stringContaining("paused"),
    });
    await bench.hub.event(({ data }) => data.state === "paused", "the state paused", from);
    await bench.hub.event(({ data }) => data.state === "ready", "the state ready", bench.hub.events.length - 1 || from);
    expect(await bench.call("node.add", { type: "Node", name: "Patient" })).toMatchObject({ path: "Patient" });
    const wishes = bench.hub.events.slice(from).filter(({ event }) => event === "instance.pause");
    expect(wishes.map(({ data }) => data.paused)).toEqual([true, false]);
  });

  it("sees that a person has paused the agents elsewhere, also after the hub has changed, and lets them go on", async () => {
    const pause = (paused: boolean, reason: string) => {
      const params = { event: "hub.instance_paused", data: { paused, reason } };
      bench.hub.sendText(JSON.stringify({ jsonrpc: "2.0", method: "event", params }));
    };
    const wish = (from: number) => bench.hub.event(({ event }) => event === "instance.pause", "a pause", from);
    await bench.call("probe.press_when_told");
    const from = bench.hub.events.length;
    pause(true, "Lunch.");
    expect(await bench.fails("scene.get_tree")).toMatchObject({ kind: "BUSY", message: "Lunch." });
    const openings = bench.hub.identifies.length;
    bench.hub.drop();
    await bench.hub.editor(openings + 1);
    expect(await wish(from)).toMatchObject({ data: { paused: true, reason: "Lunch." } });
    const pressed = bench.hub.events.length;
    bench.editor.write("press", "");
    expect(await wish(pressed)).toMatchObject({ data: { paused: false } });
    expect(await bench.call("probe.seen")).toEqual({ text: "Continue", hint: "Lunch.", after: "Pause agents" });
  });

  it("allows code execution, for this project only and not in project.godot", async () => {
    const call = { path: "Score", method: "set_text", args: ["called"] };
    expect(await bench.fails("node.call_method", call)).toMatchObject({ kind: "FORBIDDEN" });
    const { revision } = await bench.call("scene.get_tree", { depth: 0 });
    await bench.call("probe.toggle", { button: "AllowExecution", pressed: true });
    expect(await bench.call("node.call_method", call)).toMatchObject({ revision: Number(revision) + 1 });
    expect(await bench.call("node.get_properties", { path: "Score", names: ["text"] })).toMatchObject({
      properties: { text: "called" },
    });
    await bench.call("probe.toggle", { button: "AllowExecution", pressed: false });
    expect(bench.editor.read("project.godot")).not.toContain("execution");
  });
});

it("a command that the project registers while its editor starts is waited for, and one that it never registers is not there", async () => {
  await bench.editor.kill();
  const openings = bench.hub.identifies.length;
  bench.editor.launch();
  const identify = await bench.hub.editor(openings + 1);
  const asked = ["probe.tardy", "probe.echo", "probe.never"].map((method) => bench.hub.ask(method));
  // An editor with a window may have found its files before it connects.
  const isKnown = identify.capabilities?.commands?.some(({ name }) => name === "probe.tardy");
  if (!bench.editor.hasWindow) expect(isKnown).toBe(false);
  const [tardy, echo, never] = await Promise.all(asked);
  expect(tardy?.result).toEqual({ frames: 1 });
  expect(echo?.result).toMatchObject({ got: {} });
  expect(never?.error?.data?.kind).toBe("METHOD_NOT_FOUND");
  const states = () => bench.hub.events.filter(({ event }) => event === "instance.state").map(({ data }) => data.state);
  await until(() => states().at(-1) === "ready", { what: "the editor that has settled" });
});

it("the editor has not complained", () => {
  expect(bench.editor.complaints).toEqual([]);
});
