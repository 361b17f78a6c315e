/** Knows which projects a person has opened. Opening a project runs its plugins, so an agent may start editors only on these. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, posix, relative, resolve, sep, win32 } from "node:path";
import { z } from "zod";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { userFolder } from "../../hub-client/state-dir.ts";
import { WireError } from "../../protocol/errors.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { isSameFolder } from "../clients/same-folder.ts";
import { isOwner } from "../policy/policy.ts";

/** Projects that are remembered; the oldest go first. */
const CAPACITY = 1_000;
const FILE = "known-projects.json";

const fileSchema = z.object({ projects: z.array(z.string()) });

/** Where known projects are remembered, and which are known besides. */
interface KnownProjectsOptions {
  /** State directory. */
  home: string;
  /** Folders below which every project is known. */
  launchRoots: readonly string[];
  /** The projects of Godot's own list, as they are now. */
  listed?: () => readonly string[];
}

/** The projects that were open, as the state directory remembers them, and the others. */
export class KnownProjects {
  readonly #options: Required<KnownProjectsOptions>;
  readonly #path: string;
  #opened: readonly string[];

  constructor(options: KnownProjectsOptions) {
    this.#options = { listed: () => listedProjects(process.env), ...options };
    this.#path = join(options.home, FILE);
    this.#opened = read(this.#path);
  }

  /** Remembers the project of an editor that a person has opened: one that has come with the state directory's token. */
  note({ isEditor, permission, projectPath }: Instance): void {
    if (!isEditor || permission?.role !== "owner" || projectPath === undefined) return;
    const project = realFolder(projectPath);
    if (this.#opened.some((each) => isSameFolder(each, project))) return;
    this.#opened = [...this.#opened, project].slice(-CAPACITY);
    try {
      replaceFile(this.#path, JSON.stringify({ projects: this.#opened }));
    } catch {
      // Known until this hub ends: more than that can't be kept here.
    }
  }

  /**
   * Lets `client` have an editor started on `project`, a path without links in it. What a person asks for is theirs to answer for.
   * @throws {WireError} FORBIDDEN, naming how a person can allow it.
   */
  admit(client: Client, project: string): void {
    if (isOwner(client) || this.#isKnown(project) || isBoundTo(client, project)) return;
    throw new WireError("FORBIDDEN", `${project} is no project that a person has opened. Nothing was started.`, {
      hint: `Opening it runs the code of its plugins. A person can allow it: open it in Godot once, run \`godot-hub launch ${project}\`, or start the hub with --launch-roots <folder>.`,
    });
  }

  #isKnown(project: string): boolean {
    const { launchRoots, listed } = this.#options;
    const isIt = (path: string): boolean => isSameFolder(realFolder(path), project);
    return (
      launchRoots.some((root) => isWithin(realFolder(root), project)) ||
      this.#opened.some((path) => isSameFolder(path, project)) ||
      listed().some(isIt)
    );
  }
}

/** The path without links and `..` in it, also of what does not exist: then as far as it does. */
export function realFolder(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // What `..` leaves need not exist: where it leads may, and may be a link.
    const plain = resolve(path);
    if (plain !== path) return realFolder(plain);
    const parent = dirname(path);
    return parent === path ? path : join(realFolder(parent), basename(path));
  }
}

/** The folder in which a person has started the adapter: what any other client says of itself proves nothing. */
function isBoundTo({ permission, projectPath }: Client, project: string): boolean {
  return permission?.role === "owner" && projectPath !== undefined && isSameFolder(realFolder(projectPath), project);
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && join(folder, way) === path;
}

function read(path: string): readonly string[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).projects;
  } catch {
    return [];
  }
}

/** As project.godot lists it when it is enabled. */
const PLUGIN = "res://addons/godot_mcp_hub/plugin.cfg";

/** @throws {WireError} NOT_FOUND or INVALID_PARAMS, saying what is missing or wrong and what to do. */
export function requireProject(project: string): void {
  if (sep === "/" && project.includes("\\")) {
    throw new WireError(
      "INVALID_PARAMS",
      `Godot takes the backslash in ${project} for a slash, and opens another folder.`,
      {
        hint: "Rename the folder, or name it with slashes.",
      },
    );
  }
  if (!existsSync(join(project, "project.godot"))) {
    throw new WireError("NOT_FOUND", `There is no project.godot in ${project}.`, {
      hint: "Name the folder that has it.",
    });
  }
  if (!existsSync(join(project, "addons", "godot_mcp_hub", "plugin.cfg"))) {
    throw new WireError("NOT_FOUND", `The project ${project} does not have the addon.`, {
      hint: `Run \`godot-hub install ${project}\`.`,
    });
  }
  // Its editor would run and never connect.
  if (!readFileSync(join(project, "project.godot"), "latin1").includes(PLUGIN)) {
    throw new WireError("NOT_FOUND", `The project ${project} has the addon, but it is not enabled.`, {
      hint: `Run \`godot-hub install ${project}\`.`,
    });
  }
}

/** Paths of the projects that Godot lists for this user; none where there is no list. */
function listedProjects(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string[] {
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
