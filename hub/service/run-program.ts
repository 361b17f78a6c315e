/** Runs a program of the system to its end, without a shell. */
import { spawnSync } from "node:child_process";
import type { ProgramOutcome } from "./system-service.ts";

/** A service manager that hangs is not waited for longer. */
const TIMEOUT_MS = 30_000;

/** Runs `argv` and waits for its end. Its failure is an outcome, not an error. */
export function runProgram(argv: readonly string[]): ProgramOutcome {
  const [program = "", ...args] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    windowsHide: true,
  });
  if (error) return { code: undefined, stdout: stdout ?? "", stderr: error.message };
  return { code: status ?? undefined, stdout, stderr };
}
