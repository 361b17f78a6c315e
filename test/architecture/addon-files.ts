/** The addon's scripts, with what the rules of the architecture ask of each: its imports, its length, its doc comments. */
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { filesBelow, ROOT } from "./source-files.ts";

const ADDON = "godot-client/addons/godot_mcp_hub";

export interface AddonScript {
  /** From the addon's folder, with forward slashes. */
  readonly path: string;
  /** Folder in which it stands; "root" for the addon's own. */
  readonly room: string;
  readonly lines: readonly string[];
  /** Scripts of the addon that it preloads or extends, as paths from the addon's folder. */
  readonly imports: readonly string[];
  /** Public functions, inner classes and the script itself that have no doc comment: "<line>: <name>". */
  readonly undocumented: readonly string[];
}

/** Reads every script of the addon. */
export function addonScripts(): AddonScript[] {
  return filesBelow(ADDON)
    .filter((path) => path.endsWith(".gd"))
    .map((path) => readScript(relative(ADDON, path).replaceAll("\\", "/")));
}

/** The room of a script: its folder. The script that projects preload has its place in the root, and belongs to `custom`. */
export function roomOf(path: string): string {
  if (path === "godot_mcp_hub.gd") return "custom";
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "root";
}

/** Columns of a line, a tab counted as four. */
export function columns(line: string): number {
  return line.replaceAll("\t", "    ").length;
}

function readScript(path: string): AddonScript {
  const text = readFileSync(join(ROOT, ADDON, path), "utf8");
  const lines = text.trimEnd().split("\n");
  const imports = [...text.matchAll(/(?:preload\(|^extends )"([^"]+\.gd)"/gm)]
    .flatMap(([, name]) => name ?? [])
    .filter((name) => !name.startsWith("res://"))
    .map((name) => join(dirname(path), name).replaceAll("\\", "/"));
  return { path, room: roomOf(path), lines, imports, undocumented: undocumented(lines) };
}

function undocumented(lines: readonly string[]): string[] {
  const bare = lines.flatMap((line, index) => {
    const [, name] = /^\t?(?:(?:static )?func|class) ([A-Za-z]\w*)/.exec(line) ?? [];
    if (name === undefined) return [];
    let above = index - 1;
    while (lines[above]?.trim().startsWith("@") === true) above -= 1;
    return lines[above]?.trim().startsWith("##") === true ? [] : [`${index + 1}: ${name}`];
  });
  return lines[0]?.startsWith("##") === true ? bare : ["1: the script itself", ...bare];
}
