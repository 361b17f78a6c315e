/** Exit codes of `godot-hub`, and the error that carries one. */
import { messageOf } from "../../hub-client/node-errors.ts";

/** Exit codes of `godot-hub`, as the README lists them. */
export const EXIT_CODES = {
  OK: 0,
  /** No hub runs, or what was asked for failed. */
  FAILED: 1,
  /** A wrong argument, variable or config.json. */
  USAGE: 2,
  ALREADY_RUNNING: 3,
  /** The port can't be bound. */
  PORT_UNAVAILABLE: 4,
  /** The state directory can't be written. */
  STATE_UNUSABLE: 5,
} as const;

/** Ends the program: the message is one line for the terminal. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_CODES.FAILED) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Does something with the state directory. @throws {CliError} STATE_UNUSABLE with the cause and the next step. */
export function usingState<T>(home: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CliError) throw error;
    const cause = messageOf(error);
    throw new CliError(
      `The state directory ${home} can't be used (${cause}). Free it, or choose another with --home or GODOT_HUB_HOME.`,
      EXIT_CODES.STATE_UNUSABLE,
    );
  }
}
