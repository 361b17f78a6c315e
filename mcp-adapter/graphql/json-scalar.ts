/** Any JSON value as a GraphQL scalar: for what the engine types and GraphQL does not. */
import { GraphQLScalarType, valueFromASTUntyped } from "graphql";

export const JsonScalar = new GraphQLScalarType({
  name: "JSON",
  description: 'Any JSON value. Engine values: {type: "Vector2", x: 1, y: 2}, or text such as "Vector2(1, 2)".',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
