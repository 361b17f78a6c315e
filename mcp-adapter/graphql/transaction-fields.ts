/** GraphQL fields around transactions. */
import {
  GraphQLBoolean,
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from "graphql";
import { ToolCall } from "../calls/tool.ts";
import { type GraphqlContext, graphqlError } from "./command-call.ts";
import { JsonScalar } from "./json-scalar.ts";
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
  beginTransaction: {
    type: transactionType,
    description: "Collects the changes of nodes that follow, in later calls too, until commitTransaction.",
    args: { label },
    resolve: (_, { label: given }, { call }) =>
      explained(async () => {
        beginTransaction(call.session, typeof given === "string" ? given : undefined);
        return { open: true, operations: 0 };
      }),
  },
  commitTransaction: {
    type: transactionType,
    description: "Carries out what was collected as one undo step: all of it, or none.",
    resolve: (_, __, { call }) =>
      explained(async () => {
        const transaction = endTransaction(call.session);
        const { operations, target = call.target } = transaction;
        if (operations.length === 0) return { open: false, operations: 0 };
        const batch = new ToolCall(call.session, call.patience, target);
        const { result } = await batch.command("edit.batch", transaction.params);
        return { open: false, operations: operations.length, result };
      }),
  },
  rollbackTransaction: {
    type: transactionType,
    description: "Forgets what was collected: nothing of it has happened.",
    resolve: (_, __, { call }) =>
      explained(async () => ({ open: false, operations: endTransaction(call.session).operations.length })),
  },
};

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw graphqlError(error);
  }
}
