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
import type { GraphqlContext } from "./command-call.ts";
import { apply, type GraphqlRequest, plan, requestOf } from "./execution.ts";
import { explained } from "./field-error.ts";
import { JsonScalar } from "./json-schema-types.ts";
import { commandsOf, type PlannedCommand } from "./mutation-plan.ts";

const args = {
  mutation: { type: new GraphQLNonNull(GraphQLString), description: "A GraphQL document with a mutation." },
  variables: { type: JsonScalar },
};

type Arguments = Readonly<Record<string, unknown>>;

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
    resolve: (_, given, context, { schema }) => judge(schema, given, context),
  },
  previewMutation: {
    type: new GraphQLObjectType({
      name: "MutationPreview",
      fields: { ...verdictFields, commands: { type: new GraphQLList(JsonScalar) } },
    }),
    description:
      "The commands that a mutation would run, in order; neighbours that are one undo step as one edit.batch.",
    args,
    resolve: (_, given, context, { schema }) => judge(schema, given, context),
  },
};

/** Carries a mutation out that is given as a value. */
export const applyMutation: GraphQLFieldConfig<unknown, GraphqlContext> = {
  type: JsonScalar,
  description: "Carries out a mutation that is given as a text, such as one that previewMutation has shown.",
  args,
  resolve: (_, given, context, { path, schema }) =>
    explained(async () => {
      const request = mutationIn(given, schema);
      if (!context.plan) {
        const { data, errors } = await apply(schema, request, context);
        return { data, ...(errors && { errors: errors.map((error) => error.toJSON()) }) };
      }
      const { errors, steps } = await plan(schema, request, context);
      if (errors[0]) throw errors[0];
      context.plan.push({ key: String(path.key), commands: steps.flatMap(commandsOf) });
      return {};
    }),
};

/** @throws {WireError} INVALID_PARAMS that says where the document is wrong. */
function mutationIn({ mutation, variables }: Arguments, schema: GraphQLSchema): GraphqlRequest {
  const values = typeof variables === "object" && variables !== null ? { ...variables } : {};
  return requestOf(schema, String(mutation), { variables: values }, OperationTypeNode.MUTATION);
}

async function judge(schema: GraphQLSchema, given: Arguments, context: GraphqlContext): Promise<Verdict> {
  try {
    const request = mutationIn(given, schema);
    const { errors, steps } = await plan(schema, request, context);
    return {
      valid: errors.length === 0,
      errors: errors.map(({ message }) => message),
      commands: steps.flatMap(commandsOf),
    };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { valid: false, errors: error.message.split("\n"), commands: [] };
  }
}
