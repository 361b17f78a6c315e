/** Reads another process's CPU time and memory from /proc, on Linux only. */
import { readFileSync } from "node:fs";

/** Clock ticks a second of /proc's CPU times, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Resident memory of a process, in bytes. */
export function memoryOf(pid: number): number {
  const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(rss?.[1]) * 1024;
}

/** CPU time that a process has used, in ms. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}
