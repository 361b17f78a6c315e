/** Where this package lies on disk, from the sources, the bundle or an npm installation alike, and how its adapter is started there. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stateDirectory } from "../../hub-client/state-dir.ts";

const ADDON = join("godot-client", "addons", "godot_mcp_hub");

/** Root of the package: the nearest folder at or above this file that holds the package's parts. */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`The package is incomplete: no package.json above ${start}.`);
  }
}

/** The program that an AI client starts. */
export function adapterPath(): string {
  return join(packageRoot(), "dist", "godot-mcp-adapter.js");
}

/** The addon that `godot-hub install` copies. */
export function addonPath(): string {
  return join(packageRoot(), ADDON);
}

/** What must be said to an AI client that is to reach the hub of `home`. */
export interface AdapterCommand {
  command: string;
  args: string[];
  /** Variables that the adapter needs; empty with the default state directory. */
  env: Record<string, string>;
}

/** Where the package lies, and on what. */
interface AdapterPlace {
  root?: string;
  platform?: NodeJS.Platform;
}

const NPX_ARGS = ["-y", "-p", "godot-mcp-hub", "godot-mcp-adapter"];

/** On Windows npm's programs are batch files, which AI clients start only through the shell that runs them. */
function throughShim(command: string, args: string[], platform: NodeJS.Platform): { command: string; args: string[] } {
  return platform === "win32" ? { command: "cmd", args: ["/c", command, ...args] } : { command, args };
}

/** How an AI client starts the adapter. Through `node`, because npx costs a second process and a quarter of a second. */
export function adapterCommand(
  home: string,
  environment: NodeJS.ProcessEnv = process.env,
  { root = packageRoot(), platform = process.platform }: AdapterPlace = {},
): AdapterCommand {
  const { GODOT_HUB_HOME: _, ...defaults } = environment;
  const env: Record<string, string> = home === stateDirectory(defaults) ? {} : { GODOT_HUB_HOME: home };
  // A folder of the npx cache goes away with the cache: nothing durable may point into it.
  if (isNpxCache(root)) return { ...throughShim("npx", NPX_ARGS, platform), env };
  return { command: "node", args: [adapterPath()], env };
}

/** True for a path in the cache of npx, which goes away with the cache. */
export function isNpxCache(path: string): boolean {
  return /[\\/]_npx[\\/]/.test(path);
}
