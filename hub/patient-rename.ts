/** Puts a file or folder in the place of another, also while somebody has that one open. */
import { renameSync } from "node:fs";

/** Windows refuses to replace what is open elsewhere; editors, virus scanners and readers of hub.json are done in a moment. */
const REFUSALS: ReadonlySet<unknown> = new Set(["EPERM", "EACCES", "EBUSY"]);
const PATIENCE_MS = 2_000;
const FIRST_WAIT_MS = 5;

/** What a rename works with. */
export interface Renaming {
  platform?: NodeJS.Platform;
  rename?: (from: string, to: string) => void;
}

/** Renames; on Windows tries again for up to two seconds. @throws the file system's error. */
export function patientRename(from: string, to: string, renaming: Renaming = {}): void {
  const { platform = process.platform, rename = renameSync } = renaming;
  const deadline = performance.now() + PATIENCE_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs *= 2) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (platform !== "win32" || !REFUSALS.has(code) || performance.now() + waitMs > deadline) throw error;
      pause(waitMs);
    }
  }
}

/** Files are replaced in one step, without a turn of the event loop in between. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
