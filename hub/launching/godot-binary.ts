/** Finds the Godot editor's program on this machine. */
import { accessSync, constants } from "node:fs";
import { posix, win32 } from "node:path";

const NAMES = ["godot", "godot4", "Godot"];

/** Where installers put it without telling the PATH. */
const USUAL_PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["/Applications/Godot.app/Contents/MacOS/Godot", "/Applications/Godot_mono.app/Contents/MacOS/Godot"],
  linux: ["/var/lib/flatpak/exports/bin/org.godotengine.Godot"],
};

/** A program, and what it was found by. */
interface GodotProgram {
  path: string;
  from: "GODOT" | "PATH" | "an instance" | "its usual place";
}

/** How the machine is looked at. */
interface GodotSearch {
  platform?: NodeJS.Platform;
  isExecutable?: (path: string) => boolean;
}

/**
 * The program to start editors with: the variable `GODOT`, else what is on the PATH, else what an instance last reported,
 * else what lies in its usual place.
 * @param reported Executables that instances have reported, the latest first.
 */
export function findGodot(
  env: NodeJS.ProcessEnv,
  reported: readonly string[],
  { platform = process.platform, isExecutable = mayBeRun }: GodotSearch = {},
): GodotProgram | undefined {
  if (env.GODOT) return { path: env.GODOT, from: "GODOT" };
  const found = (from: GodotProgram["from"], path: string | undefined) => path && { path, from };
  return (
    found("PATH", candidates(env, platform).find(isExecutable)) ||
    found("an instance", reported.find(isExecutable)) ||
    found("its usual place", USUAL_PLACES[platform]?.find(isExecutable)) ||
    undefined
  );
}

/** Every path that the PATH gives the names; `.cmd` is not among them, since Node starts no batch file without a shell. */
function candidates(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const { join, delimiter } = platform === "win32" ? win32 : posix;
  const ending = platform === "win32" ? ".exe" : "";
  const folders = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name + ending)));
}

function mayBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
