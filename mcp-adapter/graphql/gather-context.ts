/** `gatherContext`: what somebody who begins needs to know, in one field. */
import { type GraphQLFieldConfig, GraphQLObjectType, GraphQLString } from "graphql";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { ToolCall } from "../calls/tool.ts";
import type { GraphqlContext } from "./command-call.ts";
import { JsonScalar } from "./json-scalar.ts";

/** Part of the answer and the command that gives it. */
const PARTS = {
  project: ["project.get_info", {}],
  openScenes: ["scene.list_open", {}],
  tree: ["scene.get_tree", { limit: 200 }],
  scripts: ["script.list", { limit: 200 }],
  editor: ["editor.get_state", {}],
  logs: ["editor.get_log", { limit: 50 }],
} as const satisfies Record<string, readonly [string, Record<string, unknown>]>;

const present = Object.entries(PARTS).filter(([, [command]]) => COMMANDS.has(command));

/** Each part is asked for only when it is selected; one that can't be had is null, with an error that says why. */
export const gatherContext: GraphQLFieldConfig<unknown, GraphqlContext> = {
  description: "What somebody who begins needs to know: select the parts that you want.",
  args: { target: { type: GraphQLString } },
  type: new GraphQLObjectType<ToolCall, GraphqlContext>({
    name: "Context",
    fields: Object.fromEntries(
      present.map(([name, [command, params]]) => [
        name,
        { type: JsonScalar, resolve: async (call: ToolCall) => (await call.command(command, { ...params })).result },
      ]),
    ),
  }),
  resolve: (_, { target }, { call }) =>
    new ToolCall(call.session, call.patience, typeof target === "string" ? target : call.target),
};
