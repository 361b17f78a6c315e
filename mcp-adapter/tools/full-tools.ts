/** Makes one tool a command from the command table: for clients that can hold many, or that pick a few groups. */
import { COMMAND_GROUPS, COMMANDS, type CommandDefinition, groupOf } from "../../protocol/commands/index.ts";
import { exampleParams } from "../calls/example-params.ts";
import { defineTool, type Tool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { withoutPicture } from "../texts/pictures.ts";
import { restOf } from "../texts/rest-advice.ts";
import { resultText } from "./result-text.ts";

/** Longest description of a tool, example included, in characters. */
const DESCRIPTION_LIMIT = 299;

/** Groups of commands, in the order of the table. */
export function toolsetNames(): string[] {
  return [...COMMAND_GROUPS];
}

/** The tools of the commands in `toolsets`; of all commands when none is named. */
export function fullTools(toolsets: readonly string[]): Tool[] {
  const wanted = [...COMMANDS.values()].filter(({ name }) => toolsets.length === 0 || toolsets.includes(groupOf(name)));
  return wanted.map(toolOf);
}

function toolOf(command: CommandDefinition): Tool {
  const { name, params, readOnly, destructive, idempotent } = command;
  return defineTool({
    name: name.replace(".", "_"),
    title: titleOf(name),
    description: describe(command),
    search: searchWords(command),
    effects: { readOnly, destructive, idempotent },
    params: params.shape,
    // Pictures have a separate format.
    hasData: !("format" in params.shape),
    run: async (given, call) => {
      const { answer, images } = withoutPicture(await call.command(name, given));
      return { ...result(resultText(name, answer.result, given), { ...answer, rest: restOf(name) }), images };
    },
  });
}

/** The words of its name, and those that users have for it. */
function searchWords({ name, keywords }: CommandDefinition): string {
  return `godot ${name.replace(/[._]/g, " ")} ${keywords}`.trim();
}

function describe(command: CommandDefinition): string {
  const example = JSON.stringify(exampleParams(command) ?? {});
  const tail = ` Example: ${example}`;
  const room = DESCRIPTION_LIMIT - tail.length;
  const { description } = command;
  if (description.length <= room) return description + tail;
  const sentence = description.slice(0, description.lastIndexOf(". ", room) + 1);
  return (sentence || `${description.slice(0, room - 1)}…`) + tail;
}

/** "Scene: get tree" for `scene.get_tree`. */
function titleOf(name: string): string {
  const [group = "", verb = ""] = name.split(".");
  return `${group.charAt(0).toUpperCase()}${group.slice(1)}: ${verb.replaceAll("_", " ")}`;
}
