/** Debugging a real game through the editor's own debug adapter: stops, stack, variables, steps, and what else happens meanwhile. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { godotBinary } from "../support/godot-editor.ts";
import type { ProtocolClient } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";
import { type Game, openStage, type Params, type Stage, toldSoon } from "./stage.ts";

const SCRIPT = "res://debugged/debugged.gd";
const SCENE = "res://debugged/debugged.tscn";
const SOURCE = `extends Node2D

var ticks: int = 0
var body: Node2D = null
var crowd: Array[Node2D] = []
var plain := RefCounted.new()
var style: StyleBox = load("res://debugged/style.tres")
var bag: Dictionary = {"gold": [1, 2, 3], "at": Vector2(3, 4)}


func _ready() -> void:
	body = $Body
	crowd = [body]


func _process(_delta: float) -> void:
	var before := ticks
	ticks = added(before, 1)
	ticks += 0


func added(one: int, other: int) -> int:
	# Nothing happens here.
	var sum := one + other
	return sum


static func doubled(number: int) -> int:
	var twice := number * 2
	return twice


func call_doubled() -> int:
	return doubled(21)


func fail() -> void:
	var nothing: Object = null
	nothing.call("shout")


func hang() -> void:
	while true:
		ticks += 1
`;
/** Line of SOURCE that contains `text`, counted from 1. */
const lineOf = (text: string) => SOURCE.split("\n").findIndex((line) => line.includes(text)) + 1;

