import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TOOL_SEARCH } from "./model-dialects/responses.ts";
import { CLIENTS, RUN_MS, runScript } from "./scripted-client.ts";

/** What users and models search for, and the tools of which one at least has to be found. */
const QUERIES: Readonly<Record<string, string>> = {
  animation: "command_search scene_edit",
  tilemap: "command_search",
  "import texture": "command_search",
  "debug breakpoint": "command_search",
  "delete node": "scene_edit",
  "delete node from scene": "scene_edit",
  "connect signal": "scene_edit",
  "export build": "command_search",
  "input map action": "command_search",
  "write gdscript": "script_write",
  "screenshot of the running game": "screenshot",
  "run the game": "game_run",
  "stop the game": "game_stop",
  "console errors": "log_read",
  "parse errors in scripts": "project_check",
  "find text in files": "project_search",
  "list scenes": "project_overview project_search",
  "open scene": "scene_open",
  "create new scene": "scene_open",
  "add node": "scene_edit",
  "set node position": "scene_edit",
  "scene tree hierarchy": "scene_tree",
  "node properties": "node_inspect",
  "press a key in the game": "game_control",
  "click a button": "game_control",
  "wait for signal": "game_wait",
  "frames per second": "game_inspect",
  "class documentation": "docs_search",
  "project settings": "command_search command_run",
  "which editors are running": "hub_status",
  "switch project": "hub_use",
  "undo last change": "scene_edit",
  "run unit tests": "game_run",
  "attach script to node": "script_write scene_edit",
  "audio bus volume": "command_search",
  "shader material": "command_search",
  "save scene": "scene_edit",
  "rename node": "scene_edit",
  "profiler performance": "command_search game_inspect",
  "autoload singleton": "command_search project_overview",
};

/** How each of the two clients that hide tools has its model search, and how many tools it is given at most. */
const SEARCHES = {
  claude: { name: "ToolSearch", args: (query: string) => ({ query, max_results: 5 }) },
  codex: { name: TOOL_SEARCH, args: (query: string) => ({ query, limit: 8 }) },
} as const;

describe("a client that hides tools until its model searches for them", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "godot-search-home-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

  it.each(["claude", "codex"] as const)(
    "finds the right tool for each query: %s",
    { timeout: RUN_MS },
    async (client) => {
      const run = CLIENTS.find((each) => each.client === client);
      if (!run) throw new Error(`There is no client ${client}.`);
      const { name, args } = SEARCHES[client];
      const script = Object.keys(QUERIES).map((query) => ({ name, args: args(query) }));
      const { model, printed } = await runScript(run, home, script, "hidden");
      expect(model.results, printed).toHaveLength(script.length);
      const found = (at: number) =>
        model.results[at]?.text.split("\n").map((each) => each.replace(/^mcp__godot__/, "")) ?? [];
      const missed = Object.entries(QUERIES).filter(
        ([, wanted], at) => !wanted.split(" ").some((tool) => found(at).includes(tool)),
      );
      expect(missed.map(([query]) => query)).toEqual([]);
    },
  );
});
