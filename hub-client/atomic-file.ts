/** Changes files in one step: a reader sees the old content or the new one, never a part of it. */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { codeOf, hasCode, isMissing } from "./node-errors.ts";
import { isProcessAlive } from "./process-probe.ts";

/** Only its owner may read it. */
const PRIVATE = 0o600;
/** How file systems without hard links refuse one (exFAT, some mounted volumes); EISDIR is what Node makes of it on Windows. */
const NO_LINKS = ["EPERM", "ENOTSUP", "ENOSYS", "EMLINK", "EISDIR"];
/** Windows refuses to replace what is open elsewhere; editors, virus scanners and readers of hub.json are done in a moment. */
const OPEN_ELSEWHERE = ["EPERM", "EACCES", "EBUSY"];
const RENAME_TIMEOUT_MS = 2_000;
const FIRST_WAIT_MS = 5;

/** How a file is written: private, and in UTF-8, unless this says otherwise. */
export interface FileForm {
  readonly mode?: number;
  readonly encoding?: BufferEncoding;
}

/** Replaces the file at `path`, or creates it. @throws the system's error; then the old file is as it was. */
export function replaceFile(path: string, text: string, form: FileForm = {}): void {
  const draft = writeDraft(path, text, form);
  try {
    patientRename(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Creates a private file with its whole content. @returns false when there is one already. @throws the system's error. */
export function createFile(path: string, text: string): boolean {
  const draft = writeDraft(path, text, {});
  try {
    return exclusively(() => linkSync(draft, path)) ?? exclusively(() => writeNew(path, text, {})) ?? false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Runs `change` if `path` still holds `expected`, as the only process that may change that version of the file.
 * Two processes that both found a version to be stale could otherwise remove each other's successor to it.
 * @returns whether it ran.
 */
export function changeExclusively(path: string, expected: string, change: () => void): boolean {
  const lock = `${path}.lock`;
  if (!createFile(lock, String(process.pid)) && !takeOverLock(lock)) return false;
  try {
    if (readIfPresent(path) !== expected) return false;
    change();
    return true;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The text of a file; undefined when there is none. @throws the system's error when it can't be read. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What a rename works with. */
export interface Renaming {
  platform?: NodeJS.Platform;
  rename?: (from: string, to: string) => void;
}

/** Renames a file or folder; on Windows tries for up to two seconds while another program has the target open. @throws the system's error. */
export function patientRename(from: string, to: string, renaming: Renaming = {}): void {
  const { platform = process.platform, rename = renameSync } = renaming;
  const deadline = performance.now() + RENAME_TIMEOUT_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs *= 2) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      const mayPass = platform === "win32" && hasCode(error, ...OPEN_ELSEWHERE);
      if (!mayPass || performance.now() + waitMs > deadline) throw error;
      pause(waitMs);
    }
  }
}

/** A lock is held for microseconds: one whose process is gone was left by a crash within them. */
function takeOverLock(lock: string): boolean {
  const holder = Number(readIfPresent(lock));
  if (holder && holder !== process.pid && isProcessAlive(holder)) return false;
  rmSync(lock, { force: true });
  return createFile(lock, String(process.pid));
}

/** True when `create` did it, false when the file exists, undefined when this file system has no such operation. */
function exclusively(create: () => void): boolean | undefined {
  try {
    create();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (hasCode(error, ...NO_LINKS)) return undefined;
    throw error;
  }
}

function writeDraft(path: string, text: string, form: FileForm): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    writeNew(draft, text, form);
  } catch (error) {
    // A full disk leaves an empty or half-written file behind.
    rmSync(draft, { force: true });
    throw error;
  }
  return draft;
}

function writeNew(path: string, text: string, { mode = PRIVATE, encoding = "utf8" }: FileForm): void {
  writeFileSync(path, text, { mode, encoding, flag: "wx" });
}

/** Files are replaced without a turn of the event loop in between. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
