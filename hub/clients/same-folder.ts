/** Whether two paths, one from an editor and one from an adapter or a person, name the same folder. */
import { type BigIntStats, statSync } from "node:fs";

/** How the machine is looked at. */
interface FolderView {
  platform?: NodeJS.Platform;
  /** What a path names; undefined when it can't be seen from here. */
  identify?: (path: string) => Pick<BigIntStats, "dev" | "ino"> | undefined;
}

/**
 * True when both name one folder. Slashes and trailing ones do not count. On Windows neither do cases; on macOS they do
 * only where the volume tells them apart, so two spellings that differ in nothing else are looked up.
 */
export function isSameFolder(a: string, b: string, view: FolderView = {}): boolean {
  const { platform = process.platform, identify = identityOf } = view;
  const [left, right] = [a, b].map((path) => normalizePath(path, platform));
  if (left === right) return true;
  if (platform !== "darwin" || folded(left) !== folded(right)) return false;
  const [one, other] = [identify(a), identify(b)];
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** Forward slashes, no trailing one, and on Windows no difference between cases: one spelling for one folder. */
export function normalizePath(path: string, platform: NodeJS.Platform = process.platform): string {
  const slashes = path.replace(/\\/g, "/").replace(/(.)\/+$/, "$1");
  return platform === "win32" ? slashes.toLowerCase() : slashes;
}

/** Without case, and with accents composed: the file system of macOS keeps them either way. */
function folded(path: string | undefined): string | undefined {
  return path?.normalize("NFC").toLowerCase();
}

function identityOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
