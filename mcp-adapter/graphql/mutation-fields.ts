/** Mutations as values: checked, looked at before they are carried out, and carried out. */
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
  OperationTypeNode,
} from "graphql";
import { WireError } from "../../protocol/errors.ts";
import type { ToolCall } from "../calls/tool.ts";
import { type GraphqlContext, graphqlError, type PlannedCommand } from "./command-call.ts";
import { apply, plan, requestOf } from "./execution.ts";
import { JsonScalar } from "./json-scalar.ts";

const args = {
  mutation: { type: new GraphQLNonNull(GraphQLString), description: "A GraphQL document with a mutation." },
  variables: { type: JsonScalar },
};

interface Verdict {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly commands: readonly PlannedCommand[];
}

const verdictFields = {
  valid: { type: new GraphQLNonNull(GraphQLBoolean) },
  errors: { type: new GraphQLList(GraphQLString) },
};

/** Fields of the query type: both change nothing. */
export const checkFields: GraphQLFieldConfigMap<unknown, GraphqlContext> = {
  validateMutation: {
    type: new GraphQLObjectType({ name: "MutationCheck", fields: verdictFields }),
    description: "Whether a mutation and the params in it are right.",
    args,
    resolve: (_, given, { call }, { schema }) => judge(schema, given, call),
  },
  previewMutation: {
    type: new GraphQLObjectType({
      name: "MutationPreview",
      fields: { ...verdictFields, commands: { type: new GraphQLList(JsonScalar) } },
    }),
    description: "The commands that a mutation would run, in order.",
    args,
    resolve: (_, given, { call }, { schema }) => judge(schema, given, call),
  },
};

/** Carries a mutation out that is given as a value. */
export const applyMutation: GraphQLFieldConfig<unknown, GraphqlContext> = {
  type: JsonScalar,
  description: "Carries out a mutation that is given as a text, such as one that previewMutation has shown.",
  args,
  resolve: async (_, given, { call, images = [], plan: isPlanned }, { schema }) => {
    try {
      const request = requestOf(
        schema,
        String(given.mutation),
        { variables: given.variables },
        OperationTypeNode.MUTATION,
      );
      const { data, errors } = isPlanned
        ? await plan(schema, request, call)
        : await apply(schema, request, { call, images });
      return { data, ...(errors && { errors: errors.map((error) => error.toJSON()) }) };
    } catch (error) {
      throw graphqlError(error);
    }
  },
};

async function judge(schema: GraphQLSchema, given: Record<string, unknown>, call: ToolCall): Promise<Verdict> {
  const variables = typeof given.variables === "object" && given.variables !== null ? { ...given.variables } : {};
  try {
    const request = requestOf(schema, String(given.mutation), { variables }, OperationTypeNode.MUTATION);
    const { errors = [], plan: commands } = await plan(schema, request, call);
    return { valid: errors.length === 0, errors: errors.map(({ message }) => message), commands };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { valid: false, errors: error.message.split("\n"), commands: [] };
  }
}
