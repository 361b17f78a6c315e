/** Several changes of nodes as one edit.batch: one undo step, all or nothing. */
import type { DocumentNode, FieldNode, GraphQLSchema } from "graphql";
import { getArgumentValues, Kind, OperationTypeNode } from "graphql";
import { z } from "zod";
import { fieldCall, operationOf } from "./field-call.ts";
import type { CommandField } from "./field-names.ts";

const batchAnswer = z.looseObject({
  scene: z.string(),
  revision: z.number(),
  results: z.array(z.record(z.string(), z.unknown())),
});

/** Operations on one scene of one editor. */
export interface Batch {
  readonly target: string | undefined;
  readonly params: { readonly operations: readonly object[]; readonly scene?: unknown };
  /** Names under which the answers are asked for, in order. */
  readonly keys: readonly string[];
}

/**
 * The batch that a mutation is: two or more fields that all change nodes of the same scene; undefined for any other.
 * @throws {WireError} INVALID_PARAMS for an operation that can't be right.
 */
export function batchOf(
  document: DocumentNode,
  operationName: string | undefined,
  variables: Record<string, unknown>,
  schema: GraphQLSchema,
  fields: ReadonlyMap<string, CommandField>,
): Batch | undefined {
  const selected = mutationFields(document, operationName);
  const definitions = schema.getMutationType()?.getFields() ?? {};
  if (!selected || selected.length < 2) return undefined;
  const calls = selected.map((node) => {
    const field = fields.get(node.name.value);
    const definition = definitions[node.name.value];
    if (!field || !definition) return undefined;
    const call = fieldCall(field, getArgumentValues(definition, node, variables));
    const operation = operationOf(field, call);
    return operation && { key: node.alias?.value ?? node.name.value, call, operation };
  });
  const known = calls.filter((each) => each !== undefined);
  const [first] = known;
  if (!first || known.length !== calls.length) return undefined;
  const { target } = first.call;
  const { scene } = first.call.params;
  if (known.some(({ call }) => call.target !== target || call.params.scene !== scene)) return undefined;
  const operations = known.map(({ operation }) => operation);
  return {
    target,
    params: { operations, ...(scene !== undefined && { scene }) },
    keys: known.map(({ key }) => key),
  };
}

/** What each field of a batch answers: its own result, with scene and revision. */
export function batchAnswers({ keys }: Batch, result: unknown): Map<string, unknown> {
  const { scene, revision, results } = batchAnswer.parse(result);
  return new Map(keys.map((key, at) => [key, { scene, revision, ...results[at] }]));
}

/** The fields of a mutation that has no conditions, fragments or repetitions. */
function mutationFields(document: DocumentNode, operationName: string | undefined): FieldNode[] | undefined {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operationName
    ? operations.filter(({ name }) => name?.value === operationName)
    : operations.slice(0, 1);
  if (operation?.operation !== OperationTypeNode.MUTATION) return undefined;
  const fields = operation.selectionSet.selections.filter((each) => each.kind === Kind.FIELD);
  const isPlain = fields.length === operation.selectionSet.selections.length;
  const keys = new Set(fields.map(({ alias, name }) => alias?.value ?? name.value));
  return isPlain && keys.size === fields.length && fields.every(({ directives }) => !directives?.length)
    ? fields
    : undefined;
}
