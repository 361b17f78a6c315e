/** The names of GraphQL fields: one for each command, and the well-known names for what they mean. */
import { COMMANDS, type CommandDefinition } from "../../protocol/commands/index.ts";

/** A field that stands for a command. */
export interface CommandField {
  readonly name: string;
  readonly command: CommandDefinition;
  /** Params that the field does not take, because it sets them itself. */
  readonly fixed: Readonly<Record<string, unknown>>;
}

/** Every field that is one command, by its name, in the order of the command table; a command may have several. */
export const COMMAND_FIELDS: ReadonlyMap<string, CommandField> = new Map(
  [...COMMANDS.values()].flatMap((command) =>
    Object.entries(command.fields).map(([name, fixed]) => [name, { name, command, fixed }] as const),
  ),
);
