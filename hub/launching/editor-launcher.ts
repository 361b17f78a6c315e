/** Starts headless editors for agents that have none, and ends those that it has started: nothing else. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { isAbsolute } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { v4 as uuid } from "uuid";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { WireError } from "../../protocol/errors.ts";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import { Instance } from "../clients/instance.ts";
import type { ExpectedEditors } from "../routing/target-waits.ts";
import { findGodot } from "./godot-binary.ts";
import { KnownProjects, realFolder, requireProject } from "./known-projects.ts";
import { LaunchLog, pruneLaunchLogs } from "./launch-logs.ts";
import { type Launch, LaunchRecord, wasStartedWith } from "./launch-record.ts";
import { OpenEditors, type RunningEditor } from "./open-editors.ts";

/** Tells an editor which launch it comes from; one that restarts hands it on. */
const LAUNCH_VARIABLE = "GODOT_HUB_LAUNCH_ID";
/** How long an editor that is asked to end may take before it is made to. */
const END_GRACE_MS = 5_000;
const NAME_GODOT =
  'Name the editor\'s program: `godot-hub launch --godot <path>` once, or "godot": "<path>" in the hub\'s config.json for always';

/** What a launch needs. */
interface EditorLauncherOptions {
  registry: ClientRegistry;
  /** State directory. */
  home: string;
  /** The token, where the state directory does not have it. */
  token: string | undefined;
  /** The Godot editor's program; undefined: the variable GODOT, else what is found. */
  godot: string | undefined;
  /** Folders below which agents may have editors started on any project. */
  launchRoots: readonly string[];
  /** Who waits for an editor that is started here. */
  waits: { readonly expected: ExpectedEditors };
  logger: Logger;
}

/** Launches, and ends what was launched. */
export class EditorLauncher {
  readonly #options: EditorLauncherOptions;
  readonly #record: LaunchRecord;
  readonly #open: OpenEditors;
  readonly #known: KnownProjects;
  readonly #reported: string[] = [];

