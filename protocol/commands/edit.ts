/** Several changes of one scene as one: all of them, as one undo step, or none. */
import { z } from "zod";
import { animationCommands } from "./animation.ts";
import { type CommandDefinition, readCommand, writeCommand } from "./define.ts";
import { nodeCommands } from "./node.ts";
import { ifRevision, scene, sceneResult } from "./params.ts";
import { scriptCommands } from "./script.ts";

/** The commands that a batch can carry, by the name of their operation. */
export const OPERATION_COMMANDS: ReadonlyMap<string, CommandDefinition> = new Map(
  [...nodeCommands, ...scriptCommands, ...animationCommands].flatMap((command: CommandDefinition) =>
    command.operation === undefined ? [] : [[command.operation, command] as const],
  ),
);

/** Names of the operations, in the order of the command table. */
export const OPERATIONS: readonly string[] = [...OPERATION_COMMANDS.keys()];

/**
 * One step of a batch: `op` and, beside it, the params of the command that declares it as its operation, without `scene`.
 * `as` names the node that the step makes or changes: later steps write `$name` or `$name/Child` where a node path is expected.
 */
export const operationSchema = z
  .looseObject({
    op: z.enum(OPERATIONS),
    as: z
      .string()
      .max(40)
      .refine((name) => /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(name), "must be letters, digits and _")
      .optional(),
  })
  // How it is read from a model: an operation by its name.
  .meta({ form: "operation" });
export type Operation = z.infer<typeof operationSchema>;

/** Names of the commands in the params of a batch; undefined where they are not operations. */
export function commandsOfBatch(params: unknown): string[] | undefined {
  const batch = z.looseObject({ operations: z.array(z.looseObject({ op: z.string() })) }).safeParse(params);
  return batch.data?.operations.map(({ op }) => OPERATION_COMMANDS.get(op)?.name ?? `node.${op}`);
}

const operations = z.array(operationSchema).min(1).max(1_000);
const result = z.looseObject({ results: z.array(z.looseObject({})), ...sceneResult });

export const editCommands = [
  writeCommand("edit.batch", {
    description: "Runs several operations on one scene as one undo step; if one fails, none has happened.",
    keywords: "many multiple changes once atomic transaction bulk several operations one undo step together",
    tool: { name: "scene_edit" },
    carriesOperations: true,
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
    carriesOperations: true,
    params: { scene, operations, ifRevision },
    result,
  }),
] as const;
