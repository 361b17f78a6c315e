/** What the adapter lives by: its AI client. Notices each way in which that client can go. */

/** How often the parent process is looked for. */
const PARENT_CHECK_MS = 250;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Calls `onEnd` once, when stdin ends, stdout breaks, a signal asks for the end, or the parent process is gone.
 * @param onEnd `graceful`: answers may still be read by somebody. `exitCode`: 0, or 128 and the signal's number.
 */
export function watchLifeline(onEnd: (end: { reason: string; graceful: boolean; exitCode: number }) => void): void {
  let ended = false;
  const end = (reason: string, graceful = false, exitCode = 0) => {
    if (ended) return;
    ended = true;
    onEnd({ reason, graceful, exitCode });
  };
  process.stdin.once("end", () => end("stdin ended", true));
  process.stdin.once("close", () => end("stdin was closed", true));
  process.stdin.once("error", () => end("stdin broke"));
  process.stdout.on("error", () => end("stdout broke"));
  for (const signal of SIGNALS) process.once(signal, () => end(signal, false, 128 + signalNumber(signal)));
  const parent = process.ppid;
  setInterval(() => isOrphaned(parent) && end("the parent process is gone"), PARENT_CHECK_MS).unref();
}

function signalNumber(signal: (typeof SIGNALS)[number]): number {
  return { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal];
}

/** Elsewhere a process whose parent dies is given another one; Windows leaves the old number standing. */
function isOrphaned(parent: number): boolean {
  if (process.ppid !== parent) return true;
  if (process.platform !== "win32") return false;
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
}
