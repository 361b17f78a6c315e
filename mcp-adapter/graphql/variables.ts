/** Variables of a GraphQL document as they are meant: what the document declares them to be decides. */
import { Kind, type OperationDefinitionNode, type TypeNode } from "graphql";
import { forgive } from "../params/forgive.ts";
import type { JsonSchema } from "../params/schemas.ts";
import { asObject } from "../texts/outline.ts";

/** The kinds of values that GraphQL types stand for; anything else is anything. */
const KINDS: Readonly<Record<string, string>> = {
  Int: "integer",
  Float: "number",
  Boolean: "boolean",
  String: "string",
  ID: "string",
};

/** `given` in the form that `operation` declares. */
export function readVariables(
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