const FILES = {
  "debugged/debugged.gd": SOURCE,
  "debugged/debugged.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="${SCRIPT}" id="1"]

[node name="Debugged" type="Node2D"]
script = ExtResource("1")

[node name="Body" type="Node2D" parent="."]
position = Vector2(7, 8)
`,
  "debugged/style.tres": '[gd_resource type="StyleBoxFlat" format=3]\n\n[resource]\n',
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(FILES, { env: { GODOT_HUB_ENABLE_EXEC: "1" } });
});
afterEach(async () => {
  await stage.call("run.stop");
  await stage.call("debug.remove_breakpoints");
  await stage.call("debug.set_error_stops", { enabled: false });
});
afterAll(() => stage.dispose());

/** Plays, and waits until the game has stopped at a line of the script. */
async function playUntil(text: string): Promise<Params> {
  await stage.call("debug.set_breakpoints", { path: SCRIPT, lines: [lineOf(text)] });
  await stage.call("run.play", { scene: SCENE });
  return stage.call("debug.wait_for_stop", { timeoutMs: 20_000 });
}

/** The file of the editor settings below an XDG_CONFIG_HOME. */
function settingsFile(folder: string): string {
  const version = execFileSync(godotBinary(), ["--version"], { encoding: "utf8" }).split(".").slice(0, 2).join(".");
  return join(folder, "godot", `editor_settings-${version}.tres`);
}

/** A folder for XDG_CONFIG_HOME with editor settings in which one has a value. */
function settingsWith(name: string, value: number): string {
  const folder = mkdtempSync(join(tmpdir(), "godot-settings-"));
  mkdirSync(join(folder, "godot"));
  const text = `[gd_resource type="EditorSettings" format=3]\n\n[resource]\n${name} = ${value}\n`;
  writeFileSync(settingsFile(folder), text);
  return folder;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** The answer to a command of another session that shares the editor. */
async function asOther(client: ProtocolClient, method: string, params: Params = {}): Promise<Params> {
  const { result, error } = await client.request(method, params, { resources: [] }, { deadlineMs: 40_000 });
  if (error) throw new Error(`${method}: ${error.message}`);
  return result as Params;
}

describe("a breakpoint", () => {
  it("stops the game that an agent plays, and says where, why and who has set it", async () => {
    const stopped = await playUntil("var sum");
    expect(stopped).toMatchObject({
      state: "stopped",
      reason: "breakpoint",
      path: SCRIPT,
      line: lineOf("var sum"),
      function: "added",
      setBy: "test-agent",
      scene: SCENE,
      text: "var sum := one + other",
    });
    const { games } = await stage.call("run.status");
    expect(games).toMatchObject([{ state: "stopped", stoppedAt: `${SCRIPT}:${lineOf("var sum")}` }]);
  });

  it("is set where a text stands, if it stands in one line only", async () => {
    const line = lineOf("var twice");
    const set = await stage.call("debug.set_breakpoints", {
      path: SCRIPT,
      find: ["var twice"],
      lines: [lineOf("var sum")],
    });
    expect(set.breakpoints).toMatchObject([{ line: lineOf("var sum") }, { line }]);
    const twice = await stage.fails("debug.set_breakpoints", { path: SCRIPT, find: ["return"] });
    expect(twice).toMatchObject({ kind: "INVALID_PARAMS", message: expect.stringContaining(`${line + 1}`) });
    expect(await stage.fails("debug.set_breakpoints", { path: SCRIPT, find: ["no such"] })).toMatchObject({
      kind: "NOT_FOUND",
    });
    expect(await stage.fails("debug.set_breakpoints", { path: SCRIPT })).toMatchObject({ kind: "INVALID_PARAMS" });
  });

  it("stops only the first of several games, and gives the reason after its end", async () => {
    await stage.call("debug.set_breakpoints", { path: SCRIPT, lines: [lineOf("var sum")] });
    const games = await stage.play({ scene: SCENE, games: 2 });
    expect(await stage.call("debug.wait_for_stop", { timeoutMs: 20_000 })).toMatchObject({ game: games[0]?.game });
    await stage.call("run.stop", { game: games[0]?.game });
    await until(async () => (await stage.call("debug.get_state")).state === "not_running", { what: "the end" });
    expect(await stage.fails("debug.pause")).toMatchObject({ hint: expect.stringContaining("knows no other") });
    expect(await stage.call("game.get_tree", {}, games[1]?.name)).toMatchObject({ currentScene: "Debugged" });
  });

  it("is refused where a game would never stop, with the next line that would do", async () => {
    const refused = await stage.fails("debug.set_breakpoints", { path: SCRIPT, lines: [lineOf("# Nothing happens")] });
    expect(refused).toMatchObject({ kind: "INVALID_PARAMS", nextLine: lineOf("var sum") });
    expect(await stage.call("debug.list_breakpoints")).toMatchObject({ breakpoints: [] });
  });

  it("is hit again in the next game, and is gone when it was removed between two games", async () => {
    const line = lineOf("var sum");
    await playUntil("var sum");
    await stage.call("run.stop");
    await stage.call("run.play", { scene: SCENE });
    expect(await stage.call("debug.wait_for_stop", { timeoutMs: 20_000 })).toMatchObject({
      reason: "breakpoint",
      line,
    });
    await stage.call("run.stop");
    expect(await stage.call("debug.remove_breakpoints", { path: SCRIPT, lines: [line] })).toMatchObject({
      removed: [{ path: SCRIPT, line, setBy: "test-agent" }],
      breakpoints: [],
    });
    await stage.call("run.play", { scene: SCENE });
    await stage.call("game.wait_for", { frames: 5 });
    expect(await stage.call("debug.get_state")).toMatchObject({ state: "running", breakpoints: [] });
    expect(await stage.fails("debug.wait_for_stop", { timeoutMs: 50 })).toMatchObject({ kind: "TIMEOUT" });
    expect(await stage.fails("debug.get_stack")).toMatchObject({
      kind: "CONFLICT",
      hint: expect.stringContaining("debug.pause"),
    });
  });

  it("is shared: another session sees the stop, lets the game go on and removes the breakpoint", async () => {
    const other = await stage.hub.adapter({ identify: { agent: { name: "other-agent", version: "1" } } });
    await other.request("hub.subscribe", { events: ["debug.*"] });
    const heard = async () => {
      const { message } = await other.next(({ message }) => message.method === "event", { what: "an event" });
      return message.params;
    };
    await playUntil("var sum");
    const line = lineOf("var sum");
    expect(await heard()).toMatchObject({
      event: "debug.stopped",
      data: { path: SCRIPT, line, reason: "breakpoint", setBy: "test-agent" },
    });
    expect(await asOther(other, "debug.get_state")).toMatchObject({ state: "stopped", line, setBy: "test-agent" });
    expect(await asOther(other, "debug.remove_breakpoints")).toMatchObject({
      removed: [{ line, setBy: "test-agent" }],
    });
    expect(await asOther(other, "debug.continue")).toMatchObject({ state: "running" });
    expect(await heard()).toMatchObject({ event: "debug.continued", data: { by: "other-agent", from: { line } } });
    await stage.call("game.wait_for", { frames: 5 });
  });
});

describe("a stopped game", () => {
  it("shows its stack, and the variables of each frame as deep as is asked for", async () => {
    await playUntil("var sum");
    const { frames } = await stage.call("debug.get_stack");
    expect(frames).toEqual([
      { frame: 0, function: "added", path: SCRIPT, line: lineOf("var sum"), text: "var sum := one + other" },
      { frame: 1, function: "_process", path: SCRIPT, line: lineOf("ticks = added"), text: "ticks = added(before, 1)" },
    ]);
    const inner = await stage.call("debug.get_variables");
    expect(inner).toMatchObject({ function: "added" });
    expect(inner.locals).toMatchObject([
      { name: "one", type: "int", value: "0" },
      { name: "other", type: "int", value: "1" },
      { name: "sum" },
    ]);
    expect(inner.members).toEqual(
      expect.arrayContaining([
        { name: "ticks", type: "int", value: "0" },
        { name: "bag", type: "Dictionary", value: expect.any(String), hasChildren: true },
        { name: "self", type: "Object", value: `Debugged (Node2D, ${SCRIPT})`, hasChildren: true },
        { name: "body", type: "Object", value: "Debugged/Body (Node2D)", hasChildren: true },
        { name: "plain", type: "Object", value: expect.stringMatching(/^#-?\d+ \(RefCounted\)$/), hasChildren: true },
        { name: "style", type: "Object", value: "res://debugged/style.tres (StyleBoxFlat)", hasChildren: true },
      ]),
    );
    expect(await stage.call("debug.get_variables", { frame: 1, scope: "locals" })).toMatchObject({
      function: "_process",
      locals: expect.arrayContaining([{ name: "before", type: "int", value: "0" }]),
    });
    expect(await stage.call("debug.get_variables", { variable: "bag", depth: 1 })).toMatchObject({
      variables: [
        {
          name: "gold",
          type: "Array",
          children: [{ name: "size", value: "3" }, { value: "1" }, { value: "2" }, { value: "3" }],
        },
        {
          name: "at",
          type: "Vector2",
          children: [
            { name: "x", value: "3.0" },
            { name: "y", value: "4.0" },
          ],
        },
      ],
    });
    expect(await stage.call("debug.get_variables", { variable: "self/Node2D/position" })).toMatchObject({
      type: "Vector2",
      variables: [{ name: "x" }, { name: "y" }],
    });
    for (const variable of ["body/position", "body/Node2D/position"]) {
      expect(await stage.call("debug.get_variables", { variable })).toMatchObject({
        type: "Vector2",
        value: expect.stringContaining("7"),
      });
    }
    expect(await stage.call("debug.get_variables", { variable: "body" })).toMatchObject({
      value: "Debugged/Body (Node2D)",
    });
    expect(await stage.call("debug.get_variables", { variable: "crowd", depth: 1 })).toMatchObject({
      variables: expect.arrayContaining([expect.objectContaining({ name: "0", value: "Debugged/Body (Node2D)" })]),
    });
    expect(await stage.call("debug.get_variables", { limit: 2 })).toMatchObject({ truncated: true });
    expect(await stage.fails("debug.get_variables", { variable: "nobody" })).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("steps into a function, over a line and out again", async () => {
    await playUntil("ticks = added");
    expect(await stage.call("debug.step", { kind: "into" })).toMatchObject({
      function: "added",
      line: lineOf("var sum"),
      reason: "step",
    });
    expect(await stage.call("debug.step")).toMatchObject({ function: "added", line: lineOf("return sum") });
    expect(await stage.call("debug.get_variables", { scope: "locals" })).toMatchObject({
      locals: expect.arrayContaining([{ name: "sum", type: "int", value: "1" }]),
    });
    expect(await stage.call("debug.step", { kind: "out" })).toMatchObject({
      function: "_process",
      line: lineOf("ticks += 0"),
    });
  });

  it("evaluates expressions in a frame, and names the error of those that fail", async () => {
    await playUntil("var sum");
    const evaluate = (expression: string, more: Params = {}) => stage.call("debug.evaluate", { expression, ...more });
    expect(await evaluate("one + other * 10")).toMatchObject({ value: "10", function: "added" });
    expect(await evaluate("one + other * 10")).toMatchObject({ value: "10" });
    expect(await evaluate("before + 7", { frame: 1 })).toMatchObject({ value: "7", function: "_process" });
    expect(await evaluate("body")).toMatchObject({ value: "Debugged/Body (Node2D)" });
    expect(await evaluate("bag.gold")).toMatchObject({ variables: [{ name: "size" }, {}, {}, {}] });
    expect(await stage.fails("debug.evaluate", { expression: "one +" })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await stage.fails("debug.evaluate", { expression: "(".repeat(2_000) })).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("deeper than"),
    });
    expect(await stage.fails("debug.evaluate", { expression: "one.nothing()" })).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringContaining("failed"),
    });
    expect(await stage.call("debug.get_state")).toMatchObject({ state: "stopped" });
  });

  it("is not let go by an expression in a static function", async () => {
    await stage.call("run.play", { scene: SCENE });
    await stage.call("debug.set_breakpoints", { path: SCRIPT, lines: [lineOf("var twice")] });
    await stage.fails("game.call_method", { path: "Debugged", method: "call_doubled" });
    expect(await stage.call("debug.wait_for_stop")).toMatchObject({ function: "doubled" });
    expect(await stage.fails("debug.evaluate", { expression: "number" })).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringContaining("static"),
    });
    expect(await stage.call("debug.evaluate", { expression: "ticks", frame: 1 })).toMatchObject({
      function: "call_doubled",
    });
    expect(await stage.call("debug.get_state")).toMatchObject({ state: "stopped" });
  });

  it("answers what it was doing and what it is asked, stays connected, and goes on afterwards", async () => {
    await stage.call("run.play", { scene: SCENE });
    await stage.call("debug.set_breakpoints", { path: SCRIPT, lines: [lineOf("var twice")] });
    const stoppedAt = `${SCRIPT}:${lineOf("var twice")}`;
    const interrupted = await stage.fails("game.call_method", { path: "Debugged", method: "call_doubled" });
    expect(interrupted).toMatchObject({ kind: "OUTCOME_UNKNOWN", stoppedAt });
    expect(await stage.fails("game.get_tree")).toMatchObject({
      kind: "CONFLICT",
      stoppedAt,
      hint: expect.stringContaining("debug.continue"),
    });
    const { frames } = (await stage.call("debug.get_stack")) as { frames: Params[] };
    expect(frames.map((frame) => frame.function)).toEqual(["doubled", "call_doubled"]);
    await stage.call("debug.continue");
    expect(await stage.properties("Debugged", "ticks")).toMatchObject({ ticks: expect.any(Number) });
    expect(await stage.call("run.status")).toMatchObject({ games: [{ state: "running" }] });
  });

  it("counts as ended when its process is killed, and ends a wait for it", async () => {
    await playUntil("var sum");
    const { games } = await stage.call("run.status");
    const [game] = games as [Game];
    process.kill(game.pid, "SIGKILL");
    await until(async () => (await stage.call("debug.get_state")).state === "not_running", { what: "its end" });
    expect(await stage.fails("debug.continue")).toMatchObject({
      kind: "CONFLICT",
      hint: expect.stringContaining("run.play"),
    });

    await stage.call("debug.remove_breakpoints");
    const [next] = await stage.play({ scene: SCENE });
    const waiting = stage.call("debug.wait_for_stop", { timeoutMs: 30_000 });
    await stage.call("debug.get_state");
    const since = performance.now();
    process.kill(next.pid, "SIGKILL");
    expect(await toldSoon("a wait for a stop", since, waiting)).toMatchObject({ state: "not_running" });
  });
});

describe("a game without breakpoints", () => {
  it("stops where a script fails when that is asked for, with the error", async () => {
    await stage.call("debug.set_error_stops", { enabled: true });
    await stage.call("run.play", { scene: SCENE });
    await stage.fails("game.call_method", { path: "Debugged", method: "fail" });
    expect(await stage.call("debug.wait_for_stop")).toMatchObject({
      reason: "error",
      error: expect.stringMatching(/null/i),
      function: "fail",
      line: lineOf('nothing.call("shout")'),
    });
    await stage.call("debug.set_error_stops", { enabled: false });
    await stage.call("debug.continue");
    await stage.call("game.call_method", { path: "Debugged", method: "fail" });
    expect(await stage.call("debug.get_state")).toMatchObject({ state: "running", stopsOnErrors: false });
  });

  it("is paused between two frames, and steps to a line from there", async () => {
    await stage.call("run.play", { scene: SCENE });
    expect(await stage.call("debug.pause")).toMatchObject({ state: "stopped", reason: "pause" });
    expect(await stage.fails("debug.get_variables")).toMatchObject({ hint: expect.stringContaining("into") });
    expect(await stage.call("debug.step", { kind: "into" })).toMatchObject({ path: expect.stringContaining("res://") });
  });

  it("is stopped where no script runs while it is held before a frame, and goes on with the frames that it is given", async () => {
    await stage.call("run.play", { scene: SCENE, paused: true, fixedFps: 60 });
    const stopped = await stage.call("debug.pause");
    expect(stopped).toMatchObject({ state: "stopped", reason: "pause" });
    expect(stopped).not.toHaveProperty("path");
    await stage.call("debug.continue");
    await stage.call("game.step", { frames: 3 });
    expect(await stage.properties("Debugged", "ticks")).toEqual({ ticks: 3 });
  });

  it("is paused in an endless loop, and shows where that is", async () => {
    await stage.call("run.play", { scene: SCENE });
    const hanging = stage.fails("game.call_method", { path: "Debugged", method: "hang" });
    await until(async () => ((await stage.call("run.status")).games as [Game])[0].state === "hung", {
      what: "the hang",
    });
    expect(await stage.call("debug.pause")).toMatchObject({ state: "stopped", function: "hang", path: SCRIPT });
    expect(await hanging).toMatchObject({ kind: "OUTCOME_UNKNOWN" });
  });
});

describe("an editor whose debug adapter's port is taken", () => {
  let crowded: Stage;
  let settings: string;
  let stranger: Server;
  let visits = 0;
  beforeAll(async () => {
    stranger = createServer(() => {
      visits += 1;
    });
    stranger.listen(0, "127.0.0.1");
    await once(stranger, "listening");
    settings = settingsWith("network/debug_adapter/remote_port", portOf(stranger));
    crowded = await openStage(FILES, { env: { XDG_CONFIG_HOME: settings } });
  });
  afterAll(async () => {
    await crowded.dispose();
    stranger.close();
    rmSync(settings, { recursive: true, force: true });
  });

  it("debugs on a separate port, never dials another editor's, and leaves the settings alone", async () => {
    await crowded.call("debug.set_breakpoints", { path: SCRIPT, lines: [lineOf("var sum")] });
    await crowded.call("run.play", { scene: SCENE });
    expect(await crowded.call("debug.wait_for_stop")).toMatchObject({ reason: "breakpoint", line: lineOf("var sum") });
    const { adapterPort } = await crowded.call("debug.get_state");
    expect(adapterPort).toEqual(expect.any(Number));
    expect(adapterPort).not.toBe(portOf(stranger));
    for (const kind of ["over", "out"]) await crowded.call("debug.step", { kind });
    await crowded.call("run.stop");
    await crowded.call("run.play", { scene: SCENE });
    expect(await crowded.call("debug.wait_for_stop")).toMatchObject({ reason: "breakpoint" });
    expect(await crowded.call("debug.get_state")).toMatchObject({ adapterPort });
    await crowded.call("run.stop");
    expect(visits).toBe(0);
    expect(readFileSync(settingsFile(settings), "utf8")).toContain(
      `network/debug_adapter/remote_port = ${portOf(stranger)}\n`,
    );
  });

  it("stays on that port: no client loses a connection to it", async () => {
    await crowded.call("debug.remove_breakpoints");
    await crowded.call("run.play", { scene: SCENE });
    await crowded.call("debug.pause");
    await crowded.call("debug.continue");
    const { adapterPort } = await crowded.call("debug.get_state");
    const other = connect(Number(adapterPort), "127.0.0.1");
    await once(other, "connect");
    let isLost = false;
    other.once("close", () => {
      isLost = true;
    });
    // Longer than the editor takes from a changed setting to announcing it.
    expect(await crowded.fails("debug.wait_for_stop", { timeoutMs: 4_000 })).toMatchObject({ kind: "TIMEOUT" });
    expect(isLost).toBe(false);
    other.destroy();
    await crowded.call("run.stop");
  });
});
