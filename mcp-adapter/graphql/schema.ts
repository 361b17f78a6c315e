/** The GraphQL schema: a field for each command, queries for reads and mutations for writes. */
import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { z } from "zod";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { inputSchemaOf, outputSchemaOf } from "../params/schemas.ts";
import { COMMAND_FIELDS, type CommandField } from "../texts/field-names.ts";
import { ask, type GraphqlContext, runField } from "./command-call.ts";
import { explained } from "./field-error.ts";
import { argumentsOf, capitalized, JsonScalar, resultType } from "./json-schema-types.ts";
import { applyMutation, checkFields } from "./mutation-fields.ts";
import { shorthandFields } from "./shorthand-fields.ts";
import { transactionFields } from "./transaction-fields.ts";

type Field = GraphQLFieldConfig<unknown, GraphqlContext>;
type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>;

/** An argument of every field. */
const target = { type: GraphQLString, description: "Instance or project. Default: your session's." };

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

/** The instance that is asked instead of the request's own. */
interface Chosen {
  readonly target: string | undefined;
}

/** Parts of the answer: the name of each, and the command that gives it with its params. */
const PARTS = [...COMMANDS.values()].flatMap(({ name, contextFields }) =>
  Object.entries(contextFields).map(([part, params]) => [part, name, params] as const),
);

/** Each part is asked for only when it is selected; one that can't be had is null, with an error that says why. */
const gatherContext: GraphQLFieldConfig<unknown, GraphqlContext> = {
  description: "What somebody who begins needs to know: select the parts that you want.",
  args: { target: { type: GraphQLString } },
  type: new GraphQLObjectType<Chosen, GraphqlContext>({
    name: "Context",
    fields: Object.fromEntries(
      PARTS.map(([name, command, params]) => [
        name,
        {
          type: JsonScalar,
          resolve: ({ target }: Chosen, _, context) => explained(() => ask(context, command, { ...params }, target)),
        },
      ]),
    ),
  }),
  resolve: (_, { target }): Chosen => ({ target: typeof target === "string" ? target : undefined }),
};

/** Made once, when it is first asked for. */
export const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { ...fieldsOf(true), gatherContext, ...checkFields } }),
  mutation: new GraphQLObjectType({
    name: "Mutation",
    fields: inOrder({ ...fieldsOf(false), ...shorthandFields, ...transactionFields, applyMutation }),
  }),
});
