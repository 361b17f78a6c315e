/** `gatherContext`: what somebody who begins needs to know, in one field. */
import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLString } from "graphql";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { ask, type GraphqlContext } from "./command-call.ts";
import { explained } from "./field-error.ts";
import { JsonScalar } from "./json-scalar.ts";

/** The instance that is asked instead of the request's own. */
interface Chosen {
  readonly target: string | undefined;
}

/** Parts of the answer: the name of each, and the command that gives it with its params. */
const PARTS = [...COMMANDS.values()].flatMap(({ name, contextFields }) =>
  Object.entries(contextFields).map(([part, params]) => [part, name, params] as const),
);

/** Each part is asked for only when it is selected; one that can't be had is null, with an error that says why. */
export const gatherContext: GraphQLFieldConfig<unknown, GraphqlContext> = {
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
