/** Whether a process of this machine still runs. Only asks; nothing here ends a process. */
import { readFileSync } from "node:fs";

/** True while process `pid` exists and has not ended; an ended one that its parent has not collected counts as ended. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return process.platform !== "linux" || !isZombie(pid);
}

/** Whether process `pid` was started with that variable; undefined where that can't be seen: only Linux shows it. */
export function wasStartedWith(pid: number, variable: string, value: string): boolean | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${variable}=${value}`);
  } catch {
    // It has ended, or is not this user's: in no case one that was started from here.
    return false;
  }
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const state = stat.charAt(stat.lastIndexOf(")") + 2);
    return state === "Z" || state === "X";
  } catch {
    return false;
  }
}
