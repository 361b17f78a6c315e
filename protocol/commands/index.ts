/** The command table: every command that travels to Godot, by name. */
import { animationCommands } from "./animation.ts";
import { classdbCommands } from "./classdb.ts";
import { customCommands } from "./custom.ts";
import { debugCommands } from "./debug.ts";
import { type CommandDefinition, groupOf } from "./define.ts";
import { dependencyCommands } from "./dependencies.ts";
import { editCommands } from "./edit.ts";
import { editorCommands } from "./editor.ts";
import { gameCommands } from "./game.ts";
import { nodeCommands } from "./node.ts";
import { profilerCommands } from "./profiler.ts";
import { projectCommands } from "./project.ts";
import { resourceCommands } from "./resource.ts";
import { runCommands } from "./run.ts";
import { sceneCommands } from "./scene.ts";
import { screenshotCommands } from "./screenshot.ts";
import { scriptCommands } from "./script.ts";
import { settingsCommands } from "./settings.ts";
import { testCommands } from "./test.ts";

export { type CommandDefinition, groupOf, type Resource, type ResultForm, type ToolUse } from "./define.ts";

const ALL: readonly CommandDefinition[] = [
  ...projectCommands,
  ...settingsCommands,
  ...dependencyCommands,
  ...sceneCommands,
  ...nodeCommands,
  ...animationCommands,
  ...scriptCommands,
  ...resourceCommands,
  ...classdbCommands,
  ...editorCommands,
  ...editCommands,
  ...screenshotCommands,
  ...runCommands,
  ...debugCommands,
  ...gameCommands,
  ...profilerCommands,
  ...testCommands,
  ...customCommands,
];

/** The table, in the order of its declaration. */
export const COMMANDS: ReadonlyMap<string, CommandDefinition> = tableOf(ALL);

/** Commands whose effect the params of other commands can have: see `isImplicit`. */
export const IMPLICIT_COMMANDS: readonly string[] = [...COMMANDS.values()]
  .filter(({ isImplicit }) => isImplicit)
  .map(({ name }) => name);

/** What stands before the dot of a command's name. */
export const COMMAND_GROUPS: ReadonlySet<string> = new Set([...COMMANDS.keys()].map(groupOf));

/** The commands for which a compact tool stands. */
export function commandsOfTool(tool: string): CommandDefinition[] {
  return [...COMMANDS.values()].filter((command) => command.tool?.name === tool);
}

/** The command of this name. @throws when there is none. */
export function commandNamed(name: string): CommandDefinition {
  const command = COMMANDS.get(name);
  if (!command) throw new Error(`There is no command '${name}'.`);
  return command;
}

function tableOf(commands: readonly CommandDefinition[]): ReadonlyMap<string, CommandDefinition> {
  const table = new Map<string, CommandDefinition>();
  for (const command of commands) {
    if (table.has(command.name)) throw new Error(`Command '${command.name}' is declared twice.`);
    table.set(command.name, command);
  }
  return table;
}
