/** Starts headless editors for agents that have none, and ends those that it has started: nothing else. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { Logger } from "pino";
import { v4 as uuid } from "uuid";
import { WireError } from "../../protocol/errors.ts";
import { COMMAND_DEADLINE_MAX_MS, SETTLE_MS } from "../../protocol/timing.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import { Instance } from "../clients/instance.ts";
import { isProcessAlive, wasStartedWith } from "../clients/process-probe.ts";
import { findGodot } from "./godot-binary.ts";
import { KnownProjects, realFolder } from "./known-projects.ts";
import { requireProject } from "./launch-project.ts";
import { type Launch, LaunchRecord } from "./launch-record.ts";

/** Tells an editor which launch it comes from; one that restarts hands it on. */
const LAUNCH_VARIABLE = "GODOT_HUB_LAUNCH_ID";
/** How long an editor that is asked to end may take before it is made to. */
const END_GRACE_MS = 5_000;
/** How often it is looked for a change of something that tells of none. */
const LOOK_MS = 50;
/** Lines of an editor's output that the error quotes when it ends before it has connected. */
const QUOTED_LINES = 5;
/** How far an editor without a window has come: "[  47% ] update_scripts_classes | Player", "[ DONE ] reimport". */
const PROGRESS = /^\[(?:[ \d]{3}\d% \] \w+ \| | DONE \] \w+\s*$)/;

const NAME_GODOT =
  'Name the editor\'s program: `godot-hub launch --godot <path>` once, or "godot": "<path>" in the hub\'s config.json for always';

/** What a launch needs. */
export interface EditorLauncherOptions {
  registry: ClientRegistry;
  /** State directory. */
  home: string;
  /** The token, where the state directory does not have it. */
  token: string | undefined;
  /** The Godot editor's program; undefined: the variable GODOT, else what is found. */
  godot: string | undefined;
  /** Folders below which agents may have editors started on any project. */
  launchRoots: readonly string[];
  logger: Logger;
}

/** Launches, and ends what was launched. */
export class EditorLauncher {
  readonly #options: EditorLauncherOptions;
  readonly #record: LaunchRecord;
  readonly #known: KnownProjects;
  readonly #reported: string[] = [];

