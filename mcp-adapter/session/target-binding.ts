/** Which project or instance this adapter's session is bound to when nobody says otherwise. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve, sep } from "node:path";

/** A Godot project on disk, by its canonical folder with forward slashes, as Godot itself names it. */
export interface ProjectBinding {
  readonly kind: "project";
  readonly name: string;
  readonly path: string;
  /** What the binding was derived from. */
  readonly from: string;
}

/** The name or id of an instance or a project. */
export interface NamedBinding {
  readonly kind: "named";
  readonly target: string;
  readonly from: string;
}

export type TargetBinding = ProjectBinding | NamedBinding;

/** Where a binding may come from. */
export interface BindingSources {
  readonly target: string | undefined;
  readonly project: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

const PROJECT_FILE = "project.godot";
/** How deep below `CLAUDE_PROJECT_DIR` a project is looked for, and in how many folders at most. */
const SEARCH_DEPTH = 3;
const SEARCH_FOLDERS = 2_000;
/** Folders that hold no project of one's own. */
const SKIPPED = new Set(["node_modules", "addons", "dist", "build", "target", "vendor"]);

/** The binding by the first source that gives one: target or project as told, then `CLAUDE_PROJECT_DIR`, then `cwd`. */
export function findBinding({ target, project, env, cwd }: BindingSources): TargetBinding | undefined {
  if (project) return projectAt(nearestAbove(resolve(cwd, project)) ?? resolve(cwd, project), "--project");
  if (target) return namedOrProject(target, cwd);
  const claudeDir = env.CLAUDE_PROJECT_DIR;
  const claude = claudeDir && (nearestAbove(resolve(cwd, claudeDir)) ?? onlyBelow(resolve(cwd, claudeDir)));
  if (claude) return projectAt(claude, "CLAUDE_PROJECT_DIR");
  // A folder that is gone, such as a removed worktree, was perhaps a project: better unreachable than another one.
  if (!existsSync(cwd)) return projectAt(cwd, "the working directory, which is gone");
  const above = nearestAbove(cwd);
  return above ? projectAt(above, "the working directory") : undefined;
}

/** A target that names a folder is a project, also one that is not there: better unreachable than another project. */
function namedOrProject(target: string, cwd: string): TargetBinding {
  const from = "--target or GODOT_HUB_TARGET";
  const isPath = isAbsolute(target) || /^\.{1,2}([\\/]|$)/.test(target);
  if (!isPath) return { kind: "named", target, from };
  const folder = resolve(cwd, target);
  return projectAt(nearestAbove(folder) ?? folder, from);
}

function nearestAbove(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The one project below `root`; undefined when there is none or more than one: never guessed. */
function onlyBelow(root: string): string | undefined {
  let found: string | undefined;
  let level = [root];
  let visited = 0;
  for (let depth = 0; depth < SEARCH_DEPTH; depth += 1) {
    level = level.flatMap(foldersIn);
    visited += level.length;
    if (visited > SEARCH_FOLDERS) return undefined;
    for (const folder of level.filter((each) => existsSync(join(each, PROJECT_FILE)))) {
      if (found) return undefined;
      found = folder;
    }
  }
  return found;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !SKIPPED.has(entry.name))
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

function projectAt(folder: string, from: string): ProjectBinding {
  const path = canonical(folder);
  return { kind: "project", name: projectName(path) ?? basename(path), path, from };
}

function canonical(folder: string): string {
  try {
    return realpathSync(folder).replaceAll(sep, "/");
  } catch {
    return folder.replaceAll(sep, "/");
  }
}

function projectName(folder: string): string | undefined {
  try {
    const line = /^config\/name=("(?:[^"\\\n]|\\.)*")/m.exec(readFileSync(join(folder, PROJECT_FILE), "utf8"));
    const name: unknown = line?.[1] && JSON.parse(line[1]);
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}
