/** Declares the tools that find and run every command, also commands without a tool and custom commands. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Answer } from "../../hub-client/pending-request.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { WireError } from "../../protocol/errors.ts";
import type { CustomCommand } from "../../protocol/messages.ts";
import { restateCommandCall, sameName } from "../calls/command-call.ts";
import { type FoundCommands, findCommands, type SearchableCommand } from "../calls/command-search.ts";
import { fittingPage } from "../calls/fitting-page.ts";
import { HUB_COMMANDS, runHubCommand } from "../calls/hub-commands.ts";
import { JOB_COMMANDS } from "../calls/job-commands.ts";
import { runJobCommand } from "../calls/job-tools.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { nearNames } from "../params/near-names.ts";
import type { Reported } from "../texts/engine-errors.ts";
import type { ToolResult } from "../texts/outline.ts";
import { withoutPicture } from "../texts/pictures.ts";
import { restOf } from "../texts/rest-advice.ts";
import { commandData, commandLine, commandText } from "./command-text.ts";
import { resultText } from "./result-text.ts";

type Params = Record<string, unknown>;

/** The text below the found commands. */
const WAYS_TO_RUN =
  "name shows another one in full. Those marked read are run by command_read, the others by command_run.";
/** The text when no command fits. */
const OTHER_WAYS =
  "Any property of a node or a resource file is set by node.set_properties or resource.set_properties; game.eval runs code in the game where a person allows it.";

const DEFAULT_LIMIT = 8;
/** The time that a search waits for custom commands; without them it still has an answer. */
const CUSTOM_COMMANDS_MS = 500;
const SUGGESTIONS = 5;

const commandParams = {
  command: z.string().min(1).max(100).describe("group.verb_object"),
  params: z.record(z.string(), z.unknown()).optional().describe("The command's params."),
};

export const commandTools = [
  defineTool({
    name: "command_search",
    title: "Search Godot commands",
    description:
      'Searches the commands behind command_read and command_run: project settings, input map action, autoload, animation, tilemap, import texture, export build, audio bus, shader material, theme, physics, navigation, debug breakpoint, profiler, tests, undo. Example: {"query":"input action"}',
    search: "everything else in godot",
    effects: { readOnly: true },
    params: {
      query: z.string().max(200).optional().describe("What to do, in words."),
      name: z.string().max(100).optional().describe("Instead: a command, in full. Without both: all names."),
      limit: z.int().min(1).max(100).optional(),
    },
    run: async ({ query, name, limit }, call) => {
      const own = [...HUB_COMMANDS.values(), ...JOB_COMMANDS.values()];
      const commands = [...COMMANDS.values(), ...own, ...(await knownCustomCommands(call))];
      const names = commands.map((command) => command.name);
      if (name !== undefined) {
        const command = commands.find((each) => each.name === sameName(name, names)) ?? noSuchCommand(name, names);
        return result(commandText(command), { result: commandData(command) });
      }
      if (!query) return result(names.join("\n"), { result: { commands: names } });
      return foundResult(await findCommands(commands, query, limit ?? call.limitOr(DEFAULT_LIMIT)), query);
    },
  }),
  defineTool({
    name: "command_read",
    title: "Run a Godot command that only reads",
    description:
      'Runs any Godot command that only reads, and refuses the others (command_run); command_search finds them. Also job.get. Example: {"command":"project.list_input_actions"}',
    search: "get list query settings, debugger variables, job",
    effects: { readOnly: true },
    params: commandParams,
    restate: restateCommandCall,
    run: ({ command, params = {} }, call) => runCommand(command, params, { call, readsOnly: true }),
  }),
  defineTool({
    name: "command_run",
    title: "Run any Godot command",
    description:
      'Runs any Godot command that changes something and has no tool; command_search finds them, command_read runs those that only read. Example: {"command":"node.rename","params":{"path":"Enemy","name":"Boss"}}',
    search: "project settings, resources, undo redo, custom commands",
    effects: { destructive: true },
    hasData: true,
    params: commandParams,
    restate: restateCommandCall,
    run: ({ command, params = {} }, call) => runCommand(command, params, { call, readsOnly: false }),
  }),
] as const;

