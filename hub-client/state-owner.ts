/**
 * Checks the owner of the state directory. An account that can put a file into it decides which hub and which token its clients trust, and which
 * programs a hub starts and ends. Where files have no owners, as on Windows, the user's profile is private already.
 */
import { type Stats, statSync } from "node:fs";
import { join } from "node:path";

/** The account of the superuser, who can do everything anyway. */
const ROOT = 0;
const OTHERS_WRITE = 0o022;
const OTHERS_ENTER = 0o011;
/** The files of the directory that clients trust. */
const BELIEVED = ["hub.json", "token", "tokens.json", "config.json", "launched.json", "known-projects.json"];

/** Another account can write to the state directory. The message is one line that names the next step. */
export class ForeignStateError extends Error {
  override readonly name = "ForeignStateError";
}

/** @throws {ForeignStateError} if the directory or a trusted file in it belongs to another account, or others can write to it. */
export function requireOwnState(home: string): void {
  const folder = statOf(home);
  if (!folder?.isDirectory()) return;
  requireOwner(home, folder);
  if (isWritableByOthers(folder)) {
    throw new ForeignStateError(
      `${home} can be written by others (mode ${modeOf(folder)}): check its contents, then \`chmod 700 ${home}\``,
    );
  }
  for (const name of BELIEVED) requireOwnFile(home, name);
}

/** @throws {ForeignStateError} if that file of the directory belongs to another account, or others can write to it. */
export function requireOwnFile(home: string, name: string): void {
  const path = join(home, name);
  const [folder, file] = [statOf(home), statOf(path)];
  if (!folder || !file) return;
  requireOwner(home, folder);
  requireOwner(path, file);
  // No other account reaches a file in a closed folder.
  if (isWritableByOthers(file) && (folder.mode & OTHERS_ENTER) !== 0) {
    throw new ForeignStateError(
      `${path} can be written by others (mode ${modeOf(file)}): check its contents, then \`chmod 600 ${path}\``,
    );
  }
}

/** @throws {ForeignStateError} if it belongs to another account: that account would know the token. */
export function requireOwner(path: string, stats = statOf(path)): void {
  const own = process.getuid?.();
  if (own === undefined || !stats || stats.uid === own || stats.uid === ROOT) return;
  throw new ForeignStateError(
    `${path} belongs to another account (${stats.uid}): give it to this one, or name another folder with --home or GODOT_HUB_HOME`,
  );
}

function isWritableByOthers({ mode }: Stats): boolean {
  return process.getuid !== undefined && (mode & OTHERS_WRITE) !== 0;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // A file without a readable status can't be read either: its reader reports that.
    return undefined;
  }
}

function modeOf({ mode }: Stats): string {
  return `0${(mode & 0o777).toString(8)}`;
}
