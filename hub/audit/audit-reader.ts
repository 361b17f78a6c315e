/** Reads the audit log's files, line by line, however many there are. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { isMissing } from "../../hub-client/node-errors.ts";
import { type AuditEntry, auditEntrySchema } from "../../protocol/audit.ts";
import { auditFiles } from "./audit-files.ts";

/** Every entry that `fits`, oldest first. A line that is no entry (one that a full disk has cut) is passed over. */
export async function* readAudit(home: string, fits: (entry: AuditEntry) => boolean): AsyncGenerator<AuditEntry> {
  for (const path of auditFiles(home)) yield* readFrom(path, 0, fits);
}

/** The entries of one file from the byte `start`; none when it is gone, as the oldest may be at any time. */
export async function* readFrom(
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
