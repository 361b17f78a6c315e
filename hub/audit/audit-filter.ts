/** Chooses entries of the audit log. */
import type { AuditEntry, AuditFilter } from "../../protocol/audit.ts";
import { nameMatcher } from "../access/name-pattern.ts";

/** True for the entries that every part of `filter` fits. */
export function entryMatcher(filter: AuditFilter): (entry: AuditEntry) => boolean {
  const { since, agent, instance, command, outcome } = filter;
  const tests: ((entry: AuditEntry) => boolean)[] = [];
  if (since !== undefined) {
    const from = Date.parse(since);
    tests.push((entry) => Date.parse(entry.time) >= from);
  }
  if (agent !== undefined) tests.push((entry) => isOfAgent(entry, agent.toLowerCase()));
  if (instance !== undefined) tests.push((entry) => isOfInstance(entry, instance));
  if (command !== undefined) {
    const matches = nameMatcher([command]);
    tests.push((entry) => matches(entry.command));
  }
  if (outcome !== undefined) tests.push((entry) => hasOutcome(entry, outcome));
  return (entry) => tests.every((test) => test(entry));
}

function isOfAgent({ client, agent }: AuditEntry, wanted: string): boolean {
  return [client, agent].some((name) => name?.toLowerCase().includes(wanted));
}

function isOfInstance({ instance }: AuditEntry, wanted: string): boolean {
  if (!instance) return false;
  const { id, name, project } = instance;
  return [id, name, name.replace(/@[^@]*$/, ""), project].includes(wanted);
}

function hasOutcome({ outcome }: AuditEntry, wanted: string): boolean {
  return wanted === "error" ? outcome !== "ok" : outcome.toLowerCase() === wanted.toLowerCase();
}
