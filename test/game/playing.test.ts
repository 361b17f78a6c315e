/** Tests playing: the game as an instance under its editor, its output, and its end. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import {
  type Game,
  isProcessAlive,
  openStage,
  type Params,
  readProcess,
  SCENE,
  type Stage,
  toldSoon,
} from "./stage.ts";

/** An addon that presses the editor's stop button, as a person would. */
const PERSON = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("person.stop", "Presses the stop button.", {"type": "object"}, _stop)


func _stop(_params: Dictionary) -> Dictionary:
	for button: BaseButton in EditorInterface.get_base_control().find_children("*", "BaseButton", true, false):
		if button.tooltip_text.begins_with("Stop the currently running project"):
			button.pressed.emit()
	return {}
`;

let stage: Stage;
beforeAll(async () => {
  const files = {
    "addons/person/plugin.cfg": '[plugin]\nname="Person"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n',
    "addons/person/plugin.gd": PERSON,
    "broken/broken.tscn": '[gd_scene format=3]\n\n[node name="Broken" type="Node"]\n\n[ext_resource]\n',
    "broken/typo.gd": "extends Node\n\nfunc _ready() -> void:\n\tthis is no GDScript\n",
    "broken/typo.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://broken/typo.gd" id="1"]\n\n[node name="Typo" type="Node"]\nscript = ExtResource("1")\n',
    "broken/quits.gd":
      'extends Node\n\nfunc _ready() -> void:\n\tprint("%c]8;;http://a%clink" % [27, 7])\n\tget_tree().quit(5)\n',
    "broken/quits.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://broken/quits.gd" id="1"]\n\n[node name="Quits" type="Node"]\nscript = ExtResource("1")\n',
    "broken/crash.gd": 'extends Node\n\nfunc _ready() -> void:\n\tprint("so far so good")\n\tOS.crash("at once")\n',
    "broken/crash.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://broken/crash.gd" id="1"]\n\n[node name="Crash" type="Node"]\nscript = ExtResource("1")\n',
    "broken/slow.gd": "extends Node\n\nfunc _ready() -> void:\n\tOS.delay_msec(20000)\n",
    "broken/slow.tscn":
      '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://broken/slow.gd" id="1"]\n\n[node name="Slow" type="Node"]\nscript = ExtResource("1")\n',
  };
  stage = await openStage(files, { addons: ["res://addons/person/plugin.cfg"] });
});
afterEach(() => stage.call("run.stop"));
afterAll(() => stage.dispose());

async function instances(): Promise<(Params & { name: string })[]> {
  const { instances: listed } = await stage.call("hub.list_instances");
  return listed as (Params & { name: string })[];
}

/** Every file of the project, with its path below the project's folder. */
function projectFiles(): [string, Buffer][] {
  const root = stage.editor.project;
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(root, path), readFileSync(path)];
  });
}

describe("run.play", () => {
  it("waits until the game runs and is an instance under its editor", async () => {
    const before = readFileSync(join(stage.editor.project, "project.godot"), "utf8");
    const played = await stage.call("run.play", { scene: SCENE });
    expect(played).toMatchObject({ playing: true, scene: SCENE, startedBy: "test-agent" });
    const [game] = played.games as [Game];
    expect(game).toMatchObject({ game: expect.any(Number), state: "running", errors: 0 });
    const listed = await instances();
    const editor = listed.find(({ clientType }) => clientType === "godot");
    expect(listed.find(({ name }) => name === game.name)).toMatchObject({
      clientType: "game",
      parent: editor?.id,
      pid: game.pid,
    });
    expect(readFileSync(join(stage.editor.project, "project.godot"), "utf8")).toBe(before);
  });

  it("leaves the project as it was, and the token out of it and off the game's command line", async () => {
    const contents = () =>
      projectFiles()
        .filter(([path]) => !path.startsWith(".godot"))
        .map(([path, bytes]) => [path, createHash("sha256").update(bytes).digest("hex")]);
    const before = contents();
    const [game] = await stage.play();
    const { token } = stage.hub;
    expect(projectFiles().filter(([, bytes]) => bytes.includes(token))).toEqual([]);
    expect(readProcess(game.pid, "cmdline")).not.toContain(token);
    await stage.call("run.stop");
    expect(contents()).toEqual(before);
  });

  it.each([
    [
      "a scene file that cannot be read",
      "res://broken/broken.tscn",
      "SCRIPT_COMPILE_FAILED",
      /broken.tscn:5 - Parse Error/,
    ],
    ["a game that quits as it starts", "res://broken/quits.tscn", "CONFLICT", /quit with exit code 5/],
    ["a game that crashes as it starts", "res://broken/crash.tscn", "CONFLICT", /crashed.*signal/],
  ])("says why %s does not play", async (_, scene, kind, message) => {
    const failure = await stage.fails("run.play", { scene });
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(await stage.call("run.status")).toMatchObject({ playing: false, scene: null });
  });

  it("tells of a script that does not compile, although the game runs without it", async () => {
    const [game] = await stage.play({ scene: "res://broken/typo.tscn" });
    const errors = game.firstErrors as Params[];
    expect(errors).toHaveLength(Number(game.errors));
    expect(errors).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: expect.stringContaining("Parse Error"),
        file: "res://broken/typo.gd",
        line: 4,
      }),
    );
  });

  it("names the scene by its path where the project has it by its id", async () => {
    const { uid } = await stage.call("project.resolve_uid", { path: "res://game/level.tscn" });
    await stage.call("project.set_settings", { settings: { "application/run/main_scene": uid } });
    const scene = "res://game/level.tscn";
    const played = await stage.call("run.play", {});
    expect(played).toMatchObject({ scene, games: [{ scene }] });
    expect(await stage.call("run.status")).toMatchObject({ scene, games: [{ scene }] });
    expect(await stage.call("editor.get_state")).toMatchObject({ playing: true, playingScene: scene });
    expect(await stage.call("project.get_info")).toMatchObject({ mainScene: scene });
    await stage.call("run.stop");
    await stage.call("scene.set_main", { path: scene });
  });

  it("refuses a second play and says who plays", async () => {
    await stage.play();
    expect(await stage.fails("run.play")).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringMatching(/arena\.tscn.*test-agent/),
    });
  });

  it("gives the game its arguments", async () => {
    await stage.play({ scene: SCENE, args: ["--", "--level=3"] });
    const [game] = (await stage.call("run.status")).games as [Game];
    expect(readProcess(game.pid, "cmdline").split("\0")).toEqual(expect.arrayContaining(["--", "--level=3"]));
  });

  it("gives each of several games separate arguments beside the common ones", async () => {
    const argsOf = [
      ["--", "--server"],
      ["--verbose", "--", "--client"],
    ];
    const games = await stage.play({ scene: SCENE, args: ["--", "--level=3"], argsOf });
    const lines = games.map(({ pid }) => readProcess(pid, "cmdline").split("\0"));
    // The editor puts the project's own arguments behind those of its run.
    const ownOf = (line: string[]) => line.slice(line.indexOf("--")).slice(0, 3);
    expect(lines.map(ownOf)).toEqual([
      ["--", "--level=3", "--server"],
      ["--", "--level=3", "--client"],
    ]);
    expect(lines[1]?.slice(0, lines[1].indexOf("--"))).toContain("--verbose");
    await stage.call("run.stop");
    const refused = await stage.fails("run.play", { scene: SCENE, games: 1, argsOf });
    expect(refused).toMatchObject({ kind: "INVALID_PARAMS", message: expect.stringContaining("argsOf") });
  });

  it("plays several games at once, each with its own name", async () => {
    const games = await stage.play({ scene: SCENE, games: 3 });
    const [{ name }] = games;
    expect(name).toMatch(/\.game$/);
    expect(games.map((game) => game.name)).toEqual([name, `${name}-2`, `${name}-3`]);
    expect(await stage.fails("game.get_tree")).toMatchObject({ kind: "TARGET_AMBIGUOUS" });
    expect(await stage.fails("run.get_output", {}, games[1]?.name)).toMatchObject({
      kind: "METHOD_NOT_FOUND",
      hint: expect.stringContaining(`"${name?.replace(/\.game$/, "")}", and there "game":${games[1]?.game}`),
    });
    const [first, second] = games;
    await stage.call("game.set_properties", { path: "Arena", properties: { presses: 7 } }, second?.name);
    const read = (target: string) => stage.call("game.get_properties", { path: "Arena", names: ["presses"] }, target);
    expect(await read(String(second?.name))).toMatchObject({ properties: { presses: 7 } });
    expect(await read(first.name)).toMatchObject({ properties: { presses: 0 } });
    expect(await stage.call("run.stop", { game: second?.game })).toMatchObject({ playing: true });
    await stage.call("run.stop");
    await until(() => games.every(({ pid }) => !isProcessAlive(pid)), { what: "the end of all three" });
    await until(async () => (await instances()).length === 1, { what: "their leaving the hub" });
  });
});

describe("run.get_output", () => {
  it("has what the game printed and reported, with stacks, equal errors once", async () => {
    await stage.play();
    await stage.call("game.call_method", { path: "Arena", method: "complain" });
    const { entries, cursor } = (await stage.call("run.get_output")) as { entries: Params[]; cursor: string };
    expect(entries.map(({ message }) => message)).toContain("arena is ready");
    expect(entries).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: "too loud",
        count: 3,
        file: "res://arena/arena.gd",
        line: 51,
        stack: ["complain (res://arena/arena.gd:51)"],
      }),
    );
    expect(entries).toContainEqual(expect.objectContaining({ level: "warning", message: "a bit loud", count: 1 }));
    expect(entries).toContainEqual(
      expect.objectContaining({ level: "error", message: expect.stringContaining("on a null value"), line: 54 }),
    );
    expect(await stage.call("run.get_output", { cursor })).toMatchObject({ entries: [], cursor });
    await stage.call("game.call_method", { path: "Arena", method: "complain" });
    const later = (await stage.call("run.get_output", { cursor, level: "warning" })) as { entries: Params[] };
    expect(later.entries.map(({ message, count }) => [message, count])).toEqual([
      ["too loud", 6],
      ["a bit loud", 2],
      [expect.stringContaining("on a null value"), 2],
    ]);
  });

  it("has the text of what steers a terminal, and no more", async () => {
    await stage.fails("run.play", { scene: "res://broken/quits.tscn" });
    const { entries } = (await stage.call("run.get_output")) as { entries: Params[] };
    expect(entries.map(({ message }) => message)).toContain("link");
  });

  it("says that there has been no such game", async () => {
    expect(await stage.fails("run.get_output", { game: 4_711 })).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("the end of a game", () => {
  /** Waits until the game of that number has ended; returns its status. */
  const end = (number: number) =>
    until(
      async () => {
        const { games } = (await stage.call("run.status")) as { games: Game[] };
        return games.find(({ game, state }) => game === number && state === "ended");
      },
      { what: `the end of game ${number}` },
    );

  it("that quits is reported with its exit code", async () => {
    const [first, second] = await stage.play({ scene: SCENE, games: 2 });
    await stage.call("game.call_method", { path: "Arena", method: "leave", args: [3] }, second?.name);
    expect(await end(Number(second?.game))).toMatchObject({ end: "quit", exitCode: 3 });
    expect(await stage.call("run.status")).toMatchObject({ playing: true });
    await stage.call("game.call_method", { path: "Arena", method: "leave", args: [4] }, first.name);
    expect(await end(first.game)).toMatchObject({ end: "quit", exitCode: 4 });
    expect(await stage.call("run.status")).toMatchObject({ playing: false });
  });

  it("that quits while its editor is busy is reported with its exit code, too", async () => {
    const [game] = await stage.play();
    stage.editor.signal("SIGSTOP");
    await stage.call("game.call_method", { path: "Arena", method: "leave", args: [6] }, game.name);
    // So long the editor does not get to it.
    await pause(1_000);
    stage.editor.signal("SIGCONT");
    expect(await end(game.game)).toMatchObject({ end: "quit", exitCode: 6 });
  });

  it("that quits is not in the way of the next play", async () => {
    const [game] = await stage.play();
    await stage.call("game.call_method", { path: "Arena", method: "leave", args: [0] });
    const [next] = await stage.play();
    expect(next.game).toBe(game.game + 1);
  });

  it("that crashes ends the command that it ran, and its last words are kept", async () => {
    const [game] = await stage.play();
    const dying = stage.fails("game.call_method", { path: "Arena", method: "die" });
    await until(() => !isProcessAlive(game.pid), { what: "the crash" });
    expect(await toldSoon("a game that crashed", performance.now(), dying)).toMatchObject({
      kind: "OUTCOME_UNKNOWN",
      hint: expect.stringContaining("run.status"),
    });
    expect(await end(game.game)).toMatchObject({ end: "crashed", crash: expect.stringContaining("signal") });
    const { entries } = (await stage.call("run.get_output", { level: "error" })) as { entries: Params[] };
    expect(entries).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining("crashed"),
        stack: ["die (res://arena/arena.gd:58)"],
      }),
    );
    expect(await stage.fails("game.get_tree")).toMatchObject({ kind: "NO_INSTANCE" });
  });

  it("that is not the first of its play is reported as well: crashed, killed or stopped, and without an exit code", async () => {
    const [, crashing, dying, stopped] = (await stage.play({ scene: SCENE, games: 4 })) as Game[];
    await stage.fails("game.call_method", { path: "Arena", method: "die" }, crashing?.name);
    process.kill(Number(dying?.pid), "SIGKILL");
    await stage.call("run.stop", { game: stopped?.game });
    const ends = await Promise.all([crashing, dying, stopped].map((game) => end(Number(game?.game))));
    expect(ends.map(({ end: how, exitCode }) => [how, exitCode])).toEqual([
      ["crashed", null],
      ["killed", null],
      ["stopped", null],
    ]);
    expect(await stage.call("run.status")).toMatchObject({ playing: true });
  });

  it("that is killed ends every wait for it with an error", async () => {
    const [game] = await stage.play();
    const waiting = stage.fails("game.wait_for", { path: "Nobody", timeoutMs: 30_000 });
    await stage.call("game.get_monitors");
    const since = performance.now();
    process.kill(game.pid, "SIGKILL");
    expect(await toldSoon("a game that was killed", since, waiting)).toMatchObject({ kind: "INSTANCE_DISCONNECTED" });
    expect(await toldSoon("its end in run.status", since, end(game.game))).toMatchObject({
      end: "killed",
      exitCode: null,
    });
  });

  it("that is killed while it starts ends the wait for its start", async () => {
    const starting = stage.fails("run.play", { scene: "res://broken/slow.tscn" });
    const pid = await until(
      async () => ((await stage.call("run.status")).games as Game[]).find(({ state }) => state === "starting")?.pid,
      { what: "the game's process" },
    );
    const since = performance.now();
    process.kill(pid, "SIGKILL");
    expect(await toldSoon("a game that was killed while it started", since, starting)).toMatchObject({
      kind: "CONFLICT",
      message: expect.stringContaining("(killed)"),
    });
  });

  it("that is stopped ends every wait for it with an error", async () => {
    const [game] = await stage.play();
    const waiting = stage.fails("game.wait_for", { path: "Nobody", timeoutMs: 30_000 });
    await stage.call("game.get_monitors");
    const since = performance.now();
    await stage.call("run.stop");
    expect(await toldSoon("a game that was stopped", since, waiting)).toMatchObject({ kind: "INSTANCE_DISCONNECTED" });
    expect(await end(game.game)).toMatchObject({ end: "stopped" });
    expect(isProcessAlive(game.pid)).toBe(false);
  });

  it("that a person stops in the editor ends every wait for it, as stopped", async () => {
    const [game] = await stage.play();
    const waiting = stage.fails("game.wait_for", { path: "Nobody", timeoutMs: 30_000 });
    await stage.call("game.get_monitors");
    const since = performance.now();
    await stage.call("person.stop");
    expect(await toldSoon("a game that a person stopped", since, waiting)).toMatchObject({
      kind: "INSTANCE_DISCONNECTED",
    });
    expect(await end(game.game)).toMatchObject({ end: "stopped", exitCode: null });
    expect(isProcessAlive(game.pid)).toBe(false);
  });

  it("that hangs is seen, and it can be stopped", async () => {
    const [game] = await stage.play();
    const hanging = stage.fails("game.call_method", { path: "Arena", method: "hang" });
    const isHung = async () => ((await stage.call("run.status")).games as Game[])[0]?.state === "hung";
    await toldSoon("a game that hangs", performance.now(), until(isHung, { what: "the game to be called hung" }));
    await stage.call("run.stop");
    expect(await hanging).toMatchObject({ kind: "OUTCOME_UNKNOWN" });
    expect(isProcessAlive(game.pid)).toBe(false);
  });
});
