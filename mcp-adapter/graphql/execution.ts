/** GraphQL documents: checked, planned, carried out. */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationTypeNode,
  parse,
  validate,
} from "graphql";
import { messageOf } from "../../hub-client/node-errors.ts";
import { WireError } from "../../protocol/errors.ts";
import type { GraphqlContext } from "./command-call.ts";
import { withMore } from "./field-error.ts";
import { type PlannedField, type PlannedStep, stepsOf } from "./mutation-plan.ts";
import { MutationRun } from "./mutation-run.ts";
import { readVariables } from "./variables.ts";

/** A document that fits the schema. */
export interface GraphqlRequest {
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

/** Longest name of a step in the undo history. */
const LABEL_LENGTH = 100;

const SCHEMA_HINT =
  'godot_introspect {"name":"scene"} shows a field: its arguments, and what can be selected of its answer.';

/** Reads and checks a document. @throws {WireError} INVALID_PARAMS that says where the document is wrong. */
export function requestOf(
  schema: GraphQLSchema,
  source: string,
  {
    variables = {},
    operationName,
  }: { variables?: Record<string, unknown> | undefined; operationName?: string | undefined },
  kind: OperationTypeNode,
): GraphqlRequest {
  const document = readable(schema, source);
  const operation = getOperationAST(document, operationName);
  if (operation?.operation === kind) {
    return { document, variables: readVariables(operation, variables), operationName };
  }
  throw new WireError(
    "INVALID_PARAMS",
    operation ? `This is a ${operation.operation}, not a ${kind}.` : "Which operation?",
    {
      hint: operation
        ? `Use godot_${operation.operation === "query" ? "query" : "mutate"}.`
        : "Name it in operationName.",
    },
  );
}

/** A document that fits the schema. Reading it takes stack for each level: one that nests too deep ends in a RangeError. */
function readable(schema: GraphQLSchema, source: string): DocumentNode {
  try {
    const document = parse(source, { maxTokens: 20_000 });
    const errors = validate(schema, document);
    if (errors.length > 0) throw invalid(errors);
    return document;
  } catch (error) {
    if (error instanceof WireError) throw error;
    const message = messageOf(error);
    throw new WireError("INVALID_PARAMS", error instanceof RangeError ? "The document nests too deep." : message, {
      hint: SCHEMA_HINT,
    });
  }
}

function invalid(errors: readonly GraphQLError[]): WireError {
  const lines = errors.map(({ message, locations }) => {
    const [at] = locations ?? [];
    return at ? `${at.line}:${at.column}: ${message}` : message;
  });
  return new WireError("INVALID_PARAMS", lines.join("\n"), { hint: SCHEMA_HINT });
}

/** Carries out what a request selects. */
export async function run(
  schema: GraphQLSchema,
  { document, variables, operationName }: GraphqlRequest,
  contextValue: GraphqlContext,
): Promise<ExecutionResult> {
  return execute({ schema, document, variableValues: variables, operationName, contextValue });
}

/** What a mutation would run, without running it: in order, and what is one batch. */
export async function plan(
  schema: GraphQLSchema,
  request: GraphqlRequest,
  context: Pick<GraphqlContext, "call" | "beside">,
): Promise<{ errors: readonly GraphQLError[]; steps: PlannedStep[] }> {
  const fields: PlannedField[] = [];
  const { errors = [] } = await run(schema, request, { ...context, plan: fields });
  const name = getOperationAST(request.document, request.operationName)?.name?.value;
  return { errors, steps: stepsOf(fields, name?.slice(0, LABEL_LENGTH)) };
}

/**
 * Carries out a mutation: in order, neighbours that change nodes of one scene as one batch, and nothing after a failure.
 * Nothing at all is done when one of its fields can't be right.
 */
export async function apply(
  schema: GraphQLSchema,
  request: GraphqlRequest,
  context: Pick<GraphqlContext, "call" | "beside">,
): Promise<ExecutionResult> {
  const { errors: faults, steps } = await plan(schema, request, context);
  if (faults.length > 0) {
    return { data: null, errors: faults.map((fault) => withMore(fault, "Nothing of the mutation was done.")) };
  }
  const mutation = new MutationRun(steps, context);
  const { data, errors } = await run(schema, request, { ...context, mutation });
  return { data: data ?? null, ...(errors && { errors: errors.map((error) => mutation.tellRest(error)) }) };
}
