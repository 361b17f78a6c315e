/** GraphQL fields around transactions. */
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from "graphql";
import { ask, type GraphqlContext } from "./command-call.ts";
import { explained } from "./field-error.ts";
import { JsonScalar } from "./json-schema-types.ts";
import { beginTransaction, endTransaction } from "./transaction.ts";

const transactionType = new GraphQLObjectType({
  name: "Transaction",
  fields: {
    open: { type: new GraphQLNonNull(GraphQLBoolean) },
    operations: { type: new GraphQLNonNull(GraphQLInt) },
    result: { type: JsonScalar },
  },
});

const label = { type: GraphQLString, description: "Name of the step in the undo history." };

/** Fields of the mutation type around transactions. */
export const transactionFields: GraphQLFieldConfigMap<unknown, GraphqlContext> = {
  beginTransaction: transactionField(
    "Collects the changes of nodes that follow, in later calls too, until commitTransaction.",
    async ({ call }, { label: given }) => {
      beginTransaction(call.session, typeof given === "string" ? given : undefined);
      return { open: true, operations: 0 };
    },
    { label },
  ),
  commitTransaction: transactionField(
    "Carries out what was collected as one undo step: all of it, or none.",
    async (context) => {
      const { operations, params, target } = endTransaction(context.call.session);
      if (operations.length === 0) return { open: false, operations: 0 };
      const result = await ask(context, "edit.batch", params, target);
      return { open: false, operations: operations.length, result };
    },
  ),
  rollbackTransaction: transactionField(
    "Forgets what was collected: nothing of it has happened.",
    async ({ call }) => ({ open: false, operations: endTransaction(call.session).operations.length }),
  ),
};

function transactionField(
  description: string,
  work: (context: GraphqlContext, args: Readonly<Record<string, unknown>>) => Promise<object>,
  args: GraphQLFieldConfigArgumentMap = {},
): GraphQLFieldConfig<unknown, GraphqlContext> {
  return {
    type: transactionType,
    description,
    args,
    resolve: (_, given, context, { path }) => {
      if (!context.plan) return explained(() => work(context, given));
      context.plan.push({ key: String(path.key), commands: [] });
      return { open: false, operations: 0 };
    },
  };
}
