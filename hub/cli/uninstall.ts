/** `godot-hub uninstall`: takes the addon out of a project and says what it did. */

import { resolve } from "node:path";
import type { Command } from "commander";
import { type UninstallOptions, type UninstallOutcome, uninstallAddon } from "../install/addon-uninstall.ts";
import type { CliContext } from "./context.ts";
import { attempt, tellLines } from "./install.ts";
import { addonPath } from "./package-root.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub uninstall`. */
export function addUninstall(program: Command, { terminal }: CliContext): void {
  program
    .command("uninstall")
    .description("take the Godot addon and all that it has left out of a project; keeps and names what was changed")
    .argument("<project-dir>", "folder with project.godot")
    .option("--force", "take out changed files and an addon of another version, too")
    .option("--dry-run", "only say what would be done")
    .action((project: string, { force = false, dryRun = false }: { force?: boolean; dryRun?: boolean }) => {
      uninstall(project, { force, dryRun }, terminal);
    });
}

/** @throws {CliError} when the folder is no Godot project, has an addon of another version, or can't be written. */
export function uninstall(folder: string, options: UninstallOptions, terminal: Terminal): void {
  const { env, platform } = process;
  const outcome = attempt(() => uninstallAddon(addonPath(), resolve(folder), { ...options, env, platform }));
  if (options.dryRun) terminal.out("Dry run: nothing is changed.");
  for (const line of told(outcome)) terminal.out(line);
  tellLines(
    outcome.lines.filter(({ change }) => change !== "unchanged"),
    terminal,
  );
  if (outcome.version !== undefined || outcome.disabled) {
    terminal.out("If the project is open in an editor: Project > Reload Current Project.");
  }
}

function told({ project, version, isLink, kept, disabled, forgotten, cache }: UninstallOutcome): string[] {
  return [
    `${project}: ${version === undefined ? "no addon was taken out." : `took out the addon, version ${version}.`}`,
    ...(disabled ? ["Disabled it in project.godot."] : []),
    ...(forgotten ? ["Took out what the editor had remembered of it."] : []),
    ...(cache === undefined ? [] : [`Removed ${cache}.`]),
    ...(isLink ? ["Kept the addon: it is a link to a working copy."] : []),
    ...kept.map((path) => `Kept ${path}: it was not installed like this. --force removes it, too.`),
  ];
}
