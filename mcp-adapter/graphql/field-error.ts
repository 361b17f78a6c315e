/** Errors as GraphQL reports them, with kind and advice. */
import { GraphQLError } from "graphql";
import { CommandError, OpenError } from "../../hub-client/client-errors.ts";
import { type ErrorData, WireError } from "../../protocol/errors.ts";
import { adviceFor } from "../calls/error-advice.ts";
import type { ToolNames } from "../calls/tool-words.ts";
import { complaintsIn, engineErrorLines } from "../texts/engine-errors.ts";

/** What a model that sees these errors has. */
const TOOLS: ToolNames = new Set(["godot_query", "godot_mutate", "hub_status", "hub_use"]);
/** Names that a sentence lists. */
const NAMED = 12;

/** The error as GraphQL reports it; anything that is no answer of somebody is given back as it is. */
export function graphqlError(error: unknown): unknown {
  if (error instanceof OpenError) {
    return new GraphQLError(error.message, { extensions: { kind: error.kind, hint: error.hint } });
  }
  if (!(error instanceof CommandError) && !(error instanceof WireError)) return error;
  const { message, data } = error instanceof CommandError ? error.object : error.toErrorObject();
  return new GraphQLError(message, { extensions: extensionsOf(error.kind, data) });
}

/** The data of an error, with each name and each complaint of the engine said once. */
function extensionsOf(kind: string, data: ErrorData = { kind }): Record<string, unknown> {
  const { candidates = [], engineErrors: _, engineErrorsLeftOut: __, ...rest } = data;
  const hint = adviceFor(kind, data, TOOLS);
  const complaints = engineErrorLines(complaintsIn(data));
  return {
    ...rest,
    kind,
    hint,
    ...(candidates.some((name) => !hint?.includes(name)) && { candidates }),
    ...(complaints.length > 0 && { engineErrors: complaints }),
  };
}

/** Does `work`. @throws {GraphQLError} for what it throws, with kind and advice. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw graphqlError(error);
  }
}

/** The operation of a batch that an error is about, and the error as that operation's own; undefined for any other. */
export function failedOperation(error: unknown): { at: number; error: CommandError } | undefined {
  if (!(error instanceof CommandError) || !error.object.data) return undefined;
  const { object } = error;
  const { operation: at, ...data } = error.object.data;
  if (typeof at !== "number") return undefined;
  const message = object.message.replace(`Operation ${at}: `, "");
  return { at, error: new CommandError({ ...object, message, data: { ...data, kind: error.kind } }) };
}

/** The same error with more to say; anything else as it is. */
export function withMore<E>(error: E, sentence: string, extensions: Record<string, unknown> = {}): E | GraphQLError {
  if (!(error instanceof GraphQLError)) return error;
  const { message, nodes = null, path = null } = error;
  const told = [message, sentence].filter(Boolean).join(" ");
  return new GraphQLError(told, { nodes, path, extensions: { ...error.extensions, ...extensions } });
}

/** Names as a sentence has them. */
export function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
