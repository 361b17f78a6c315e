/** Which editors hubs of this state directory have started: so that a later hub knows them, and none ends anything else. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { patientRename } from "../patient-rename.ts";
import { isSameFolder } from "../routing/same-folder.ts";

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

/** The launches that the state directory remembers. */
export class LaunchRecord {
  readonly #path: string;

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

  #read(): Launch[] {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch {
      return [];
    }
  }

  #write(launches: readonly Launch[]): void {
    const draft = `${this.#path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(launches), { mode: 0o600 });
    patientRename(draft, this.#path);
  }
}
