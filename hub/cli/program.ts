/** The commands of `godot-hub`: what each is called with, and which file carries it out. */
import { Command, CommanderError } from "commander";
import { PRODUCT_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { ConfigError, type HubConfig, homeDirectory, loadConfig } from "../config.ts";
import { call } from "./call.ts";
import { CLIENT_CONFIGS } from "./client-configs.ts";
import { connect } from "./connect.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { install } from "./install.ts";
import { endLaunched, launch } from "./launch.ts";
import { logs } from "./logs.ts";
import { addGeneralOptions, addHubOptions, toArguments } from "./options.ts";
import { run } from "./run.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import type { Terminal } from "./terminal.ts";
import { rotate, showToken } from "./token.ts";
import { usage } from "./usage.ts";

/** What the commands need of the process that they run in. */
export interface Surroundings {
  terminal: Terminal;
  /** Arguments of node that start this same program. */
  self: readonly string[];
  /** Ends the process at once. */
  exitNow: () => void;
}

/** Runs one command line. @returns the exit code; whatever went wrong has been said in one line on stderr. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const exit = { code: EXIT_CODES.OK as number };
  try {
    await createProgram(surroundings, exit).parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) surroundings.terminal.err(`godot-hub: ${messageOf(error)}`);
    return exitCodeOf(error);
  }
  return exit.code;
}

function createProgram(surroundings: Surroundings, exit: { code: number }): Command {
  const program = addGeneralOptions(new Command("godot-hub"))
    .description("Any number of AI clients share any number of running Godot 4 editors through one hub.")
    .version(PRODUCT_VERSION)
    .configureHelp({ showGlobalOptions: true, helpWidth: 120 })
    .configureOutput({ writeOut: (text) => surroundings.terminal.out(text.trimEnd()) })
    .configureOutput({ writeErr: (text) => surroundings.terminal.err(text.trimEnd()) })
    .exitOverride();
  addLifecycle(program, surroundings);
  addQuestions(program, surroundings, exit);
  addUpkeep(program, surroundings);
  addReach(program, surroundings, exit);
  return program;
}

function addLifecycle(program: Command, { terminal, self, exitNow }: Surroundings): void {
  addHubOptions(program.command("run"))
    .description("run the hub in the foreground")
    .action((_options, command: Command) => run(configOf(command), terminal, exitNow));
  addHubOptions(program.command("start"))
    .description("start the hub in the background, unless one runs already")
    .action((_options, command: Command) => {
      const flags = command.optsWithGlobals();
      const config = configOf(command);
      const args = ["run", "--home", config.home, ...toArguments({ ...flags, quiet: true }, { ...config })];
      return start(config, [...self, ...args], terminal);
    });
  program
    .command("stop")
    .description("stop the hub after the commands in flight")
    .action((_options, command: Command) => stop(configOf(command), terminal));
}

function addQuestions(program: Command, { terminal }: Surroundings, exit: { code: number }): void {
  program
    .command("status")
    .description("show the hub, its instances and clients; exit code 1 when no hub runs")
    .option("--json", "print JSON")
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      exit.code = await status(configOf(command), json, terminal);
    });
  program
    .command("logs")
    .description("show the hub's log")
    .option("-f, --follow", "go on with new lines")
    .option("-n, --lines <n>", "lines to begin with", "50")
    .option("--json", "lines as they are in hub.log")
    .action((options: { follow?: boolean; lines: string; json?: boolean }, command: Command) => {
      const { follow = false, json = false } = options;
      const home = homeDirectory(command.optsWithGlobals());
      return logs(
        home,
        { follow, json, lines: wholeNumber("--lines", options.lines) },
        terminal,
        new AbortController().signal,
      );
    });
  program
    .command("usage")
    .description("show what the tools of each agent have cost in tokens")
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }, command: Command) => usage(configOf(command), json, terminal));
  program
    .command("version")
    .description("show the version of hub, protocol and node")
    .action(() =>
      terminal.out(`godot-mcp-hub ${PRODUCT_VERSION}, protocol ${PROTOCOL_VERSION}, node ${process.version}`),
    );
}

function addUpkeep(program: Command, { terminal }: Surroundings): void {
  program
    .command("install")
    .description("put the Godot addon into a project and enable it")
    .argument("<project-dir>", "folder with project.godot")
    .option("--force", "replace a newer or changed addon, too")
    .option("--dry-run", "only say what would be done")
    .action((project: string, options: { force?: boolean; dryRun?: boolean }) => {
      install(project, { force: options.force ?? false, dryRun: options.dryRun ?? false }, terminal);
    });
  program
    .command("launch")
    .description("start a headless editor on a project, or end one that the hub has started")
    .argument("[project-dir]", "folder with project.godot and the addon", ".")
    .option("--stop <instance>", "end this instance instead; what is not saved in it is lost")
    .option("--wait-ms <ms>", "how long the editor may take to connect", "120000")
    .action((project: string, { stop, waitMs }: { stop?: string; waitMs: string }, command: Command) => {
      const config = configOf(command);
      if (stop !== undefined) return endLaunched(config, stop, terminal);
      return launch(config, project, wholeNumber("--wait-ms", waitMs), terminal);
    });
  const token = program
    .command("token")
    .description("show where the token is")
    .action((_options, command: Command) => showToken(configOf(command), terminal));
  token
    .command("rotate")
    .description("make a new token; a hub that runs takes it at once")
    .action((_options, command: Command) => rotate(configOf(command), terminal));
}

function addReach(program: Command, { terminal }: Surroundings, exit: { code: number }): void {
  program
    .command("connect")
    .description("write the adapter into the configuration of an AI client")
    .requiredOption("--client <name>", `one of ${Object.keys(CLIENT_CONFIGS).join(", ")}`)
    .option("--remove", "take it out again")
    .option("--dry-run", "only show the file as it would be")
    .action((options: { client: string; remove?: boolean; dryRun?: boolean }, command: Command) => {
      const { client, remove = false, dryRun = false } = options;
      connect(homeDirectory(command.optsWithGlobals()), { client, remove, dryRun }, terminal);
    });
  program
    .command("call")
    .description("run one command in an editor, such as: godot-hub call scene.get_tree '{\"depth\":2}'")
    .argument("<command>", "name of the command")
    .argument("[params]", "its params as a JSON object")
    .option("--target <name>", "instance or project; default: the only one there is")
    .option("--json", "print the whole response on one line, errors too")
    .option("--deadline-ms <ms>", "how long it may take", "25000")
    .action(async (name: string, params: string | undefined, options: CallFlags, command: Command) => {
      const { target, json = false } = options;
      const deadlineMs = Number(options.deadlineMs);
      exit.code = await call(configOf(command), name, { params, target, json, deadlineMs }, terminal);
    });
}

interface CallFlags {
  target?: string;
  json?: boolean;
  deadlineMs: string;
}

function configOf(command: Command): HubConfig {
  return loadConfig({ flags: command.optsWithGlobals() });
}

function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ConfigError(`${flag} must be a whole number, but is ${JSON.stringify(text)}.`);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof ConfigError) return EXIT_CODES.USAGE;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.OK : EXIT_CODES.USAGE;
  return EXIT_CODES.FAILED;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
