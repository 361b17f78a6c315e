/** Finds and connects to the hub of a state directory, for the commands of the command line. */
import { type FoundHub, lookForHub } from "../../hub-client/running-hub.ts";
import { type HubFile, readToken } from "../../hub-client/state-dir.ts";
import { requireOwnState } from "../../hub-client/state-owner.ts";
import type { HubConfig } from "../config.ts";
import { CliError, usingState } from "./exit-codes.ts";
import { HubClient, type HubClientOptions } from "./hub-client.ts";

export { describeHub, isSurelyHub } from "../../hub-client/running-hub.ts";

/** Finds the hub of a state directory. @throws {CliError} STATE_UNUSABLE when hub.json can't be read, or others have a hand in it. */
export async function findHub(home: string): Promise<FoundHub> {
  requireTrusted(home);
  return lookForHub(home).catch((error: unknown) =>
    usingState(home, () => {
      throw error;
    }),
  );
}

/** @throws {CliError} STATE_UNUSABLE where others have a hand in the state directory. */
export function requireTrusted(home: string): void {
  usingState(home, () => requireOwnState(home));
}

/** The hub that runs. @param none What to say when none does. @throws {CliError} */
export async function requireHub(home: string, none = "No hub runs: `godot-hub start` starts one."): Promise<HubFile> {
  const { running } = await findHub(home);
  if (!running) throw new CliError(none);
  return running;
}

/** Connects to the hub of `file`, does `work` with it, and leaves it. @throws {CliError} when it can't be reached, or with its own words. */
export async function askHub<T>(
  config: HubConfig,
  file: HubFile,
  work: (client: HubClient) => Promise<T>,
  as: HubClientOptions = {},
): Promise<T> {
  const { home, token, tlsCert } = config;
  const endpoint = { url: file.url, token: token ?? readToken(home), tlsCa: tlsCert, file };
  const client = await HubClient.connect(endpoint, as);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
