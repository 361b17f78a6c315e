/** GraphQL types from the JSON Schemas of params and results. */
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLString,
  valueFromASTUntyped,
} from "graphql";
import { asJsonObject } from "../../hub-client/json-object.ts";
import type { JsonSchema } from "../params/schemas.ts";

/** Any JSON value. */
export const JsonScalar = new GraphQLScalarType({
  name: "JSON",
  description: 'Any JSON value. Engine values: {type: "Vector2", x: 1, y: 2}, or text such as "Vector2(1, 2)".',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

const GRAPHQL_NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** The arguments of a field that takes the params of `schema`, without those in `left`. */
export function argumentsOf(schema: JsonSchema, left: readonly string[]): GraphQLFieldConfigArgumentMap {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const members = Object.entries(asJsonObject(schema.properties)).filter(([name]) => !left.includes(name));
  return Object.fromEntries(
    members.map(([name, value]) => {
      const member = asJsonObject(value);
      const type = inputType(member);
      const description = typeof member.description === "string" ? member.description : undefined;
      return [name, { type: required.includes(name) ? new GraphQLNonNull(type) : type, description }];
    }),
  );
}

function inputType(schema: JsonSchema): GraphQLScalarType | GraphQLList<GraphQLScalarType> {
  if (schema.type !== "array") return scalarOf(schema) ?? JsonScalar;
  const items = scalarOf(asJsonObject(schema.items));
  return items ? new GraphQLList(items) : JsonScalar;
}

/** An object type with the known members of `schema`, and `all` for whatever else an answer has. */
export function resultType(name: string, schema: JsonSchema): GraphQLObjectType {
  const members = Object.entries(asJsonObject(schema.properties)).filter(([member]) => GRAPHQL_NAME.test(member));
  const fields: GraphQLFieldConfigMap<unknown, unknown> = Object.fromEntries(
    members.map(([member, value]) => [member, { type: outputType(name + capitalized(member), asJsonObject(value)) }]),
  );
  return new GraphQLObjectType({ name, fields: { ...fields, all: wholeAnswer } });
}

const wholeAnswer: GraphQLFieldConfig<unknown, unknown> = {
  type: JsonScalar,
  description: "The whole of it, members that have no field of their own too.",
  resolve: (source) => source,
};

function outputType(name: string, schema: JsonSchema): GraphQLOutputType {
  if (schema.type === "array") return new GraphQLList(outputType(name, asJsonObject(schema.items)));
  if (schema.type === "object" && Object.keys(asJsonObject(schema.properties)).length > 0)
    return resultType(name, schema);
  return scalarOf(schema) ?? JsonScalar;
}

function scalarOf({ type }: JsonSchema): GraphQLScalarType | undefined {
  if (type === "string") return GraphQLString;
  if (type === "integer") return GraphQLInt;
  if (type === "number") return GraphQLFloat;
  return type === "boolean" ? GraphQLBoolean : undefined;
}

/** With a capital first letter. */
export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
