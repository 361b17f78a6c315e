import { describe, expect, it } from "vitest";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { ToolBench } from "./support/tool-bench.ts";

type Args = Record<string, unknown>;

const compact = await presetTools({ preset: "compact", toolsets: [] });
const full = await presetTools({ preset: "full", toolsets: [] });

/** What a call asks for, and what its answer says below. */
async function called(name: string, args: Args, tools = compact) {
  const on = new ToolBench(tools);
  const { text, isError } = await on.run(name, args);
  return { asked: on.asked.map(({ method, params }) => [method, params]), text, isError };
}

describe("a tool by the name that it had before", () => {
  it.each([
    ["find_files", { query: "speed", pattern: "*.gd" }, "project_search", { text: "speed", pattern: "*.gd" }],
    ["script_check", { path: "res://a.gd" }, "project_check", { paths: ["res://a.gd"] }],
    ["script_check", { source: "x" }, "project_check", { source: "x" }],
    ["scene_manage", { action: "list" }, "project_overview", {}],
    ["scene_manage", { action: "open", path: "res://a.tscn" }, "scene_open", { path: "res://a.tscn" }],
    [
      "scene_manage",
      { action: "create", path: "res://a.tscn", rootType: "Node" },
      "scene_open",
      { path: "res://a.tscn", rootType: "Node" },
    ],
    ["editor_state", {}, "project_overview", {}],
    ["editor_log", { level: "error", limit: 3 }, "log_read", { of: "editor", level: "error", limit: 3 }],
    ["editor_screenshot", { of: "game", moments: 2, every: 3 }, "screenshot", { of: "game", frames: 2, interval: 3 }],
    ["run_project", { which: "custom", scene: "res://a.tscn" }, "game_run", { scene: "res://a.tscn" }],
    ["run_project", { which: "current" }, "game_run", { what: "current" }],
    ["stop_project", {}, "game_stop", {}],
    ["mcp__godot__stop_project", {}, "game_stop", {}],
    ["stopProject", {}, "game_stop", {}],
  ])("%s %j is %s %j, and the answer says so", async (name, args, tool, now) => {
    const old = await called(name, { ...args, target: "game" });
    const own = await called(tool, { ...now, target: "game" });
    expect(old.asked).toEqual(own.asked);
    expect(old.text).toBe(`${own.text}\n${name} is ${tool} now.`);
  });

  it.each([
    ["scene_manage", { action: "save", path: "res://a.tscn" }, "scene.save", { scene: "res://a.tscn" }],
    ["editor_undo", { scene: "res://a.tscn", force: true }, "editor.undo", { scene: "res://a.tscn", force: true }],
    ["editor_undo", { redo: true }, "editor.redo", {}],
    [
      "editor_screenshot",
      { scene: "res://a.tscn", view: "2d" },
      "editor.screenshot",
      { scene: "res://a.tscn", view: "2d" },
    ],
  ])("%s %j is the command %s %j", async (name, args, command, params) => {
    const { asked, text } = await called(name, args);
    expect(asked).toEqual([[command, params]]);
    expect(text).toContain(`${name} is command_run ${command} now.`);
  });

  it.each([
    ["game_inspect", { what: "wait", path: "A" }, "game.wait_for", { path: "A" }],
    ["game_inspect", { what: "output", level: "error" }, "run.get_output", { level: "error" }],
    ["node_inspect", { path: "A", all: true }, "node.get_properties", { path: "A", all: true }],
  ])("%s %j is still understood", async (name, args, command, params) => {
    expect((await called(name, args)).asked).toEqual([[command, params]]);
  });

  it("guesses nothing that the old one would have refused", async () => {
    const { asked, text } = await called("scene_manage", { action: "create", path: "res://a.tscn" });
    expect(asked).toEqual([]);
    expect(text).toContain("'rootType' is missing");
    expect((await called("scene_manage", { action: "burn" })).text).toContain("There is no tool 'scene_manage'");
  });

  it("is what it is where a preset has a tool of that name", async () => {
    const { asked, text } = await called("editor_undo", { scene: "res://a.tscn" }, full);
    expect(asked).toEqual([["editor.undo", { scene: "res://a.tscn" }]]);
    expect(text).not.toContain("now.");
  });
});
