/** The projects in the list of Godot's project manager: those that a person has made or imported there. */
import { readFileSync } from "node:fs";
import { posix, win32 } from "node:path";
import { userFolder } from "../../hub-client/state-dir.ts";

/** Paths of the projects that Godot lists for this user; none where there is no list. */
export function listedProjects(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string[] {
  return listFiles(env, platform).flatMap((path) => {
    try {
      return projectsIn(readFileSync(path, "utf8"));
    } catch {
      return [];
    }
  });
}

/** Where the engine keeps the list: its own data folder, and that of a Flatpak. */
export function listFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const home = userFolder(env, platform);
  if (platform === "win32") {
    return [win32.join(env.APPDATA || win32.join(home, "AppData", "Roaming"), "Godot", "projects.cfg")];
  }
  if (platform === "darwin") return [posix.join(home, "Library", "Application Support", "Godot", "projects.cfg")];
  const data = env.XDG_DATA_HOME || posix.join(home, ".local", "share");
  const flatpak = posix.join(home, ".var", "app", "org.godotengine.Godot", "data");
  return [data, flatpak].map((folder) => posix.join(folder, "godot", "projects.cfg"));
}

/** The names of the sections: each is the path of a project, as it is but for `]`, which is escaped. */
export function projectsIn(list: string): string[] {
  return [...list.matchAll(/^\[(.+)\]\s*$/gm)].map(([, name = ""]) => name.replaceAll("\\]", "]"));
}
