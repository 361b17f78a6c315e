/** Which tool a call means: clients put the server's name before a tool's, and models write it in their own style. */
import { WireError } from "../../protocol/errors.ts";
import { nearNames, plainName } from "../params/near-names.ts";
import { knownCommand, sameName } from "./command-call.ts";
import { restatedCall, successorOf } from "./old-tools.ts";
import type { Tool } from "./tool.ts";

type Members = Record<string, unknown>;
type Tools = ReadonlyMap<string, Tool>;

const SUGGESTIONS = 5;
/** What stands before a tool's name is a server's: `mcp__godot__`, `godot.`, `functions.`. */
const PREFIX = /^.*(?:__|[.:/])/;
/** The same where nothing but an underscore follows: only this server's own. */
const OWN_PREFIX = /^(?:mcp|godot|hub)+/;

/** A tool and what it is called with. */
interface Meant {
  readonly tool: Tool;
  readonly args: Members;
  /** What the caller has to know of its name. */
  readonly note?: string;
}

/** @throws {WireError} METHOD_NOT_FOUND with the names that are like it. */
export function meantTool(name: string, args: Members, tools: Tools): Meant {
  const own = toolNamed(name, tools);
  const moved = own ? restatedCall(own.name, args) : successorOf(name.replace(PREFIX, ""), args);
  const successor = moved && tools.get(moved.tool);
  if (successor) return { tool: successor, args: moved.args, ...noteOf(name, successor, moved.args) };
  const tool = own ?? unknownTool(name, [...tools.keys()]);
  return commandAsTool(tool, args, tools) ?? { tool, args };
}

function noteOf(old: string, { name }: Tool, { command }: Members): { note?: string } {
  const way = name === "command_run" ? `command_run ${String(command)}` : name;
  return old === name ? {} : { note: `${old} is ${way} now.` };
}

function toolNamed(name: string, tools: Tools): Tool | undefined {
  const found = tools.get(name);
  if (found) return found;
  const spellings = [plainName(name), plainName(name.replace(PREFIX, ""))];
  const byName = [...tools.values()].find((tool) => spellings.includes(plainName(tool.name)));
  return byName ?? [...tools.values()].find((tool) => isOwnPrefix(plainName(name), plainName(tool.name)));
}

function isOwnPrefix(plain: string, tool: string): boolean {
  return plain.endsWith(tool) && OWN_PREFIX.exec(plain)?.[0] === plain.slice(0, -tool.length);
}

/** `command_run {"command":"scene_tree"}`: the tool itself. One that changes something is not run where only reading is allowed. */
function commandAsTool({ name }: Tool, { command, params, ...beside }: Members, tools: Tools): Meant | undefined {
  if (!name.startsWith("command_") || typeof command !== "string" || knownCommand(command)) return undefined;
  const tool = tools.get(sameName(command, tools.keys()) ?? "");
  const mayRun = name === "command_run" || tool?.listing().annotations.readOnlyHint;
  if (!tool || !mayRun || tool.name.startsWith("command_")) return undefined;
  return { tool, args: { ...beside, ...(typeof params === "object" && params !== null && { ...params }) } };
}

function unknownTool(name: string, known: readonly string[]): never {
  const candidates = nearNames(name.replace(PREFIX, ""), known, SUGGESTIONS);
  throw new WireError("METHOD_NOT_FOUND", `There is no tool '${name}'.`, {
    candidates,
    hint: "tools/list has them all.",
  });
}
