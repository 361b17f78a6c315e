/** Writes the state directory: the token, made once, and hub.json, held by one hub at a time. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isProcessAlive } from "../protocol/process-probe.ts";
import { type HubFile, hubFilePath, hubFileSchema, isToken, readToken, tokenPath } from "../protocol/state-dir.ts";
import { requireOwner, requireOwnState } from "../protocol/state-owner.ts";
import { patientRename } from "./patient-rename.ts";

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const TOKEN_BYTES = 32;
/** How file systems without hard links refuse one (exFAT, some mounted volumes); EISDIR is what Node makes of it on Windows. */
const NO_LINKS: ReadonlySet<unknown> = new Set(["EPERM", "ENOTSUP", "ENOSYS", "EMLINK", "EISDIR"]);

/**
 * Makes the state directory, and makes it private. @throws the file system's error when it can't be written, and {ForeignStateError}
 * when it, or what is believed in it, is somebody else's.
 */
export function ensureHome(home: string): void {
  makeDirectory(home);
  requireOwner(home);
  makePrivate(home, PRIVATE_DIRECTORY);
  requireOwnState(home);
}

/** The token of `home`, made when there is none: of many processes that start at once, all get the same. */
export function ensureToken(home: string): string {
  const path = tokenPath(home);
  if (!readToken(home)) {
    const blank = readIfPresent(path);
    // A blank file is nobody's token, but would stand in the way of a new one.
    if (blank !== undefined) whileHolding(path, blank, () => rmSync(path, { force: true }));
    createOnce(path, newToken());
  }
  if (!existsSync(path)) throw new Error(`${path} is a link that leads nowhere: remove it`);
  const token = readToken(home);
  if (token === undefined) throw new Error(`${path} can't be read`);
  if (!isToken(token)) throw new Error(`what is in ${path} is no token: 'godot-hub token rotate' makes one`);
  // What is no token may be anybody's file, by a link.
  makePrivate(path, PRIVATE_FILE);
  return token;
}

/** Replaces the token. Clients that are connected stay; whoever connects from now on needs the new one. */
export function rotateToken(home: string): string {
  const token = newToken();
  replacePrivateFile(tokenPath(home), token);
  return token;
}

/** What hub.json in `home` says, and its text, by which one version of the file is told from another. */
export interface HubFileOnDisk {
  text: string;
  /** Undefined when the text is not that of a hub.json. */
  hub: HubFile | undefined;
}

/** Reads hub.json; undefined when there is none. */
export function inspectHubFile(home: string): HubFileOnDisk | undefined {
  const text = readIfPresent(hubFilePath(home));
  return text === undefined ? undefined : { text, hub: parseHubFile(text) };
}

/**
 * Writes hub.json in one step, for one hub only.
 * @param stale Text of a hub.json that was seen to belong to no running hub: it alone may be replaced.
 * @returns true when this hub holds hub.json now; false when another one does.
 */
export function claimHubFile(home: string, hub: HubFile, stale: string | undefined): boolean {
  const path = hubFilePath(home);
  const text = textOf(hub);
  if (createOnce(path, text)) return true;
  if (stale === undefined) return false;
  return whileHolding(path, stale, () => replacePrivateFile(path, text));
}

/** Removes hub.json if it is still this hub's. */
export function releaseHubFile(home: string, hub: HubFile): void {
  const path = hubFilePath(home);
  whileHolding(path, textOf(hub), () => rmSync(path, { force: true }));
}

/**
 * Runs `change` if `path` still holds `expected`, as the only process that may change that version of the file.
 * Two processes that both found a version to be stale could otherwise remove each other's successor to it.
 */
function whileHolding(path: string, expected: string, change: () => void): boolean {
  const lock = `${path}.lock`;
  if (!createOnce(lock, String(process.pid)) && !takeOverLock(lock)) return false;
  try {
    if (readIfPresent(path) !== expected) return false;
    change();
    return true;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A lock is held for microseconds: one whose process is gone was left by a crash within them. */
function takeOverLock(lock: string): boolean {
  const holder = Number(readIfPresent(lock));
  if (holder && holder !== process.pid && isProcessAlive(holder)) return false;
  rmSync(lock, { force: true });
  return createOnce(lock, String(process.pid));
}

/** Creates `path` with its whole content in one step. False when it exists already. */
function createOnce(path: string, text: string): boolean {
  const temporary = writeTemporary(path, text);
  try {
    return exclusively(() => linkSync(temporary, path)) ?? exclusively(() => writeNew(path, text)) ?? false;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** True when `create` did it, false when the file exists, undefined when this file system has no such operation. */
function exclusively(create: () => void): boolean | undefined {
  try {
    create();
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") return false;
    if (NO_LINKS.has(code)) return undefined;
    throw error;
  }
}

function writeNew(path: string, text: string): void {
  writeFileSync(path, text, { mode: PRIVATE_FILE, flag: "wx" });
}

/** Replaces a file that only its owner may read, in one step. */
export function replacePrivateFile(path: string, text: string): void {
  const temporary = writeTemporary(path, text);
  try {
    patientRename(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeTemporary(path: string, text: string): string {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    writeNew(temporary, text);
  } catch (error) {
    // A full disk leaves an empty or half-written file behind.
    rmSync(temporary, { force: true });
    throw error;
  }
  return temporary;
}

/** Makes a folder and those above it. Node's own `recursive` never returns where a file system refuses with ENOENT (/proc). */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (!existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: PRIVATE_DIRECTORY });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

function makePrivate(path: string, mode: number): void {
  // Windows has no such modes; there the user's profile folder is private already.
  if (process.platform !== "win32" && (statSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

function parseHubFile(text: string): HubFile | undefined {
  try {
    return hubFileSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function textOf(hub: HubFile): string {
  return `${JSON.stringify(hub)}\n`;
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("hex");
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
