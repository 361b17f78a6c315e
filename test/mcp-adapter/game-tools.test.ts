import { describe, expect, it } from "vitest";
import { CommandError } from "../../hub-client/client-errors.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { ToolBench } from "./support/tool-bench.ts";

const MOMENT = { frame: 120, paused: false, timeScale: 1 };
const PICTURE = {
  mimeType: "image/webp",
  data: "UklGRg==",
  width: 1280,
  height: 720,
  sourceWidth: 1920,
  sourceHeight: 1080,
};

const compact = await presetTools({ preset: "compact", toolsets: [] });
const full = await presetTools({ preset: "full", toolsets: [] });
const answering = (reply: unknown, tools = compact) => new ToolBench(tools, () => reply);

describe("game_inspect", () => {
  it.each([
    [{ what: "tree", depth: 2 }, "game.get_tree", { depth: 2 }],
    [{ what: "find", text: "Start" }, "game.find", { text: "Start" }],
    [
      { what: "properties", path: "Level", names: ["coins"] },
      "game.get_properties",
      { path: "Level", names: ["coins"] },
    ],
    [{ what: "monitors" }, "game.get_monitors", {}],
    [{ what: "status" }, "run.status", {}],
  ])("%j is %s", async (args, method, params) => {
    const on = answering({});
    await on.run("game_inspect", { ...args, target: "my-game" });
    expect(on.asked).toMatchObject([{ method, params, target: "my-game" }]);
    expect(Object.keys(on.asked[0]?.params ?? {})).toEqual(Object.keys(params));
  });

  it("says which params go with what was asked for", async () => {
    const on = answering({});
    const { text } = await on.run("game_inspect", { what: "properties", text: "Start" });
    expect(text).toContain("'path' is missing");
    expect(text).toContain("Params: path, names?, all?, whole?.");
    expect(text).toContain("Ignored, since there is no such param: text.");
    expect(on.asked).toEqual([]);
    const { text: refused } = await on.run("game_control", { action: "input", events: [], paused: true });
    expect(refused).toContain("'paused' is unknown");
  });

  it("shows the tree as indented lines, hidden nodes as such, and the moment", async () => {
    const player = { name: "Player", type: "CharacterBody2D", path: "Level/Player", script: "res://player.gd" };
    const menu = { name: "Menu", type: "Control", path: "Level/Menu", visible: false };
    const level = { name: "Level", type: "Node2D", path: "Level", children: [player, menu] };
    const root = { name: "root", type: "Window", path: ".", children: [level] };
    const cut = { truncated: true, cursor: "3", total: 9 };
    const on = answering({ root, currentScene: "res://level.tscn", ...MOMENT, paused: true, ...cut });
    expect((await on.run("game_inspect", { what: "tree" })).text).toBe(
      [
        "Running res://level.tscn",
        "root: Window",
        "  Level: Node2D",
        "    Player: CharacterBody2D script=res://player.gd",
        "    Menu: Control hidden",
        '... cut of 9 nodes: go on with cursor "3", or use depth or type',
        "(frame 120, paused)",
        "[game@1]",
      ].join("\n"),
    );
  });

  it("shows found nodes and properties with as few words", async () => {
    const position = { type: "Vector2", x: 3, y: 4 };
    const nodes = [{ path: "Level/Coin", name: "Coin", type: "Area2D", position }];
    const found = await answering({ nodes, truncated: true, ...MOMENT }).run("game_inspect", { what: "find" });
    expect(found.text).toContain("Level/Coin: Area2D position=Vector2(3, 4)\n... cut at 1: narrow the search");
    const none = await answering({ nodes: [], ...MOMENT }).run("game_inspect", { what: "find", name: "X" });
    expect(none.text).toContain("No node fits.");
    const read = { path: "Level", type: "Node2D", properties: { position }, ...MOMENT, timeScale: 2 };
    const { text } = await answering(read).run("game_inspect", { what: "properties", path: "Level" });
    expect(text).toBe(
      'path: "Level"\ntype: "Node2D"\nproperties: {position=Vector2(3, 4)}\n(frame 120, time scale 2)\n[game@1]',
    );
  });

  it("says with the tools that there are how a game is started", async () => {
    const on = new ToolBench(compact, () => {
      const hint = "Start it with run.play; run.status says what became of the last one.";
      throw new CommandError({ code: -32001, message: "game@1 plays no game.", data: { kind: "NO_INSTANCE", hint } });
    });
    expect((await on.run("game_inspect", { what: "tree" })).text).toContain(
      'What to do: Start it with game_run; game_inspect {"what":"status"} says what became of the last one.',
    );
  });
});

