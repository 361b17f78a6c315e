/** Reads the audit log's files line by line, and chooses entries. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isMissing } from "../../hub-client/node-errors.ts";
import { type AuditEntry, type AuditFilter, auditEntrySchema } from "../../protocol/audit.ts";
import { nameMatcher } from "../access/permission.ts";
import { auditFiles } from "./audit-files.ts";

/** Every entry that `fits`, oldest first. A line that is no entry (one that a full disk has cut) is passed over. */
export async function* readAudit(home: string, fits: (entry: AuditEntry) => boolean): AsyncGenerator<AuditEntry> {
  for (const path of auditFiles(home)) yield* readFrom(path, 0, fits);
}

/** The entries of one file from the byte `start`; none when it is gone, as the oldest may be at any time. */
async function* readFrom(
  path: string,
  start: number,
  fits: (entry: AuditEntry) => boolean,
): AsyncGenerator<AuditEntry> {
  const lines = createInterface({ input: createReadStream(path, { start, encoding: "utf8" }), crlfDelay: Infinity });
  try {
    for await (const line of lines) {
      const entry = entryOf(line);
      if (entry && fits(entry)) yield entry;
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** The entry that a line is; undefined for a line that is none. */
export function entryOf(line: string): AuditEntry | undefined {
  if (line === "") return undefined;
  try {
    return auditEntrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

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
