/** Changing scenes: any number of operations as one call, one undo step, all or nothing. */
import { z } from "zod";
import { commandNamed } from "../../protocol/commands/index.ts";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { OPERATIONS } from "../params/batch-operations.ts";
import { inline, pairs } from "../texts/outline.ts";
import { ifRevision, scene } from "./scene-params.ts";

/**
 * The members of the usual operations side by side: a union would cost three times the tokens, and some clients refuse one.
 * Those of the others are held to their command's params.
 */
const operation = z
  .looseObject({
    op: z
      .enum(OPERATIONS)
      .describe("The others take the params of node.<op>, or of animation.* (command_search shows them)."),
    path: z.string().min(1).max(1_024).optional().describe("The node (all but add)."),
    parent: z.string().min(1).max(1_024).optional().describe('add, move: parent node. add: default ".".'),
    type: z.string().max(200).optional().describe("add: class name."),
    instance: z.string().max(1_024).optional().describe("add: scene file to instance instead."),
    name: z.string().max(100).optional().describe("add, rename."),
    properties: z.record(z.string(), z.unknown()).optional().describe("add, set_properties: values by name."),
    index: z.int().min(0).optional().describe("add, move: position among siblings."),
    keepTransform: z.boolean().optional().describe("move: default true."),
    script: z.string().max(1_024).optional().describe("attach_script: res://..."),
    as: z.string().max(40).optional().describe("Alias: later operations write $alias for this node."),
  })
  .meta({ form: "operation" });
type Operation = z.infer<typeof operation>;

const BATCH = "edit.batch";
const PREVIEW = "edit.preview";

const resultsSchema = z.looseObject({
  scene: z.string(),
  revision: z.number(),
  results: z.array(z.record(z.string(), z.unknown())),
});

export const editTools = [
  defineTool({
    name: "scene_edit",
    title: "Edit a scene",
    description:
      'Runs operations on one scene as one undo step: all, or none if one fails. Example: {"operations":[{"op":"add","type":"Sprite2D","name":"Icon","as":"icon","properties":{"position":"Vector2(8, 8)"}},{"op":"rename","path":"$icon","name":"Logo"}]}',
    effects: { destructive: false },
    params: {
      operations: z.array(operation).min(1).max(1_000),
      scene,
      label: z.string().max(100).optional().describe("Name of the undo step."),
      ifRevision,
      preview: z.boolean().optional().describe("Only say what it would answer; changes nothing."),
    },
    hasData: true,
    run: async ({ operations, scene, label, ifRevision, preview }, call) => {
      const command = preview ? PREVIEW : BATCH;
      const params = { operations, scene, ifRevision, ...(!preview && { label }) };
      const answer = await call.command(command, call.paramsOf(commandNamed(command), params));
      const text = editText(operations, answer.result, preview ?? false);
      return result(text, answer);
    },
  }),
] as const;

function editText(operations: readonly Operation[], done: unknown, isPreview: boolean): string {
  const parsed = resultsSchema.safeParse(done).data;
  if (!parsed) return inline(done);
  const { scene, revision, results } = parsed;
  const count = operations.length === 1 ? "1 operation" : `${operations.length} operations`;
  const lines = results.map(({ scene: _, revision: __, ...own }, at) => `- ${operations[at]?.op ?? "?"} ${pairs(own)}`);
  const what = isPreview ? "would be done; nothing has changed" : "done as one undo step";
  return [`${scene}: ${count} ${what}, revision ${revision}.`, ...lines].join("\n");
}
