/** Scenes: looking at their trees and nodes, opening, creating and saving them. */
import { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import type { Answer } from "../link/pending-request.ts";
import { outline } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";
import { treeText } from "../texts/tree-text.ts";
import { scene } from "./scene-params.ts";

/** Nodes of one answer unless the caller asks for more or less. */
const DEFAULT_LIMIT = 400;

interface ManageParams {
  readonly action: "list" | "open" | "create" | "save";
  readonly path?: string | undefined;
  readonly rootType?: string | undefined;
  readonly rootName?: string | undefined;
}

export const sceneTools = [
  defineTool({
    name: "scene_tree",
    title: "Scene tree",
    description:
      'The nodes of an open scene as an indented tree: name, class, script, groups. Example: {"scene":"res://main.tscn","depth":2}',
    effects: { readOnly: true },
    params: {
      scene,
      path: z.string().min(1).max(1_024).optional().describe("Node to begin with."),
      depth: z.int().min(0).max(64).optional().describe("Levels below it."),
      type: z.string().max(100).optional().describe("Only nodes of this class, and their ancestors."),
      limit: z.int().min(1).max(5_000).optional(),
      cursor: z.string().max(500).optional().describe("From the answer that was cut."),
    },
    run: async ({ limit, ...asked }, call) => {
      const answer = await call.command("scene.get_tree", { ...asked, limit: limit ?? call.limitOr(DEFAULT_LIMIT) });
      return result(treeText(answer.result) ?? outline(answer.result), { ...answer, rest: restOf("scene.get_tree") });
    },
  }),
  defineTool({
    name: "scene_manage",
    title: "Open, create, save scenes",
    description:
      'list the open scenes; open one, or create one with a root node, and make it your current scene; save one. Example: {"action":"create","path":"res://enemy.tscn","rootType":"CharacterBody2D"}',
    effects: {},
    params: {
      action: z.enum(["list", "open", "create", "save"]),
      path: z.string().max(1_024).optional().describe("Scene file, res://... For save: default your current scene."),
      rootType: z.string().min(1).max(100).optional().describe("create: class of the root node."),
      rootName: z.string().min(1).max(100).optional().describe("create: name of the root node."),
    },
    run: async (params, call) => {
      const answer = await manage(params, call);
      return result(outline(answer.result), answer);
    },
  }),
  defineTool({
    name: "node_inspect",
    title: "Inspect a node",
    description:
      'A node\'s properties: those that differ from their defaults, the named ones, or all. Example: {"path":"Player","names":["position","speed"]}',
    effects: { readOnly: true },
    params: {
      path: z.string().min(1).max(1_024).describe('Node path; "." is the root.'),
      scene,
      names: z.array(z.string().max(200)).max(200).optional().describe("Which properties."),
      all: z.boolean().optional().describe("Defaults too."),
    },
    run: async ({ path, scene, names, all }, call) => {
      const answer = await call.command("node.get_properties", { path, scene, names, all });
      return result(outline(answer.result), { ...answer, rest: restOf("node.get_properties") });
    },
  }),
] as const;

function manage({ action, path, rootType, rootName }: ManageParams, call: ToolCall): Promise<Answer> {
  switch (action) {
    case "list":
      return call.command("scene.list_open", {});
    case "open":
      return call.command("scene.open", { path: needed(path, "path", action) });
    case "create": {
      const params = { path: needed(path, "path", action), rootType: needed(rootType, "rootType", action), rootName };
      return call.command("scene.create", params);
    }
    case "save":
      return call.command("scene.save", { scene: path });
  }
}

function needed(value: string | undefined, name: string, action: string): string {
  if (value !== undefined) return value;
  throw new WireError("INVALID_PARAMS", `'${name}' is missing: action "${action}" needs it.`, {
    hint: 'Example: {"action":"create","path":"res://enemy.tscn","rootType":"Node2D"}',
  });
}
