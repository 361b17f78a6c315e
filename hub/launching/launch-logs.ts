/** What editors print that a hub has started: a file of each, and what is told of it. */
import { existsSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** Files that are kept; the oldest go first. */
const CAPACITY = 20;
const NAME = /^launched-editor-.+\.log$/;
/** Lines of an editor's output that the error quotes when it ends before it has connected. */
const QUOTED_LINES = 5;
/** How far an editor without a window has come: "[  47% ] update_scripts_classes | Player", "[ DONE ] reimport". */
const PROGRESS = /^\[(?:[ \d]{3}\d% \] \w+ \| | DONE \] \w+\s*$)/;
const STEP = /^\[\s*(\d+)% \] (\w+) \| (.*)/;
/** What the engine says where there is no sound card, and goes on: never why it ended. */
const NO_SOUND = /\bALSA\b|audio ?driver|pulse ?audio|libpulse/i;
/** The place of what the line before says. */
const PLACE = /^\s+at: /;

/** The log of one launch. */
export class LaunchLog {
  readonly path: string;

  /** @param home The state directory. */
  constructor(home: string, launchId: string) {
    this.path = join(home, `launched-editor-${launchId}.log`);
  }

  /** Opens it for the editor's output. @throws the system's error where nothing can be written. */
  open(): number {
    return openSync(this.path, "w", 0o600);
  }

  /** Whether anything was kept. */
  get exists(): boolean {
    return existsSync(this.path);
  }

  /** What it said last, without colours, how far it had come and what does not matter; empty where nothing was kept. */
  get lastLines(): string {
    const told = this.#lines.filter((line) => !PROGRESS.test(line));
    const isIdle = (line: string | undefined) => line !== undefined && NO_SOUND.test(line);
    const said = told.filter((line, at) => !isIdle(line) && !(PLACE.test(line) && isIdle(told[at - 1])));
    return said.slice(-QUOTED_LINES).join(" | ");
  }

  /** How far it has come: "reimport 47 %: icon.png"; undefined where it says nothing of the kind. */
  get progress(): string | undefined {
    const [, percent, task, step] =
      this.#lines.map((line) => STEP.exec(line)).findLast((found) => found !== null) ?? [];
    return percent === undefined ? undefined : `${task} ${percent} %: ${step}`;
  }

  get #lines(): string[] {
    try {
      return stripVTControlCharacters(readFileSync(this.path, "utf8")).trim().split(/\r?\n/);
    } catch {
      return [];
    }
  }
}

/** Removes the oldest logs in the state directory, so that there is room for one more. */
export function pruneLaunchLogs(home: string): void {
  try {
    const logs = readdirSync(home)
      .filter((name) => NAME.test(name))
      .map((name) => join(home, name));
    const byAge = logs.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at);
    for (const { path } of byAge.slice(CAPACITY - 1)) rmSync(path, { force: true });
  } catch {
    // Where nothing can be removed, or one of another hub is in use, there is one more.
  }
}
