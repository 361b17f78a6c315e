/** `godot-hub stop`: asks the hub of the state directory to end, and waits until it has. */

import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { messageOf } from "../../hub-client/node-errors.ts";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import type { HubFile } from "../../hub-client/state-dir.ts";
import type { HubConfig } from "../config.ts";
import type { CliContext } from "./context.ts";
import { CliError } from "./exit-codes.ts";
import { askHub, describeHub, findHub, isSurelyHub } from "./find-hub.ts";
import { configOf } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub stop`. */
export function addStop(program: Command, { terminal }: CliContext): void {
  program
    .command("stop")
    .description("stop the hub after the commands in flight")
    .action((_options, command: Command) => stop(configOf(command), terminal));
}

/** What a stop takes beyond the time that commands in flight have to end. */
const SLACK_MS = 5_000;
const LOOK_AGAIN_MS = 30;

/** @throws {CliError} when the hub does not end in time. */
export async function stop(config: HubConfig, terminal: Terminal, platform = process.platform): Promise<void> {
  const { running } = await findHub(config.home);
  if (!running) {
    terminal.out("No hub runs.");
    return;
  }
  await askToStop(config, running, terminal, platform);
  await untilGone(config, running);
  terminal.out(`The hub has stopped (${describeHub(running)}).`);
}

async function askToStop(
  config: HubConfig,
  hub: HubFile,
  terminal: Terminal,
  platform: NodeJS.Platform,
): Promise<void> {
  try {
    await askHub(config, hub, (client) => client.request("hub.shutdown", {}));
  } catch (error) {
    // There a signal is no question: it would end the hub in the middle of its commands.
    if (platform === "win32") throw error;
    if (!(await isSurelyHub(hub))) throw error;
    terminal.err(`${messageOf(error)} Sending SIGTERM to pid ${hub.pid}.`);
    process.kill(hub.pid, "SIGTERM");
  }
}

/** Waits for the end of a hub that was asked to. @throws {CliError} when it takes longer than a drain does. */
export async function untilGone(config: HubConfig, hub: HubFile): Promise<void> {
  const deadline = performance.now() + config.drainTimeoutMs + SLACK_MS;
  while (isProcessAlive(hub.pid)) {
    if (performance.now() >= deadline) throw new CliError(`The hub does not end: ${describeHub(hub)}.`);
    await delay(LOOK_AGAIN_MS);
  }
}