  constructor(options: EditorLauncherOptions) {
    this.#options = options;
    this.#record = new LaunchRecord(options.home);
    this.#open = new OpenEditors(options.registry, this.#record);
    this.#known = new KnownProjects(options);
    options.registry.on("arrived", (client) => {
      if (!(client instanceof Instance)) return;
      const { executable } = client;
      if (executable !== undefined && !this.#reported.includes(executable)) this.#reported.unshift(executable);
      this.#known.note(client);
      const launch = this.#launchOf(client);
      if (launch) options.waits.expected.remove(launch.launchId);
    });
  }

  /**
   * Starts a headless editor on a project and waits until it has registered. One that runs already is waited for instead, whoever
   * has started it: two editors on one project write over each other's files, and the request may be the resend of one that a hub
   * did not live to answer.
   * @param client Who asks: an agent has editors started only on projects that a person knows.
   * @param project Absolute path of a folder with a project.godot and the addon.
   * @param waitMs How long that may take; opening a project for the first time imports all of it.
   * @param godot The program, instead of the configured one.
   * @throws {WireError} INVALID_PARAMS, FORBIDDEN, NOT_FOUND, NO_INSTANCE, TIMEOUT: each says what to do.
   */
  async launch(client: Client, project: string, waitMs: number, godot?: string): Promise<Instance> {
    if (!isAbsolute(project)) {
      throw new WireError("INVALID_PARAMS", `'project' must be an absolute path, not '${project}'.`);
    }
    // What is looked at is what is opened: a link may lead elsewhere the next time.
    const folder = realFolder(project);
    this.#known.admit(client, folder);
    requireProject(folder);
    const deadline = performance.now() + waitMs;
    for (;;) {
      const running = await this.#open.on(folder, client);
      if (!running) return this.#start(folder, Math.max(1, deadline - performance.now()), godot);
      const instance = await this.#open.returned(running, deadline);
      if (instance) return instance;
      if (performance.now() >= deadline) throw notYetConnected(running.pid, waitMs, this.#whereabouts(running));
    }
  }

  /** The program that editors are started with, and what it was found by; undefined where there is none. */
  get program(): { path: string; from: string } | undefined {
    const { godot } = this.#options;
    return godot === undefined ? findGodot(process.env, this.#reported) : { path: godot, from: "its option godot" };
  }

  #start(project: string, waitMs: number, named: string | undefined): Promise<Instance> {
    const godot = named ?? this.program?.path;
    if (godot === undefined) {
      throw new WireError("NOT_FOUND", "No Godot was found: not in GODOT, not on the PATH, none has been connected.", {
        hint: `${NAME_GODOT}; or open the project by hand.`,
      });
    }
    const launchId = uuid();
    const log = new LaunchLog(this.#options.home, launchId);
    const child = this.#spawn(godot, project, launchId, log);
    const { pid } = child;
    if (pid === undefined) {
      throw new WireError("NOT_FOUND", `${godot} can't be started.`, { hint: `${NAME_GODOT}.` });
    }
    const { logger } = this.#options;
    const { expected } = this.#options.waits;
    logger.info({ project, pid, launchId }, "editor started");
    expected.add(launchId, { project, pid, since: new Date(), progress: () => log.progress });
    child.once("exit", () => expected.remove(launchId));
    return this.#whenRegistered(child, launchId, waitMs, log);
  }

  /**
   * Ends an editor that a hub of this state directory has started.
   * @param admit Throws where the editor must go on. Gives what the end costs.
   * @throws {WireError} FORBIDDEN for any other.
   */
  async stop<T>(instance: Instance, admit: () => Promise<T>): Promise<T> {
    const launch = this.requireOwn(instance);
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

  /** The launch of an editor that a hub of this state directory has started. @throws {WireError} FORBIDDEN for any other. */
  requireOwn(instance: Instance): Launch {
    const launch = this.#launchOf(instance);
    if (launch) return launch;
    throw new WireError("FORBIDDEN", `${instance.name} was not started by the hub.`, {
      hint: "The hub ends only editors that it has started with instance.launch; close this one by hand.",
    });
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

  #spawn(godot: string, project: string, launchId: string, output: LaunchLog): ChildProcess {
    const { home, token } = this.#options;
    const log = this.#openLog(output);
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
  #openLog(log: LaunchLog): number | undefined {
    try {
      pruneLaunchLogs(this.#options.home);
      return log.open();
    } catch (error) {
      this.#options.logger.warn({ error: String(error) }, "the output of a started editor can't be kept");
      return undefined;
    }
  }

  async #whenRegistered(child: ChildProcess, launchId: string, waitMs: number, log: LaunchLog): Promise<Instance> {
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    const pid = child.pid ?? 0;
    const isIt = (instance: Instance) => instance.launchId === launchId;
    const instance = await this.#open.returned({ pid, isIt, lives: () => !hasEnded() }, performance.now() + waitMs);
    if (instance) return instance;
    if (!hasEnded()) throw notYetConnected(pid, waitMs, log.progress);
    this.#record.remove(launchId);
    const how = child.signalCode === null ? `with code ${child.exitCode}` : `by ${child.signalCode}`;
    const output = log.exists ? ` Its whole output: ${log.path}.` : "";
    throw new WireError("NO_INSTANCE", `Godot ended before it connected. ${log.lastLines}`.trim(), {
      hint: `It ended ${how}.${output} Is the addon enabled? \`godot-hub install <project>\` sees to that.`,
    });
  }

  #whereabouts({ isIt }: RunningEditor): string | undefined {
    const known = this.#options.registry.instances.find(isIt);
    return known && this.detailOf(known).detail;
  }

  /** More of the state of an instance, for people: an import of an editor that was started here is told as far as it prints that. */
  detailOf(instance: Instance): Pick<InstanceInfo, "detail"> {
    const launch = instance.state === "importing" ? this.#launchOf(instance) : undefined;
    const detail = instance.stateDetail ?? (launch && new LaunchLog(this.#options.home, launch.launchId).progress);
    return detail === undefined ? {} : { detail };
  }
}

function notYetConnected(pid: number, waitMs: number, detail: string | undefined): WireError {
  const more = detail === undefined ? "" : ` (${detail})`;
  const message = `Godot runs (process ${pid}) and has not answered within ${Math.round(waitMs)} ms${more}. No second one is started beside it.`;
  return new WireError("TIMEOUT", message, {
    dispatched: true,
    hint: `It may still be importing: look at hub_status in a while, or ask for it again. If it hangs, a person can end process ${pid}.`,
  });
}

function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
