/** Writes the state directory: the token, made once, and hub.json, held by one hub at a time. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { changeExclusively, createFile, readIfPresent, replaceFile } from "./atomic-file.ts";
import { hasCode } from "./node-errors.ts";
import { type HubFile, hubFilePath, isToken, parseHubFile, readToken, tokenPath } from "./state-dir.ts";
import { requireOwner, requireOwnState } from "./state-owner.ts";

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const TOKEN_BYTES = 32;

/**
 * Makes the state directory, and makes it private. @throws the file system's error when it can't be written, and {ForeignStateError}
 * when another account owns the directory or a file that is believed in it.
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
    // A blank file is no token, but would stand in the way of a new one.
    if (blank !== undefined) changeExclusively(path, blank, () => rmSync(path, { force: true }));
    createFile(path, newToken());
  }
  if (!existsSync(path)) throw new Error(`${path} is a link that leads nowhere: remove it`);
  const token = readToken(home);
  if (token === undefined) throw new Error(`${path} can't be read`);
  if (!isToken(token)) throw new Error(`what is in ${path} is no token: 'godot-hub token rotate' makes one`);
  // A file that is no token may be any file, by a link.
  makePrivate(path, PRIVATE_FILE);
  return token;
}

/** Replaces the token. Clients that are connected stay; a client that connects from now on needs the new one. */
export function rotateToken(home: string): string {
  const token = newToken();
  replaceFile(tokenPath(home), token);
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
  if (createFile(path, text)) return true;
  if (stale === undefined) return false;
  return changeExclusively(path, stale, () => replaceFile(path, text));
}

/** Removes hub.json if it is still this hub's. */
export function releaseHubFile(home: string, hub: HubFile): void {
  const path = hubFilePath(home);
  changeExclusively(path, textOf(hub), () => rmSync(path, { force: true }));
}

/** Makes a folder and those above it. Node's own `recursive` never returns where a file system refuses with ENOENT (/proc). */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (!existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: PRIVATE_DIRECTORY });
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

function makePrivate(path: string, mode: number): void {
  // Windows has no such modes; there the user's profile folder is private already.
  if (process.platform !== "win32" && (statSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
}

function textOf(hub: HubFile): string {
  return `${JSON.stringify(hub)}\n`;
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("hex");
}
