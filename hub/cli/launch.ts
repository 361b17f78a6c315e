/** `godot-hub launch`: a headless editor on a project, started by the hub that runs. */

import { resolve } from "node:path";
import type { Command } from "commander";
import type { HubParams } from "../../protocol/hub-methods.ts";
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";
import type { HubConfig } from "../config.ts";
import type { CliContext } from "./context.ts";
import { askHub, requireHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
import { configOf, wholeNumber } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub launch`. */
export function addLaunch(program: Command, { terminal }: CliContext): void {
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
}

/** What an answer may take beyond the wait that it tells of. */
const ANSWER_SLACK_MS = 5_000;
const STOP_DEADLINE_MS = 15_000;

/** @throws {CliError} when no hub runs, or with what the hub says is in the way. */
export async function launch(config: HubConfig, project: string, waitMs: number, terminal: Terminal): Promise<void> {
  const hub = await requireHub(config.home);
  const deadlineMs = Math.min(waitMs + ANSWER_SLACK_MS, COMMAND_DEADLINE_MAX_MS);
  const godot = config.godot ?? process.env.GODOT;
  const params = { project: resolve(project), waitMs, ...(godot && { godot: resolve(godot) }) };
  const ask = (client: HubClient) => client.request("instance.launch", params);
  const { instance } = await askHub(config, hub, ask, { deadlineMs });
  terminal.out(
    `${instance.name} runs (pid ${instance.pid}). End it with \`godot-hub launch --stop ${instance.name}\`.`,
  );
}

/** Ends an editor that the hub has started. @throws {CliError} when no hub runs, or another program started it. */
async function endLaunched(config: HubConfig, ending: HubParams<"instance.stop">, terminal: Terminal): Promise<void> {
  const hub = await requireHub(config.home, "No hub runs, so none has editors to end.");
  const ask = (client: HubClient) => client.request("instance.stop", ending);
  const { stopped } = await askHub(config, hub, ask, { deadlineMs: STOP_DEADLINE_MS });
  terminal.out(`${stopped} has ended.`);
}