describe("game_control", () => {
  const events = [
    { type: "action", action: "ui_right", frames: 10 },
    { type: "joypad_motion", axis: 1, value: -0.5 },
  ];
  it.each([
    [{ action: "input", events }, "game.send_input", { events }],
    [
      { action: "set", path: "Level", properties: { coins: 3 } },
      "game.set_properties",
      { path: "Level", properties: { coins: 3 } },
    ],
    [{ action: "clock", paused: true, timeScale: 0.5 }, "game.set_clock", { paused: true, timeScale: 0.5 }],
    [{ action: "step", frames: 3 }, "game.step", { frames: 3 }],
  ])("%j is %s", async (args, method, params) => {
    const on = answering({ steps: 2, ...MOMENT });
    expect((await on.run("game_control", args)).text).toBe("steps: 2\n(frame 120)\n[game@1]");
    expect(on.asked).toMatchObject([{ method, params }]);
  });

  it("names what an action lacks or can't take, and changes nothing", async () => {
    const on = answering({});
    expect((await on.run("game_control", { action: "set", path: "Level" })).text).toContain("'properties' is missing");
    expect((await on.run("game_control", {})).text).toMatch(/'action' is missing: expected one of .*"input"/);
    expect((await on.run("game_control", { action: "step", path: "Level" })).text).toContain("'path' is unknown");
    expect((await on.run("game_control", { action: "input", events: [{ type: "kick" }] })).isError).toBe(true);
    expect(on.asked).toEqual([]);
  });
});

describe("game_wait", () => {
  it.each([
    [
      { path: "Level", signal: "won" },
      { path: "Level", signal: "won" },
    ],
    [
      { path: "Level", property: "coins", is: "greater", value: "2" },
      { path: "Level", property: "coins", is: "greater", value: "2" },
    ],
    [
      { path: "Level", property: "coins", value: null },
      { path: "Level", property: "coins", value: null },
    ],
    [
      { path: "Level", property: null, value: null, text: "", gone: true },
      { path: "Level", gone: true },
    ],
  ])("%j waits for %j", async (args, params) => {
    const on = answering({ waitedMs: 5, ...MOMENT });
    expect((await on.run("game_wait", args)).text).toContain("waitedMs: 5");
    expect(on.asked).toMatchObject([{ method: "game.wait_for" }]);
    expect(on.asked[0]?.params).toEqual(params);
  });

  it.each([["many"], [""], [true], [null], [{ x: 1 }], [undefined]])(
    "does not wait for more than %j",
    async (value) => {
      for (const is of ["greater", "less"]) {
        const on = answering({});
        const { text } = await on.run("game_wait", { path: "Level", property: "coins", is, value });
        expect(text).toContain(`'value' must be a number where 'is' is "${is}".`);
        expect(on.asked).toEqual([]);
      }
    },
  );
});

describe("screenshot", () => {
  it("gives the picture as an image and one line about it", async () => {
    const on = answering({ view: "2d", ...PICTURE });
    expect(await on.run("screenshot", { view: "2d", path: "Player", maxSize: 1_280 })).toEqual({
      text: "Picture of the editor's 2d view, 1280 x 720 pixels, reduced from 1920 x 1080, image/webp.\n[game@1]",
      images: [{ data: "UklGRg==", mimeType: "image/webp" }],
    });
    expect(on.asked).toMatchObject([
      { method: "editor.screenshot", params: { view: "2d", path: "Player", maxSize: 1_280 } },
    ]);
  });

  it("takes it of the game, and says what goes with which of the two", async () => {
    const on = answering({ ...PICTURE, ...MOMENT });
    const shown = await on.run("screenshot", { of: "game", frames: 4, interval: 5 });
    expect(shown.text).toContain("Picture of the game, 1280");
    expect(on.asked).toMatchObject([{ method: "game.screenshot", params: { moments: 4, every: 5 } }]);
    const wrong = await on.run("screenshot", { frames: 4 });
    expect(wrong.text).toContain("'frames' does not go with a picture of the editor.");
    expect(on.asked).toHaveLength(1);
    const other = await on.run("screenshot", { of: "game", view: "2d" });
    expect(other.text).toContain('Leave it out, or give "of":"editor".');
  });

  it.each([
    ["the command itself", compact, "command_run", { command: "game.screenshot", params: {} }],
    ["the preset full", full, "game_screenshot", {}],
  ])("is an image by way of %s, too, and nowhere else", async (_, tools, name, args) => {
    const answer = await answering({ ...PICTURE, ...MOMENT }, tools).run(name, args);
    expect(answer.images).toEqual([{ data: "UklGRg==", mimeType: "image/webp" }]);
    expect(JSON.stringify({ ...answer, images: [] })).not.toContain("UklGRg");
    expect(answer.structured).toBeUndefined();
  });
});
