/** Mutations that say a common case of a command with fewer words. */
import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from "graphql";
import { COMMAND_FIELDS } from "../texts/field-names.ts";
import { type GraphqlContext, runField } from "./command-call.ts";
import { JsonScalar } from "./json-schema-types.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Field = GraphQLFieldConfig<unknown, GraphqlContext>;

const text = { type: GraphQLString };
const needed = { type: new GraphQLNonNull(GraphQLString) };
const onNode: GraphQLFieldConfigArgumentMap = { path: needed, scene: text, target: text };

const answerType = new GraphQLObjectType({
  name: "NodeChange",
  fields: {
    path: text,
    properties: { type: JsonScalar },
    groups: { type: JsonScalar },
    all: { type: JsonScalar, resolve: (source) => source },
  },
});

/** `setProperty`, `addToGroup`, `removeFromGroup`. */
export const shorthandFields: GraphQLFieldConfigMap<unknown, GraphqlContext> = {
  setProperty: shorthand(
    "node.set_properties",
    "Sets one property of a node and answers with the value as read back.",
    { property: needed, value: { type: JsonScalar } },
    ({ property, value, ...rest }) => ({ ...rest, properties: { [String(property)]: value ?? null } }),
  ),
  addToGroup: shorthand("node.set_groups", "Puts a node into a group.", { group: needed }, ({ group, ...rest }) => ({
    ...rest,
    add: [group],
  })),
  removeFromGroup: shorthand(
    "node.set_groups",
    "Takes a node out of a group.",
    { group: needed },
    ({ group, ...rest }) => ({ ...rest, remove: [group] }),
  ),
};

function shorthand(
  command: string,
  description: string,
  args: GraphQLFieldConfigArgumentMap,
  paramsOf: (args: Arguments) => Record<string, unknown>,
): Field {
  const whole = [...COMMAND_FIELDS.values()].find((field) => field.command.name === command);
  if (!whole) throw new Error(`There is no field for ${command}.`);
  return {
    type: answerType,
    description: `${description} (${command})`,
    args: { ...onNode, ...args },
    resolve: (_, given, context, { path }) => runField(whole, paramsOf(given), context, String(path.key)),
  };
}
