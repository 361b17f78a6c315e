/**
 * Which projects a person knows. To open one runs the code of its plugins, so an agent has editors started only on those: that a
 * person has had open, that stand in Godot's own list, that lie below a folder which was configured, or that its adapter is bound to.
 */
import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { replaceFile } from "../../hub-client/atomic-file.ts";
import { WireError } from "../../protocol/errors.ts";
import type { Client } from "../clients/client.ts";
import type { Instance } from "../clients/instance.ts";
import { isSameFolder } from "../clients/same-folder.ts";
import { isOwner } from "../policy/ownership.ts";
import { listedProjects } from "./project-list.ts";

/** Projects that are remembered; the oldest go first. */
const CAPACITY = 1_000;
const FILE = "known-projects.json";

const fileSchema = z.object({ projects: z.array(z.string()) });

/** Where known projects are remembered, and which are known besides. */
export interface KnownProjectsOptions {
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
  note({ isEditor, permit, projectPath }: Instance): void {
    if (!isEditor || permit?.role !== "owner" || projectPath === undefined) return;
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
function isBoundTo({ permit, projectPath }: Client, project: string): boolean {
  return permit?.role === "owner" && projectPath !== undefined && isSameFolder(realFolder(projectPath), project);
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
