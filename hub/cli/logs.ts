/** `godot-hub logs`: the last lines of hub.log, and those that follow. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describeLogLine, logPath } from "../logger.ts";
import { CliError } from "./exit-codes.ts";
import { FileTail } from "./file-tail.ts";
import type { Terminal } from "./terminal.ts";

/** Which lines, and how. */
export interface LogsOptions {
  /** Lines to begin with. */
  lines: number;
  /** Go on with new lines until `signal` ends it. */
  follow: boolean;
  /** Lines as they are in the file. */
  json: boolean;
}

const LOOK_AGAIN_MS = 200;

/** @throws {CliError} when there is no log. */
export async function logs(home: string, options: LogsOptions, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const tail = new FileTail(logPath(home));
  const print = (line: string) => terminal.out(options.json ? line : describeLogLine(line, terminal.color));
  const present = tail.readLines();
  // Lines that were moved aside a moment ago still belong to "the last lines".
  const all = present.length < options.lines ? [...linesOf(`${logPath(home)}.1`), ...present] : present;
  if (all.length === 0 && !options.follow) throw new CliError(`There is no log yet in ${home}.`);
  if (options.lines > 0) for (const line of all.slice(-options.lines)) print(line);
  while (options.follow && !signal.aborted) {
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
    for (const line of tail.readLines()) print(line);
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
