/** Whether a process of this machine was started by a hub. Only asks; nothing here ends a process. */
import { readFileSync } from "node:fs";

export { isProcessAlive, processStart } from "../../protocol/process-probe.ts";

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
