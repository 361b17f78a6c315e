/** Finds names in a text for agents that do not exist: tools, commands, operations, params, flags; and examples that do not fit. */
import { Ajv } from "ajv";
import { z } from "zod";
import { runCommandLine } from "../../hub/cli/program.ts";
import { HUB_COMMANDS } from "../../mcp-adapter/calls/hub-commands.ts";
import { JOB_COMMANDS } from "../../mcp-adapter/calls/job-commands.ts";
import { commandOf } from "../../mcp-adapter/params/batch-operations.ts";
import { TOOLS } from "../../mcp-adapter/tools/index.ts";
import { OPERATIONS } from "../../protocol/commands/edit.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";

type Members = Record<string, unknown>;

const ajv = new Ajv({ strict: false });
const COMMAND_LINE = /^(?:npx -y -p godot-mcp-hub )?godot-hub /;
const membersSchema = z.record(z.string(), z.unknown());
const operationsSchema = z.array(z.looseObject({ op: z.enum(OPERATIONS) }));
const callSchema = z.object({ command: z.string(), params: membersSchema.default({}) });

/** Names of params, of every tool, operation and command. */
const PARAMS: ReadonlySet<string> = new Set([
  "as",
  ...[...TOOLS.values()].flatMap((tool) => Object.keys(propertiesOf(tool.listing().inputSchema))),
  ...[...COMMANDS.values()].flatMap(({ params }) => Object.keys(params.shape)),
]);

/** Everything in a Markdown text that is named wrongly, each as one line. */
export async function wrongNames(markdown: string): Promise<string[]> {
  const found = await Promise.all(codeIn(markdown).map(wrongIn));
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`|\]\([^)]*\)/g, "");
  return [...found.flat(), ...unknownWords(prose)];
}

/** Names of tools in a text that is no Markdown, where there is no such tool. */
export function unknownWords(text: string): string[] {
  const words = text.replaceAll(/\{.*?\}/g, "").match(/(?<![\w./])[a-z]+(?:_[a-z]+)+(?![\w/*]|\.\w)/g) ?? [];
  return words.filter((word) => !TOOLS.has(word)).map((word) => `There is no tool ${word}.`);
}

/** Code spans, and the lines of code blocks. */
function codeIn(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, body = ""]) => body.split("\n"));
  const spans = [...markdown.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)].map(
    ([, span = ""]) => span,
  );
  return [...blocks, ...spans].map((code) => code.trim()).filter(Boolean);
}

async function wrongIn(code: string): Promise<string[]> {
  if (COMMAND_LINE.test(code)) return wrongInCommandLine(code.replace(COMMAND_LINE, ""));
  const [, name = "", json] = /^([a-z][\w.]*)(?: (\{.*\}))?$/.exec(code) ?? [];
  if (TOOLS.has(name)) return json === undefined ? [] : wrongInCall(name, json);
  if (isCommandName(name)) return wrongInCommand(name, json ?? "");
  if (json !== undefined) return [`There is no tool ${name}.`];
  return wrongWord(name || (/^"(\w+)":[^{]*$/.exec(code)?.[1] ?? ""));
}

/** Two words with a dot, unless they are a file. */
function isCommandName(name: string): boolean {
  return /^[a-z]+\.[a-z]+(?:_[a-z]+)*$/.test(name) && !/\.(?:godot|md|gd|tscn|tres|json|svg)$/.test(name);
}

function wrongInCommand(name: string, json: string): string[] {
  const command = commandNamed(name);
  if (!command) return [`There is no command ${name}.`];
  return json === "" ? [] : misfits(command.params, json, name);
}

/** Words with capitals inside are params; those with underscores are operations, where they are no tools. */
function wrongWord(word: string): string[] {
  const isOperation = OPERATIONS.includes(word);
  if (word.includes("_")) return isOperation ? [] : [`There is no tool or operation ${word}.`];
  return /[A-Z]/.test(word) && !PARAMS.has(word) ? [`There is no param ${word}.`] : [];
}

function wrongInCall(name: string, json: string): string[] {
  const args = membersSchema.parse(JSON.parse(json));
  const schema = { ...TOOLS.get(name)?.listing().inputSchema, additionalProperties: false };
  const wrong = ajv.validate(schema, args) ? [] : [`${name} ${json}: ${ajv.errorsText()}`];
  const operations = name === "scene_edit" ? operationsSchema.parse(args.operations ?? []) : [];
  const ofOperations = operations.flatMap(({ op, as: _, ...params }) =>
    misfits(commandOf(op).params, JSON.stringify(params), op),
  );
  return [...wrong, ...ofOperations, ...(/^command_(?:read|run)$/.test(name) ? wrongInCommandCall(name, args) : [])];
}

function wrongInCommandCall(tool: string, args: Members): string[] {
  const { command: name, params } = callSchema.parse(args);
  const command = commandNamed(name);
  if (!command) return [`There is no command ${name}.`];
  const right = command.readOnly ? "command_read" : "command_run";
  const wrong = tool === right ? [] : [`${name} is called with ${right}, not ${tool}.`];
  return [...wrong, ...misfits(command.params, JSON.stringify(params), name)];
}

function misfits(params: z.ZodObject | undefined, json: string, where: string): string[] {
  const { success, error } = params?.safeParse(JSON.parse(json)) ?? { success: true };
  return success ? [] : [`${where}: ${error?.message}`];
}

function commandNamed(name: string): { readOnly: boolean; params: z.ZodObject } | undefined {
  return COMMANDS.get(name) ?? HUB_COMMANDS.get(name) ?? JOB_COMMANDS.get(name);
}

/** `call scene.open '{"path":"res://a.tscn"}' --json`: what follows the program's name. */
async function wrongInCommandLine(line: string): Promise<string[]> {
  const [subcommand = "", argument = ""] = line.split(" ");
  const help = await helpOf(subcommand);
  if (help === undefined) return [`There is no command godot-hub ${subcommand}.`];
  const flags = line.match(/(?<= )--?[a-z][a-z-]*/g) ?? [];
  const wrong = flags.filter((flag) => !new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(help));
  const unknown = wrong.map((flag) => `godot-hub ${subcommand} has no flag ${flag}.`);
  if (subcommand !== "call" || argument.startsWith("<")) return unknown;
  const command = COMMANDS.get(argument);
  if (!command) return [...unknown, `There is no command ${argument}.`];
  return [...unknown, ...misfits(command.params, /'(.*)'/.exec(line)?.[1] ?? "{}", line)];
}

async function helpOf(subcommand: string): Promise<string | undefined> {
  const said: string[] = [];
  const terminal = { out: (line: string) => void said.push(line), err: () => {}, color: false };
  const code = await runCommandLine([subcommand, "--help"], { terminal, self: [], exitNow: () => {} });
  const help = said.join("\n");
  return code === 0 && help.includes(`godot-hub ${subcommand}`) ? help : undefined;
}

function propertiesOf(schema: Members): Members {
  return membersSchema.parse(schema.properties ?? {});
}
