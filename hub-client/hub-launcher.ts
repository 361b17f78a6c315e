/** Starts a hub in the background and waits until it can be reached. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { OpenError } from "./client-errors.ts";
import { hasCode } from "./node-errors.ts";
import { isProcessAlive } from "./process-probe.ts";
import { type HubFile, readHubFile } from "./state-dir.ts";

const LAUNCH_TIMEOUT_MS = 15_000;
const POLL_MS = 25;
/** How long another client's start is waited for. */
const OTHERS_START_MS = 5_000;
const RESTART_AFTER_MS = 1_000;
const PROBE_TIMEOUT_MS = 1_000;
/** Exit code of a hub that found another one running: that one will do. */
export const ALREADY_RUNNING = 3;
/** The log of starts is kept no longer than this, in bytes. */
const START_LOG_LIMIT = 256 * 1024;
/** How much of what a failed hub said is passed on. */
const LAST_LINES = 5;

/** What a client knows that may start a hub. */
export interface LaunchOptions {
  /** State directory; also the hub's working directory, so that it holds no other folder. */
  readonly home: string;
  /** The hub's program. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** What `hub.json` says of a hub that does not answer: only another one counts as started. */
  readonly stale: HubFile | undefined;
}

/**
 * Starts a hub, or waits for the one that another client is starting, until something listens where `hub.json` says. Of several
 * hubs that are started at once one stays; the others end at once, and their clients find that one.
 * @throws {OpenError} HUB_START_FAILED, with what the hub said last.
 */
export async function launchHub(options: LaunchOptions): Promise<void> {
  if (!existsSync(options.program)) throw failure(`its program is missing: ${options.program}`, "");
  const log = new StartLog(options.home);
  try {
    await startUntilReached(options, log);
  } finally {
    log.close();
  }
}

async function startUntilReached(options: LaunchOptions, log: StartLog): Promise<void> {
  const startedAt = performance.now();
  const claim = new StartClaim(options.home);
  let attempt: StartedHub | undefined;
  try {
    while (performance.now() - startedAt < LAUNCH_TIMEOUT_MS) {
      if (await canBeReached(options)) return;
      const isOurs = claim.acquire() || performance.now() - startedAt > OTHERS_START_MS;
      if (isOurs) attempt ??= startHub(options, log);
      const { end, ageMs } = attempt ?? RUNNING;
      if (end !== undefined && end !== ALREADY_RUNNING) throw failure(`it ended with ${end}`, lastLines(log.text));
      // The one that was running may have been about to end.
      if (end === ALREADY_RUNNING && ageMs > RESTART_AFTER_MS) attempt = startHub(options, log);
      await delay(POLL_MS);
    }
  } finally {
    claim.release();
  }
  throw failure(`it could not be reached within ${LAUNCH_TIMEOUT_MS / 1_000} s`, lastLines(log.text));
}

function startHub({ program, home, env }: LaunchOptions, log: StartLog): StartedHub {
  const args = [program, "run", "--auto-started"];
  return new StartedHub(args, { home, env: { ...env, GODOT_HUB_HOME: home }, log });
}

/** A start that another client has begun. */
const RUNNING: Pick<StartedHub, "end" | "ageMs"> = { end: undefined, ageMs: 0 };

/** A hub's process that was started in the background. */
export class StartedHub {
  readonly #child: ChildProcess;
  readonly #startedAt = performance.now();
  #end: number | string | undefined;

  /**
   * Starts it, in its state directory, so that it holds no other folder.
   * @param args Arguments of node.
   */
  constructor(args: readonly string[], { home, env, log }: { home: string; env: NodeJS.ProcessEnv; log: StartLog }) {
    this.#child = spawn(process.execPath, [...args], {
      cwd: home,
      env,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    this.#child.unref();
    this.#child.once("error", (error) => {
      this.#end = error.message;
    });
    this.#child.once("exit", (code, signal) => {
      this.#end = code ?? signal ?? undefined;
    });
  }

  /** Id of the process; undefined where there is none. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The exit code, the signal or why there is no process; undefined while it runs. */
  get end(): number | string | undefined {
    return this.#end;
  }

  /** Time since its start. */
  get ageMs(): number {
    return performance.now() - this.#startedAt;
  }
}

/** Where hubs that are started in the background say why they can't: hub-start.log of the state directory. */
export class StartLog {
  readonly path: string;
  readonly fd: number;
  readonly #start: number;

  /** Opens it. @throws the system's error. */
  constructor(home: string) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    this.path = join(home, "hub-start.log");
    this.fd = openSync(this.path, "a", 0o600);
    if (fstatSync(this.fd).size > START_LOG_LIMIT) ftruncateSync(this.fd);
    this.#start = fstatSync(this.fd).size;
  }

  /** What was written since it was opened. */
  get text(): string {
    return readFileSync(this.path).subarray(this.#start).toString().trim();
  }

  /** Closes it. */
  close(): void {
    closeSync(this.fd);
  }
}

function lastLines(text: string): string {
  return text.split("\n").slice(-LAST_LINES).join("\n");
}

async function canBeReached({ home, stale }: LaunchOptions): Promise<boolean> {
  const hub = readHubFile(home);
  if (hub === undefined || (hub.pid === stale?.pid && hub.startedAt === stale.startedAt)) return false;
  return accepts(new URL(hub.url).hostname, hub.port);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port });
    const finish = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => finish(false));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}

function failure(cause: string, said: string): OpenError {
  const quoted = said === "" ? "" : ` It said:\n${said}`;
  return new OpenError(
    "HUB_START_FAILED",
    "absent",
    `No hub was running, and starting one failed: ${cause}.${quoted}`,
    "Run `godot-hub run` in a terminal to see why.",
  );
}

/** Which of many clients starts the hub; the others wait for it. A file that one process at a time makes. Should two hold it nevertheless, the hub's socket still lets only one hub live. */
class StartClaim {
  readonly #path: string;
  #isHeld = false;

  /** @param home State directory. */
  constructor(home: string) {
    this.#path = join(home, "hub-start.claim");
  }

  /** True when this process starts the hub. A claim that was left behind is free at the next attempt. */
  acquire(): boolean {
    try {
      writeFileSync(this.#path, String(process.pid), { flag: "wx", mode: 0o600 });
      this.#isHeld = true;
    } catch (error) {
      // Where no file can be made, the hub itself says what is wrong.
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
      if (Date.now() - statSync(this.#path).mtimeMs > LAUNCH_TIMEOUT_MS) return true;
      const pid = Number(readFileSync(this.#path, "utf8"));
      // Empty while it is being written.
      return pid > 0 && !isProcessAlive(pid);
    } catch {
      return false;
    }
  }
}
