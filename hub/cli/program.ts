/** The command line `godot-hub`: its subcommands, each in a file of its name, and the exit code of each outcome. */
import { Command, CommanderError } from "commander";
import { messageOf } from "../../hub-client/node-errors.ts";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { ConfigError } from "../config.ts";
import { addAudit } from "./audit.ts";
import { addCall } from "./call.ts";
import { addCommands } from "./commands.ts";
import { addConnect } from "./connect.ts";
import type { CliContext, ProcessContext } from "./context.ts";
import { addDashboard } from "./dashboard.ts";
import { addDoctor } from "./doctor.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { addInstall } from "./install.ts";
import { addLaunch } from "./launch.ts";
import { addLogs } from "./logs.ts";
import { addGeneralOptions } from "./options.ts";
import { addRun } from "./run.ts";
import { addService } from "./service.ts";
import { addStart } from "./start.ts";
import { addStatus } from "./status.ts";
import { addStop } from "./stop.ts";
import { addToken } from "./token.ts";
import { addTop } from "./top.ts";
import { addUninstall } from "./uninstall.ts";
import { addUsage } from "./usage.ts";

/** Runs one command line. @returns the exit code; whatever went wrong has been said in one line on stderr. */
export async function runCommandLine(args: readonly string[], within: ProcessContext): Promise<number> {
  const context: CliContext = { ...within, exitCode: EXIT_CODES.OK };
  try {
    await createProgram(context).parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) context.terminal.err(`godot-hub: ${messageOf(error)}`);
    return exitCodeOf(error);
  }
  return context.exitCode;
}

/** In the order of the help. */
const SUBCOMMANDS: readonly ((program: Command, context: CliContext) => void)[] = [
  addRun,
  addStart,
  addStop,
  addStatus,
  addLogs,
  addAudit,
  addUsage,
  addVersion,
  addDashboard,
  addTop,
  addInstall,
  addUninstall,
  addLaunch,
  addToken,
  addConnect,
  addCommands,
  addCall,
  addService,
  addDoctor,
];

function createProgram(context: CliContext): Command {
  const { terminal } = context;
  const program = addGeneralOptions(new Command("godot-hub"))
    .description("Any number of AI clients share any number of running Godot 4 editors through one hub.")
    .version(PRODUCT_VERSION)
    .configureHelp({ showGlobalOptions: true, helpWidth: 120 })
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()) })
    .configureOutput({ writeErr: (text) => terminal.err(text.trimEnd()) })
    .configureOutput({ outputError: (text, write) => write(withNextStep(text)) })
    .exitOverride();
  for (const add of SUBCOMMANDS) add(program, context);
  return program;
}

function addVersion(program: Command, { terminal }: CliContext): void {
  program
    .command("version")
    .description("show the version of hub, protocol and node")
    .action(() =>
      terminal.out(`godot-mcp-hub ${PRODUCT_VERSION}, protocol ${PROTOCOL_VERSION}, node ${process.version}`),
    );
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
