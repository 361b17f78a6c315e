/** What a tool answers: text that a model reads well, and the same as data for a caller that asks for data. */

import { CommandError, OpenError } from "../../hub-client/client-errors.ts";
import { messageOf } from "../../hub-client/node-errors.ts";
import type { ErrorObject } from "../../protocol/errors.ts";
import { WireError } from "../../protocol/errors.ts";
import type { Respondent } from "../../protocol/rpc.ts";
import { type Complaint, complaintsIn, engineErrorLines, isToldIn } from "../texts/engine-errors.ts";
import type { ToolResult } from "../texts/outline.ts";
import { asObject } from "../texts/outline.ts";
import { adviceFor } from "./error-advice.ts";
import type { ToolNames } from "./tool-words.ts";

/** Longest text of an answer, in characters: about 5,000 tokens. */
export const TEXT_LIMIT = 20_000;

/** Names that an error shows besides those in its own words. */
const CANDIDATES_SHOWN = 20;

/** Where an answer comes from, and what stands below its text. */
interface About {
  /** All of the answer as data. */
  readonly result?: unknown;
  readonly instance?: Respondent | undefined;
  /** How to get what had to be cut off. */
  readonly rest?: string;
  readonly engineErrors?: readonly Complaint[];
}

/** The answer of a tool whose work is done. */
export function result(text: string, about: About = {}): ToolResult {
  const { result: value, instance, rest = ASK_FOR_LESS, engineErrors = [] } = about;
  const untold = engineErrors.filter((complaint) => !isToldIn(text, complaint));
  const footer = [...engineErrorLines(untold), ...(instance ? [`[${instance.name}]`] : [])];
  const data = engineErrors.length > 0 ? { ...asObject(value), engineErrors } : value;
  return { text: [bounded(text, rest), ...footer].join("\n"), ...(data !== undefined && { value: data }) };
}

/** How to get the rest of an answer about which nothing more is known. */
const ASK_FOR_LESS = "Ask for less at a time.";

/** The last line of a list that goes on elsewhere: it stays when the text above it is cut. */
const GOES_ON = /\n(?:\.\.\. cut.*|cursor ".*"|Go on later with cursor .*)(?:\n\(frame .*)?$/;

/** Cuts at the end of a line, and says so. */
export function bounded(text: string, rest: string, limit = TEXT_LIMIT): string {
  if (text.length <= limit) return text;
  const [last] = GOES_ON.exec(text) ?? [];
  if (last !== undefined) return bounded(text.slice(0, -last.length), rest, limit - last.length) + last;
  const lineEnd = text.lastIndexOf("\n", limit);
  const end = lineEnd > limit / 2 ? lineEnd : limit;
  return `${text.slice(0, end)}\n... cut: ${end} of ${text.length} characters. ${rest}`;
}

/** The answer of a tool that failed: one line cause, one line what to do with the tools that there are, what else there is. */
export function errorResult(thrown: unknown, tools?: ToolNames): ToolResult {
  const { code, message, data } = describe(thrown);
  const { kind = "INTERNAL_ERROR", hint: _, candidates, ...rest } = data ?? {};
  const hint = adviceFor(kind, data, tools);
  const lines = [`${kind}: ${message}`];
  if (hint) lines.push(`What to do: ${hint}`);
  const unnamed = (candidates ?? []).filter((name) => !lines.some((line) => line.includes(name)));
  if (unnamed.length > 0) lines.push(knownLine(unnamed));
  lines.push(...engineErrorLines(complaintsIn(data)));
  const value = { ...(code !== undefined && { code }), kind, message, ...defined({ hint, candidates }), ...rest };
  return { text: bounded(lines.join("\n"), "Mend the first of it, then call again."), value, isError: true };
}

/** The error of a call whose first part is done and stays so. @param lacks What the rest of it comes to: "not saved". */
export function partlyDone({ text, value }: ToolResult, lacks: string, thrown: unknown): unknown {
  if (!(thrown instanceof CommandError) && !(thrown instanceof WireError)) return thrown;
  const { message, data, code } = thrown instanceof CommandError ? thrown.object : thrown.toErrorObject();
  const told = `${text}\nThat is done, but ${lacks}: ${message}`;
  return new CommandError({ code, message: told, data: { kind: thrown.kind, ...data, done: value } });
}

function knownLine(names: readonly string[]): string {
  const left = names.length - CANDIDATES_SHOWN;
  const more = left > 0 ? `, and ${left} more` : "";
  return `Known: ${names.slice(0, CANDIDATES_SHOWN).join(", ")}${more}`;
}

/** The members of an error; the code is absent where no wire error is behind it. */
type Described = Omit<ErrorObject, "code"> & { code?: number };

function describe(thrown: unknown): Described {
  if (thrown instanceof CommandError) return thrown.object;
  if (thrown instanceof WireError) return thrown.toErrorObject();
  if (thrown instanceof OpenError) {
    return { message: thrown.message, data: { kind: thrown.kind, retryable: true, hint: thrown.hint } };
  }
  const message = messageOf(thrown);
  return {
    message: `The adapter failed: ${message}`,
    data: {
      kind: "INTERNAL_ERROR",
      retryable: false,
      hint: "This is a defect of godot-mcp-adapter; its stderr has the details.",
    },
  };
}

function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
