/** Finds the Godot editor's program on this machine. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["godot", "godot4", "Godot"];

/**
 * The program to start editors with: the variable `GODOT`, else what is on the PATH, else what an instance last reported.
 * @param reported Executables that instances have reported, the latest first.
 */
export function findGodot(env: NodeJS.ProcessEnv, reported: readonly string[]): string | undefined {
  if (env.GODOT) return env.GODOT;
  return onPath(env) ?? reported.find(isExecutable);
}

function onPath(env: NodeJS.ProcessEnv): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const found = endings.map((ending) => join(folder, name + ending)).find(isExecutable);
      if (folder !== "" && found !== undefined) return found;
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
