/** Which hub runs: hub.json says where, and an answer from there proves it. */
import { isHubProcess } from "../../hub-client/hub-process.ts";
import { isProcessAlive } from "../../hub-client/process-probe.ts";
import { type HubFile, readToken } from "../../hub-client/state-dir.ts";
import { type HubFileOnDisk, inspectHubFile } from "../../hub-client/state-files.ts";
import { requireOwnState } from "../../hub-client/state-owner.ts";
import type { HubConfig } from "../config.ts";
import { usingState } from "./exit-codes.ts";
import { HubClient, type HubClientOptions, probeHub } from "./hub-client.ts";

/** What was found: the hub that runs, or what a hub that is gone has left behind. */
export interface FoundHub {
  running: HubFile | undefined;
  /** The process of `running` lives, and its port does not answer as a hub's does. */
  isSilent: boolean;
  /** Text of a hub.json that belongs to no running hub. */
  stale: string | undefined;
}

/** Finds the hub of a state directory. @throws {CliError} STATE_UNUSABLE when hub.json can't be read, or others have a hand in it. */
export async function findHub(home: string): Promise<FoundHub> {
  requireTrusted(home);
  return lookForHub(home);
}

/** @throws {CliError} STATE_UNUSABLE where others have a hand in the state directory. */
export function requireTrusted(home: string): void {
  usingState(home, () => requireOwnState(home));
}

/** What is there, trusted or not: for who only looks. @throws {CliError} STATE_UNUSABLE when hub.json can't be read. */
export async function lookForHub(home: string): Promise<FoundHub> {
  const file = usingState(home, () => inspectHubFile(home));
  if (!file) return { running: undefined, isSilent: false, stale: undefined };
  const verdict = await judge(file);
  if (verdict === "gone") return { running: undefined, isSilent: false, stale: file.text };
  return { running: file.hub, isSilent: verdict === "silent", stale: undefined };
}

async function judge({ hub }: HubFileOnDisk): Promise<"answers" | "silent" | "gone"> {
  // Process ids come again, in a container even at once: an id alone proves nothing but absence.
  if (!hub || hub.pid === process.pid || !isProcessAlive(hub.pid)) return "gone";
  const answer = await probeHub(hub.url);
  if (answer === "hub") return "answers";
  return (isHubProcess(hub) ?? answer === "silent") ? "silent" : "gone";
}

/** True where a signal to the process of `hub` reaches that hub and nobody else: its id in a file could be anybody's by now. */
export async function isSurelyHub(hub: HubFile): Promise<boolean> {
  return isHubProcess(hub) === true || (await probeHub(hub.url)) === "hub";
}

/** One line that says which hub runs. */
export function describeHub(hub: HubFile): string {
  return `pid ${hub.pid}, ${hub.url}, version ${hub.version}`;
}

/** Connects to the hub with the token of the configuration, or else of the state directory. */
export function connectTo(
  config: HubConfig,
  hub: HubFile,
  as: Pick<HubClientOptions, "deadlineMs" | "clientType" | "resumeToken"> = {},
): Promise<HubClient> {
  const token = config.token ?? readToken(config.home);
  return HubClient.connect({
    url: hub.url,
    token,
    tlsCert: config.tlsCert,
    ...as,
  });
}
