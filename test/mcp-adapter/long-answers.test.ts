import { describe, expect, it } from "vitest";
import { CommandError } from "../../hub-client/client-errors.ts";
import { gamesText } from "../../mcp-adapter/texts/games-text.ts";
import { editorLogText } from "../../mcp-adapter/texts/log-text.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { filesText, matchesText } from "../../mcp-adapter/tools/project-tools.ts";
import { ToolBench } from "./support/tool-bench.ts";

const tools = await presetTools({ preset: "compact", toolsets: [] });

describe("a list that was cut", () => {
  it("of files says how many there are of each kind and in each folder, most first, and how to go on", () => {
    const files = [{ path: "res://a.gd", type: "GDScript", size: 5 }];
    const counts = { byExtension: { tscn: 7, gd: 120, "": 1 }, byFolder: { "res://": 2, "res://game": 126 } };
    expect(filesText({ files, ...counts, truncated: true, cursor: "c", total: 128 })).toBe(
      [
        "res://a.gd  GDScript  5",
        "all by extension: gd 120, tscn 7, (none) 1",
        "all by folder: res://game 126, res:// 2",
        '... cut of 128: go on with cursor "c"',
      ].join("\n"),
    );
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`res://f${at}`, at]));
    expect(filesText({ files, byFolder: many, truncated: true })).toMatch(
      /folder: res:\/\/f29 29, .* 10, and 10 more$/m,
    );
    expect(filesText({ files })).toBe("res://a.gd  GDScript  5");
  });

  it("of lines says in how many files they are", () => {
    const matches = ["res://a.gd", "res://a.gd", "res://b.gd"].map((path, line) => ({ path, line, text: "x" }));
    expect(matchesText({ matches, truncated: true, cursor: "c" })).toContain(
      '3 lines of 2 files so far\n... cut: go on with cursor "c"',
    );
    expect(matchesText({ matches })).not.toContain("so far");
  });

  it("of log entries says how many there are of each level", () => {
    const entries = Array.from({ length: 30 }, (_, seq) => ({ seq, level: seq % 3 ? "error" : "info", message: "m" }));
    expect(editorLogText({ entries, cursor: "30", truncated: true })).toMatch(
      /\.\.\. cut: older entries are left out, limit shows more; 10 info, 20 error\ncursor "30"$/,
    );
  });

  it("of log entries tells once what a loop reports with each turn, and everything that the game prints", () => {
    const turn = (seq: number, level: string) => ({
      seq,
      level,
      message: `Request ${seq} failed.`,
      file: "a.gd",
      line: 2,
    });
    const entries = [turn(1, "error"), turn(2, "error"), turn(3, "warning"), turn(4, "info"), turn(5, "info")];
    expect(editorLogText({ entries, cursor: "5" }).split("\n")).toEqual([
      'error: Request 1 failed. (2 times) file="a.gd" line=2',
      'warning: Request 3 failed. file="a.gd" line=2',
      'info: Request 4 failed. file="a.gd" line=2',
      'info: Request 5 failed. file="a.gd" line=2',
      'cursor "5"',
    ]);
  });
});

describe("what the engine reports while a command runs", () => {
  const reports = Array.from({ length: 8 }, (_, at) => ({
    level: "error",
    message: `Odd:\n  request ${at}`,
    file: "x.cpp",
    line: 3,
  }));
  const other = { level: "warning", message: "Also." };
  const line = "Reported by the engine meanwhile:\n- error: Odd: request 0 (x.cpp:3) (8 times)\n- warning: Also.";

  it("stands below the answer, each kind once, and is counted for programs", async () => {
    const reply = () => ({
      scene: "res://a.tscn",
      revision: 2,
      engineErrors: [...reports, other],
      engineErrorsLeftOut: 5,
    });
    const saved = await new ToolBench(tools, reply).run("scene_edit", { save: true });
    expect(saved.text).toBe(`Saved.\n${line}\n[game@1]`);
    const save = { command: "scene.save" };
    const outline = `scene: "res://a.tscn"\nrevision: 2\n${line}\n[game@1]`;
    expect((await new ToolBench(tools, reply).run("command_run", save)).text).toBe(outline);
    const run = await new ToolBench(tools, reply).run("command_run", { ...save, format: "json" });
    expect(run.structured).toMatchObject({ revision: 2, engineErrors: [{ count: 8 }, { count: 1 }] });
    expect(run.structured).not.toHaveProperty("engineErrorsLeftOut");
  });

  it("is not said again where the answer names the parse errors of a script", async () => {
    const seen = { level: "error", message: "Parse Error: Expected end of file.", file: "res://a.gd", line: 2 };
    const reply = () => ({
      path: "res://a.gd",
      hash: "h",
      lines: 2,
      errors: [{ line: 2, column: 1, message: "Expected end of file." }],
      engineErrors: [seen, { ...seen, message: "Parse Error: Of another script.", file: "res://b.gd" }],
    });
    const { text } = await new ToolBench(tools, reply).run("script_write", { path: "res://a.gd", source: "x" });
    expect(text.match(/Expected end of file/g)).toHaveLength(1);
    expect(text).toContain("- error: Parse Error: Of another script. (res://b.gd:2)");
  });

  it("stands below an error, too", async () => {
    const on = new ToolBench(tools, () => {
      const data = { kind: "INTERNAL_ERROR", engineErrors: [...reports, other] };
      throw new CommandError({ code: -32603, message: "It failed.", data });
    });
    expect((await on.run("scene_tree")).text).toBe(`INTERNAL_ERROR: It failed.\n${line}`);
  });
});

describe("the games of an editor", () => {
  const game = {
    game: 1,
    name: "my-game@1.game",
    scene: "res://a.tscn",
    pid: 7,
    state: "running",
    errors: 0,
    warnings: 0,
  };

  it("have a line each, without what says nothing", () => {
    expect(gamesText({ playing: true, scene: "res://a.tscn", games: [game], startedBy: "anna" })).toBe(
      'Playing.\nGame 1 (my-game@1.game): running, res://a.tscn pid=7\nstartedBy: "anna"',
    );
  });

  it("show the first of many errors, each on a line of bearable length", () => {
    const firstErrors = Array.from({ length: 9 }, () => ({
      message: `Oh.\n${"x".repeat(900)}`,
      file: "res://a.gd",
      line: 3,
    }));
    const text = gamesText({ playing: true, scene: null, games: [{ ...game, errors: 40, firstErrors }] });
    expect(text).toContain("  errors: 40, the first 5 of them here, all in the log of the game\n  - Oh. xxx");
    expect(text).toContain("… (res://a.gd:3)");
    expect(text.split("\n")).toHaveLength(8);
    expect(text.length).toBeLessThan(2_000);
  });

  it("are shown by game_run and game_stop", async () => {
    const on = new ToolBench(tools, () => ({
      playing: false,
      scene: null,
      games: [{ ...game, state: "ended", end: "stopped" }],
    }));
    expect((await on.run("game_stop")).text).toContain(
      'Nothing plays.\nGame 1 (my-game@1.game): ended, res://a.tscn pid=7 end="stopped"',
    );
  });
});
