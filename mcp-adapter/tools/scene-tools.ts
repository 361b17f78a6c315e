/** Declares the tools for scenes: their trees and nodes, and opening or creating one. */
import { z } from "zod";
import type { Answer } from "../../hub-client/pending-request.ts";
import { WireError } from "../../protocol/errors.ts";
import { fittingPage } from "../calls/fitting-page.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import type { Reported } from "../texts/engine-errors.ts";
import type { ToolResult } from "../texts/outline.ts";
import { outline } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";
import { treeText } from "../texts/tree-text.ts";
import { scene } from "./scene-params.ts";

/** Nodes of one answer unless the caller asks for more or less. */
const DEFAULT_LIMIT = 400;
const TEMPLATES = ["player_2d", "player_3d", "enemy_3d", "level_3d", "ui_menu"] as const;

const nodePath = z.string().min(1).max(1_024);

interface OpenParams {
  readonly path: string;
  readonly rootType?: string | undefined;
  readonly rootName?: string | undefined;
  readonly template?: (typeof TEMPLATES)[number] | undefined;
}

export const sceneTools = [
  defineTool({
    name: "scene_open",
    title: "Open or create a Godot scene",
    description:
      'Opens a Godot scene in the editor, or creates it with a root node (rootType) or from a template, and makes it your current scene: later calls without scene mean it. Example: {"path":"res://enemy.tscn","rootType":"CharacterBody2D"}',
    search: "load make new scene tscn level",
    effects: { idempotent: true },
    params: {
      path: z.string().max(1_024).meta({ alias: "scene" }).describe("Scene file, res://..."),
      rootType: z.string().min(1).max(100).optional().describe("Create it, with a root of this class."),
      rootName: z.string().min(1).max(100).optional().describe("With rootType or template: name of the root."),
      template: z.enum(TEMPLATES).optional().describe("Create it from this instead."),
    },
    run: async (params, call) => {
      const answer = await open(params, call);
      return result(outline(answer.result), answer);
    },
  }),
  defineTool({
    name: "scene_tree",
    title: "Show the node tree of a Godot scene",
    description:
      'Shows the nodes of a Godot scene that is edited, as an indented tree: name, class, script, groups. For the running game: game_inspect. Example: {"scene":"res://main.tscn","depth":2}',
    search: "hierarchy node structure children",
    isFirst: true,
    effects: { readOnly: true },
    params: {
      scene,
      path: nodePath.optional().describe("Node to begin with."),
      depth: z.int().min(0).max(64).optional().describe("Levels below it."),
      type: z.string().max(100).optional().describe("Only nodes of this class, and their ancestors."),
      limit: z.int().min(1).max(5_000).optional(),
      cursor: z.string().max(500).optional().describe("From the answer that was cut."),
    },
    run: async ({ limit, ...asked }, call) => {
      const params = { ...asked, limit: limit ?? call.limitOr(DEFAULT_LIMIT) };
      const textOf = (tree: unknown) => treeText(tree) ?? outline(tree);
      const { answer, text } = await fittingPage(call, "scene.get_tree", params, textOf);
      return result(text, { ...answer, rest: restOf("scene.get_tree") });
    },
  }),
  defineTool({
    name: "node_inspect",
    title: "Inspect nodes of a Godot scene",
    description:
      'Shows properties of nodes of a Godot scene that is edited: those that differ from their defaults, the named ones, or all. For the running game: game_inspect. Example: {"path":"Player","names":["position","speed"]}',
    search: "get read property values inspector",
    effects: { readOnly: true },
    params: {
      path: nodePath.optional().describe('Node path; "." is the root.'),
      paths: z.array(nodePath).min(1).max(100).optional().describe("Several nodes instead."),
      scene,
      names: z.array(z.string().max(200)).max(200).optional().describe("Which properties."),
      includeDefaults: z.boolean().optional().describe("All, also those with their default value."),
    },
    run: async ({ path, paths, scene, names, includeDefaults }, call) => {
      const nodes = [...(path === undefined ? [] : [path]), ...(paths ?? [])];
      if (nodes.length === 0) throw missing("path", "name the node to inspect", '{"path":"Player"}');
      const ask = (node: string) =>
        call.command("node.get_properties", { path: node, scene, names, all: includeDefaults });
      return inspected(await Promise.all(nodes.map(ask)));
    },
  }),
] as const;

function open({ path, rootType, rootName, template }: OpenParams, call: ToolCall): Promise<Reported<Answer>> {
  if (rootType !== undefined && template !== undefined) {
    throw new WireError("INVALID_PARAMS", "Give either 'rootType' or 'template'.", { hint: "A template has a root." });
  }
  if (rootType !== undefined) return call.command("scene.create", { path, rootType, rootName });
  if (template !== undefined) return call.command("scene.create_from_template", { path, template, rootName });
  if (rootName !== undefined) {
    throw missing(
      "rootType",
      "a scene is created with a root of a class",
      '{"path":"res://a.tscn","rootType":"Node2D"}',
    );
  }
  return call.command("scene.open", { path });
}

function inspected(answers: readonly Reported<Answer>[]): ToolResult {
  const [first] = answers;
  const about = { instance: first?.instance, rest: restOf("node.get_properties") };
  if (first && answers.length === 1) return result(outline(first.result), { ...first, ...about });
  const results = answers.map((answer) => answer.result);
  return result(results.map(outline).join("\n\n"), { ...about, result: { nodes: results } });
}

function missing(name: string, why: string, example: string): WireError {
  return new WireError("INVALID_PARAMS", `'${name}' is missing: ${why}.`, { hint: `Example: ${example}` });
}
