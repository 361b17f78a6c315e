/** Operations of edit.batch, and the commands that they stand for. */
import { commandOfOperation, operationSchema } from "../../protocol/commands/edit.ts";
import { COMMANDS, type CommandDefinition } from "../../protocol/commands/index.ts";

/** Every operation, in the order of the command table. */
export const OPERATIONS = operationSchema.shape.op.options;
export type OperationName = (typeof OPERATIONS)[number];

/** The command that an operation stands for. */
export function commandOf(op: OperationName): CommandDefinition {
  const command = COMMANDS.get(commandOfOperation(op));
  if (!command) throw new Error(`No command stands for the operation '${op}'.`);
  return command;
}

const BY_COMMAND: ReadonlyMap<string, OperationName> = new Map(OPERATIONS.map((op) => [commandOf(op).name, op]));

/** The operation that a command is in a batch; undefined for one that can't be part of it. */
export function operationNamed(command: string): OperationName | undefined {
  return BY_COMMAND.get(command);
}
