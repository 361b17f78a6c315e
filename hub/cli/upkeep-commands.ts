/** `godot-hub install`, `launch` and `token`: what they are called with. */
import { type Command, Option } from "commander";
import { GRANTABLE_ROLES } from "../access/permit.ts";
import type { TokenRole, TokenWish } from "../access/token-book.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { install, removeAgentLines } from "./install.ts";
import { endLaunched, launch } from "./launch.ts";
import { configOf, wholeNumber } from "./options.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Terminal } from "./terminal.ts";
import { create, list, revoke, rotate, showToken } from "./token.ts";
import { uninstall } from "./uninstall.ts";

interface InstallFlags {
  agents?: boolean;
  remove?: boolean;
  force?: boolean;
  dryRun?: boolean;
}

/** Adds the commands that look after projects, editors and the token. */
export function addUpkeep(program: Command, { terminal }: Surroundings): void {
  program
    .command("install")
    .description("put the Godot addon into a project and enable it")
    .argument("<project-dir>", "folder with project.godot")
    .option("--force", "replace a newer or changed addon, too")
    .option("--agents", "also write lines for AI agents into its AGENTS.md, and a CLAUDE.md that does not include it")
    .option("--remove", "with --agents: take these lines out again, and nothing else")
    .option("--dry-run", "only say what would be done")
    .action((project: string, options: InstallFlags) => {
      const { agents = false, remove = false, force = false, dryRun = false } = options;
      if (!remove) return install(project, { agents, force, dryRun }, terminal);
      if (!agents) throw new CliError("--remove takes out what --agents has written: add --agents.", EXIT_CODES.USAGE);
      return removeAgentLines(project, dryRun, terminal);
    });
  program
    .command("uninstall")
    .description("take the Godot addon and all that it has left out of a project; keeps and names what was changed")
    .argument("<project-dir>", "folder with project.godot")
    .option("--force", "take out changed files and an addon of another version, too")
    .option("--dry-run", "only say what would be done")
    .action((project: string, { force = false, dryRun = false }: { force?: boolean; dryRun?: boolean }) => {
      uninstall(project, { force, dryRun }, terminal);
    });
  program
    .command("launch")
    .description("start a headless editor on a project, or end one that the hub has started")
    .argument("[project-dir]", "folder with project.godot and the addon", ".")
    .option("--stop <instance>", "end this instance instead, unless unsaved work would be lost")
    .option("--discard", "with --stop: unsaved work may be lost")
    .option("--wait-ms <ms>", "how long the editor may take to connect", "120000")
    .option("--godot <path>", "the editor's program (default: the variable GODOT, else the hub looks for it)")
    .action((project: string, options: { stop?: string; discard?: boolean; waitMs: string }, command: Command) => {
      const config = configOf(command);
      const { stop: target, discard = false, waitMs } = options;
      if (target !== undefined) return endLaunched(config, { target, discard }, terminal);
      return launch(config, project, wholeNumber("--wait-ms", waitMs), terminal);
    });
  addTokens(program, terminal);
}

function addTokens(program: Command, terminal: Terminal): void {
  const token = program
    .command("token")
    .description("show where the token is")
    .action((_options, command: Command) => showToken(configOf(command), terminal));
  token
    .command("rotate")
    .description("make a new token; a hub that runs takes it at once")
    .action((_options, command: Command) => rotate(configOf(command), terminal));
  token
    .command("create")
    .description("make a further token with less rights, and print it this once")
    .requiredOption("--name <name>", "what to call it")
    .addOption(
      new Option("--role <role>", "adapters, only looking, or editors").choices(GRANTABLE_ROLES).default("agent"),
    )
    .option("--read-only", "only commands that read")
    .option("--allow <a,b>", "the only commands that it is good for, such as scene.*")
    .option("--deny <a,b>", "commands that it is not good for")
    .action((_options, command: Command) => create(configOf(command), wishOf(command.opts()), terminal));
  token
    .command("list")
    .description("show the further tokens: name, role and rules")
    .option("--json", "print JSON")
    .action(({ json = false }: { json?: boolean }, command: Command) => list(configOf(command), json, terminal));
  token
    .command("revoke")
    .description("end a further token; who came with it is cut off")
    .argument("<name>", "its name")
    .action((name: string, _options, command: Command) => revoke(configOf(command), name, terminal));
}

function wishOf(options: {
  name: string;
  role: TokenRole;
  readOnly?: boolean;
  allow?: string;
  deny?: string;
}): TokenWish {
  const { name, role, readOnly = false, allow, deny } = options;
  return { name, role, readOnly, allow: namesIn(allow), deny: namesIn(deny) };
}

function namesIn(text = ""): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}
