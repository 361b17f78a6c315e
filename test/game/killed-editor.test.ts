/** Tests games, and callers that wait for them, when their editor is killed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/wait.ts";
import { childrenOf, type Game, isProcessAlive, openStage, type Params, SCENE, type Stage, toldSoon } from "./stage.ts";

/** A game that is busy for a long time before its first frame. */
const SLOW = {
  "arena/slow.gd": "extends Node\n\nfunc _ready() -> void:\n\tOS.delay_msec(20000)\n",
  "arena/slow.tscn":
    '[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://arena/slow.gd" id="1"]\n\n[node name="Slow" type="Node"]\nscript = ExtResource("1")\n',
};

/** The process that plays for the editor of that process; undefined while there is none. */
const gameOf = (editor: number) =>
  childrenOf(editor).find(({ commandLine }) => commandLine.includes("game_loop.gd"))?.pid;

/** An addon that quits the editor, as a person would. */
const PERSON = {
  "addons/person/plugin.cfg": '[plugin]\nname="Person"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n',
  "addons/person/plugin.gd": `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("person.quit", "Quits the editor.", {"type": "object"}, _quit)


func _quit(_params: Dictionary) -> Dictionary:
	get_tree().create_timer(0.1).timeout.connect(get_tree().quit)
	return {}
`,
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ ...SLOW, ...PERSON }, { addons: ["res://addons/person/plugin.cfg"] });
});
afterAll(() => stage.dispose());

describe("an editor that ends", () => {
  /** Starts the editor again, for the next test. */
  async function revive(): Promise<void> {
    await until(() => !stage.editor.isRunning, { what: "the editor's end" });
    stage.editor.launch();
    const isReady = async () => {
      const { instances } = (await stage.call("hub.list_instances")) as { instances: Params[] };
      return instances.some(({ clientType, state }) => clientType === "godot" && state === "ready");
    };
    await until(isReady, { what: "the editor's return", deadlineMs: 100_000 });
  }

  it("takes its game with it when it is killed, and every caller that waits for the game gets an error", async () => {
    const [game] = await stage.play();
    const waiting = [
      stage.fails("game.wait_for", { path: "Nobody", timeoutMs: 30_000 }),
      stage.fails("game.send_input", { events: [{ type: "wait", frames: 30_000 }] }),
      stage.fails("game.record", { columns: ["Arena:ticks"], frames: 18_000 }),
      stage.fails("game.step", { frames: 90_000 }),
    ];
    await stage.call("game.get_monitors");
    const since = performance.now();
    await stage.editor.kill();
    const seen = await toldSoon("an editor that was killed", since, Promise.all(waiting));
    const kinds = seen.map(({ kind }) => kind);
    expect(kinds).toEqual(["INSTANCE_DISCONNECTED", "OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN"]);
    await until(() => !isProcessAlive(game.pid), { what: "the end of the game" });
    await revive();
  });

  it("takes a game that hangs with it", async () => {
    const games = await stage.play({ scene: SCENE, games: 2 });
    const hanging = games.map(({ name }) => stage.fails("game.call_method", { path: "Arena", method: "hang" }, name));
    const areHung = async () =>
      ((await stage.call("run.status")).games as Game[]).every(({ state }) => state === "hung");
    await until(areHung, { what: "the games to be called hung" });
    await stage.editor.kill();
    for (const waiting of hanging) expect(await waiting).toMatchObject({ kind: "OUTCOME_UNKNOWN" });
    await until(() => games.every(({ pid }) => !isProcessAlive(pid)), { what: "the end of the games" });
    await revive();
  });

  it("while it starts a game leaves none behind, and a caller that waits for the start gets an error", async () => {
    const starting = stage.fails("run.play", { scene: "res://arena/slow.tscn" });
    const pid = await until(() => gameOf(stage.editor.pid), { what: "the game's process" });
    await stage.editor.kill();
    expect(await starting).toMatchObject({ kind: "OUTCOME_UNKNOWN" });
    await until(() => !isProcessAlive(pid), { what: "the end of the game" });
    await revive();
  });

  it("takes its games with it when it quits", async () => {
    const games = await stage.play({ scene: SCENE, games: 2 });
    await stage.call("person.quit");
    await until(() => games.every(({ pid }) => !isProcessAlive(pid)), { what: "the end of the games" });
    await revive();
  });

  it("takes a game with it that goes on without the addon", async () => {
    const [game] = await stage.play();
    await stage.call("editor.reload_plugin");
    const isLetGo = async () => !((await stage.call("run.status")).games as Game[]).length;
    await until(isLetGo, { what: "the addon's return" });
    expect(isProcessAlive(game.pid)).toBe(true);
    await stage.editor.kill();
    await until(() => !isProcessAlive(game.pid), { what: "the end of the game" });
  });
});
