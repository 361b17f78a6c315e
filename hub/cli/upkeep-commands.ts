/** `godot-hub install`, `launch` and `token`: what they are called with. */
import type { Command } from "commander";
import { install } from "./install.ts";
import { endLaunched, launch } from "./launch.ts";
import { configOf, wholeNumber } from "./options.ts";
import type { Surroundings } from "./surroundings.ts";
import { rotate, showToken } from "./token.ts";

/** Adds the commands that look after projects, editors and the token. */
export function addUpkeep(program: Command, { terminal }: Surroundings): void {
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
