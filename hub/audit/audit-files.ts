/** The files of the audit log: `audit/audit.<day>.<number>.jsonl` in the state directory, rolled by size and day, bounded in number. */
import { once } from "node:events";
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import roll from "pino-roll";
import { withTimeout } from "../with-timeout.ts";

/** Bytes that may wait for a disk that does not take them; past them, entries are lost. */
const UNWRITTEN_BYTES = 1024 * 1024;

/** Lines are written together once they have so many bytes, or so many ms have passed: a write to the disk costs more than a command. */
const WRITTEN_TOGETHER_BYTES = 8 * 1024;
const WRITE_INTERVAL_MS = 100;

/** How long a close waits for the disk, ms. */
const CLOSE_TIMEOUT_MS = 2_000;

const NEWLINE = 0x0a;

type Destination = Awaited<ReturnType<typeof roll>>;

/** How much is kept. */
interface AuditBounds {
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
  readonly #destination: Destination;
  /** Bytes of each line that waits, the oldest first; of that one, what is not written of it. */
  readonly #waiting: number[] = [];
  /** Not the stream's own: that one would write also to a file that could not be opened, and throw. */
  readonly #flushing: NodeJS.Timeout;
  #isFailing = false;
  #isClosed = false;
  #lost = 0;
  #lostAndTold = 0;

  private constructor(destination: Destination, logger: Logger) {
    this.#destination = destination;
    this.#logger = logger;
    this.#flushing = setInterval(() => destination.flush(), WRITE_INTERVAL_MS).unref();
    destination.on("error", (error: Error) => this.#onError(error));
    destination.on("drop", () => {
      this.#waiting.pop();
      this.#lost += 1;
    });
    destination.on("write", (bytes: number) => this.#onWritten(bytes));
  }

  /** Opens the newest file, or begins one. @throws when that can't be done. */
  static async open(home: string, { maxBytes, files }: AuditBounds, logger: Logger): Promise<AuditFileWriter> {
    const folder = auditFolder(home);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== "win32") chmodSync(folder, 0o700);
    // Files are counted when one is full or a day ends; a hub that is started each day would never come to that.
    for (const path of auditFiles(home).slice(0, -files)) rmSync(path, { force: true });
    endLastLine(auditFiles(home).at(-1));
    const destination = await roll({
      file: join(folder, "audit.jsonl"),
      size: `${maxBytes}b`,
      frequency: "daily",
      dateFormat: "yyyy-MM-dd",
      limit: { count: files, removeOtherLogFiles: true },
      mode: 0o600,
      minLength: WRITTEN_TOGETHER_BYTES,
      maxLength: UNWRITTEN_BYTES,
      sync: false,
    });
    try {
      await once(destination, "ready");
    } catch (error) {
      // It can't be closed, and would go on to roll: whoever hears this ends that.
      destination.emit("close");
      throw error;
    }
    return new AuditFileWriter(destination, logger);
  }

  /** Lines that were given to it and were not written, but for those that wait to be. */
  get lost(): number {
    return this.#lost;
  }

  /** Appends one line, some time soon. */
  write(line: string): void {
    if (this.#isClosed) {
      this.#lost += 1;
      return;
    }
    const text = `${line}\n`;
    this.#waiting.push(Buffer.byteLength(text));
    this.#destination.write(text);
  }

  /** Writes what waits and closes, within `timeoutMs`; what is not written by then is lost. Never rejects. */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#flushing);
    const closed = new Promise<void>((resolve) => {
      this.#destination.once("close", resolve);
      this.#destination.once("error", () => resolve());
      this.#destination.end();
    });
    await withTimeout(closed, timeoutMs);
    this.#lost += this.#waiting.splice(0).length;
  }

  #onError(error: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#logger.error({ error: error.message }, "the audit log can't be written: entries may be lost");
  }

  #onWritten(bytes: number): void {
    this.#takeWritten(bytes);
    if (!this.#isFailing || bytes === 0) return;
    this.#isFailing = false;
    this.#logger.warn({ lost: this.#lost - this.#lostAndTold }, "the audit log is written again");
    this.#lostAndTold = this.#lost;
  }

  #takeWritten(bytes: number): void {
    let left = bytes;
    for (let [first] = this.#waiting; first !== undefined && first <= left; [first] = this.#waiting) {
      left -= first;
      this.#waiting.shift();
    }
    if (this.#waiting[0] !== undefined) this.#waiting[0] -= left;
  }
}

/** A hub that was killed, or found no room, has left half a line perhaps: what comes next is not to be lost with it. */
function endLastLine(path: string | undefined): void {
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  if (path === undefined || !stats?.isFile() || stats.size === 0) return;
  const file = openSync(path, "a+");
  try {
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, stats.size - 1);
    if (last[0] !== NEWLINE) writeSync(file, "\n");
  } finally {
    closeSync(file);
  }
}
