/** Which hub runs: hub.json says where, and an answer from there proves it. */
import { isHubProcess } from "./hub-process.ts";
import { probeHub } from "./probe.ts";
import { isProcessAlive } from "./process-probe.ts";
import type { HubFile } from "./state-dir.ts";
import { type HubFileOnDisk, inspectHubFile } from "./state-files.ts";

/** What was found: the hub that runs, or what a hub that is gone has left behind. */
export interface FoundHub {
  running: HubFile | undefined;
  /** The process of `running` lives, and its port does not answer as a hub's does. */
  isSilent: boolean;
  /** Text of a hub.json that belongs to no running hub. */
  stale: string | undefined;
}

/** Looks for the hub of a state directory, whoever owns that. @throws the system's error when hub.json can't be read. */
export async function lookForHub(home: string): Promise<FoundHub> {
  const file = inspectHubFile(home);
  if (!file) return { running: undefined, isSilent: false, stale: undefined };
  const state = await stateOf(file);
  if (state === "gone") return { running: undefined, isSilent: false, stale: file.text };
  return { running: file.hub, isSilent: state === "silent", stale: undefined };
}

/** True where a signal to the process of `hub` reaches that hub and no other process: the system gives its id to another one later. */
export async function isSurelyHub(hub: HubFile): Promise<boolean> {
  return isHubProcess(hub) === true || (await probeHub(hub.url)) === "hub";
}

/** One line that says which hub runs. */
export function describeHub(hub: HubFile): string {
  return `pid ${hub.pid}, ${hub.url}, version ${hub.version}`;
}

async function stateOf({ hub }: HubFileOnDisk): Promise<"answers" | "silent" | "gone"> {
  // Process ids come again, in a container even at once: an id alone proves nothing but absence.
  if (!hub || hub.pid === process.pid || !isProcessAlive(hub.pid)) return "gone";
  const answer = await probeHub(hub.url);
  if (answer === "hub") return "answers";
  return (isHubProcess(hub) ?? answer === "silent") ? "silent" : "gone";
}
