/** Three tools for everything: GraphQL queries, mutations, and the schema. */
import { type ExecutionResult, getNamedType, isObjectType, OperationTypeNode, printSchema, printType } from "graphql";
import { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import type { ToolResult } from "../texts/outline.ts";
import { withoutEscapes } from "../texts/plain-text.ts";
import { Beside } from "./beside.ts";
import { apply, requestOf, run } from "./execution.ts";
import { schema } from "./schema.ts";

const variables = z.record(z.string(), z.unknown()).optional().describe("Values of the variables.");
const operationName = z.string().max(200).optional().describe("Which of several operations.");

const REST = 'Select less, or use limit and depth. "format":"json" gives all of it.';

export const graphqlTools = [
  defineTool({
    name: "godot_query",
    title: "Query Godot by GraphQL",
    search: "read scene tree, nodes, scripts, files, log",
    description:
      'Reads from a Godot editor by GraphQL: several fields, with aliases, in one request; godot_introspect shows the schema. Example: {"query":"{ project { name mainScene } currentScene(depth: 2) { scene revision root { all } } }"}',
    effects: { readOnly: true },
    params: { query: z.string().min(1).describe("A GraphQL document."), variables, operationName },
    run: async ({ query, ...given }, call) => {
      const request = requestOf(schema, query, given, OperationTypeNode.QUERY);
      const beside = new Beside();
      return answer(await run(schema, request, { call, beside }), beside);
    },
  }),
  defineTool({
    name: "godot_mutate",
    title: "Change things in Godot by GraphQL",
    search: "edit nodes, scenes, scripts, run game",
    description:
      'Changes things in a Godot editor by GraphQL, in order, up to the first failure; neighbouring changes of nodes of one scene are one undo step, all or nothing. Example: {"mutation":"mutation { addNode(type: \\"Sprite2D\\", name: \\"Icon\\") { path } saveScene { scene } }"}',
    effects: { destructive: true },
    hasData: true,
    params: {
      mutation: z.string().min(1).describe("A GraphQL document."),
      variables,
      operationName,
    },
    run: async ({ mutation, ...given }, call) => {
      const request = requestOf(schema, mutation, given, OperationTypeNode.MUTATION);
      const beside = new Beside();
      return answer(await apply(schema, request, { call, beside }), beside);
    },
  }),
  defineTool({
    name: "godot_introspect",
    title: "Show Godot's GraphQL schema",
    search: "what can be done, types, fields",
    description:
      'Shows the schema of godot_query and godot_mutate: the names of all fields, one type or field in full, or everything. Example: {"name":"addNode"}',
    effects: { readOnly: true },
    params: {
      name: z.string().max(100).optional().describe("A type, or a field of Query or Mutation."),
      full: z.boolean().optional().describe("The whole schema as SDL."),
    },
    run: async ({ name, full }) => {
      const text = schemaText(name, full ?? false);
      return result(text, { result: { schema: text }, rest: "Ask for one type or field by name." });
    },
  }),
] as const;

function answer({ data, errors }: ExecutionResult, { extensions, images }: Beside): ToolResult {
  const response: Record<string, unknown> = {
    ...(data && { data }),
    ...(errors && { errors: errors.map((error) => error.toJSON()) }),
    ...(extensions && { extensions }),
  };
  const failed = errors !== undefined && Object.values(data ?? {}).every((value) => value === null);
  return {
    ...result(JSON.stringify(withoutEscapes(response)), { result: response, rest: REST }),
    images,
    ...(failed && { isError: true }),
  };
}

function schemaText(name: string | undefined, full: boolean): string {
  if (full) return printSchema(schema);
  const roots = [schema.getQueryType(), schema.getMutationType()].filter(isObjectType);
  if (name === undefined) {
    return roots.map((root) => `${root.name}: ${Object.keys(root.getFields()).join(", ")}`).join("\n");
  }
  const type = schema.getType(name);
  if (type) return printType(type);
  const field = roots.flatMap((root) => root.getFields()[name] ?? [])[0];
  if (!field) throw new WireError("NOT_FOUND", `The schema has no '${name}'.`, { hint: "Without name: all fields." });
  const args = field.args.map((arg) => `  ${arg.name}: ${arg.type}${arg.description ? `  # ${arg.description}` : ""}`);
  const answer = getNamedType(field.type);
  const members = isObjectType(answer) ? [printType(answer)] : [];
  return [`${field.name}: ${field.description ?? ""}`, ...args, `answers with ${field.type}`, ...members].join("\n");
}
