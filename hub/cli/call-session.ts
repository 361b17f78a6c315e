/** The identity that one `godot-hub call` leaves to the next: what a person did with one of them is his own for the next one. */
import { readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { createFile, replaceFile } from "../../hub-client/atomic-file.ts";

/** The identity while a call has it: nobody else can take it meanwhile. */
export class CallSession {
  readonly #path: string;
  readonly #isOwner: boolean;
  /** Proves the identity to the hub; undefined when there is none yet, or another call has it. */
  readonly resumeToken: string | undefined;

  private constructor(path: string, resumeToken: string | undefined) {
    this.#path = path;
    this.#isOwner = resumeToken !== undefined;
    this.resumeToken = resumeToken;
  }

  /** Takes the identity of the calls in `home`. Two at the same time are two: only one of them can remove the file. */
  static take(home: string): CallSession {
    const path = join(home, "call-session");
    try {
      const resumeToken = readFileSync(path, "utf8");
      unlinkSync(path);
      return new CallSession(path, resumeToken);
    } catch {
      return new CallSession(path, undefined);
    }
  }

  /** Leaves an identity to the next call; a call that had to make its own leaves that only where there is no other. */
  leave(resumeToken: string): void {
    try {
      if (this.#isOwner) replaceFile(this.#path, resumeToken);
      else createFile(this.#path, resumeToken);
    } catch {
      // Another call has left its own, or nothing can be written here: the next one may be somebody new, which is all that is lost.
    }
  }
}
