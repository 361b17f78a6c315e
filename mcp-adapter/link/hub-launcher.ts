/** Starts a hub as a background process of its own and waits until it can be reached. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type HubFile, readHubFile } from "../../hub-client/state-dir.ts";
import { OpenFailure } from "./open-failure.ts";
import { StartClaim } from "./start-claim.ts";

const LAUNCH_TIMEOUT_MS = 15_000;
const POLL_MS = 25;
/** How long another adapter's start is waited for. */
const OTHERS_START_MS = 5_000;
const RESTART_AFTER_MS = 1_000;
const PROBE_TIMEOUT_MS = 1_000;
/** Exit code of a hub that found another one running: that one will do. */
const ALREADY_RUNNING = 3;
/** The log of starts is kept no longer than this, in bytes. */
const START_LOG_LIMIT = 256 * 1024;
/** How much of what a failed hub said is passed on. */
const LAST_LINES = 5;

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
 * Starts a hub, or waits for the one that another adapter is starting, until something listens where `hub.json` says. Of many
 * that are started at once one stays; the others exit at once, and their starters find the one.
 * @throws {OpenFailure} HUB_START_FAILED, with what the hub said last.
 */
export async function launchHub(options: LaunchOptions): Promise<void> {
  if (!existsSync(options.program)) throw failure(`its program is missing: ${options.program}`, "");
  const log = openStartLog(options.home);
  try {
    await startUntilReached(options, log);
  } finally {
    closeSync(log.fd);
  }
}

async function startUntilReached(options: LaunchOptions, log: StartLog): Promise<void> {
  const startedAt = performance.now();
  const claim = new StartClaim(options.home);
  let attempt: Attempt | undefined;
  try {
    while (performance.now() - startedAt < LAUNCH_TIMEOUT_MS) {
      if (await canBeReached(options)) return;
      const isOurs = claim.take() || performance.now() - startedAt > OTHERS_START_MS;
      if (isOurs) attempt ??= startHub(options, log.fd);
      const { end, ageMs } = attempt?.() ?? RUNNING;
      if (end !== undefined && end !== ALREADY_RUNNING) throw failure(`it ended with ${end}`, log.tail());
      // The one that was running may have been about to end.
      if (end === ALREADY_RUNNING && ageMs > RESTART_AFTER_MS) attempt = startHub(options, log.fd);
      await delay(POLL_MS);
    }
  } finally {
    claim.release();
  }
  throw failure(`it could not be reached within ${LAUNCH_TIMEOUT_MS / 1_000} s`, log.tail());
}

/** How a start goes: `end` is the exit code, the signal or why there is no process; undefined while it runs. */
type Attempt = () => { end: number | string | undefined; ageMs: number };
/** A start that is somebody else's. */
const RUNNING = { end: undefined, ageMs: 0 };

function startHub({ program, home, env }: LaunchOptions, log: number): Attempt {
  const child = spawn(process.execPath, [program, "run", "--auto-started"], {
    cwd: home,
    env: { ...env, GODOT_HUB_HOME: home },
    detached: true,
    windowsHide: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  const startedAt = performance.now();
  let end: number | string | undefined;
  child.once("error", (error) => {
    end = error.message;
  });
  child.once("exit", (code, signal) => {
    end = code ?? signal ?? undefined;
  });
  return () => ({ end, ageMs: performance.now() - startedAt });
}

interface StartLog {
  readonly fd: number;
  /** The last lines that were written since it was opened. */
  tail(): string;
}

function openStartLog(home: string): StartLog {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, "hub-start.log");
  const fd = openSync(path, "a", 0o600);
  if (fstatSync(fd).size > START_LOG_LIMIT) ftruncateSync(fd);
  const start = fstatSync(fd).size;
  return { fd, tail: () => lastLines(readFileSync(path).subarray(start).toString()) };
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-LAST_LINES).join("\n");
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

function failure(cause: string, said: string): OpenFailure {
  const quoted = said === "" ? "" : ` It said:\n${said}`;
  return new OpenFailure(
    "HUB_START_FAILED",
    "absent",
    `No hub was running, and starting one failed: ${cause}.${quoted}`,
    "Run `godot-hub run` in a terminal to see why.",
  );
}
