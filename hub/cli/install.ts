/** `godot-hub install`: puts the addon into a project, or lines for agents into its AGENTS.md, and says what it did. */

import { resolve } from "node:path";
import type { Command } from "commander";
import { codeOf, messageOf } from "../../hub-client/node-errors.ts";
import {
  type CopyOutcome,
  findProject,
  InstallError,
  type InstallOptions,
  type InstallOutcome,
  installAddon,
} from "../install/addon-install.ts";
import { SettingsError } from "../install/addon-install-settings.ts";
import { AGENT_LINES, applyLines, type LinesPlan, planLines } from "../install/agent-lines.ts";
import type { CliContext } from "./context.ts";
import { CliError, EXIT_CODES } from "./exit-codes.ts";
import { addonPath } from "./package-root.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub install`. */
export function addInstall(program: Command, { terminal }: CliContext): void {
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
}

interface InstallFlags {
  agents?: boolean;
  remove?: boolean;
  force?: boolean;
  dryRun?: boolean;
}

/** @throws {CliError} when the folder is no Godot 4 project or can't be written. */
export function install(
  folder: string,
  { agents, ...options }: InstallOptions & { agents: boolean },
  terminal: Terminal,
): void {
  // Lines that can't be written are found out before anything is.
  const plan = attempt(() => (agents ? planLines(findProject(resolve(folder)), false) : []));
  const outcome = attempt(() => installAddon(addonPath(), resolve(folder), options));
  if (options.dryRun) terminal.out("Dry run: nothing is changed.");
  terminal.out(`${outcome.project}: ${describeCopy(outcome)}`);
  terminal.out(outcome.enabled ? "Enabled it in project.godot." : "It is enabled in project.godot already.");
  carryOut(plan, options.dryRun, terminal);
  if (outcome.enabled || isChange(outcome.copy)) {
    terminal.out("If the project is open in an editor: Project > Reload Current Project.");
  }
}

/** Takes the lines for agents out of a project. The addon stays. @throws {CliError} as `install`. */
function removeAgentLines(folder: string, dryRun: boolean, terminal: Terminal): void {
  const plan = attempt(() => planLines(findProject(resolve(folder)), true));
  if (dryRun) terminal.out("Dry run: nothing is changed.");
  carryOut(plan, dryRun, terminal);
}

function carryOut(plan: readonly LinesPlan[], dryRun: boolean, terminal: Terminal): void {
  if (!dryRun) attempt(() => applyLines(plan));
  tellLines(plan, terminal);
  if (dryRun && plan.some(({ change }) => change === "added" || change === "updated")) terminal.out(AGENT_LINES);
}

/** Says what happens to each file with lines for agents. */
export function tellLines(plan: readonly LinesPlan[], terminal: Terminal): void {
  for (const { change, path } of plan) terminal.out(`${path} ${LINES_TEXTS[change]}.`);
}

const LINES_TEXTS: Record<LinesPlan["change"], string> = {
  added: "has the lines for agents",
  updated: "has the lines for agents anew",
  removed: "no longer has the lines for agents",
  unchanged: "stays as it is",
};

/** @throws {CliError} for what can't be done with a project. */
export function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InstallError || error instanceof SettingsError) throw new CliError(error.message);
    if (codeOf(error) !== undefined) throw new CliError(`The project can't be written: ${messageOf(error)}`);
    throw error;
  }
}

function isChange(copy: CopyOutcome): boolean {
  return copy === "installed" || copy === "updated" || copy === "replaced";
}

function describeCopy({ copy, previous = "?", version }: InstallOutcome): string {
  const texts: Record<CopyOutcome, string> = {
    installed: `installed the addon, version ${version}.`,
    updated: `updated the addon from version ${previous} to ${version}.`,
    replaced: `replaced the addon of version ${previous} by ${version}.`,
    unchanged: `the addon is there already, version ${version}.`,
    "kept-newer": `left the newer addon alone (${previous}; this is ${version}). --force replaces it.`,
    "kept-changed": `left the addon alone: it is of the same version ${version} but was changed. --force replaces it.`,
    "kept-link": "left the addon alone: it is a link to a working copy.",
  };
  return texts[copy];
}
