/** The commands of findings as they can be typed here: where the package lies, and for the state directory that was examined. */
import { existsSync } from "node:fs";
import { posix, win32 } from "node:path";
import { isNpxCache } from "../cli/package-root.ts";
import { word } from "../cli/shell-words.ts";
import { homeDirectory } from "../config.ts";
import type { Examination } from "./finding.ts";

/** The command with each `godot-hub` in it written so that this very program is run. */
export function typedCommand(command: string, examination: Examination): string {
  const { config, env, platform } = examination;
  const home = config.home === homeDirectory({}, env) ? "" : ` --home ${word(config.home, platform)}`;
  const call = `${programOf(examination)}${home} `;
  return command.replace(/(^|&& )godot-hub /g, (_, before: string) => `${before}${call}`);
}

function programOf({ env, platform, self }: Pick<Examination, "env" | "platform" | "self">): string {
  if (isOnPath("godot-hub", env, platform)) return "godot-hub";
  if (self.some(isNpxCache)) return "npx -y -p godot-mcp-hub godot-hub";
  return ["node", ...self].map((each) => word(each, platform)).join(" ");
}

/** True when a shell would find the program. */
export function isOnPath(program: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const { delimiter, join } = platform === "win32" ? win32 : posix;
  const endings = platform === "win32" ? ["", ".exe", ".cmd"] : [""];
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, program + ending))));
}
