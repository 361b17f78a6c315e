/** Which editors hubs of this state directory have started: so that a later hub knows them, and none ends anything else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isSameFolder } from "../routing/same-folder.ts";
import { replacePrivateFile } from "../state-files.ts";

const recordSchema = z.array(
  z.object({
    launchId: z.string(),
    pid: z.number().int(),
    project: z.string(),
    startedAt: z.number().optional(),
  }),
);
/** One started editor. `launchId` is told to it and said by it when it identifies itself; `startedAt` is in ms since 1970. */
export type Launch = z.infer<typeof recordSchema>[number];

/** Launches that are remembered; older ones have ended long ago. */
const CAPACITY = 100;

/** The launches that the state directory remembers. Where it takes nothing, this hub still knows those of its own. */
export class LaunchRecord {
  readonly #path: string;
  /** What could not be written. */
  #unwritten: readonly Launch[] | undefined;

  /** @param home The state directory. */
  constructor(home: string) {
    this.#path = join(home, "launched.json");
  }

  /** The launch of that id, by this hub or one before it. */
  find(launchId: string): Launch | undefined {
    return this.#read().find((launch) => launch.launchId === launchId);
  }

  /** The launches on that project, oldest first. */
  of(project: string): Launch[] {
    return this.#read().filter((launch) => isSameFolder(launch.project, project));
  }

  /** Remembers a launch. */
  add(launch: Launch): void {
    this.#write([...this.#read(), launch].slice(-CAPACITY));
  }

  /** Remembers that the editor of a launch has restarted, and is now another process. */
  move(launchId: string, pid: number): void {
    this.#write(this.#read().map((launch) => (launch.launchId === launchId ? { ...launch, pid } : launch)));
  }

  /** Forgets a launch that has ended. */
  remove(launchId: string): void {
    this.#write(this.#read().filter((launch) => launch.launchId !== launchId));
  }

  #read(): readonly Launch[] {
    if (this.#unwritten) return this.#unwritten;
    try {
      return recordSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch {
      return [];
    }
  }

  #write(launches: readonly Launch[]): void {
    try {
      replacePrivateFile(this.#path, JSON.stringify(launches));
      this.#unwritten = undefined;
    } catch {
      this.#unwritten = launches;
    }
  }
}
