/** Editors that a hub has started and that have not connected yet: requests that mean them wait, and start no other one. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { WireError } from "../../protocol/errors.ts";
import type { HubStatus } from "../../protocol/hub-methods.ts";
import type { Client } from "../clients/client.ts";
import { isSameFolder } from "../clients/same-folder.ts";

/** One that is on its way. */
export interface ExpectedEditor {
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