/** The found commands: a line each, the best in full. */
function foundResult({ found, total, fitsWell }: FoundCommands, query: string): ToolResult {
  const data = { fitsWell, total, commands: found.map(commandData) };
  const [best] = found;
  if (!best) return result(`No command does '${query}'. ${OTHER_WAYS}`, { result: data });
  const rest = total > found.length ? [`${found.length} of ${total} that fit, best first; limit shows more.`] : [];
  const lines = [...found.map(commandLine), ...rest];
  const text = fitsWell
    ? [lines.join("\n"), `In full:\n${commandText(best)}`, WAYS_TO_RUN]
    : [`No command does '${query}' well. ${OTHER_WAYS}`, `Nearest:\n${lines.join("\n")}`];
  return result(text.join("\n\n"), { result: data, rest: "Ask for one of them by name." });
}

/** For whom a command is run, and whether it may change something. */
interface Run {
  readonly call: ToolCall;
  readonly readsOnly: boolean;
}

async function runCommand(name: string, params: Params, { call, readsOnly }: Run): Promise<ToolResult> {
  const ofHub = HUB_COMMANDS.get(name);
  const ofJobs = JOB_COMMANDS.get(name);
  const known = COMMANDS.get(name);
  const custom = (ofHub ?? ofJobs ?? known) ? undefined : await customCommand(name, call);
  const command = ofHub ?? ofJobs ?? known ?? custom;
  if (readsOnly && !command?.readOnly) throw changesSomething(command?.name ?? name);
  if (ofHub) {
    const answer = await runHubCommand(ofHub, params, call);
    return answered(name, answer, resultText(name, answer.result));
  }
  if (ofJobs) return runJobCommand(ofJobs, params, call);
  const read = known ? call.paramsOf(known, params) : custom ? call.customParams(custom, params) : params;
  const own = command?.name ?? name;
  const textOf = (found: unknown) =>
    resultText(own, withoutPicture({ result: found, instance: undefined }).answer.result, read);
  const { answer, text } = await fittingPage(call, own, read, textOf);
  return answered(own, answer, text);
}

function changesSomething(command: string): WireError {
  return new WireError("INVALID_PARAMS", `'${command}' changes something: command_read only reads.`, {
    hint: COMMANDS.has(command) ? `The way to run it: ${command}.` : "command_run runs it.",
  });
}

function answered(command: string, given: Reported<Answer>, text: string): ToolResult {
  const { answer, images } = withoutPicture(given);
  return { ...result(text, { ...answer, rest: restOf(command) }), images };
}

/** Custom commands of the instance that the call means; none while there is no hub or no instance: a search needs neither. */
async function knownCustomCommands(call: ToolCall): Promise<SearchableCommand[]> {
  if (!call.session.isConnected) return [];
  const custom = call.session.customCommands(call.patience, call.target).catch(() => []);
  return Promise.race([custom, delay(CUSTOM_COMMANDS_MS, [], { ref: false })]);
}

/** True while the project may still register commands: the editor itself then knows when there is none of a name. */
async function isStarting(call: ToolCall): Promise<boolean> {
  const instance = await call.session.instance(call.patience, call.target).catch(() => undefined);
  return instance?.state === "importing" || instance?.state === "away";
}

async function customCommand(name: string, call: ToolCall): Promise<CustomCommand> {
  if (name.startsWith("hub.")) {
    throw new WireError("METHOD_NOT_FOUND", `'${name}' is not a command of an editor.`, {
      hint: "Use hub_status or hub_use.",
    });
  }
  const listed = await call.session.customCommands(call.patience, call.target).catch((error: unknown) => error);
  const commands: readonly CustomCommand[] = Array.isArray(listed) ? listed : [];
  const custom = commands.map((command) => command.name);
  const meant = sameName(name, custom);
  const found = commands.find((command) => command.name === meant);
  if (found) return found;
  if (await isStarting(call)) return { name, description: "", readOnly: false, paramsSchema: {} };
  const unlisted =
    listed instanceof Error ? ` Those that the project registers can't be listed: ${listed.message}` : "";
  return noSuchCommand(name, [...COMMANDS.keys(), ...HUB_COMMANDS.keys(), ...JOB_COMMANDS.keys(), ...custom], unlisted);
}

function noSuchCommand(name: string, known: readonly string[], why = ""): never {
  throw new WireError("METHOD_NOT_FOUND", `There is no command '${name}'.${why}`, {
    candidates: nearNames(name, known, SUGGESTIONS),
    hint: "Find the right one with command_search.",
  });
}
