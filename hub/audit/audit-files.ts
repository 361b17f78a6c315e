/** The files of the audit log: `audit/audit.<day>.<number>.jsonl` in the state directory, rolled by size and day, bounded in number. */
import { chmodSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import roll from "pino-roll";

/** Bytes that may wait for a disk that does not take them; past them, entries are lost. */
const UNWRITTEN_BYTES = 1024 * 1024;

/** Lines are written together once they have so many bytes, or so many ms have passed: a write to the disk costs more than a command. */
const WRITTEN_TOGETHER_BYTES = 8 * 1024;
const WRITE_INTERVAL_MS = 100;

/** How much is kept. */
export interface AuditBounds {
  /** Size in bytes at which the next file is begun. */
  readonly maxBytes: number;
  /** Files in all. */
  readonly files: number;
}

/** Folder of the log. */
export function auditFolder(home: string): string {
  return join(home, "audit");
}

/** Paths of the files that there are, oldest first. */
export function auditFiles(home: string): string[] {
  const folder = auditFolder(home);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .map((name) => /^audit\.(\d{4}-\d\d-\d\d)\.(\d+)\.jsonl$/.exec(name))
    .filter((match) => match !== null)
    .sort(([, dayA = "", numberA], [, dayB = "", numberB]) =>
      dayA === dayB ? Number(numberA) - Number(numberB) : dayA < dayB ? -1 : 1,
    )
    .map(([name]) => join(folder, name));
}

/** Appends lines. A disk that takes none costs lines and nothing else; the hub's own log says so, once. */
export class AuditFileWriter {
  readonly #logger: Logger;
  readonly #destination: Awaited<ReturnType<typeof roll>>;
  #isFailing = false;
  #lost = 0;
  #lostAndTold = 0;

  private constructor(destination: Awaited<ReturnType<typeof roll>>, logger: Logger) {
    this.#destination = destination;
    this.#logger = logger;
    destination.on("error", (error: Error) => this.#onError(error));
    destination.on("drop", () => {
      this.#lost += 1;
    });
    destination.on("write", () => this.#onWritten());
  }

  /** Opens the newest file, or begins one. @throws when the folder can't be made. */
  static async open(home: string, { maxBytes, files }: AuditBounds, logger: Logger): Promise<AuditFileWriter> {
    const folder = auditFolder(home);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== "win32") chmodSync(folder, 0o700);
    // Files are counted when one is full or a day ends; a hub that is started each day would never come to that.
    for (const path of auditFiles(home).slice(0, -files)) rmSync(path, { force: true });
    const destination = await roll({
      file: join(folder, "audit.jsonl"),
      size: `${maxBytes}b`,
      frequency: "daily",
      dateFormat: "yyyy-MM-dd",
      limit: { count: files, removeOtherLogFiles: true },
      mode: 0o600,
      minLength: WRITTEN_TOGETHER_BYTES,
      periodicFlush: WRITE_INTERVAL_MS,
      maxLength: UNWRITTEN_BYTES,
      sync: false,
    });
    return new AuditFileWriter(destination, logger);
  }

  /** Lines that were given to it and found no room. */
  get lost(): number {
    return this.#lost;
  }

  /** Appends one line, some time soon. */
  write(line: string): void {
    if (this.#destination.destroyed) this.#lost += 1;
    else this.#destination.write(`${line}\n`);
  }

  /** Writes what waits and closes. Resolves also when it can't. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#destination.once("close", resolve);
      this.#destination.once("error", () => resolve());
      this.#destination.end();
    });
  }

  #onError(error: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#logger.error({ error: error.message }, "the audit log can't be written: entries may be lost");
  }

  #onWritten(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#logger.warn({ lost: this.#lost - this.#lostAndTold }, "the audit log is written again");
    this.#lostAndTold = this.#lost;
  }
}
