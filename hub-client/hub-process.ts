/**
 * Finds out whether the hub of hub.json still lives. Its port alone does not show it: a flooded, stopped or busy hub refuses
 * or resets connections, and still serves its editors. A client that takes it for dead would start a second hub beside it.
 */
import { isProcessAlive, processBeganAt, processStart } from "./process-probe.ts";
import type { HubFile } from "./state-dir.ts";

/** How much later than its hub.json a process may seem to have begun, ms: the clocks that are compared have steps. */
const CLOCK_STEPS_MS = 2_000;

/** True for the process that has written `hub`, false when it has ended; undefined where only a number speaks for it. */
export function isHubProcess({ pid, processStart: noted, startedAt }: HubFile): boolean | undefined {
  if (!isProcessAlive(pid)) return false;
  const start = processStart(pid);
  if (start === undefined) return undefined;
  if (noted !== undefined) return start === noted;
  // A hub of an earlier version does not note it: a process that had the number before hub.json was written still has it.
  const beganAt = processBeganAt(pid);
  return beganAt === undefined ? undefined : beganAt <= Date.parse(startedAt) + CLOCK_STEPS_MS;
}
