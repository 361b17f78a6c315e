/** `godot-hub start`: the hub in the background, ready when the command returns. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { HubFile } from "../../hub-client/state-dir.ts";
import { ensureHome } from "../../hub-client/state-files.ts";
import type { HubConfig } from "../config.ts";
import { CliError, EXIT_CODES, usingState } from "./exit-codes.ts";
import { describeHub, findHub } from "./find-hub.ts";
import type { Terminal } from "./terminal.ts";

/** A cold start takes a tenth of a second; a machine that is starting everything at once takes longer. */
const START_DEADLINE_MS = 20_000;
const LOOK_AGAIN_MS = 50;

/** @param program Arguments of node that run this program with `run` and the options that were given. */
export async function start(config: HubConfig, program: readonly string[], terminal: Terminal): Promise<void> {
  usingState(config.home, () => ensureHome(config.home));
  const { running, isSilent } = await findHub(config.home);
  if (running) {
    const silence = isSilent ? " It does not answer: see `godot-hub status`." : "";
    terminal.out(`A hub runs already: ${describeHub(running)}.${silence}`);
    return;
  }
  const output = openOutput(config.home);
  try {
    const child = spawn(process.execPath, [...program], {
      cwd: config.home,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", "ignore", output.fd],
    });
    const hub = await untilServing(config.home, child, output);
    child.unref();
    terminal.out(`${hub.pid === child.pid ? "The hub runs" : "A hub runs already"}: ${describeHub(hub)}.`);
  } finally {
    closeSync(output.fd);
  }
}

/** Where the hub says why it can't start. */
interface Output {
  path: string;
  fd: number;
  /** Size before this start. */
  offset: number;
}

function openOutput(home: string): Output {
  const path = join(home, "hub-start.log");
  return usingState(home, () => {
    const fd = openSync(path, "a", 0o600);
    return { path, fd, offset: fstatSync(fd).size };
  });
}

async function untilServing(home: string, child: ChildProcess, output: Output): Promise<HubFile> {
  let ended: number | undefined;
  child.once("error", () => {
    ended = EXIT_CODES.FAILED;
  });
  child.once("exit", (code) => {
    ended = code ?? EXIT_CODES.FAILED;
  });
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    const { running } = await findHub(home);
    // Where another hub was faster, the own child has yet to see that and to end: left alone, it could become a hub after a stop.
    if (running && (running.pid === child.pid || ended !== undefined)) return running;
    if (ended !== undefined && ended !== EXIT_CODES.ALREADY_RUNNING) throw new CliError(said(output), ended);
    await delay(LOOK_AGAIN_MS);
  }
  throw new CliError(`The hub (pid ${child.pid}) does not serve after ${START_DEADLINE_MS} ms. See ${output.path}.`);
}

function said({ path, offset }: Output): string {
  const text = readFileSync(path)
    .subarray(offset)
    .toString("utf8")
    .trim()
    .replace(/^godot-hub: /, "");
  return text || `The hub ended without a word. See ${path}.`;
}
