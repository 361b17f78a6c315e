/** Starts a real hub process for tests: the built program, with a separate state directory. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type HubFile, readHubFile, readToken } from "../../hub-client/state-dir.ts";
import { until, within } from "./wait.ts";

export const HUB_PROGRAM = fileURLToPath(new URL("../../dist/godot-hub.js", import.meta.url));
const START_DEADLINE_MS = 30_000;

export interface HubOptions {
  /** State directory; default: a new one, removed by `dispose`. */
  home?: string;
  /** Port to listen on. Default: 0, any free one. */
  port?: number;
  /** More flags of `godot-hub run`. */
  args?: readonly string[];
  env?: Record<string, string>;
}

/** Code or signal with which a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Hubs that run: none of them outlives the test process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class HubProcess {
  readonly home: string;
  readonly #options: HubOptions;
  readonly #ownsHome: boolean;
  #child: ChildProcess | undefined;
  #file: HubFile | undefined;
  #output = "";

  private constructor(options: HubOptions) {
    this.#options = options;
    this.#ownsHome = options.home === undefined;
    this.home = options.home ?? mkdtempSync(join(tmpdir(), "godot-hub-test-"));
  }

  /** Starts a hub and waits until its `hub.json` says where it listens. */
  static async start(options: HubOptions = {}): Promise<HubProcess> {
    if (!existsSync(HUB_PROGRAM)) throw new Error("dist/godot-hub.js is missing: run `npm run build`.");
    const hub = new HubProcess(options);
    try {
      await hub.#launch(options.port ?? 0);
    } catch (error) {
      await hub.dispose();
      throw error;
    }
    return hub;
  }

  get pid(): number {
    return this.#running.pid;
  }

  get url(): string {
    return this.#running.url;
  }

  get port(): number {
    return this.#running.port;
  }

  /** The token that the hub wrote for its clients. */
  get token(): string {
    const token = this.#options.env?.GODOT_HUB_TOKEN ?? readToken(this.home);
    if (token === undefined) throw new Error(`No token in ${this.home}.`);
    return token;
  }

  /** What the process printed, stdout and stderr as they came, all starts together. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && running.has(this.#child);
  }

  /** Sends `signal` and waits for the end of the process; it has no chance to tidy up. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<Exit> {
    const child = this.#child;
    if (!child || !running.has(child)) return { code: child?.exitCode ?? null, signal: child?.signalCode ?? null };
    const exited = once(child, "exit");
    child.kill(signal);
    await within(exited, { what: `the hub's end after ${signal}`, deadlineMs: START_DEADLINE_MS });
    return { code: child.exitCode, signal: child.signalCode };
  }

  /** Sends a signal that does not end the process, such as SIGSTOP. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Asks it to stop (SIGTERM) and waits. */
  stop(): Promise<Exit> {
    return this.kill("SIGTERM");
  }

  /** Starts it again with the same state directory, and by default on the same port. */
  async restart({ samePort = true } = {}): Promise<void> {
    const port = samePort ? this.port : 0;
    await this.kill();
    await this.#launch(port);
  }

  /** Ends it at once and removes the state directory that was made for it. */
  async dispose(): Promise<void> {
    await this.kill();
    if (this.#ownsHome) rmSync(this.home, { recursive: true, force: true });
  }

  get #running(): HubFile {
    if (!this.#file) throw new Error("The hub has not started.");
    return this.#file;
  }

  async #launch(port: number): Promise<void> {
    const { args = [], env = {} } = this.#options;
    const child = spawn(process.execPath, [HUB_PROGRAM, "run", "--port", String(port), ...args], {
      // A limit on changes would be what most tests run into: those about it set it.
      env: { ...environment(), GODOT_HUB_HOME: this.home, GODOT_HUB_WRITES_PER_MINUTE: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    this.#child = child;
    this.#file = await until(() => this.#announced(child), { what: "hub.json", deadlineMs: START_DEADLINE_MS });
  }

  /** What `hub.json` says, once it is this process that wrote it: one that was killed leaves its own behind. */
  #announced(child: ChildProcess): HubFile | undefined {
    if (!running.has(child)) throw new Error(`The hub ended with ${child.exitCode}:\n${this.#output}`);
    const file = readHubFile(this.home);
    return file?.pid === child.pid ? file : undefined;
  }
}

/** The environment without anything that would configure a hub. */
export function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GODOT_HUB_")));
}
