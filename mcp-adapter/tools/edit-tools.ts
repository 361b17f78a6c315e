/** Declares `scene_edit`: any number of operations as one call, one undo step, all or nothing. */
import { z } from "zod";
import { OPERATIONS } from "../../protocol/commands/edit.ts";
import { commandNamed } from "../../protocol/commands/index.ts";
import { WireError } from "../../protocol/errors.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { partlyDone, result } from "../calls/tool-result.ts";
import type { ToolResult } from "../texts/outline.ts";
import { asObject, inline, outline, pairs } from "../texts/outline.ts";
import { ifRevision, scene } from "./scene-params.ts";

/**
 * The members of the usual operations side by side: a union would cost three times the tokens, and some clients refuse one.
 * The params of the other operations are validated by their command's schema.
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
    properties: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'add, set_properties: values by name: JSON, or text such as "Vector2(1, 2)", "#ff8800", "res://icon.svg"; a new resource: {"type":"Resource","class":"CircleShape2D","properties":{"radius":8}}.',
      ),
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
    title: "Edit a Godot scene",
    description:
      'Edits a Godot scene: add, delete, rename, move, duplicate nodes, set properties, attach scripts, connect signals, groups, animations. All or nothing, one undo step. Example: {"operations":[{"op":"add","type":"Sprite2D","name":"Icon","as":"i"},{"op":"rename","path":"$i","name":"Logo"}]}',
    search: "create remove reparent copy node, transform position, undo",
    isFirst: true,
    effects: {},
    hasData: true,
    params: {
      operations: z.array(operation).max(1_000).optional().describe("In order; may be left out with save or undo."),
      scene,
      ifRevision,
      preview: z.boolean().optional().describe("Only say what it would answer; changes nothing."),
      save: z.boolean().optional().describe("Save the scene afterwards."),
      undo: z.boolean().optional().describe("Instead of operations: take back your own last step."),
      label: z.string().max(100).optional().describe("Name of the undo step."),
    },
    run: async ({ operations = [], scene, label, ifRevision, preview, save, undo }, call) => {
      requireOneThing({ operations, undo, save, preview });
      const params = { operations, scene, ifRevision, ...(!preview && { label }) };
      if (undo) return savedToo(await undone(scene, call), { save, scene }, call);
      if (operations.length === 0) return savedToo(undefined, { save, scene }, call);
      const command = preview ? PREVIEW : BATCH;
      const answer = await call.command(command, call.paramsOf(commandNamed(command), params));
      const done = result(editText(operations, answer.result, preview ?? false), answer);
      return savedToo(done, { save, scene: resultsSchema.safeParse(answer.result).data?.scene ?? scene }, call);
    },
  }),
] as const;

interface Asked {
  readonly operations: readonly Operation[];
  readonly undo: boolean | undefined;
  readonly save: boolean | undefined;
  readonly preview: boolean | undefined;
}

function requireOneThing({ operations, undo, save, preview }: Asked): void {
  const hint = 'Example: {"operations":[{"op":"delete","path":"Enemy"}]}, {"save":true}, or {"undo":true}';
  if (undo && operations.length > 0)
    throw new WireError("INVALID_PARAMS", "'undo' does not go with 'operations'.", { hint });
  if (preview && (undo || save))
    throw new WireError("INVALID_PARAMS", "'preview' does not go with 'undo' or 'save'.", { hint });
  if (operations.length === 0 && !undo && !save)
    throw new WireError("INVALID_PARAMS", "'operations' is missing.", { hint });
}

async function undone(scene: string | undefined, call: ToolCall): Promise<ToolResult> {
  const answer = await call.command("editor.undo", { scene });
  return result(outline(answer.result), answer);
}

/** The answer about the changes and the save; the changes stay if the save fails. */
async function savedToo(
  done: ToolResult | undefined,
  { save, scene }: { save: boolean | undefined; scene: string | undefined },
  call: ToolCall,
): Promise<ToolResult> {
  if (!save) return done ?? result("Nothing was done.");
  try {
    const answer = await call.command("scene.save", { scene });
    const saved = result("Saved.", answer);
    if (!done) return saved;
    return { text: `${done.text}\n${saved.text}`, value: { ...asObject(done.value), saved: answer.result } };
  } catch (error) {
    throw done ? partlyDone(done, "not saved", error) : error;
  }
}

function editText(operations: readonly Operation[], done: unknown, isPreview: boolean): string {
  const parsed = resultsSchema.safeParse(done).data;
  if (!parsed) return inline(done);
  const { scene, revision, results } = parsed;
  const count = operations.length === 1 ? "1 operation" : `${operations.length} operations`;
  const lines = results.map(({ scene: _, revision: __, ...own }, at) => `- ${operations[at]?.op ?? "?"} ${pairs(own)}`);
  const what = isPreview ? "would be done; nothing has changed" : "done as one undo step";
  return [`${scene}: ${count} ${what}, revision ${revision}.`, ...lines].join("\n");
}
