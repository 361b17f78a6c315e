/** The program `godot-hub`: arguments, terminal and exit code. */
import { runCommandLine } from "./cli/program.ts";
import { processTerminal } from "./cli/terminal.ts";

/** What keeps the process alive after its command is done has this long to end. */
const LINGER_MS = 1_000;

const [script = "", ...args] = process.argv.slice(1);

process.exitCode = await runCommandLine(args, {
  terminal: processTerminal(),
  self: [...process.execArgv, script],
  exitNow: () => process.exit(1),
});
setTimeout(() => process.exit(), LINGER_MS).unref();
