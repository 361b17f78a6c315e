/** `godot-hub connect`, `commands` and `call`: what they are called with. */
import type { Command } from "commander";
import { homeDirectory } from "../config.ts";
import { call } from "./call.ts";
import { CLIENT_CONFIGS } from "./client-configs.ts";
import { listCommands } from "./commands.ts";
import { connect } from "./connect.ts";
import { configOf } from "./options.ts";
import type { Exit, Surroundings } from "./surroundings.ts";

interface CallFlags {
  target?: string;
  json?: boolean;
  deadlineMs: string;
}

/** Adds the commands that bring AI clients to the hub and commands to an editor. */
export function addReach(program: Command, { terminal }: Surroundings, exit: Exit): void {
  program
    .command("connect")
    .description("write the adapter into the configuration of an AI client")
    .option("--client <name>", `one of ${Object.keys(CLIENT_CONFIGS).join(", ")}`)
    .option("--remove", "take it out again")
    .option("--dry-run", "only show the file as it would be")
    .action((options: { client?: string; remove?: boolean; dryRun?: boolean }, command: Command) => {
      const { client, remove = false, dryRun = false } = options;
      connect(homeDirectory(command.optsWithGlobals()), { client, remove, dryRun }, terminal);
    });
  program
    .command("commands")
    .description("list the commands that call runs; show the params of one")
    .argument("[words...]", "only commands with these words, or the name of one")
    .option("--json", "print JSON")
    .action((words: string[], { json = false }: { json?: boolean }) => listCommands(words, json, terminal));
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
