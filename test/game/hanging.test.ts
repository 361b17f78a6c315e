/** Tests games that hang before their first frame: their status names the place, and they can be stopped. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Game, isProcessAlive, openStage, SCENE, type Stage, toldSoon } from "./stage.ts";

const scene = (script: string) =>
  `[gd_scene load_steps=2 format=3]\n\n[ext_resource type="Script" path="res://hanging/${script}" id="1"]\n\n[node name="Hanging" type="Node"]\nscript = ExtResource("1")\n`;
const LOOP = "func spin() -> void:\n\tvar turns := 0\n\twhile true:\n\t\tturns += 1\n";
const FILES = {
  "hanging/init.gd": `extends Node\n\n\nfunc _init() -> void:\n\tspin()\n\n\n${LOOP}`,
  "hanging/ready.gd": `extends Node\n\n\nfunc _ready() -> void:\n\tprint("before the loop")\n\tspin()\n\n\n${LOOP}`,
  "hanging/ready.tscn": scene("ready.gd"),
  "hanging/lock.gd": "extends Node\n\nvar gate := Semaphore.new()\n\n\nfunc _ready() -> void:\n\tgate.wait()\n",
  "hanging/lock.tscn": scene("lock.gd"),
  "hanging/slow.gd": "extends Node\n\n\nfunc _ready() -> void:\n\tOS.delay_msec(5000)\n",
  "hanging/slow.tscn": scene("slow.gd"),
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(FILES);
});
afterEach(() => stage.call("run.stop"));
afterAll(() => stage.dispose());

/** Line of a script that contains `text`, counted from 1. */
const lineOf = (file: keyof typeof FILES, text: string) =>
  FILES[file].split("\n").findIndex((line) => line.includes(text)) + 1;

const gameNow = async () => ((await stage.call("run.status")).games as Game[])[0];

/** What every command says and does while a game hangs before its first frame. */
async function expectReachable(what: string): Promise<void> {
  const pid = (await gameNow())?.pid ?? 0;
  expect(isProcessAlive(pid)).toBe(true);
  await toldSoon(`the output of ${what}`, performance.now(), stage.call("run.get_output"));
  expect(await stage.fails("game.get_tree")).toMatchObject({
    kind: "NO_INSTANCE",
    hint: expect.stringContaining("hangs before its first frame"),
  });
  const stopped = await toldSoon(`the end of ${what}`, performance.now(), stage.call("run.stop"));
  expect(stopped).toMatchObject({ playing: false, games: [{ state: "ended", end: "stopped" }] });
  expect(isProcessAlive(pid)).toBe(false);
}

describe("a game that hangs before its first frame", () => {
  const autoload = "res://hanging/init.gd";

  it.each([
    ["the _init of an autoload", autoload, autoload, "init.gd", ["spin", "_init"]],
    ["the _ready of an autoload", "res://hanging/ready.gd", "res://hanging/ready.gd", "ready.gd", ["spin", "_ready"]],
    ["the _ready of its scene", "", "res://hanging/ready.gd", "ready.gd", ["spin", "_ready"]],
  ] as const)("in %s is reported as hung, with the line", async (what, loads, path, file, functions) => {
    if (loads) await stage.call("project.add_autoload", { name: "Hanging", path: loads });
    const failure = await stage.fails("run.play", { scene: loads ? SCENE : "res://hanging/ready.tscn" });
    if (loads) await stage.call("project.remove_autoload", { name: "Hanging" });
    const line = lineOf(`hanging/${file}`, "turns += 1");
    expect(failure).toMatchObject({
      kind: "TIMEOUT",
      message: expect.stringMatching(/hangs before its first frame, in spin \(res:/),
      hint: expect.stringContaining("run.stop"),
    });
    const game = (await gameNow()) as Game;
    expect(game).toMatchObject({ state: "hung" });
    expect([`${path}:${line - 1}`, `${path}:${line}`]).toContain(game.hungAt);
    const stack = game.hungStack as string[];
    expect(stack.map((entry) => entry.split(" ")[0])).toEqual(functions);
    await expectReachable(what);
  });

  it("in a call of the engine is reported as hung, with the part of its start", async () => {
    const failure = await stage.fails("run.play", { scene: "res://hanging/lock.tscn" });
    expect(failure).toMatchObject({
      kind: "TIMEOUT",
      message: expect.stringMatching(/lock\.tscn hangs before its first frame, in _enter_tree\(\) or _ready\(\)/),
    });
    const game = (await gameNow()) as Game;
    expect(game).toMatchObject({ state: "hung" });
    expect(game).not.toHaveProperty("hungAt");
    await expectReachable("a game that waits for a lock");
  });

  it("and comes to it after all is waited for", async () => {
    const [game] = await stage.play({ scene: "res://hanging/slow.tscn" });
    expect(game).toMatchObject({ state: "running" });
    expect(game).not.toHaveProperty("hungIn");
  });
});

it("a game that hangs later is reported with the line, too", async () => {
  await stage.play();
  stage.agent.sendMessage({
    jsonrpc: "2.0",
    id: "hanging",
    method: "game.call_method",
    resources: [],
    params: { path: "Arena", method: "hang" },
  });
  const { message } = await stage.agent.next(
    (received) => JSON.stringify(received.message.params ?? {}).includes("it hangs in hang (res://arena/arena.gd:"),
    { what: "word of the place" },
  );
  expect(message).toMatchObject({ method: "progress" });
  expect(await gameNow()).toMatchObject({ state: "hung", hungAt: expect.stringContaining("res://arena/arena.gd:") });
});
