/** GraphQL documents: checked, carried out in order, as one batch where they can be one, or only planned. */
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
import { WireError } from "../../protocol/errors.ts";
import { ToolCall } from "../calls/tool.ts";
import type { GraphqlContext, PlannedCommand } from "./command-call.ts";
import { COMMAND_FIELDS } from "./field-names.ts";
import { batchAnswers, batchOf } from "./mutation-batch.ts";
import { openTransaction } from "./transaction.ts";

/** A document that fits the schema. */
export interface GraphqlRequest {
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

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
  const document = parsed(source);
  const errors = validate(schema, document);
  if (errors.length > 0) throw invalid(errors);
  const operation = getOperationAST(document, operationName);
  if (operation?.operation === kind) return { document, variables, operationName };
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

function parsed(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: 20_000 });
  } catch (error) {
    throw new WireError("INVALID_PARAMS", error instanceof Error ? error.message : String(error), {
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
) {
  return execute({ schema, document, variableValues: variables, operationName, contextValue });
}

/** Carries out a mutation: as one batch where it can be one. */
export async function apply(
  schema: GraphQLSchema,
  request: GraphqlRequest,
  { call, images = [] }: Pick<GraphqlContext, "call" | "images">,
): Promise<ExecutionResult> {
  const { document, operationName, variables } = request;
  const batch = openTransaction(call.session)
    ? undefined
    : batchOf(document, operationName, variables, schema, COMMAND_FIELDS);
  if (!batch) return run(schema, request, { call, images });
  const { target = call.target, params } = batch;
  const { result: done } = await new ToolCall(call.session, call.patience, target).command("edit.batch", { ...params });
  return run(schema, request, { call, images, answers: batchAnswers(batch, done) });
}

/** What a mutation would run, without running it. */
export async function plan(
  schema: GraphQLSchema,
  request: GraphqlRequest,
  call: ToolCall,
): Promise<ExecutionResult & { plan: PlannedCommand[] }> {
  const commands: PlannedCommand[] = [];
  return { ...(await run(schema, request, { call, plan: commands })), plan: commands };
}
