/** A GraphQL field on its way to its command. */
import { ToolCall } from "../calls/tool.ts";
import type { CommandField } from "../texts/field-names.ts";
import type { Beside } from "./beside.ts";
import { fieldCall, operationOf } from "./field-call.ts";
import { explained } from "./field-error.ts";
import type { PlannedField } from "./mutation-plan.ts";
import { addToTransaction, openTransaction } from "./transaction.ts";

/** Whoever carries a mutation out, field by field. */
export interface Turns {
  /** Answers a field whose turn has come, with `work` unless it is part of something greater. */
  next(key: string, work: () => Promise<unknown>): Promise<unknown>;
}

/** What the fields of one request share. */
export interface GraphqlContext {
  readonly call: ToolCall;
  readonly beside: Beside;
  /** Present when nothing is to be done: takes what would be. */
  readonly plan?: PlannedField[];
  /** Present while a mutation is carried out. */
  readonly mutation?: Turns;
}

/**
 * Runs the command of a field, or leaves it to the transaction or the plan that it is part of.
 * @param key Name under which the answer is asked for.
 * @throws {GraphQLError} with kind and advice.
 */
export function runField(
  field: CommandField,
  args: Record<string, unknown>,
  context: GraphqlContext,
  key: string,
): Promise<unknown> {
  return explained(async () => {
    const asked = fieldCall(field, args);
    const { name: command } = field.command;
    const operation = operationOf(field, asked);
    const { call, plan } = context;
    if (plan) {
      const commands = [{ command, params: asked.params }];
      plan.push({ key, commands, change: operation && { operation, call: asked } });
      return {};
    }
    const transaction = operation && openTransaction(call.session);
    if (!transaction) return ask(context, command, asked.params, asked.target);
    addToTransaction(transaction, operation, asked);
    return { queued: transaction.operations.length };
  });
}

/** Asks an editor. @param target Instead of what the request as a whole is for. */
export async function ask(
  { call, beside }: Pick<GraphqlContext, "call" | "beside">,
  command: string,
  params: Record<string, unknown>,
  target: string | undefined = call.target,
): Promise<unknown> {
  const own = new ToolCall(call.session, call.patience, { target });
  return beside.take(await own.command(command, params));
}
