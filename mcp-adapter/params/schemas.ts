/** JSON Schemas of params: from zod, and for clients without what they refuse or models pay for and do not need. */
import { z } from "zod";
import { isJsonObject } from "../../hub-client/json-object.ts";

export type JsonSchema = { [member: string]: unknown };

const declared = new WeakMap<z.ZodObject, JsonSchema>();

/** Everything that a schema declares of params, with what only this adapter has to know. */
export function declaredSchemaOf(schema: z.ZodObject): JsonSchema {
  const known = declared.get(schema);
  if (known) return known;
  const made: JsonSchema = { ...z.toJSONSchema(schema, { io: "input" }) };
  declared.set(schema, made);
  return made;
}

/** The schema of params, as documents tell of it. */
export function inputSchemaOf(schema: z.ZodObject): JsonSchema {
  return tidy(declaredSchemaOf(schema));
}

/** The schema of a tool's params in the list of tools. Any value can be written as a text, and some clients refuse what has no type. */
export function listedSchemaOf(schema: z.ZodObject): JsonSchema {
  return typed(inputSchemaOf(schema));
}

/** The schema of a result, open. */
export function outputSchemaOf(schema: z.ZodObject): JsonSchema {
  const { required: _, additionalProperties: __, ...open } = tidy(z.toJSONSchema(schema, { io: "output" }));
  return open;
}

/** Members that say nothing to a caller: the dialect, the type of names, and lengths, which are checked all the same. */
const NOISE: ReadonlySet<string> = new Set([
  "$schema",
  "propertyNames",
  "form",
  "beside",
  "alias",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
]);
/** Limits of numbers that nobody comes near who means what he asks for. */
const [LOW, HIGH] = [1, 1_000];

function isNoise(name: string, value: unknown): boolean {
  if (NOISE.has(name)) return true;
  return (name === "minimum" && Number(value) <= LOW) || (name === "maximum" && Number(value) >= HIGH);
}

function tidy(schema: object): JsonSchema {
  const members = Object.entries(schema).filter(([name, value]) => !isNoise(name, value));
  return Object.fromEntries(members.map(([name, value]) => [name, tidyMember(name, value)]));
}

function tidyMember(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => (isJsonObject(each) ? tidy(each) : each));
  if (!isJsonObject(value)) return value;
  if (name === "properties")
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, tidyMember("", of)]));
  // "Anything" as true: an empty schema is refused by some clients.
  if (name === "additionalProperties" && Object.keys(value).length === 0) return true;
  return tidy(value);
}

/** The same with a type for every member and item: text where any value is right. */
function typed(schema: JsonSchema): JsonSchema {
  const { properties, items, anyOf } = schema;
  const isTyped = ["type", "enum", "const", "anyOf"].some((keyword) => keyword in schema);
  return {
    ...schema,
    ...(isJsonObject(properties) && { properties: Object.fromEntries(Object.entries(properties).map(typedEntry)) }),
    ...(isJsonObject(items) && { items: typed({ ...items }) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((each) => (isJsonObject(each) ? typed({ ...each }) : each)) }),
    ...(!isTyped && { type: "string" }),
  };
}

function typedEntry([name, schema]: [string, unknown]): [string, unknown] {
  return [name, isJsonObject(schema) ? typed({ ...schema }) : schema];
}
