/** Where AI clients keep their configuration, by the habits of each platform. */
import { posix, win32 } from "node:path";
import { userFolder } from "../../hub-client/state-dir.ts";

/** A file's path in this environment, on this platform. */
export type ClientPath = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform) => string;

/** In the user's folder. */
export function inHome(...parts: string[]): ClientPath {
  return (env, platform) => joined(platform, userFolder(env, platform), ...parts);
}

/** In a folder that a variable may name, else in the user's own. */
export function inFolderOf(variable: string, folder: string, ...parts: string[]): ClientPath {
  return (env, platform) => joined(platform, env[variable] || inHome(folder)(env, platform), ...parts);
}

/** In `~/.config`, or where XDG_CONFIG_HOME says that it is. */
export function inConfigHome(...parts: string[]): ClientPath {
  return inFolderOf("XDG_CONFIG_HOME", ".config", ...parts);
}

/** In the `%APPDATA%` of Windows. */
export function inRoaming(...parts: string[]): ClientPath {
  return (env, platform) => joined(platform, env.APPDATA || inHome("AppData", "Roaming")(env, platform), ...parts);
}

/** Where applications with a window keep what is theirs. */
export function inAppData(...parts: string[]): ClientPath {
  const darwin = inHome("Library", "Application Support", ...parts);
  return byPlatform({ darwin, win32: inRoaming(...parts), others: inConfigHome(...parts) });
}

/** Another path on some platforms. */
export function byPlatform({
  others,
  ...paths
}: Partial<Record<NodeJS.Platform, ClientPath>> & { others: ClientPath }): ClientPath {
  return (env, platform) => (paths[platform] ?? others)(env, platform);
}

function joined(platform: NodeJS.Platform, ...parts: string[]): string {
  return platform === "win32" ? win32.join(...parts) : posix.join(...parts);
}
