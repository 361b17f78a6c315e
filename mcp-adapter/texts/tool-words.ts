/** Commands as they are called with the tools that there are: whoever writes a hint speaks of commands, and a model has tools. */
import { COMMANDS } from "../../protocol/commands/index.ts";
import { COMMAND_FIELDS } from "../graphql/field-names.ts";

/** Names of the tools that a model has. */
export type ToolNames = Pick<ReadonlySet<string>, "has">;

/** Tools of the compact set, by the commands that they run. */
const OWN_TOOL: ReadonlyMap<string, string> = new Map([
  ["instance.launch", 'hub_use {"target":"<project folder>","launch":true}'],
  ["hub.bind_target", "hub_use"],
  ["hub.list_instances", "hub_status"],
  ["project.get_info", "project_overview"],
  ["project.list_files", "project_search"],
  ["project.search_files", "project_search"],
  ["project.validate", "project_check"],
  ["scene.get_tree", "scene_tree"],
  ["scene.list_open", "project_overview"],
  ["scene.open", "scene_open"],
  ["scene.create", "scene_open"],
  ["scene.save", 'scene_edit {"save":true}'],
  ["node.get_properties", "node_inspect"],
  ["edit.batch", "scene_edit"],
  ["script.read", "script_read"],
  ["script.edit", "script_write"],
  ["script.create", "script_write"],
  ["script.validate", "project_check"],
  ["editor.get_state", "project_overview"],
  ["editor.get_log", "log_read"],
  ["editor.undo", 'scene_edit {"undo":true}'],
  ["editor.screenshot", "screenshot"],
  ["game.screenshot", 'screenshot {"of":"game"}'],
  ["run.play", "game_run"],
  ["run.stop", "game_stop"],
  ["run.status", 'game_inspect {"what":"status"}'],
  ["run.get_output", 'log_read {"of":"game"}'],
  ["test.run", 'game_run {"what":"tests"}'],
  ["game.get_tree", 'game_inspect {"what":"tree"}'],
  ["game.find", 'game_inspect {"what":"find"}'],
  ["game.get_properties", 'game_inspect {"what":"properties"}'],
  ["game.get_monitors", 'game_inspect {"what":"monitors"}'],
  ["game.wait_for", "game_wait"],
  ["game.set_properties", 'game_control {"action":"set"}'],
  ["game.send_input", 'game_control {"action":"input"}'],
  ["game.set_clock", 'game_control {"action":"clock"}'],
  ["game.step", 'game_control {"action":"step"}'],
]);

/** What command_run reaches besides the command table. */
export const BESIDES_THE_TABLE: ReadonlySet<string> = new Set([
  "instance.launch",
  "instance.stop",
  "hub.acquire_lease",
  "hub.release_lease",
  "hub.list_leases",
  "job.get",
  "job.cancel",
]);
/** Those of them that only read. */
const READS_BESIDES: ReadonlySet<string> = new Set(["hub.list_leases", "job.get"]);

/** What may be the name of a command in a sentence. */
const COMMAND_NAME = /(?<![\w./])[a-z]+\.[a-z]+(?:_[a-z]+)*(?![\w/]|\.\w)/g;

const FIELD_BY_COMMAND: ReadonlyMap<string, string> = new Map(
  [...COMMAND_FIELDS.values()].map(({ name, command }) => [command.name, name] as const).toReversed(),
);

/** `text` with each command that it names as it is called with `tools`. */
export function inToolWords(text: string, tools: ToolNames): string {
  return text.replace(COMMAND_NAME, (name) => wayToCall(name, tools) ?? name);
}

/** How `command` is called with `tools`; undefined when they do not reach it, or there is no such command. */
export function wayToCall(command: string, tools: ToolNames): string | undefined {
  const ofItsName = command.replace(".", "_");
  if (tools.has(ofItsName)) return ofItsName;
  const own = OWN_TOOL.get(command);
  if (own !== undefined && tools.has(own.split(" ")[0] ?? "")) return own;
  const field = FIELD_BY_COMMAND.get(command);
  if (field !== undefined && tools.has("godot_mutate")) return `the field ${field}`;
  if (!COMMANDS.has(command) && !BESIDES_THE_TABLE.has(command)) return undefined;
  const tool = (COMMANDS.get(command)?.readOnly ?? READS_BESIDES.has(command)) ? "command_read" : "command_run";
  return tools.has(tool) ? `${tool} ${command}` : undefined;
}
