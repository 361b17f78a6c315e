/** The GraphQL schema: a field for each command, queries for reads and mutations for writes. */
import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { z } from "zod";
import { inputSchemaOf, outputSchemaOf } from "../params/schemas.ts";
import { COMMAND_FIELDS, type CommandField } from "../texts/field-names.ts";
import { type GraphqlContext, runField } from "./command-call.ts";
import { gatherContext } from "./gather-context.ts";
import { argumentsOf, capitalized, resultType } from "./json-schema-types.ts";
import { applyMutation, checkFields } from "./mutation-fields.ts";
import { shorthandFields } from "./shorthand-fields.ts";
import { transactionFields } from "./transaction-fields.ts";

type Field = GraphQLFieldConfig<unknown, GraphqlContext>;
type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>;

/** An argument of every field. */
const target = { type: GraphQLString, description: "Instance or project. Default: your session's." };

/** Made once, when it is first asked for. */
export const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { ...fieldsOf(true), gatherContext, ...checkFields } }),
  mutation: new GraphQLObjectType({
    name: "Mutation",
    fields: inOrder({ ...fieldsOf(false), ...shorthandFields, ...transactionFields, applyMutation }),
  }),
});

/** Mutations as fields of a request that stops at the first failure, and of batches. */
function inOrder(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { resolve, ...field }]) => {
      const inTurn: Field["resolve"] = (source, args, context, info) => {
        const work = async () => resolve?.(source, args, context, info);
        return context.mutation ? context.mutation.next(String(info.path.key), work) : work();
      };
      return [name, { ...field, resolve: inTurn }];
    }),
  );
}

function fieldsOf(readOnly: boolean): Fields {
  const chosen = [...COMMAND_FIELDS.values()].filter(({ command }) => command.readOnly === readOnly);
  return Object.fromEntries(chosen.map((field) => [field.name, fieldOf(field)]));
}

function fieldOf(field: CommandField): Field {
  const { name, command, fixed } = field;
  const output = command.result instanceof z.ZodObject ? outputSchemaOf(command.result) : {};
  return {
    type: resultType(capitalized(name), output),
    description: `${command.description} (${command.name})`,
    args: { ...argumentsOf(inputSchemaOf(command.params), Object.keys(fixed)), target },
    resolve: (_, args, context, { path }) => runField(field, args, context, String(path.key)),
  };
}
