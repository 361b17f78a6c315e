/** New lines of a file, as they are written. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

/** Reads what was added to a file since the last time, also when the file was moved aside in between. */
export class FileTail {
  readonly #path: string;
  #file = 0;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Passes over what is there already. */
  skipToEnd(): void {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    if (stat) [this.#file, this.#offset] = [stat.ino, stat.size];
  }

  /** Whole lines that were not read yet. */
  readLines(): string[] {
    const stat = statSync(this.#path, { throwIfNoEntry: false });
    if (!stat) return [];
    if (stat.ino !== this.#file || stat.size < this.#offset) {
      this.#file = stat.ino;
      this.#offset = 0;
    }
    return this.#readOn().split("\n").filter(Boolean);
  }

  #readOn(): string {
    const fd = openSync(this.#path, "r");
    try {
      const buffer = Buffer.alloc(Math.max(0, fstatSync(fd).size - this.#offset));
      const read = readSync(fd, buffer, 0, buffer.length, this.#offset);
      // Half a line at the end is left for the next time.
      const end = buffer.subarray(0, read).lastIndexOf(0x0a) + 1;
      this.#offset += end;
      return buffer.toString("utf8", 0, end);
    } finally {
      closeSync(fd);
    }
  }
}
