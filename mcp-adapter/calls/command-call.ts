/** A command as models call it: its name in any style, its params in their place or beside it. */
import { z } from "zod";
import { asJsonObject } from "../../hub-client/json-object.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { forgive } from "../params/forgive.ts";
import { plainName } from "../params/near-names.ts";
import { isRemark } from "../params/unknown-members.ts";
import { HUB_COMMANDS } from "./hub-commands.ts";
import { JOB_COMMANDS } from "./job-commands.ts";
import { FORMATS } from "./shown-result.ts";

type Members = Record<string, unknown>;

/** Every command that is known without an editor, with its params. */
const KNOWN: ReadonlyMap<string, { params: { shape: object } }> = new Map<string, { params: { shape: object } }>([
  ...COMMANDS,
  ...HUB_COMMANDS,
  ...JOB_COMMANDS,
]);
/** What a call of a command takes beside the command's own params. */
const OWN = ["command", "params", "format", "target"] as const;
/** Other words for `params`. */
const PARAMS: ReadonlySet<string> = new Set(["args", "arguments", "parameters", "input"]);

/** The name among `known` that `name` is in whatever style; undefined when it is none of them. */
export function sameName(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const plain = plainName(name.replace(/^.*(?:__|[:/])/, ""));
  return names.find((each) => each === name) ?? names.find((each) => plainName(each) === plain);
}

/** The command that a name means, whatever its style; undefined for what only a project can know. */
export function knownCommand(name: string): string | undefined {
  return sameName(name, KNOWN.keys());
}

/** The same call with the command's name as the table has it, and the command's params in `params`. */
export function restateCommandCall(args: Members): Members {
  const own = Object.fromEntries(Object.entries(args).map(([key, value]) => [ownName(key, args), value]));
  const command = typeof own.command === "string" ? (knownCommand(own.command) ?? own.command) : own.command;
  const declared = typeof command === "string" ? KNOWN.get(command)?.params.shape : undefined;
  const { rest, flat } = apart(own, (key) => isOfCommand(key, declared) || isOfPicture(key, own.format, declared));
  const whole = Object.entries(flat).find(([key]) => PARAMS.has(key) && !(declared && key in declared));
  if (whole && rest.params === undefined) {
    const { [whole[0]]: params, ...others } = flat;
    return { ...rest, ...withCommand(command), params: { ...asMembers(params), ...others } };
  }
  if (Object.keys(flat).length === 0) return { ...rest, ...withCommand(command) };
  const params = asMembers(rest.params);
  const { rest: twice, flat: once } = apart(flat, (key) => !(key in params));
  return { ...rest, ...twice, ...withCommand(command), params: { ...params, ...once } };
}

function withCommand(command: unknown): Members {
  return command === undefined ? {} : { command };
}

function ownName(key: string, args: Members): string {
  return OWN.find((name) => plainName(name) === plainName(key) && !(name in args)) ?? key;
}

/** Whether a member that stands beside `params` belongs into them. @param declared What the command takes, where that is known. */
function isOfCommand(key: string, declared: object | undefined): boolean {
  if (OWN.some((name) => name === key) || isRemark(key)) return false;
  if (declared === undefined || PARAMS.has(key)) return true;
  return Object.entries(declared).some(([name, member]) =>
    [name, aliasOf(member)].some((word) => word !== undefined && plainName(word) === plainName(key)),
  );
}

/** Another word for a param that a schema declares. */
function aliasOf(member: unknown): string | undefined {
  const alias = member instanceof z.ZodType ? member.meta()?.alias : undefined;
  return typeof alias === "string" ? alias : undefined;
}

/** Pictures have a `format` of their own. */
function isOfPicture(key: string, format: unknown, declared: object = {}): boolean {
  return (
    key === "format" && "format" in declared && !FORMATS.some((each) => plainName(each) === plainName(String(format)))
  );
}

/** The members that are meant, and the rest. */
function apart(members: Members, isMeant: (key: string) => boolean): { rest: Members; flat: Members } {
  const entries = Object.entries(members);
  return {
    rest: Object.fromEntries(entries.filter(([key]) => !isMeant(key))),
    flat: Object.fromEntries(entries.filter(([key]) => isMeant(key))),
  };
}

function asMembers(value: unknown): Members {
  const read = forgive({ type: "object" }, value ?? {}, { changes: true, ignored: new Set() });
  return asJsonObject(read);
}
