/** What a tool answers: text that a model reads well, and structured content for code. */
import type { ErrorObject } from "../../protocol/errors.ts";
import { WireError } from "../../protocol/errors.ts";
import type { Respondent } from "../../protocol/rpc.ts";
import type { TraceContext } from "../../protocol/trace-context.ts";
import { AdapterError, CommandError } from "../adapter-error.ts";
import { type Complaint, complaintsIn, engineErrorLines, isToldIn } from "../texts/engine-errors.ts";
import { adviceFor } from "../texts/error-advice.ts";
import type { Picture } from "../texts/pictures.ts";
import type { ToolNames } from "../texts/tool-words.ts";

export interface ToolResult {
  readonly text: string;
  readonly structured?: Record<string, unknown>;
  readonly isError?: boolean;
  /** Pictures beside the text. */
  readonly images?: readonly Picture[];
  /** The trace that the call is a part of. */
  readonly trace?: TraceContext;
}

/** Longest text of an answer, in characters: about 5,000 tokens. */
const TEXT_LIMIT = 20_000;

/** Names that an error shows besides those in its own words. */
const CANDIDATES_SHOWN = 20;

/** What stands below the text of an answer. */
interface About {
  readonly instance?: Respondent | undefined;
  /** How to get what had to be cut off. */
  readonly rest?: string;
  readonly engineErrors?: readonly Complaint[];
}

/** The answer of a tool whose work is done. */
export function result(text: string, about: About = {}): ToolResult {
  const { instance, rest = "Ask for less: narrow the call.", engineErrors = [] } = about;
  const untold = engineErrors.filter((complaint) => !isToldIn(text, complaint));
  const footer = [...engineErrorLines(untold), ...(instance ? [`[${instance.name}]`] : [])];
  return { text: [bounded(text, rest), ...footer].join("\n") };
}

/** Cuts at the end of a line, and says so. */
export function bounded(text: string, rest: string, limit = TEXT_LIMIT): string {
  if (text.length <= limit) return text;
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
  if (unnamed.length > 0) lines.push(`Known: ${unnamed.slice(0, CANDIDATES_SHOWN).join(", ")}`);
  lines.push(...engineErrorLines(complaintsIn(data)));
  const structured = { ...(code !== undefined && { code }), kind, message, ...defined({ hint, candidates }), ...rest };
  return { text: bounded(lines.join("\n"), ""), structured, isError: true };
}

/** The members of an error; the code is absent where no wire error is behind it. */
type Described = Omit<ErrorObject, "code"> & { code?: number };

function describe(thrown: unknown): Described {
  if (thrown instanceof CommandError) return thrown.object;
  if (thrown instanceof WireError) return thrown.toErrorObject();
  if (thrown instanceof AdapterError) {
    return { message: thrown.message, data: { kind: thrown.kind, retryable: true, hint: thrown.hint } };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
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
