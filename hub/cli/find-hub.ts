/** Which hub runs: hub.json says where, and an answer from there proves it. */
import { type HubFile, readToken } from "../../protocol/state-dir.ts";
import { isProcessAlive } from "../clients/process-probe.ts";
import type { HubConfig } from "../config.ts";
import { type HubFileOnDisk, inspectHubFile } from "../state-files.ts";
import { usingState } from "./exit-codes.ts";
import { HubClient, type HubClientOptions, probeHub } from "./hub-client.ts";

/** What was found: the hub that runs, or what a hub that is gone has left behind. */
export interface FoundHub {
  running: HubFile | undefined;
  /** Text of a hub.json that belongs to no running hub. */
  stale: string | undefined;
}

/** Finds the hub of a state directory. @throws {CliError} STATE_UNUSABLE when hub.json can't be read. */
export async function findHub(home: string): Promise<FoundHub> {
  const file = usingState(home, () => inspectHubFile(home));
  if (!file) return { running: undefined, stale: undefined };
  const running = (await isRunning(file)) ? file.hub : undefined;
  return { running, stale: running ? undefined : file.text };
}

async function isRunning({ hub }: HubFileOnDisk): Promise<boolean> {
  // Process ids come again, in a container even at once: an id alone proves nothing but absence.
  if (!hub || hub.pid === process.pid || !isProcessAlive(hub.pid)) return false;
  const answer = await probeHub(hub.url);
  return answer === "hub" || answer === "silent";
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
    ...(hub.proof && { startedAt: hub.startedAt }),
    token,
    tlsCert: config.tlsCert,
    ...as,
  });
}
