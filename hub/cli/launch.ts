/** `godot-hub launch`: a headless editor on a project, started by the hub that runs. */
import { resolve } from "node:path";
import type { HubParams } from "../../protocol/hub-methods.ts";
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";
import type { HubConfig } from "../config.ts";
import { CliError } from "./exit-codes.ts";
import { connectTo, findHub } from "./find-hub.ts";
import type { Terminal } from "./terminal.ts";

/** @throws {CliError} when no hub runs, or with what the hub says is in the way. */
export async function launch(config: HubConfig, project: string, waitMs: number, terminal: Terminal): Promise<void> {
  const { running } = await findHub(config.home);
  if (!running) throw new CliError("No hub runs: `godot-hub start` starts one.");
  const deadlineMs = Math.min(waitMs + ANSWER_SLACK_MS, COMMAND_DEADLINE_MAX_MS);
  const client = await connectTo(config, running, { deadlineMs });
  try {
    const godot = config.godot ?? process.env.GODOT;
    const program = godot ? { godot: resolve(godot) } : {};
    const { instance } = await client.request("instance.launch", { project: resolve(project), waitMs, ...program });
    terminal.out(
      `${instance.name} runs (pid ${instance.pid}). End it with \`godot-hub launch --stop ${instance.name}\`.`,
    );
  } finally {
    await client.close();
  }
}

/** Ends an editor that the hub has started. @throws {CliError} when no hub runs, or it was started by somebody else. */
export async function endLaunched(
  config: HubConfig,
  ending: HubParams<"instance.stop">,
  terminal: Terminal,
): Promise<void> {
  const { running } = await findHub(config.home);
  if (!running) throw new CliError("No hub runs, so none has editors to end.");
  const client = await connectTo(config, running, { deadlineMs: STOP_DEADLINE_MS });
  try {
    const { stopped } = await client.request("instance.stop", ending);
    terminal.out(`${stopped} has ended.`);
  } finally {
    await client.close();
  }
}

/** What an answer may take beyond the wait that it tells of. */
const ANSWER_SLACK_MS = 5_000;
const STOP_DEADLINE_MS = 15_000;
