/** Commands as they are called with the tools that there are: whoever writes a hint speaks of commands, and a model has tools. */
import { COMMANDS } from "../../protocol/commands/index.ts";
import { hubMethod } from "../../protocol/hub-methods.ts";
import { COMMAND_FIELDS } from "../texts/field-names.ts";
import { JOB_COMMANDS } from "./job-commands.ts";

/** Names of the tools that a model has. */
export type ToolNames = Pick<ReadonlySet<string>, "has">;

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
  const own = COMMANDS.get(command)?.tool ?? hubMethod(command)?.tool;
  if (own && tools.has(own.name)) return own.with ? `${own.name} ${JSON.stringify(own.with)}` : own.name;
  const field = FIELD_BY_COMMAND.get(command);
  if (field !== undefined && tools.has("godot_mutate")) return `the field ${field}`;
  const known = COMMANDS.get(command) ?? hubMethod(command)?.command ?? JOB_COMMANDS.get(command);
  if (!known) return undefined;
  const tool = known.readOnly ? "command_read" : "command_run";
  return tools.has(tool) ? `${tool} ${command}` : undefined;
}
