/** `godot-hub uninstall`: takes the addon out of a project and says what it did. */
import { resolve } from "node:path";
import { type UninstallOptions, type UninstallOutcome, uninstallAddon } from "../install/addon-uninstall.ts";
import { attempt, tellLines } from "./install.ts";
import { addonPath } from "./package-root.ts";
import type { Terminal } from "./terminal.ts";

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
