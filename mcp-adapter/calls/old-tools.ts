/** Calls of tools by the names that they had before: carried out by their successors, which the answer names. */

import { plainName } from "../params/near-names.ts";

type Params = Record<string, unknown>;

/** What a call comes to now. */
interface Successor {
  readonly tool: string;
  readonly args: Params;
}

type Way = (params: Params, beside: Params) => Successor | undefined;

/** Tools that are no more. `beside` is what every tool takes. */
const SUCCESSORS: ReadonlyMap<string, Way> = new Map<string, Way>([
  ["find_files", ({ query, ...rest }, beside) => to("project_search", { text: query, ...rest }, beside)],
  [
    "script_check",
    ({ path, ...rest }, beside) =>
      to("project_check", { ...rest, paths: path === undefined ? undefined : [path] }, beside),
  ],
  ["scene_manage", managed],
  ["editor_state", (_, beside) => to("project_overview", {}, beside)],
  ["editor_log", (params, beside) => to("log_read", { of: "editor", ...params }, beside)],
  ["editor_undo", ({ redo, ...rest }, beside) => run(redo === true ? "editor.redo" : "editor.undo", rest, beside)],
  ["editor_screenshot", pictured],
  [
    "run_project",
    ({ which, scene }, beside) => to("game_run", { what: which === "custom" ? undefined : which, scene }, beside),
  ],
  ["stop_project", (_, beside) => to("game_stop", {}, beside)],
]);

/** Tools that have lost a part to others: undefined for a call that is still their own. */
const PARTED: ReadonlyMap<string, Way> = new Map<string, Way>([
  [
    "game_inspect",
    ({ what, level, limit, cursor, ...rest }, beside) => {
      if (what === "wait") return to("game_wait", rest, beside);
      return what === "output" ? run("run.get_output", { level, limit, cursor }, beside) : undefined;
    },
  ],
  [
    "node_inspect",
    ({ all, ...rest }, beside) =>
      all === undefined ? undefined : to("node_inspect", { includeDefaults: all, ...rest }, beside),
  ],
]);

/** What a call by an old name comes to now; undefined for a name that no tool had. */
export function successorOf(name: string, args: Params): Successor | undefined {
  const known = [...SUCCESSORS.keys()].find((each) => plainName(each) === plainName(name));
  return known === undefined ? undefined : apply(SUCCESSORS.get(known), args);
}

/** What a call in an old way comes to now; undefined for one that is as it should be. */
export function restatedCall(name: string, args: Params): Successor | undefined {
  return apply(PARTED.get(name), args);
}

function apply(way: Way | undefined, { target, format, ...params }: Params): Successor | undefined {
  return way?.(params, { target, format });
}

function managed({ action, path, rootType, rootName }: Params, beside: Params): Successor | undefined {
  switch (action) {
    case "list":
      return to("project_overview", {}, beside);
    case "open":
      return to("scene_open", { path }, beside);
    case "create":
      return rootType === undefined
        ? run("scene.create", { path }, beside)
        : to("scene_open", { path, rootType, rootName }, beside);
    case "save":
      return run("scene.save", { scene: path }, beside);
    default:
      return undefined;
  }
}

/** One of a scene that is to be shown first changes what the editor shows: that is a command. */
function pictured({ moments, every, scene, of, ...rest }: Params, beside: Params): Successor {
  if (scene !== undefined && of !== "game")
    return run("editor.screenshot", { scene, ...rest }, { target: beside.target });
  return to("screenshot", { of, frames: moments, interval: every, ...rest }, { target: beside.target });
}

function run(command: string, params: Params, beside: Params): Successor {
  return to("command_run", { command, params: defined(params) }, beside);
}

function to(tool: string, args: Params, beside: Params): Successor {
  return { tool, args: defined({ ...args, ...beside }) };
}

function defined(members: Params): Params {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
