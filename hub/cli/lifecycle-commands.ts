/** `godot-hub run`, `start` and `stop`: what they are called with. */
import type { Command } from "commander";
import { addHubOptions, configOf, toArguments } from "./options.ts";
import { run } from "./run.ts";
import { start } from "./start.ts";
import { stop } from "./stop.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds the commands that begin and end a hub. */
export function addLifecycle(program: Command, { terminal, self, exitNow }: Surroundings): void {
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
