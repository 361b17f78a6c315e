/** JSON Schemas of params: from zod, and for clients without what they refuse or models pay for and do not need. */
import { z } from "zod";

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

/** The schema of a tool's params: an object, closed. */
export function inputSchemaOf(schema: z.ZodObject): JsonSchema {
  return tidy(declaredSchemaOf(schema));
}

/** The schema of a tool's structured content: open, and nothing is required, since an error has other members. */
export function outputSchemaOf(schema: z.ZodObject): JsonSchema {
  const { required: _, additionalProperties: __, ...open } = tidy(z.toJSONSchema(schema, { io: "output" }));
  return open;
}

/** Members that say nothing to a caller: the dialect, the limits of JavaScript's numbers, the type of names, that a text may be empty. */
function isNoise(name: string, value: unknown): boolean {
  if (name === "$schema" || name === "propertyNames" || name === "form") return true;
  if (name === "minLength" && value === 0) return true;
  return (name === "minimum" || name === "maximum") && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
}

function tidy(schema: object): JsonSchema {
  const members = Object.entries(schema).filter(([name, value]) => !isNoise(name, value));
  return Object.fromEntries(members.map(([name, value]) => [name, tidyMember(name, value)]));
}

function tidyMember(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => (isObject(each) ? tidy(each) : each));
  if (!isObject(value)) return value;
  if (name === "properties")
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, tidyMember("", of)]));
  // "Anything" as true: an empty schema is refused by some clients.
  if (name === "additionalProperties" && Object.keys(value).length === 0) return true;
  return tidy(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
