/** The command line `godot-hub`: its groups of commands, and the exit code of each outcome. */
import { Command, CommanderError } from "commander";
import { messageOf } from "../../hub-client/node-errors.ts";
import { PRODUCT_VERSION } from "../../protocol/version.ts";
import { ConfigError } from "../config.ts";
import { addDoctor } from "./doctor-command.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { addLifecycle } from "./lifecycle-commands.ts";
import { addGeneralOptions } from "./options.ts";
import { addQuestions } from "./question-commands.ts";
import { addReach } from "./reach-commands.ts";
import { addService } from "./service-commands.ts";
import type { Exit, Surroundings } from "./surroundings.ts";
import { addUpkeep } from "./upkeep-commands.ts";
import { addWatching } from "./watch-commands.ts";

/** Runs one command line. @returns the exit code; whatever went wrong has been said in one line on stderr. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const exit: Exit = { code: EXIT_CODES.OK };
  try {
    await createProgram(surroundings, exit).parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) surroundings.terminal.err(`godot-hub: ${messageOf(error)}`);
    return exitCodeOf(error);
  }
  return exit.code;
}

function createProgram(surroundings: Surroundings, exit: Exit): Command {
  const program = addGeneralOptions(new Command("godot-hub"))
    .description("Any number of AI clients share any number of running Godot 4 editors through one hub.")
    .version(PRODUCT_VERSION)
    .configureHelp({ showGlobalOptions: true, helpWidth: 120 })
    .configureOutput({ writeOut: (text) => surroundings.terminal.out(text.trimEnd()) })
    .configureOutput({ writeErr: (text) => surroundings.terminal.err(text.trimEnd()) })
    .configureOutput({ outputError: (text, write) => write(withNextStep(text)) })
    .exitOverride();
  addLifecycle(program, surroundings);
  addQuestions(program, surroundings, exit);
  addWatching(program, surroundings);
  addUpkeep(program, surroundings);
  addReach(program, surroundings, exit);
  addService(program, surroundings, exit);
  addDoctor(program, surroundings, exit);
  return program;
}

/** Commander's words about a wrong command line, in the form of all other errors. */
function withNextStep(text: string): string {
  const [what = "", ...more] = text
    .trim()
    .replace(/^error: /, "")
    .split("\n");
  return [`godot-hub: ${what}.`, ...more, "Add --help to see what there is."].join(" ");
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof ConfigError) return EXIT_CODES.USAGE;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.OK : EXIT_CODES.USAGE;
  return EXIT_CODES.FAILED;
}
