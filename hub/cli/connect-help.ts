/** The lines that connect AI clients and Godot projects to this hub, ready to be pasted. */
import { stateDirectory } from "../../hub-client/state-dir.ts";
import { adapterPath, packageRoot } from "./package-root.ts";
import { word } from "./shell-words.ts";

/** What must be said to an AI client that is to reach the hub of `home`. */
export interface AdapterCommand {
  command: string;
  args: string[];
  /** Variables that the adapter needs; empty with the default state directory. */
  env: Record<string, string>;
}

/** Where the package lies, and on what. */
export interface AdapterPlace {
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

/** How AI clients and Godot projects are connected, as text of a few lines. */
export function connectHelp(home: string): string {
  const { command, args, env } = adapterCommand(home);
  const words = [command, ...args].map(quoted).join(" ");
  const variables = Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`));
  const flags = variables.map((variable) => ` --env ${variable}`).join("");
  const entry = { command, args, ...(variables.length > 0 && { env }) };
  return [
    "Connect an AI client (once):",
    `  Claude Code  claude mcp add godot${flags} -- ${words}`,
    `  Codex        codex mcp add godot${flags} -- ${words}`,
    `  Gemini CLI   gemini mcp add${flags} godot ${words}`,
    `  Cursor       in ~/.cursor/mcp.json: ${JSON.stringify({ mcpServers: { godot: { type: "stdio", ...entry } } })}`,
    "Connect a Godot project (once):",
    `  ${installCommand()} <project folder>`,
  ].join("\n");
}

/** How `godot-hub install` is called where this package lies. */
function installCommand(): string {
  const root = packageRoot();
  if (isNpxCache(root)) return "npx -y -p godot-mcp-hub godot-hub install";
  return `node ${quoted(`${root}/dist/godot-hub.js`)} install`;
}

/** True for a path in the cache of npx, which goes away with the cache. */
export function isNpxCache(path: string): boolean {
  return /[\\/]_npx[\\/]/.test(path);
}

function quoted(text: string): string {
  return word(text, process.platform);
}
