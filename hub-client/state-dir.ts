/** Reads the state directory, where a running hub says how to reach it. `state-files.ts` writes it. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, posix, win32 } from "node:path";
import { z } from "zod";

/** What `hub.json` says of the hub that runs. */
export const hubFileSchema = z.object({
  pid: z.number().int(),
  port: z.number().int(),
  url: z.string(),
  version: z.string(),
  protocolVersion: z.number().int(),
  startedAt: z.string(),
  /** Tells its process from another one that has the same number later: see `process-probe.ts`. */
  processStart: z.string().optional(),
  autoStarted: z.boolean().default(false),
  /** It proves that it knows the token before its clients do: see `proof.ts`. */
  proof: z.boolean().optional(),
  /** A service manager has started it, and starts it again. */
  service: z.boolean().optional(),
});
/** What `hub.json` says, parsed. */
export type HubFile = z.infer<typeof hubFileSchema>;

/**
 * The home folder of the user: HOME; on Windows the profile, since there only some shells set HOME, and not every one to the
 * same folder. Hub, adapter and addon must agree about it.
 */
export function userFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return (platform === "win32" ? env.USERPROFILE : env.HOME) || homedir();
}

/** The state directory: `GODOT_HUB_HOME`, else `~/.godot-hub`. A fixed folder, because some AI clients pass on only HOME and PATH. */
export function stateDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { join: joined } = platform === "win32" ? win32 : posix;
  return env.GODOT_HUB_HOME || joined(userFolder(env, platform), ".godot-hub");
}

/** Path of `hub.json`. */
export function hubFilePath(home: string): string {
  return join(home, "hub.json");
}

/** Path of the token. */
export function tokenPath(home: string): string {
  return join(home, "token");
}

/** What `hub.json` in `home` says; undefined when there is none or it is not readable as one. */
export function readHubFile(home: string): HubFile | undefined {
  try {
    return parseHubFile(readFileSync(hubFilePath(home), "utf8"));
  } catch {
    return undefined;
  }
}

/** What the text of a `hub.json` says; undefined for any other text. */
export function parseHubFile(text: string): HubFile | undefined {
  try {
    return hubFileSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** True for what can be a token: it travels in a header and in `identify`, so it is printable and without spaces, and it is not guessable. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{16,200}$/.test(text);
}

/** The token in `home`; undefined when there is none that can be read. */
export function readToken(home: string): string | undefined {
  try {
    return readFileSync(tokenPath(home), "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
