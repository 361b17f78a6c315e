/** Which of many adapters starts the hub: the others wait for it, instead of starting as many processes that end at once. */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../../hub-client/node-errors.ts";
import { isProcessAlive } from "../../hub-client/process-probe.ts";

/** How old a claim may be: a start takes no longer. */
const VALID_MS = 15_000;

/** A file that one process at a time makes. Should two hold it nevertheless, the hub's socket still lets only one hub live. */
export class StartClaim {
  readonly #path: string;
  #isHeld = false;

  /** @param home State directory. */
  constructor(home: string) {
    this.#path = join(home, "hub-start.claim");
  }

  /** True when it is this process that starts the hub. One that somebody has left behind is free at the next attempt. */
  take(): boolean {
    try {
      writeFileSync(this.#path, String(process.pid), { flag: "wx", mode: 0o600 });
      this.#isHeld = true;
    } catch (error) {
      // Where no file can be made, what is wrong is the hub's to say.
      if (!hasCode(error, "EEXIST")) return true;
      if (this.#isAbandoned()) rmSync(this.#path, { force: true });
    }
    return this.#isHeld;
  }

  release(): void {
    if (this.#isHeld) rmSync(this.#path, { force: true });
    this.#isHeld = false;
  }

  #isAbandoned(): boolean {
    try {
      if (Date.now() - statSync(this.#path).mtimeMs > VALID_MS) return true;
      const pid = Number(readFileSync(this.#path, "utf8"));
      // Empty while it is being written.
      return pid > 0 && !isProcessAlive(pid);
    } catch {
      return false;
    }
  }
}
