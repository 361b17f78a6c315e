/** Several changes of one scene as one: all of them, as one undo step, or none. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { ifRevision, scene, sceneResult } from "./params.ts";

/**
 * One step of a batch: `op` and, beside it, the params of `node.<op>` without `scene`: or of `script.attach` for
 * "attach_script", and of `animation.create`, `add_track`, `set_key` and `remove` for the four about animations.
 * `as` names the node that the step makes or changes: later steps write `$name` or `$name/Child` where a node path is expected.
 */
export const operationSchema = z
  .looseObject({
    op: z.enum([
      "add",
      "delete",
      "rename",
      "move",
      "duplicate",
      "set_properties",
      "set_reference",
      "attach_script",
      "set_groups",
      "connect_signal",
      "disconnect_signal",
      "create_animation",
      "add_track",
      "set_key",
      "remove_animation",
    ]),
    as: z
      .string()
      .max(40)
      .refine((name) => /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(name), "must be letters, digits and _")
      .optional(),
  })
  // How it is read from a model: an operation by its name.
  .meta({ form: "operation" });
export type Operation = z.infer<typeof operationSchema>;

/** Operations that are not called as their command in the group `node` is. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  attach_script: "script.attach",
  create_animation: "animation.create",
  add_track: "animation.add_track",
  set_key: "animation.set_key",
  remove_animation: "animation.remove",
};

/** Name of the command that an operation stands for. */
export function commandOfOperation(op: string): string {
  return (Object.hasOwn(ELSEWHERE, op) ? ELSEWHERE[op] : undefined) ?? `node.${op}`;
}

/** Names of the commands in the params of a batch; undefined where they are not operations. */
export function commandsOfBatch(params: unknown): string[] | undefined {
  const batch = z.looseObject({ operations: z.array(z.looseObject({ op: z.string() })) }).safeParse(params);
  return batch.data?.operations.map(({ op }) => commandOfOperation(op));
}

const operations = z.array(operationSchema).min(1).max(1_000);
const result = z.looseObject({ results: z.array(z.looseObject({})), ...sceneResult });

export const editCommands = [
  writeCommand("edit.batch", {
    description: "Runs several operations on one scene as one undo step; if one fails, none has happened.",
    keywords: "many multiple changes once atomic transaction bulk several operations one undo step together",
    params: {
      scene,
      operations,
      label: z.string().max(100).optional().describe("Name of the step in the undo history."),
      ifRevision,
    },
    result,
    undoable: true,
    locks: ["scene"],
  }),
  readCommand("edit.preview", {
    description: "Says what edit.batch would answer to the same operations, with the same errors, and changes nothing.",
    keywords: "dry run try simulate without doing",
    params: { scene, operations, ifRevision },
    result,
  }),
] as const;
