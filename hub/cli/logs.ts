/** `godot-hub logs`: the last lines of hub.log, and those that follow. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import { homeDirectory } from "../config.ts";
import { describeLogLine, logPath } from "../logger.ts";
import type { CliContext } from "./context.ts";
import { CliError } from "./exit-codes.ts";
import { wholeNumber } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Adds `godot-hub logs`. */
export function addLogs(program: Command, { terminal }: CliContext): void {
  program
    .command("logs")
    .description("show the hub's log")
    .option("-f, --follow", "go on with new lines")
    .option("-n, --lines <n>", "lines to begin with", "50")
    .option("--json", "lines as they are in hub.log")
    .action((options: { follow?: boolean; lines: string; json?: boolean }, command: Command) => {
      const { follow = false, json = false } = options;
      const lines = wholeNumber("--lines", options.lines);
      const home = homeDirectory(command.optsWithGlobals());
      return logs(home, { follow, json, lines }, terminal, new AbortController().signal);
    });
}

/** Which lines, and how. */
interface LogsOptions {
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

/** Reads what was added to a file since the last time, also when the file was moved aside in between. */
export class FileTail {
  readonly #path: string;
  #file = 0;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Passes over what is there already. */
  skipToEnd(): void {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    if (stat) [this.#file, this.#offset] = [stat.ino, stat.size];
  }

  /** Whole lines that were not read yet. */
  readLines(): string[] {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    if (!stat) return [];
    if (stat.ino !== this.#file || stat.size < this.#offset) {
      this.#file = stat.ino;
      this.#offset = 0;
    }
    return this.#readOn().split("\n").filter(Boolean);
  }

  #readOn(): string {
    const fd = openSync(this.#path, "r");
    try {
      const buffer = Buffer.alloc(Math.max(0, fstatSync(fd).size - this.#offset));
      const read = readSync(fd, buffer, 0, buffer.length, this.#offset);
      // Half a line at the end is left for the next time.
      const end = buffer.subarray(0, read).lastIndexOf(0x0a) + 1;
      this.#offset += end;
      return buffer.toString("utf8", 0, end);
    } finally {
      closeSync(fd);
    }
  }
}
