/** Keeps requests whose target is not connected yet: after the hub's own restart, when they are sent again, or while an editor is being started. */

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { WireError } from "../../protocol/errors.ts";
import type { HubStatus } from "../../protocol/hub-methods.ts";
import type { RequestEnvelope } from "../../protocol/rpc.ts";
import type { Client } from "../clients/client.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { Instance } from "../clients/instance.ts";
import { isSameFolder } from "../clients/same-folder.ts";
import { resolveTarget, type TargetQuery } from "./target.ts";

/** One that waits: tries again when an instance arrives, and when there is less to wait for. */
interface Wait {
  /** True when it has found its target or failed for good: the wait is over. */
  retry: () => boolean;
  /** Waits as long as it can, not only until the hub has settled. */
  patient: boolean;
}

/** Whom a request means, and whether it may be one that an earlier hub knew. */
interface Sought {
  readonly client: Client;
  readonly target: string | undefined;
  readonly wasSentBefore: boolean;
}

/** Everybody who waits for an instance to return. */
export class TargetWaitQueue {
  readonly #waits = new Set<Wait>();
  #settling: NodeJS.Timeout | undefined;

  /** Editors that are on their way. */
  readonly expected = new ExpectedEditors();

  /** @param settleMs How long after the start any unknown target may still come back; 0 when no client can have known an earlier hub. */
  constructor(settleMs: number) {
    this.expected.onEnd = () => this.#onExpectedEnd();
    if (settleMs <= 0) return;
    this.#settling = setTimeout(() => this.#settle(), settleMs);
    this.#settling.unref();
  }

  /**
   * What becomes of a request that failed with `error`: whether it waits, and its error at its end. It waits where its target
   * is unknown and was known to an earlier hub, or may have been, and where an editor that it means is being started.
   */
  judge<E>(error: E, { client, target, wasSentBefore }: Sought): { error: E | WireError; mayAppear: boolean } {
    const expected = this.expected.explain(error, client, target);
    if (expected) return { error: expected, mayAppear: true };
    const isMissing = error instanceof WireError && (error.kind === "NO_INSTANCE" || error.kind === "TARGET_NOT_FOUND");
    return { error, mayAppear: isMissing && (wasSentBefore || this.#settling !== undefined) };
  }

  /** @returns a function that ends the wait; calling it again does nothing. */
  add(wait: Wait): () => void {
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  }

  /** An instance has arrived: everybody tries again, in the order in which they came. */
  onArrived(): void {
    for (const wait of this.#waits) if (wait.retry()) this.#waits.delete(wait);
  }

  /** An editor that was started has come, or has ended: a moment later those who meant it know. */
  #onExpectedEnd(): void {
    setImmediate(() => this.onArrived());
  }

  /** Ends the settling time and forgets everybody. */
  dispose(): void {
    clearTimeout(this.#settling);
    this.#waits.clear();
  }

  #settle(): void {
    this.#settling = undefined;
    for (const wait of this.#waits) {
      if (wait.patient || !wait.retry()) continue;
      this.#waits.delete(wait);
    }
  }
}

/** One that is on its way. */
interface ExpectedEditor {
  /** Folder of its project. */
  readonly project: string;
  readonly pid: number;
  readonly since: Date;
  /** How far it says that it has come. */
  readonly progress: () => string | undefined;
}

/** All of them, by the id of their launch. */
export class ExpectedEditors {
  readonly #editors = new Map<string, ExpectedEditor>();
  /** One of them has come or will not come. */
  onEnd: () => void = () => {};

  /** As `hub.status` tells of them, in the order in which they were started. */
  describe(): NonNullable<HubStatus["launches"]> {
    return [...this.#editors.values()].map(({ project, pid, since, progress }) => {
      const detail = progress();
      return { project, pid, since: since.toISOString(), ...(detail !== undefined && { detail }) };
    });
  }

  /** One has been started. */
  add(launchId: string, editor: ExpectedEditor): void {
    this.#editors.set(launchId, editor);
  }

  /** It has come, or has ended. */
  remove(launchId: string): void {
    if (this.#editors.delete(launchId)) this.onEnd();
  }

  /**
   * What to tell of a request whose target is not there.
   * @returns undefined where none of them is meant.
   */
  explain(error: unknown, { binding, projectPath }: Client, target: string | undefined): WireError | undefined {
    if (!(error instanceof WireError)) return undefined;
    if (error.kind !== "NO_INSTANCE" && error.kind !== "TARGET_NOT_FOUND") return undefined;
    const wanted = target ?? binding?.projectPath ?? binding?.name ?? projectPath;
    const editor = [...this.#editors.values()].find(({ project }) => wanted === undefined || isNamed(project, wanted));
    if (!editor) return undefined;
    return new WireError(
      error.kind,
      `An editor is being started on ${editor.project} (process ${editor.pid}) and has not connected yet.`,
      { dispatched: false, hint: "Nothing was done: repeat it in a while. hub_status shows when it is there." },
    );
  }
}

function isNamed(project: string, wanted: string): boolean {
  return isSameFolder(project, wanted) || basename(project) === wanted || nameOf(project) === wanted;
}

/** As its project.godot says. */
function nameOf(project: string): string | undefined {
  try {
    return /^config\/name="(.*)"\s*$/m.exec(readFileSync(join(project, "project.godot"), "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

/** Where instances are, and how long to wait for one. */
interface TargetLookupOptions {
  registry: ClientRegistry;
  waits: TargetWaitQueue;
  commandDeadlineMs: number;
}

/** Finds the instances that the hub's own methods are about. */
export class TargetLookup {
  readonly #options: TargetLookupOptions;

  constructor(options: TargetLookupOptions) {
    this.#options = options;
  }

  /** As for a command: waits for an instance that may be on its way back. @throws {WireError} as `resolveTarget`. */
  find(client: Client, query: TargetQuery, request: RequestEnvelope): Promise<Instance> {
    const { registry, waits, commandDeadlineMs } = this.#options;
    const find = () => resolveTarget(registry.instances, client, query);
    const wasSentBefore = (request.attempt ?? 1) > 1;
    let deadline: NodeJS.Timeout | undefined;
    let endWait = (): void => {};
    const found = new Promise<Instance>((resolve, reject) => {
      let failure: unknown;
      const attempt = (): boolean => {
        try {
          resolve(find());
        } catch (error) {
          const judged = waits.judge(error, { client, target: query.target, wasSentBefore });
          failure = judged.error;
          if (judged.mayAppear) return false;
          reject(failure);
        }
        return true;
      };
      if (attempt()) return;
      endWait = waits.add({ retry: attempt, patient: wasSentBefore });
      deadline = setTimeout(() => reject(failure), request.deadlineMs ?? commandDeadlineMs);
    });
    return found.finally(() => {
      clearTimeout(deadline);
      endWait();
    });
  }
}
