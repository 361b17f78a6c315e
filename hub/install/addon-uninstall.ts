/** Takes the addon and all that it has left out of a project. What a person has changed is kept, and told. */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, posix, relative, win32 } from "node:path";
import { userFolder } from "../../hub-client/state-dir.ts";
import {
  ADDON,
  findProject,
  findSettings,
  InstallError,
  isSameText,
  PLUGIN,
  replaceProjectFile,
  versionOf,
} from "./addon-install.ts";
import { disablePlugin, settingText, withoutSection } from "./addon-install-settings.ts";
import { applyLines, type LinesPlan, planLines } from "./agent-lines.ts";

const NAME = "godot_mcp_hub";
/** What the editor keeps of a project for itself. */
const METADATA = join(".godot", "editor", "project_metadata.cfg");
/** What the editor makes beside a file. */
const COMPANION = /\.(?:uid|import)$/;

/** What an uninstallation may do. */
export interface UninstallOptions {
  /** Takes out an addon of another version, and changed files, too. */
  force: boolean;
  /** Changes nothing. */
  dryRun: boolean;
}

/** What an uninstallation has done. */
export interface UninstallOutcome {
  /** Folder of the project, without symbolic links. */
  project: string;
  /** Version of the addon that was taken out; undefined where there was none, or it stays. */
  version: string | undefined;
  /** The addon is a link to a working copy, which stays. */
  isLink: boolean;
  /** Files that a person has changed or added, which stay. */
  kept: string[];
  /** Whether the addon was enabled in project.godot. */
  disabled: boolean;
  /** Whether the editor had remembered something of it. */
  forgotten: boolean;
  lines: LinesPlan[];
  /** Folder of the project's user data that the addon had worked in; undefined where there is none. */
  cache: string | undefined;
}

/** Where user data lies. */
interface UserSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/**
 * Takes the addon out of the project in `folder`.
 * @param source The addon as it was installed.
 * @throws {InstallError} for what is no project, or an addon of another version; the file system's error when the project can't be written.
 */
export function uninstallAddon(
  source: string,
  folder: string,
  { force, dryRun, ...surroundings }: UninstallOptions & UserSurroundings,
): UninstallOutcome {
  const project = findProject(folder);
  const settingsPath = findSettings(project);
  // One character a byte: what is not touched stays as it is, whatever its encoding.
  const settings = readFileSync(settingsPath, "latin1");
  const addon = judgeAddon(source, join(project, ADDON), force);
  const rest = disablePlugin(settings, PLUGIN);
  const metadata = readIfThere(join(project, METADATA));
  const remembered = metadata && withoutSection(metadata, NAME);
  const lines = planLines(project, true);
  const cache = cacheOf(settings, surroundings);
  if (!dryRun) {
    if (rest !== settings) replaceProjectFile(settingsPath, rest);
    if (remembered !== metadata) replaceOrRemove(join(project, METADATA), remembered);
    applyLines(lines);
    removeFiles(join(project, ADDON), addon.ours);
    if (cache !== undefined) rmSync(cache, { recursive: true, force: true });
  }
  const { ours: _, ...told } = addon;
  return { project, ...told, disabled: rest !== settings, forgotten: remembered !== metadata, lines, cache };
}

interface Addon {
  readonly version: string | undefined;
  readonly isLink: boolean;
  /** Files that are as they were installed, and what the editor has made beside them. */
  readonly ours: readonly string[];
  readonly kept: string[];
}

function judgeAddon(source: string, destination: string, force: boolean): Addon {
  const present = lstatSync(destination, { throwIfNoEntry: false });
  const none = { version: undefined, isLink: false, ours: [], kept: [] };
  if (!present) return none;
  if (present.isSymbolicLink() || realpathSync(destination) === realpathSync(source)) {
    return { ...none, isLink: true };
  }
  const [version = "?", known = "?"] = [versionOf(destination), versionOf(source)];
  if (version !== known && !force) {
    throw new InstallError(
      `${destination} is of version ${version}, and this is ${known}: what was changed in it can't be told. --force takes all of it out; \`godot-hub install\` makes it ${known}.`,
    );
  }
  const files = filesIn(destination);
  const isOurs = (file: string): boolean =>
    COMPANION.test(file) ? isOurs(file.replace(COMPANION, "")) : isCopy(join(source, file), join(destination, file));
  const ours = force ? files : files.filter(isOurs);
  const kept = files.filter((file) => !ours.includes(file)).map((file) => join(destination, file));
  return { version, isLink: false, ours, kept };
}

function isCopy(original: string, copy: string): boolean {
  if (!lstatSync(copy, { throwIfNoEntry: false })?.isFile()) return !existsSync(copy);
  return existsSync(original) && isSameText(readFileSync(copy), readFileSync(original));
}

/** All that is no folder: links too. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Removes files of a folder, and then the folders that are empty: the folder itself, and the one that it is in. */
function removeFiles(folder: string, files: readonly string[]): void {
  if (files.length === 0) return;
  for (const file of files) rmSync(join(folder, file));
  const folders = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = folders.map((entry) => join(entry.parentPath, entry.name)).toSorted((a, b) => b.length - a.length);
  for (const path of [...paths, folder, dirname(folder)]) if (readdirSync(path).length === 0) rmdirSync(path);
}

function replaceOrRemove(path: string, text = ""): void {
  if (text === "") rmSync(path);
  else replaceProjectFile(path, text);
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "latin1") : undefined;
}

/** Where checks and tests of the project have worked, as Godot places `user://`: they leave something when they are killed only. */
function cacheOf(settings: string, { env, platform }: UserSurroundings): string | undefined {
  const setting = (key: string) => settingText(settings, "application", `config/${key}`) ?? "";
  const name = folderName(setting("name")) || "[unnamed project]";
  const { join: joined } = platform === "win32" ? win32 : posix;
  const data = dataFolder(env, platform);
  const own = setting("custom_user_dir_name").split(/[\\/]/).map(folderName).filter(Boolean);
  // No name of a project leads to another folder.
  if ([name, ...own].some((part) => part === "." || part === "..")) return undefined;
  const godot = platform === "linux" ? "godot" : "Godot";
  const isCustom = setting("use_custom_user_dir") === "true";
  const folder = isCustom
    ? joined(data, ...(own.length > 0 ? own : [name]))
    : joined(data, godot, "app_userdata", name);
  const cache = joined(folder, NAME);
  return existsSync(cache) ? cache : undefined;
}

/** A name as Godot makes a folder of it. */
function folderName(name: string): string {
  return name.trim().replaceAll(/[:*?"<>|/\\]/g, "-");
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = userFolder(env, platform);
  if (platform === "win32") return env.APPDATA || win32.join(home, "AppData", "Roaming");
  if (platform === "darwin") return posix.join(home, "Library", "Application Support");
  return env.XDG_DATA_HOME || posix.join(home, ".local", "share");
}
