/** The process that has started this one, and whether it is gone. To be loaded before anything else: it may die meanwhile. */
import { readFileSync } from "node:fs";

const PARENT = process.ppid;

/** True once the process that was the parent when this one began is gone. */
export function isParentGone(): boolean {
  // A process whose parent dies is given another one; Windows leaves the old number standing.
  if (process.ppid !== PARENT) return true;
  if (process.platform !== "win32") return false;
  try {
    process.kill(PARENT, 0);
    return false;
  } catch {
    return true;
  }
}

/**
 * True when the parent was gone already before this process could look. Whoever leads no session was started in its own one,
 * so a parent outside of it has only adopted this process. Told on Linux only; nothing is guessed where that can't be seen.
 */
export function isAdopted(): boolean {
  if (process.platform !== "linux") return false;
  try {
    const session = sessionOf("self");
    return session !== process.pid && session !== sessionOf(String(PARENT));
  } catch {
    return false;
  }
}

/** The fourth member after the program's name, which may contain anything: state, parent, group, session. */
function sessionOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(session);
}
