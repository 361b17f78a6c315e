/** Puts the Godot addon into a project: copies or updates it in one step, and enables it in project.godot. */
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { patientRename, replaceFile } from "../../hub-client/atomic-file.ts";
import { compareVersions } from "../../hub-client/versions.ts";
import { configVersion, enablePlugin } from "./addon-install-settings.ts";

/** The addon's folder in a project. */
export const ADDON = join("addons", "godot_mcp_hub");
/** How project.godot names it. */
export const PLUGIN = "res://addons/godot_mcp_hub/plugin.cfg";
/** Format of a Godot 4 project. */
const GODOT_4_FORMAT = 5;
/** The umask of the user decides. */
const NEW_FILE_MODE = 0o666;

/** What an installation may do. */
export interface InstallOptions {
  /** Replaces an addon that is newer, or was changed. */
  force: boolean;
  /** Changes nothing. */
  dryRun: boolean;
}

/** What was done with the addon's files. `kept-*`: left as they were. */
export type CopyOutcome =
  | "installed"
  | "updated"
  | "replaced"
  | "unchanged"
  | "kept-newer"
  | "kept-changed"
  | "kept-link";

/** What an installation has done. */
export interface InstallOutcome {
  /** Folder of the project, without symbolic links. */
  project: string;
  copy: CopyOutcome;
  /** Version that was there before. */
  previous: string | undefined;
  /** Version that this package carries. */
  version: string;
  /** Whether project.godot had to be changed to enable the addon. */
  enabled: boolean;
}

/** The folder is not one that the addon can be put into. The message says why. */
export class InstallError extends Error {
  override readonly name = "InstallError";
}

/**
 * Installs the addon that lies in `source` into the project in `folder`.
 * @throws {InstallError} for what is no Godot 4 project; the file system's error when the project can't be written.
 */
export function installAddon(source: string, folder: string, options: InstallOptions): InstallOutcome {
  const project = findProject(folder);
  const settingsPath = findSettings(project);
  // One character a byte: what is not touched stays as it is, whatever its encoding.
  const settings = readFileSync(settingsPath, "latin1");
  requireGodot4(project, settings);
  const wanted = enablePlugin(settings, PLUGIN);
  const destination = join(project, ADDON);
  const copy = judge(source, destination, options.force);
  const previous = existsSync(destination) ? versionOf(destination) : undefined;
  if (!options.dryRun) {
    if (copy === "installed" || copy === "updated" || copy === "replaced") replaceFolder(source, destination);
    if (wanted !== settings) replaceProjectFile(settingsPath, wanted);
  }
  return { project, copy, previous, version: versionOf(source) ?? "0", enabled: wanted !== settings };
}

/** The folder itself, without symbolic links. @throws {InstallError} for one without a project. */
export function findProject(folder: string): string {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InstallError(`${folder} is not a folder: name the one that has project.godot.`);
  }
  const project = realpathSync(folder);
  if (!existsSync(join(project, "project.godot"))) {
    throw new InstallError(`${project} is no Godot project: it has no project.godot. Name the folder that has it.`);
  }
  return project;
}

/** The file itself, where a link leads to it. One that leads to a file of another name is somebody's trap: that file would be changed. */
export function findSettings(project: string): string {
  const path = realpathSync(join(project, "project.godot"));
  if (basename(path) === "project.godot") return path;
  throw new InstallError(`project.godot of ${project} is a link to ${path}, which is no project.godot.`);
}

function requireGodot4(project: string, settings: string): void {
  const version = configVersion(settings);
  if (version !== undefined && version < GODOT_4_FORMAT) {
    throw new InstallError(`${project} is a project of Godot 3. The addon needs Godot 4.3 or later.`);
  }
}

function judge(source: string, destination: string, force: boolean): CopyOutcome {
  const present = lstatSync(destination, { throwIfNoEntry: false });
  if (!present) return "installed";
  // A link is somebody's working copy of the addon.
  if (present.isSymbolicLink() || realpathSync(destination) === realpathSync(source)) return "kept-link";
  const order = compareVersions(versionOf(destination) ?? "0", versionOf(source) ?? "0");
  if (order < 0) return "updated";
  if (order === 0 && isCopyOf(source, destination)) return "unchanged";
  if (force) return "replaced";
  return order > 0 ? "kept-newer" : "kept-changed";
}

/** The version of an addon; undefined for a copy that broke off. */
export function versionOf(addon: string): string | undefined {
  try {
    return /^\s*version\s*=\s*"([^"]*)"/m.exec(readFileSync(join(addon, "plugin.cfg"), "utf8"))?.[1];
  } catch {
    // A copy that broke off: older than anything.
    return undefined;
  }
}

/** True when every file of `source` is in `destination` as it is. What the editor adds there does not count. */
function isCopyOf(source: string, destination: string): boolean {
  return filesOf(source).every((file) => {
    const copy = join(destination, file);
    return existsSync(copy) && isSameText(readFileSync(copy), readFileSync(join(source, file)));
  });
}

/** Git on Windows may have changed the ends of lines in a project that carries the addon: that is no change. */
export function isSameText(a: Buffer, b: Buffer): boolean {
  const plain = (bytes: Buffer) => bytes.toString("latin1").replaceAll("\r\n", "\n");
  return a.equals(b) || plain(a) === plain(b);
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Puts a whole new folder in the place of the old one: an editor that looks never sees half of each. */
function replaceFolder(source: string, destination: string): void {
  // Folders whose names begin with a dot are not looked at by the editor.
  const name = `.godot_mcp_hub.${process.pid}`;
  const fresh = join(destination, "..", `${name}.new`);
  const old = join(destination, "..", `${name}.old`);
  try {
    cpSync(source, fresh, { recursive: true });
    if (existsSync(destination)) {
      keepIdentities(destination, fresh);
      patientRename(destination, old);
    }
    patientRename(fresh, destination);
  } catch (error) {
    if (existsSync(old) && !existsSync(destination)) patientRename(old, destination);
    throw error;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    if (existsSync(destination)) rmSync(old, { recursive: true, force: true });
  }
}

/** Keeps the ids that the editor gave to scripts: scenes of the project may refer to them. */
function keepIdentities(destination: string, fresh: string): void {
  for (const file of filesOf(destination).filter((name) => name.endsWith(".uid"))) {
    const script = join(fresh, file.slice(0, -".uid".length));
    if (existsSync(script) && !existsSync(join(fresh, file))) cpSync(join(destination, file), join(fresh, file));
  }
}

/** Replaces a file of a project by a text of one character a byte, in one step. Its mode stays. */
export function replaceProjectFile(path: string, text: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? NEW_FILE_MODE;
  replaceFile(path, text, { mode, encoding: "latin1" });
}