  constructor(options: EditorLauncherOptions) {
    this.#options = options;
    this.#record = new LaunchRecord(options.home);
    this.#known = new KnownProjects(options);
    options.registry.on("arrived", (client) => {
      if (!(client instanceof Instance)) return;
      const { executable } = client;
      if (executable !== undefined && !this.#reported.includes(executable)) this.#reported.unshift(executable);
      this.#known.note(client);
      this.#launchOf(client);
    });
  }

  /**
   * Starts a headless editor on a project and waits until it has registered. One that was started before and still runs is
   * waited for instead: the request may be the resend of one that a hub did not live to answer.
   * @param client Who asks: an agent has editors started only on projects that a person knows.
   * @param project Absolute path of a folder with a project.godot and the addon.
   * @param waitMs How long that may take; opening a project for the first time imports all of it.
   * @param godot The program, instead of the configured one.
   * @throws {WireError} INVALID_PARAMS, FORBIDDEN, NOT_FOUND, NO_INSTANCE, TIMEOUT: each says what to do.
   */
  async launch(client: Client, project: string, waitMs: number, godot = this.#options.godot): Promise<Instance> {
    if (!isAbsolute(project)) {
      throw new WireError("INVALID_PARAMS", `'project' must be an absolute path, not '${project}'.`);
    }
    // What is looked at is what is opened: a link may lead elsewhere the next time.
    const folder = realFolder(project);
    this.#known.admit(client, folder);
    requireProject(folder);
    return (await this.#earlier(folder, waitMs)) ?? this.#start(folder, waitMs, godot);
  }

  /**
   * The editor that runs on that project because of an earlier launch, once it is registered.
   * @throws {WireError} TIMEOUT where it has been started lately, and is perhaps still importing.
   */
  async #earlier(project: string, waitMs: number): Promise<Instance | undefined> {
    const launch = this.#record.of(project).findLast(({ pid }) => isProcessAlive(pid));
    if (!launch) return undefined;
    const isRecent = Date.now() - (launch.startedAt ?? 0) < COMMAND_DEADLINE_MAX_MS;
    // One that was here before is back soon; if it is not, it hangs, or its number is another process's now.
    const patienceMs = isRecent ? waitMs : Math.min(waitMs, SETTLE_MS);
    const instance = await this.#registered(launch, patienceMs, () => !isProcessAlive(launch.pid));
    if (!instance && isRecent && isProcessAlive(launch.pid)) throw notYetConnected(launch.pid, waitMs);
    return instance;
  }

  #start(project: string, waitMs: number, named: string | undefined): Promise<Instance> {
    const godot = named ?? findGodot(process.env, this.#reported)?.path;
    if (godot === undefined) {
      throw new WireError("NOT_FOUND", "No Godot was found: not in GODOT, not on the PATH, none has been connected.", {
        hint: `${NAME_GODOT}; or open the project by hand.`,
      });
    }
    const launchId = uuid();
    const logPath = join(this.#options.home, "launched-editor.log");
    const child = this.#spawn(godot, project, launchId, logPath);
    if (child.pid === undefined) {
      throw new WireError("NOT_FOUND", `${godot} can't be started.`, { hint: `${NAME_GODOT}.` });
    }
    this.#options.logger.info({ project, pid: child.pid, launchId }, "editor started");
    return this.#whenRegistered(child, launchId, waitMs, logPath);
  }

  /**
   * Ends an editor that a hub of this state directory has started.
   * @param admit Throws where the editor must go on. Gives what the end costs.
   * @throws {WireError} FORBIDDEN for any other.
   */
  async stop<T>(instance: Instance, admit: () => Promise<T>): Promise<T> {
    const launch = this.#launchOf(instance);
    if (!launch) {
      throw new WireError("FORBIDDEN", `${instance.name} was not started by the hub.`, {
        hint: "The hub ends only editors that it has started with instance.launch; close this one by hand.",
      });
    }
    const cost = await admit();
    this.#options.logger.info({ client: instance.name, pid: launch.pid }, "ending the editor that was started");
    endProcess(launch.pid, "SIGTERM");
    const deadline = performance.now() + END_GRACE_MS;
    while (isProcessAlive(launch.pid) && performance.now() < deadline) await delay(20);
    if (isProcessAlive(launch.pid)) endProcess(launch.pid, "SIGKILL");
    this.#record.remove(launch.launchId);
    this.#options.registry.unregister(instance);
    return cost;
  }

  /** The launch that an editor comes from: its own process, or the one that followed when it restarted. */
  #launchOf({ launchId, pid, isEditor }: Instance): Launch | undefined {
    const launch = launchId === undefined || !isEditor ? undefined : this.#record.find(launchId);
    if (!launch || pid === undefined) return undefined;
    if (launch.pid === pid) return launch;
    // What the editor starts beside itself inherits the variable, too: only one can take its place.
    if (isProcessAlive(launch.pid)) return undefined;
    // An id that an instance only claims proves nothing about the process that it names.
    if (wasStartedWith(pid, LAUNCH_VARIABLE, launch.launchId) === false) return undefined;
    this.#options.logger.info({ pid, launchId }, "editor restarted");
    this.#record.move(launch.launchId, pid);
    return { ...launch, pid };
  }

  #spawn(godot: string, project: string, launchId: string, logPath: string): ChildProcess {
    const { home, token } = this.#options;
    const log = this.#openLog(logPath);
    try {
      const child = spawn(godot, ["--headless", "--editor", "--path", project], {
        // It is to outlive this process: what an agent has not saved must not go with a hub that is updated.
        detached: true,
        stdio: ["ignore", log ?? "ignore", log ?? "ignore"],
        windowsHide: true,
        env: {
          ...process.env,
          GODOT_HUB_HOME: home,
          [LAUNCH_VARIABLE]: launchId,
          ...(token !== undefined && { GODOT_HUB_TOKEN: token }),
        },
      });
      child.unref();
      child.on("error", (error) => this.#options.logger.warn({ err: error }, "editor could not be started"));
      if (child.pid !== undefined) {
        this.#record.add({ launchId, pid: child.pid, project, startedAt: Date.now() });
      }
      return child;
    } finally {
      if (log !== undefined) closeSync(log);
    }
  }

  /** Where the editor's output goes; undefined where nothing can be written: it runs all the same. */
  #openLog(path: string): number | undefined {
    try {
      return openSync(path, "w", 0o600);
    } catch (error) {
      this.#options.logger.warn({ error: String(error) }, "the output of a started editor can't be kept");
      return undefined;
    }
  }

  async #whenRegistered(child: ChildProcess, launchId: string, waitMs: number, logPath: string): Promise<Instance> {
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    const instance = await this.#registered({ launchId }, waitMs, hasEnded);
    if (instance) return instance;
    if (!hasEnded()) throw notYetConnected(child.pid, waitMs);
    this.#record.remove(launchId);
    throw new WireError("NO_INSTANCE", `Godot ended before it connected. ${lastLines(logPath)}`.trim(), {
      hint: `Its whole output: ${logPath}. Is the addon enabled? \`godot-hub install <project>\` sees to that.`,
    });
  }

  /** The instance of that launch when it is connected; undefined when its process has ended before, or after `waitMs`. */
  async #registered(
    { launchId }: Pick<Launch, "launchId">,
    waitMs: number,
    hasEnded: () => boolean,
  ): Promise<Instance | undefined> {
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      const instance = this.#options.registry.instances.find((candidate) => candidate.launchId === launchId);
      if (instance?.connection) return instance;
      if (hasEnded()) return undefined;
      await delay(LOOK_MS);
    }
    return undefined;
  }
}

function notYetConnected(pid: number | undefined, waitMs: number): WireError {
  return new WireError("TIMEOUT", `Godot runs (process ${pid}) but has not connected within ${waitMs} ms.`, {
    dispatched: true,
    hint: "It may still be importing: look at hub_status in a while, or ask for it again.",
  });
}

/** What it said last, without colours and without how far it had come; nothing where that could not be kept. */
function lastLines(path: string): string {
  try {
    const lines = stripVTControlCharacters(readFileSync(path, "utf8")).trim().split(/\r?\n/);
    const told = lines.filter((line) => !PROGRESS.test(line));
    return told.slice(-QUOTED_LINES).join(" | ");
  } catch {
    return "";
  }
}

function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
