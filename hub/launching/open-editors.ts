/** Which editor has a project open, connected or not: none is started beside it. */
import { setTimeout as delay } from "node:timers/promises";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { COMMAND_DEADLINE_MAX_MS } from "../../protocol/timing.ts";
import { isGuest, isSameToken } from "../access/quota.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import { isLaunchAlive, type Launch, type LaunchRecord } from "./launch-record.ts";
import { runningEditorOn } from "./running-editor.ts";

/** How often it is looked for a change of something that tells of none. */
const LOOK_MS = 50;
/** How often a process is looked for in the list of all. */
const PROBE_MS = 500;

/** An editor that runs. */
export interface RunningEditor {
  readonly pid: number;
  /** Whether it is that instance. */
  readonly isIt: (instance: Instance) => boolean;
  /** Whether its process still runs. */
  readonly lives: () => boolean;
}

/** Editors that the registry, the record of launches or the machine's list of processes knows. */
export class OpenEditors {
  readonly #registry: ClientRegistry;
  readonly #record: LaunchRecord;

  constructor(registry: ClientRegistry, record: LaunchRecord) {
    this.#registry = registry;
    this.#record = record;
  }

  /** The editor that has `project` open, a path without links; undefined where there is surely none when this returns. */
  async on(project: string, client: Client): Promise<RunningEditor | undefined> {
    // Another request may have started one while the processes were listed.
    return this.#known(project, client) ?? (await this.#seen(project, client)) ?? this.#known(project, client);
  }

  /** As far as it is known here. */
  #known(project: string, client: Client): RunningEditor | undefined {
    const isOpen = this.#openFor(project, client);
    const known = this.#registry.instances.find(isOpen);
    if (known?.pid !== undefined) {
      return { pid: known.pid, isIt: (each) => each === known, lives: () => known.processLives };
    }
    const launch = this.#record.of(project).findLast((each) => isLaunchAlive(each) ?? wasJustStarted(each));
    if (launch) {
      const isIt = ({ launchId }: Instance) => launchId === launch.launchId;
      return { pid: launch.pid, isIt, lives: () => isLaunchAlive(launch) ?? wasJustStarted(launch) };
    }
    return undefined;
  }

  /** As far as the machine's list of processes tells. */
  async #seen(project: string, client: Client): Promise<RunningEditor | undefined> {
    const pid = await runningEditorOn(project);
    return pid === undefined
      ? undefined
      : { pid, isIt: this.#openFor(project, client), lives: () => isProcessAlive(pid) };
  }

  /** Tells the instances that have `project` open. What a guest says of itself keeps no other client from a launch. */
  #openFor(project: string, { permission }: Client): (each: Instance) => boolean {
    const isTrusted = (each: Instance) => isSameToken(each.permission, permission) || !isGuest(each.permission);
    return (each) => each.hasOpen(project) && each.processLives && isTrusted(each);
  }

  /** The instance of an editor that runs, once it is connected; undefined when its process has ended before, or at `deadline`. */
  async returned({ isIt, lives }: RunningEditor, deadline: number): Promise<Instance | undefined> {
    let lookAgainAt = 0;
    for (;;) {
      const instance = this.#registry.instances.find((each) => each.connection && isIt(each));
      const now = performance.now();
      if (instance || now >= deadline) return instance;
      if (now >= lookAgainAt) {
        if (!lives()) return undefined;
        lookAgainAt = now + PROBE_MS;
      }
      await delay(LOOK_MS);
    }
  }
}

/** For as long as a start may take, an editor whose process can't be told from a later one counts as running. */
function wasJustStarted({ startedAt }: Launch): boolean {
  return Date.now() - (startedAt ?? 0) < COMMAND_DEADLINE_MAX_MS;
}
