/** GraphQL documents: checked, planned, carried out. */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  type TypeNode,
  validate,
} from "graphql";
import { messageOf } from "../../hub-client/node-errors.ts";
import { WireError } from "../../protocol/errors.ts";
import { forgive } from "../params/forgive.ts";
import type { JsonSchema } from "../params/schemas.ts";
import { asObject } from "../texts/outline.ts";
import { BatchRun } from "./batch-run.ts";
import type { GraphqlContext, Turns } from "./command-call.ts";
import { listed, withMore } from "./field-error.ts";
import { isBatch, type PlannedField, type PlannedStep, stepsOf } from "./mutation-plan.ts";
import { openTransaction } from "./transaction.ts";

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

/** The kinds of values that GraphQL types stand for; anything else is anything. */
const KINDS: Readonly<Record<string, string>> = {
  Int: "integer",
  Float: "number",
  Boolean: "boolean",
  String: "string",
  ID: "string",
};

/** `given` in the form that `operation` declares. */
function readVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const properties = Object.fromEntries(
    variableDefinitions.map(({ variable, type }) => [variable.name.value, schemaOf(type)]),
  );
  return asObject(forgive({ type: "object", properties }, given, { changes: true, ignored: new Set() }));
}

/** A text may be empty here: whether that says something is for the field to know that takes it. */
function schemaOf(type: TypeNode): JsonSchema {
  if (type.kind === Kind.NON_NULL_TYPE) return schemaOf(type.type);
  if (type.kind === Kind.LIST_TYPE) return { type: "array", items: schemaOf(type.type) };
  const kind = KINDS[type.name.value];
  return kind === undefined ? {} : { type: kind, ...(kind === "string" && { minLength: 0 }) };
}

class MutationRun implements Turns {
  readonly #context: Pick<GraphqlContext, "call" | "beside">;
  readonly #batches = new Map<string, BatchRun>();
  readonly #notRun: string[] = [];
  #failed: { readonly key: string; readonly batch: BatchRun | undefined } | undefined;

  constructor(steps: readonly PlannedStep[], context: Pick<GraphqlContext, "call" | "beside">) {
    this.#context = context;
    for (const { fields, batch } of steps.filter(isBatch)) {
      const keys = fields.map(({ key }) => key);
      const run = new BatchRun(keys, batch, context);
      for (const key of keys) this.#batches.set(key, run);
    }
  }

  /** Answers a field whose turn has come: from its batch, or with `work`; null for what is not run after a failure. */
  async next(key: string, work: () => Promise<unknown>): Promise<unknown> {
    // What a transaction collects is carried out when it is committed.
    const batch = this.#isCollecting ? undefined : this.#batches.get(key);
    if (this.#failed) {
      if (!batch || batch !== this.#failed.batch) this.#notRun.push(key);
      return null;
    }
    try {
      return await (batch ? batch.answer(key) : work());
    } catch (error) {
      this.#failed = { key, batch };
      throw error;
    }
  }

  /** The error with what became of the rest of the mutation. */
  tellRest(error: GraphQLError): GraphQLError {
    if (error.path?.length !== 1 || error.path[0] !== this.#failed?.key) return error;
    const notRun = this.#notRun;
    const told = notRun.length > 0 ? withMore(error, `Not run after it: ${listed(notRun)}.`, { notRun }) : error;
    return this.#isCollecting ? withMore(told, "The transaction is still open.") : told;
  }

  get #isCollecting(): boolean {
    return openTransaction(this.#context.call.session) !== undefined;
  }
}
