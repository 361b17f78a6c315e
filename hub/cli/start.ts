/** `godot-hub start`: the hub in the background, ready when the command returns. */

import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { ALREADY_RUNNING, StartedHub, StartLog } from "../../hub-client/hub-launcher.ts";
import type { HubFile } from "../../hub-client/state-dir.ts";
import { ensureHome } from "../../hub-client/state-files.ts";
import type { HubConfig } from "../config.ts";
import type { CliContext } from "./context.ts";
import { CliError, EXIT_CODES, usingState } from "./exit-codes.ts";
import { describeHub, findHub } from "./find-hub.ts";
import { addHubOptions, configOf, toArguments } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub start`. */
export function addStart(program: Command, { terminal, self }: CliContext): void {
  addHubOptions(program.command("start"))
    .description("start the hub in the background, unless one runs already")
    .action((_options, command: Command) => {
      const config = configOf(command);
      return start(config, runArguments(self, config, command), terminal);
    });
}

/** Arguments of node that run a quiet hub with the options that `command` was given. */
export function runArguments(self: readonly string[], config: HubConfig, command: Command): string[] {
  const flags = { ...command.optsWithGlobals(), quiet: true };
  return [...self, "run", "--home", config.home, ...toArguments(flags, { ...config })];
}

/** A cold start takes a tenth of a second; a machine that is starting everything at once takes longer. */
const START_DEADLINE_MS = 20_000;
const LOOK_AGAIN_MS = 50;

/** @param program Arguments of node that run this program with `run` and the options that were given. */
export async function start(config: HubConfig, program: readonly string[], terminal: Terminal): Promise<void> {
  const { home } = config;
  usingState(home, () => ensureHome(home));
  const { running, isSilent } = await findHub(home);
  if (running) {
    const silence = isSilent ? " It does not answer: see `godot-hub status`." : "";
    terminal.out(`A hub runs already: ${describeHub(running)}.${silence}`);
    return;
  }
  const log = usingState(home, () => new StartLog(home));
  try {
    const started = new StartedHub(program, { home, env: process.env, log });
    const hub = await untilServing(home, started, log);
    terminal.out(`${hub.pid === started.pid ? "The hub runs" : "A hub runs already"}: ${describeHub(hub)}.`);
  } finally {
    log.close();
  }
}

async function untilServing(home: string, started: StartedHub, log: StartLog): Promise<HubFile> {
  while (started.ageMs < START_DEADLINE_MS) {
    const { running } = await findHub(home);
    const { pid, end } = started;
    // Where another hub was faster, the own process has yet to see that and to end: left alone, it could become a hub after a stop.
    if (running && (running.pid === pid || end !== undefined)) return running;
    if (end !== undefined && end !== ALREADY_RUNNING) {
      throw new CliError(lastWords(log), typeof end === "number" ? end : EXIT_CODES.FAILED);
    }
    await delay(LOOK_AGAIN_MS);
  }
  throw new CliError(`The hub (pid ${started.pid}) does not serve after ${START_DEADLINE_MS} ms. See ${log.path}.`);
}

function lastWords({ path, text }: StartLog): string {
  return text.replace(/^godot-hub: /, "") || `The hub ended without a word. See ${path}.`;
}
