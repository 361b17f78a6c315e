/** Editors that this machine's list of processes shows: also those that no hub has met, since they have yet to load their addons. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { posix, win32 } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { isSameFolder } from "../clients/same-folder.ts";
import { realFolder } from "./known-projects.ts";

/** What a program that lists processes may take, ms: PowerShell needs seconds to start. */
const LIST_TIMEOUT_MS = 10_000;
const LIST_BYTES = 16 * 1024 * 1024;
const EDITOR_FLAGS: ReadonlySet<string> = new Set(["--editor", "-e"]);
/** Godot's alone: a list of all takes several times as long. As UTF-8, whatever the code page of the machine is. */
const WINDOWS_QUERY = [
  "[Console]::OutputEncoding = [Text.Encoding]::UTF8",
  "Get-CimInstance Win32_Process -Filter \"Name LIKE '%godot%'\" | Select-Object ProcessId, CommandLine | ConvertTo-Json -Compress",
].join("; ");

/** A process of this machine. */
export interface Program {
  readonly pid: number;
  /** Its command line, the program first. */
  readonly words: readonly string[];
  /** Its working directory; undefined where that can't be seen. */
  readonly cwd?: string | undefined;
}

/** Process id of a Godot editor that has `project` open, a path without links; undefined where none is seen. */
export async function runningEditorOn(project: string): Promise<number | undefined> {
  return (await programs()).find((program) => isEditorOn(program, project))?.pid;
}

/** As Godot reads its command line: `--editor --path <folder>`, or the path of a project.godot, or its working directory. */
export function isEditorOn(
  { words, cwd }: Omit<Program, "pid">,
  project: string,
  platform = process.platform,
): boolean {
  const named = folderOf(words, platform) ?? ".";
  const { isAbsolute, resolve } = platform === "win32" ? win32 : posix;
  if (!isEditor(words, platform) || (cwd === undefined && !isAbsolute(named))) return false;
  const folder = resolve(cwd ?? "/", named);
  return isSameFolder(platform === process.platform ? realFolder(folder) : folder, project, { platform });
}

function isEditor([program = "", ...options]: readonly string[], platform: NodeJS.Platform): boolean {
  const { basename } = platform === "win32" ? win32 : posix;
  return /godot/i.test(basename(program)) && options.some((word) => EDITOR_FLAGS.has(word));
}

/** The folder that a command line names; undefined where it names none. */
function folderOf([, ...options]: readonly string[], platform: NodeJS.Platform): string | undefined {
  const { basename, dirname } = platform === "win32" ? win32 : posix;
  const at = options.indexOf("--path");
  const file = options.find((word) => basename(word) === "project.godot");
  return at >= 0 ? options[at + 1] : file && dirname(file);
}

async function programs(): Promise<Program[]> {
  if (process.platform === "linux") return readdirSync("/proc").flatMap(programOf);
  try {
    return process.platform === "win32" ? await programsOfWindows() : await programsByPs();
  } catch {
    // Nothing is seen where the list can't be had.
    return [];
  }
}

function programOf(pid: string): Program[] {
  if (!/^\d+$/.test(pid)) return [];
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return words.length > 1 ? [{ pid: Number(pid), words, cwd: readlinkSync(`/proc/${pid}/cwd`) }] : [];
  } catch {
    // It has ended, or is another account's.
    return [];
  }
}

async function programsByPs(): Promise<Program[]> {
  const readings = readPs(await output("ps", ["-axww", "-o", "pid=,command="]));
  return Promise.all(
    readings.map(async (each) => (needsCwd(each) ? { ...each, cwd: await cwdByLsof(each.pid) } : each)),
  );
}

function needsCwd({ words }: Program): boolean {
  return isEditor(words, "darwin") && !posix.isAbsolute(folderOf(words, "darwin") ?? ".");
}

async function cwdByLsof(pid: number): Promise<string | undefined> {
  try {
    return readLsof(await output("lsof", ["-a", "-p", String(pid), "-d", "cwd", "-Fn"]));
  } catch {
    return undefined;
  }
}

async function programsOfWindows(): Promise<Program[]> {
  return readCim(await output("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", WINDOWS_QUERY]));
}

async function output(program: string, args: readonly string[]): Promise<string> {
  const options = { timeout: LIST_TIMEOUT_MS, maxBuffer: LIST_BYTES, windowsHide: true };
  return (await promisify(execFile)(program, args, options)).stdout;
}

/**
 * Reads the lines of `ps -o pid=,command=`, which have no marks between words: the program, and the folder or file that is named, may
 * have spaces in them. `isProject`: whether a folder is one of a project.
 */
export function readPs(text: string, isProject = hasProject): Program[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, command = ""] = /^\s*(\d+)\s+(.+)$/.exec(line) ?? [];
    return pid !== undefined && /godot/i.test(command)
      ? [{ pid: Number(pid), words: wordsOfPs(command, isProject) }]
      : [];
  });
}

function wordsOfPs(command: string, isProject: (folder: string) => boolean): string[] {
  const pieces = command.split(" ");
  const [start, end] = namedRun(pieces, isProject);
  const firstOption = pieces.findIndex((piece, index) => index === start || piece.startsWith("-"));
  const programEnd = firstOption < 0 ? pieces.length : firstOption;
  const named = start < end ? [pieces.slice(start, end).join(" ")] : [];
  const program = pieces.slice(0, programEnd).join(" ");
  return [program, ...pieces.slice(programEnd, start), ...named, ...pieces.slice(end)];
}

/** From where to where a command line names its folder, or its project.godot: the longest path that is one of a project. */
function namedRun(pieces: readonly string[], isProject: (folder: string) => boolean): [start: number, end: number] {
  const join = (start: number, end: number) => pieces.slice(start, end).join(" ");
  const at = pieces.indexOf("--path") + 1;
  if (at > 0) {
    for (let end = pieces.length; end > at; end -= 1) if (isProject(join(at, end))) return [at, end];
    return [at, Math.min(at + 1, pieces.length)];
  }
  const end = pieces.findIndex((piece) => posix.basename(piece) === "project.godot") + 1;
  if (end === 0) return [pieces.length, pieces.length];
  for (let start = 1; start < end; start += 1) if (isProject(posix.dirname(join(start, end)))) return [start, end];
  return [end - 1, end];
}

function hasProject(folder: string): boolean {
  return existsSync(posix.join(folder, "project.godot"));
}

/** The folder in the output of `lsof -d cwd -Fn`. */
export function readLsof(text: string): string | undefined {
  return /^n(.+)$/m.exec(text)?.[1];
}

const cimProcess = z.object({ ProcessId: z.number().int(), CommandLine: z.string().nullable() });
const cimOutput = z.union([cimProcess.transform((one) => [one]), z.array(cimProcess)]);

/** Reads what Windows says of processes, as JSON: one, several, or nothing at all. */
export function readCim(text: string): Program[] {
  const json = text.replace(/^\uFEFF/, "").trim();
  if (json === "") return [];
  return cimOutput
    .parse(JSON.parse(json))
    .map(({ ProcessId: pid, CommandLine }) => ({ pid, words: wordsOfWindows(CommandLine ?? "") }));
}

/** Words of a command line as programs of Windows read it: quotes join, and a backslash before one makes it a letter. */
function wordsOfWindows(line: string): string[] {
  const words = line.match(/(?:[^\s"]|"(?:\\"|[^"])*"?)+/g) ?? [];
  return words.map((word) => word.replace(/\\"|"/g, (mark) => (mark === '"' ? "" : '"')));
}
