/** What a subcommand has of the process that it runs in. */
import type { Terminal } from "./terminal.ts";

/** The process that a command line runs in. */
export interface ProcessContext {
  terminal: Terminal;
  /** Arguments of node that start this same program. */
  self: readonly string[];
  /** Ends the process at once. */
  exitNow: () => void;
}

/** The context of one command line. A subcommand sets `exitCode` where it has another answer than success. */
export interface CliContext extends ProcessContext {
  exitCode: number;
}
