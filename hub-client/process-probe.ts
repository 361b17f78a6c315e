/** Finds out whether a process of this machine still runs, and whether it is still the same one. Ends no process. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hasCode } from "./node-errors.ts";

/** What a started `ps` may take, ms. */
const PS_TIMEOUT_MS = 2_000;
/** Ticks in a second in /proc: the same on every machine that Linux presents to programs. */
const TICKS_PER_SECOND = 100;
/** Places in /proc/<pid>/stat, counted from behind the name, which may have spaces. */
const STATE = 0;
const START_TICKS = 19;

/** True while process `pid` exists and has not ended; an ended one that its parent has not collected counts as ended. */
export function isProcessAlive(pid: number): boolean {
  // 0 and negative numbers are no process, but groups.
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another account.
    return hasCode(error, "EPERM");
  }
  return process.platform !== "linux" || !isZombie(pid);
}

/**
 * Tells a process from a later one with the same number: a text that stays the same for as long as the process lives.
 * Undefined where it can't be read: for a process that has ended, and on Windows.
 */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === "linux") return `${bootId()} ${statOf(pid)[START_TICKS]}`;
    return process.platform === "win32" ? undefined : startByPs(pid);
  } catch {
    return undefined;
  }
}

/** When process `pid` began, in ms since 1970, by the clock as it is set now; undefined where only others than Linux know. */
export function processBeganAt(pid: number): number | undefined {
  try {
    const [, bootedAt] = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "latin1")) ?? [];
    const beganAt = 1_000 * (Number(bootedAt) + Number(statOf(pid)[START_TICKS]) / TICKS_PER_SECOND);
    return Number.isFinite(beganAt) ? beganAt : undefined;
  } catch {
    return undefined;
  }
}

function isZombie(pid: number): boolean {
  try {
    const state = statOf(pid)[STATE];
    return state === "Z" || state === "X";
  } catch {
    return false;
  }
}

function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Numbers and times begin anew with each start of the machine. */
function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
}

function startByPs(pid: number): string | undefined {
  // The same text for every process, in any language and time zone.
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { env, timeout: PS_TIMEOUT_MS });
  return text.toString().trim() || undefined;
}
