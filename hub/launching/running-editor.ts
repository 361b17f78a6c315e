/** Editors that this machine's list of processes shows: also those that no hub has met, since they have yet to load their addons. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { isSameFolder } from "../clients/same-folder.ts";
import { realFolder } from "./known-projects.ts";

/** What a started `ps` may take, ms. */
const PS_TIMEOUT_MS = 2_000;
const EDITOR_FLAGS: ReadonlySet<string> = new Set(["--editor", "-e"]);

interface Program {
  readonly pid: number;
  /** Its command line, the program first. */
  readonly words: readonly string[];
  /** Its working directory; undefined where that can't be seen. */
  readonly cwd: string | undefined;
}

/** Process id of a Godot editor that has `project` open, a path without links; undefined where none is seen. */
export function runningEditorOn(project: string): number | undefined {
  return programs().find((program) => isEditorOn(program, project))?.pid;
}

/** As Godot reads its command line: `--editor --path <folder>`, or the path of a project.godot, or its working directory. */
export function isEditorOn({ words, cwd = "/" }: Omit<Program, "pid">, project: string): boolean {
  const [program = "", ...options] = words;
  if (!/godot/i.test(basename(program)) || !options.some((word) => EDITOR_FLAGS.has(word))) return false;
  const at = options.indexOf("--path");
  const file = options.find((word) => basename(word) === "project.godot");
  const named = at >= 0 ? options[at + 1] : file && dirname(file);
  return isSameFolder(realFolder(resolve(cwd, named ?? ".")), project);
}

function programs(): Program[] {
  if (process.platform === "linux")
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap(programOf);
  return process.platform === "win32" ? [] : programsByPs();
}

function programOf(pid: string): Program[] {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return words.length > 1 ? [{ pid: Number(pid), words, cwd: readlinkSync(`/proc/${pid}/cwd`) }] : [];
  } catch {
    // It has ended, or is another account's.
    return [];
  }
}

/** Its lines have no marks between words: a path with spaces is not found. */
function programsByPs(): Program[] {
  try {
    const text = execFileSync("ps", ["-axww", "-o", "pid=,command="], { timeout: PS_TIMEOUT_MS }).toString();
    return text.split("\n").flatMap((line) => {
      const [pid, ...words] = line.trim().split(/\s+/);
      return words.length > 1 ? [{ pid: Number(pid), words, cwd: undefined }] : [];
    });
  } catch {
    return [];
  }
}
