/** Has a hub that was started on demand make room for the one that a service manager starts. */
import type { HubFile } from "../../hub-client/state-dir.ts";
import type { HubConfig } from "../config.ts";
import { askHub } from "./find-hub.ts";
import type { HubClient } from "./hub-client.ts";
import { untilGone } from "./stop.ts";

/**
 * True when `running` was started on demand and has ended for a service. Its clients come back to the hub that follows.
 * @throws {CliError} when it refuses or does not end in time.
 */
export async function makesRoom(config: HubConfig, running: HubFile): Promise<boolean> {
  if (!config.service || !running.autoStarted) return false;
  const ask = (client: HubClient) => client.request("hub.shutdown", { ifAutoStarted: true });
  const { stopping } = await askHub(config, running, ask);
  if (!stopping) return false;
  await untilGone(config, running);
  return true;
}
