/**
 * Whether the hub that hub.json speaks of still lives. Its port alone does not say: one that is flooded, stopped or busy refuses
 * or resets, and still serves its editors. Who takes it for dead starts a second hub beside it.
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
  // A hub of an earlier version does not note it: whoever had the number before hub.json was written still has it.
  const beganAt = processBeganAt(pid);
  return beganAt === undefined ? undefined : beganAt <= Date.parse(startedAt) + CLOCK_STEPS_MS;
}
