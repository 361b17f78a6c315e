/** `godot-hub doctor`: what it is called with. */
import type { Command } from "commander";
import { doctor } from "./doctor.ts";
import { configOf } from "./options.ts";
import { start } from "./start.ts";
import type { Exit, Surroundings } from "./surroundings.ts";

/** Adds the command that looks for what is wrong. */
export function addDoctor(program: Command, { terminal, self }: Surroundings, exit: Exit): void {
  program
    .command("doctor")
    .description("find what is wrong between AI clients, hub and editors, and what mends it; exit code 1 for a problem")
    .argument("[projects...]", "folders with project.godot; default: the one around this folder")
    .option("--start", "start a hub first when none runs; without it nothing is changed")
    .option("--json", "print JSON")
    .action(async (projects: string[], flags: { start?: boolean; json?: boolean }, command: Command) => {
      const readConfig = () => configOf(command);
      const { json = false } = flags;
      if (flags.start) {
        const config = readConfig();
        const quiet = { ...terminal, out: json ? () => {} : terminal.out };
        await start(config, [...self, "run", "--home", config.home, "--quiet"], quiet);
      }
      exit.code = await doctor(readConfig, { projects, cwd: process.cwd(), self, json }, terminal);
    });
}
