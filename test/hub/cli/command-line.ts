/** Runs `godot-hub` commands as a user does: the built program, in a separate process, with a separate state directory. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { readHubFile } from "../../../hub-client/state-dir.ts";
import { environment } from "../../support/hub-process.ts";

export const PROGRAM = fileURLToPath(new URL("../../../dist/godot-hub.js", import.meta.url));

/** What a command said and how it ended. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A state directory of the test's own, with the commands that work on it. */
export class CommandLine {
  /** Does not exist before the first command makes it. */
  readonly home: string;
  readonly #env: Record<string, string>;

  constructor(env: Record<string, string> = {}) {
    const folder = temporaryFolder();
    this.home = join(folder, "state");
    this.#env = { GODOT_HUB_HOME: this.home, ...env };
    onTestFinished(() => this.#endHub());
  }

  /** Starts a command and leaves it running. It is ended with the test. */
  spawn(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...environment(), ...this.#env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
    const child = this.spawn(args, env);
    const [stdout, stderr, code] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      new Promise<number | null>((resolve) => child.once("close", resolve)),
    ]);
    return { code, stdout, stderr };
  }

  /** `godot-hub start` leaves a process that is no child of the test: only its hub.json says which. */
  #endHub(): void {
    const hub = readHubFile(this.home);
    if (!hub) return;
    try {
      process.kill(hub.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** A folder that is removed with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "godot-hub-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk.toString());
  return chunks.join("");
}
