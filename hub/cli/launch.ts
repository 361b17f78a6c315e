/** `godot-hub launch`: a headless editor on a project, started by the hub that runs. */
import { resolve } from "node:path";
import type { HubParams } from "../../protocol/hub-methods.ts";
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";
import type { HubConfig } from "../config.ts";
import { askHub, requireHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
import type { Terminal } from "./terminal.ts";

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
export async function endLaunched(
  config: HubConfig,
  ending: HubParams<"instance.stop">,
  terminal: Terminal,
): Promise<void> {
  const hub = await requireHub(config.home, "No hub runs, so none has editors to end.");
  const ask = (client: HubClient) => client.request("instance.stop", ending);
  const { stopped } = await askHub(config, hub, ask, { deadlineMs: STOP_DEADLINE_MS });
  terminal.out(`${stopped} has ended.`);
}
