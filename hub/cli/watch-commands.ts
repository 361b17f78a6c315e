/** `godot-hub dashboard` and `top`: what they are called with. */
import type { Command } from "commander";
import { dashboard } from "./dashboard.ts";
import { configOf, toArguments } from "./options.ts";
import type { Surroundings } from "./surroundings.ts";
import { top } from "./top.ts";
import { processTty } from "./tty.ts";

/** Adds the commands with which a person watches the hub. */
export function addWatching(program: Command, { terminal, self }: Surroundings): void {
  program
    .command("dashboard")
    .description("open the hub's page in a browser, logged in; starts a hub when none runs")
    .option("--no-open", "only print the link: good once, for a minute")
    .action(({ open }: { open: boolean }, command: Command) => {
      const config = configOf(command);
      const flags = { ...command.optsWithGlobals(), quiet: true };
      const args = [...self, "run", "--home", config.home, ...toArguments(flags, { ...config })];
      return dashboard(config, { browser: open, program: args }, terminal);
    });
  program
    .command("top")
    .description("show what happens in the hub, on this terminal; q ends it")
    .option("--once", "print it once, as it does where there is no terminal")
    .action(({ once = false }: { once?: boolean }, command: Command) =>
      top(configOf(command), once ? undefined : processTty(), terminal),
    );
}
