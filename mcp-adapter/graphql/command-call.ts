/** A GraphQL field on its way to its command. */
import { GraphQLError } from "graphql";
import { WireError } from "../../protocol/errors.ts";
import { CommandError } from "../adapter-error.ts";
import { ToolCall } from "../calls/tool.ts";
import { adviceFor } from "../texts/error-advice.ts";
import { type Picture, withoutPicture } from "../texts/pictures.ts";
import type { ToolNames } from "../texts/tool-words.ts";
import { fieldCall, operationOf } from "./field-call.ts";
import type { CommandField } from "./field-names.ts";
import { openTransaction } from "./transaction.ts";

/** What a model that sees these errors has. */
const TOOLS: ToolNames = new Set(["godot_query", "godot_mutate", "hub_status", "hub_use"]);

/** A command that a mutation would run. */
export interface PlannedCommand {
  readonly command: string;
  readonly params: Record<string, unknown>;
}

/** What the fields of one request share. */
export interface GraphqlContext {
  readonly call: ToolCall;
  /** Answers that a batch has given already, by the name under which they are asked for. */
  readonly answers?: ReadonlyMap<string, unknown>;
  /** Present when nothing is to be done: takes what would be. */
  readonly plan?: PlannedCommand[];
  /** Takes the pictures in answers, which are shown beside the text. */
  readonly images?: Picture[];
}

/**
 * Runs the command of a field, or leaves it to the batch, the transaction or the plan that it is part of.
 * @param key Name under which the answer is asked for.
 * @throws {GraphQLError} with kind and advice.
 */
export async function runField(
  field: CommandField,
  args: Record<string, unknown>,
  { call, answers, plan, images: shown }: GraphqlContext,
  key: string,
): Promise<unknown> {
  if (answers?.has(key)) return answers.get(key);
  try {
    const asked = fieldCall(field, args);
    const transaction = openTransaction(call.session);
    const operation = transaction && operationOf(field, asked);
    if (plan) {
      plan.push({ command: field.command.name, params: asked.params });
      return {};
    }
    if (operation) {
      transaction.add(operation, asked);
      return { queued: transaction.operations.length };
    }
    const { params, target = call.target } = asked;
    const own = new ToolCall(call.session, call.patience, target);
    const { answer, images } = withoutPicture(await own.command(field.command.name, params));
    shown?.push(...images);
    return answer.engineErrors ? { ...Object(answer.result), engineErrors: answer.engineErrors } : answer.result;
  } catch (error) {
    throw graphqlError(error);
  }
}

/** The error as GraphQL reports it; anything that is no answer of somebody is thrown on as it is. */
export function graphqlError(error: unknown): unknown {
  if (!(error instanceof CommandError) && !(error instanceof WireError)) return error;
  const { message, data } = error instanceof CommandError ? error.object : error.toErrorObject();
  const { kind } = error;
  return new GraphQLError(message, { extensions: { ...data, kind, hint: adviceFor(kind, data, TOOLS) } });
}
