/** `godot-hub install`: puts the addon into a project and says what it did. */
import { resolve } from "node:path";
import {
  type CopyOutcome,
  InstallError,
  type InstallOptions,
  type InstallOutcome,
  installAddon,
} from "../install/addon-install.ts";
import { SettingsError } from "../install/addon-install-settings.ts";
import { CliError } from "./exit-codes.ts";
import { addonPath } from "./package-root.ts";
import type { Terminal } from "./terminal.ts";

/** @throws {CliError} when the folder is no Godot 4 project or can't be written. */
export function install(folder: string, options: InstallOptions, terminal: Terminal): void {
  const outcome = attempt(() => installAddon(addonPath(), resolve(folder), options));
  if (options.dryRun) terminal.out("Dry run: nothing is changed.");
  terminal.out(`${outcome.project}: ${describeCopy(outcome)}`);
  terminal.out(outcome.enabled ? "Enabled it in project.godot." : "It is enabled in project.godot already.");
  if (outcome.enabled || isChange(outcome.copy)) {
    terminal.out("If the project is open in an editor: Project > Reload Current Project.");
  }
}

function attempt(work: () => InstallOutcome): InstallOutcome {
  try {
    return work();
  } catch (error) {
    if (error instanceof InstallError || error instanceof SettingsError) throw new CliError(error.message);
    if (error instanceof Error && "code" in error) throw new CliError(`The addon can't be installed: ${error.message}`);
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
