/** What a command of the command line needs of the process that it runs in. */
import type { Terminal } from "./terminal.ts";

/** What the commands need of the process that they run in. */
export interface Surroundings {
  terminal: Terminal;
  /** Arguments of node that start this same program. */
  self: readonly string[];
  /** Ends the process at once. */
  exitNow: () => void;
}

/** Where a command leaves an exit code that is no error. */
export interface Exit {
  code: number;
}
