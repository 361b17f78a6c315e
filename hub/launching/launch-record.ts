/** Which editors hubs of this state directory have started: so that a later hub knows them, and none ends anything else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { isProcessAlive, processStart } from "../../hub-client/process-probe.ts";
import { isSameFolder } from "../clients/same-folder.ts";

const recordSchema = z.array(
  z.object({
    launchId: z.string(),
    pid: z.number().int(),
    project: z.string(),
    startedAt: z.number().optional(),
    processStart: z.string().optional(),
  }),
);
/**
 * One started editor. `launchId` is told to it and said by it when it identifies itself; `startedAt` is in ms since 1970,
 * `processStart` tells its process from a later one with its number.
 */
export type Launch = z.infer<typeof recordSchema>[number];

/** Whether the process of a launch still runs; undefined where another one may have its number by now. */
export function isLaunchAlive({ pid, processStart: noted }: Launch): boolean | undefined {
  if (!isProcessAlive(pid)) return false;
  const start = noted === undefined ? undefined : processStart(pid);
  return start === undefined ? undefined : start === noted;
}

function identified(launch: Omit<Launch, "processStart">): Launch {
  const start = processStart(launch.pid);
  return { ...launch, ...(start !== undefined && { processStart: start }) };
}

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
  add(launch: Omit<Launch, "processStart">): void {
    this.#write([...this.#read(), identified(launch)].slice(-CAPACITY));
  }

  /** Remembers that the editor of a launch has restarted, and is now another process. */
  move(launchId: string, pid: number): void {
    const moved = (launch: Launch) => (launch.launchId === launchId ? identified({ ...launch, pid }) : launch);
    this.#write(this.#read().map(moved));
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
      replaceFile(this.#path, JSON.stringify(launches));
      this.#unwritten = undefined;
    } catch {
      this.#unwritten = launches;
    }
  }
}

/** Whether process `pid` was started with that variable; undefined where that can't be seen: only Linux shows it. */
export function wasStartedWith(pid: number, variable: string, value: string): boolean | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${variable}=${value}`);
  } catch {
    // It has ended, or is not this user's: in no case one that was started from here.
    return false;
  }
}
