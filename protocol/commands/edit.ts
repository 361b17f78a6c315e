/** Several changes of one scene as one: all of them, as one undo step, or none. */
import { z } from "zod";
import { writeCommand } from "./define.ts";
import { ifRevision, scene, sceneResult } from "./params.ts";

/**
 * One step of a batch: `op` and, beside it, the params of `node.<op>` (or of `script.attach` for "attach_script") without `scene`.
 * `as` names the node that the step makes or changes: later steps write `$name` or `$name/Child` where a node path is expected.
 */
export const operationSchema = z.looseObject({
  op: z.enum(["add", "delete", "rename", "move", "set_properties", "attach_script"]),
  as: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .max(40)
    .optional(),
});
export type Operation = z.infer<typeof operationSchema>;

export const editCommands = [
  writeCommand("edit.batch", {
    description: "Runs several operations on one scene as one undo step; if one fails, none has happened.",
    params: {
      scene,
      operations: z.array(operationSchema).min(1).max(1_000),
      label: z.string().max(100).optional().describe("Name of the step in the undo history."),
      ifRevision,
    },
    result: z.looseObject({ results: z.array(z.looseObject({})), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
] as const;
