/** Tests code that an agent runs in the game: only if a person allows it, and with the line of each error. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { LocalHub } from "../support/local-hub.ts";
import { until } from "../support/wait.ts";
import { openStage, SCENE, type Stage } from "./stage.ts";

/** An addon that does in the dock what a person would. */
const PERSON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("person.look", "What the box in the dock shows.", {}, _look)
	GodotMcpHub.register_command("person.allow_code", "Ticks or unticks the box in the dock.", {
		"type": "object", "properties": {"allowed": {"type": "boolean"}}}, _allow_code)


func _allow_code(params: Dictionary) -> Dictionary:
	_box().button_pressed = params["allowed"]
	return {}


func _look(_params: Dictionary) -> Dictionary:
	return {"ticked": _box().button_pressed, "canBeChanged": not _box().disabled, "why": _box().tooltip_text}


func _box() -> BaseButton:
	return EditorInterface.get_base_control().find_child("AllowExecution", true, false)
`;
const CONFIG = '[plugin]\nname="Person"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n';

const PERSONS_ADDON = { "addons/person/plugin.cfg": CONFIG, "addons/person/plugin.gd": PERSON };
const WITH_PERSON = { addons: ["res://addons/person/plugin.cfg"] };
/** Runs code of the engine in the editor itself. */
const HIDE = { scene: SCENE, path: "Hero", method: "hide" };

let stage: Stage;
const run = (code: string, path?: string) => stage.call("game.eval", { code, ...(path !== undefined && { path }) });

describe("where code execution is not allowed", () => {
  beforeAll(async () => {
    stage = await openStage(PERSONS_ADDON, WITH_PERSON);
    await stage.play();
  });
  afterAll(() => stage.dispose());

  it("game.eval is refused and says who can allow it", async () => {
    expect(await stage.fails("game.eval", { code: "scene.leave(3)" })).toMatchObject({
      kind: "FORBIDDEN",
      hint: expect.stringMatching(/Hub dock.*GODOT_HUB_ENABLE_EXEC=1/),
    });
    expect(await stage.properties("Arena", "presses")).toEqual({ presses: 0 });
    expect(await stage.fails("node.call_method", HIDE)).toMatchObject({ kind: "FORBIDDEN" });
    expect(await stage.call("person.look")).toMatchObject({ ticked: false, canBeChanged: true });
  });

  it("it works as long as a person allows it, also in a game that runs already", async () => {
    await stage.call("person.allow_code", { allowed: true });
    expect(await run("scene.add(2, 3)")).toMatchObject({ result: 5 });
    await stage.call("person.allow_code", { allowed: false });
    expect(await stage.fails("game.eval", { code: "scene.add(2, 3)" })).toMatchObject({ kind: "FORBIDDEN" });
  });
});

describe("where the hub allows it for all editors", () => {
  beforeAll(async () => {
    stage = await openStage(PERSONS_ADDON, WITH_PERSON, { enableExec: true });
    await stage.play();
  });
  afterAll(() => stage.dispose());

  it("code runs in the game and in the editor, and the dock says why", async () => {
    expect(await run("scene.add(2, 3)")).toMatchObject({ result: 5 });
    expect(await stage.call("node.call_method", HIDE)).toMatchObject({ method: "hide" });
    expect(await stage.call("person.look")).toMatchObject({
      ticked: true,
      canBeChanged: false,
      why: expect.stringContaining("--enable-exec"),
    });
  });

  it("it ends with that hub: the next hub's option counts", async () => {
    const { hub, agent } = stage;
    const port = Number(new URL(hub.url).port);
    await hub.dispose();
    const next = await LocalHub.start({ port });
    onTestFinished(() => next.dispose());
    const other = await next.adapter();
    const ask = async (method: string, params: object = {}) =>
      other.request(method, { ...params }, { resources: [] }, { deadlineMs: 40_000 });
    const isThere = async () => (await ask("person.look")).result;
    expect(await until(isThere, { what: "the editor", deadlineMs: 60_000 })).toMatchObject({
      ticked: false,
      canBeChanged: true,
    });
    const refusal = async () => {
      const { error } = await ask("game.eval", { code: "scene.add(2, 3)" });
      return error?.data?.kind !== "NO_INSTANCE" && error?.data;
    };
    expect(await until(refusal, { what: "the game", deadlineMs: 60_000 })).toMatchObject({ kind: "FORBIDDEN" });
    expect((await ask("node.call_method", HIDE)).error?.data).toMatchObject({ kind: "FORBIDDEN" });
    agent.terminate();
  });
});

describe("where it is allowed", () => {
  beforeAll(async () => {
    stage = await openStage({}, { env: { GODOT_HUB_ENABLE_EXEC: "1" } });
    await stage.play();
  });
  afterAll(() => stage.dispose());

  it.each([
    ["an expression", "1 + 2 * 3", 7],
    ["an expression of several lines", "[\n\t1,\n\t2,\n].size()", 2],
    ["statements with a return", "var sum = 0\nfor each in 4:\n\tsum += each\nreturn sum", 6],
    ["statements indented by spaces", "if true:\n    return 'yes'\nreturn 'no'", "yes"],
    ["statements that return nothing", "scene.presses = 4", null],
    [
      "the scene, the root and the tree",
      "[scene.name, root.get_child_count() > 0, tree.paused]",
      ["Arena", true, false],
    ],
    [
      "code that waits",
      "var before = scene.ticks\nawait tree.create_timer(0.1).timeout\nreturn scene.ticks > before",
      true,
    ],
  ])("runs %s", async (_, code, result) => {
    expect(await run(code)).toMatchObject({ result });
  });

  it("knows the node that is meant, and writes its values as all commands do", async () => {
    await run("node.position = Vector2(3, 4)", "Arena/Hero");
    expect(await run("node.position", "Arena/Hero")).toMatchObject({ result: { type: "Vector2", x: 3, y: 4 } });
    expect(await stage.fails("game.eval", { code: "node", path: "Arena/Villain" })).toMatchObject({
      kind: "NOT_FOUND",
    });
  });

  it("says at which line it does not compile", async () => {
    expect(await stage.fails("game.eval", { code: "var a = 1\nvar b = = 2\nreturn a" })).toMatchObject({
      kind: "SCRIPT_COMPILE_FAILED",
      message: expect.stringContaining("line 2"),
      errors: expect.arrayContaining([{ line: 2, column: expect.any(Number), message: expect.any(String) }]),
    });
  });

  it("is not given to the engine when it is so deep that reading it would end the game", async () => {
    for (const code of [`return ${"(".repeat(20_000)}1`, `return 1${"+1".repeat(20_000)}`])
      expect(await stage.fails("game.eval", { code })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await run("1 + 1")).toMatchObject({ result: 2 });
  });

  it("says at which line it failed while it ran", async () => {
    const code = "scene.presses = 8\nvar nothing = null\nnothing.shout()\nscene.presses = 9";
    expect(await stage.fails("game.eval", { code })).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringMatching(/line 3: .*shout/),
      errors: [{ line: 3, message: expect.stringContaining("shout") }],
    });
    expect(await stage.properties("Arena", "presses")).toEqual({ presses: 8 });
  });

  it("is no error of the game where it is only tried out", async () => {
    const { cursor } = await stage.call("run.get_output");
    await run("var one = 1\nreturn one");
    await stage.fails("game.eval", { code: "var b = = 2" });
    await run("printerr('of the code itself')");
    const { entries } = (await stage.call("run.get_output", { cursor })) as { entries: { message: string }[] };
    expect(entries.map(({ message }) => message)).toEqual(["of the code itself"]);
  });

  it("runs several at a time, each with separate errors", async () => {
    const late = stage.fails("game.eval", {
      code: "await tree.create_timer(0.2).timeout\nvar gone = null\ngone.shout()",
    });
    expect(await run("await tree.process_frame\nreturn 1")).toMatchObject({ result: 1 });
    expect(await late).toMatchObject({ errors: [{ line: 3 }] });
  });
});
