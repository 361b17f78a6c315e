/** Makes the published packages from the files of this folder: for npm, as an MCP bundle, as a plugin of AI clients, for Godot. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Zippable, zipSync } from "fflate";
import { PRODUCT_VERSION } from "../protocol/version.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGING = join(ROOT, "mcp-adapter", "packaging");
const BUNDLER = join(ROOT, "node_modules", "@anthropic-ai", "mcpb", "dist", "cli", "cli.js");
const ADDON = "addons/godot_mcp_hub";
/** The same contents make the same file, whenever they are packed. */
const PACKED_AT = new Date("1980-01-01T12:00:00");
/** Files of the MCP bundle, in the layout of the npm package. */
const BUNDLED = ["dist", "godot-client/addons", "package.json", "LICENSE", "README.md", "CHANGELOG.md"];
/** Files of the plugin, without Codex's manifest: Codex would read `plugin.json` first (docs/releasing.md). */
const PLUGGED = [...BUNDLED, ".claude-plugin", "plugin.json", "mcp.json", "skills", "scripts/plugin"];

const run = promisify(execFile);

/** Makes all packages in `folder` and returns their paths. Takes built programs as they are. */
export async function makePackages(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  return [await npmPackage(folder), await mcpBundle(folder), plugin(folder), addon(folder)];
}

/** The package for npm. */
export async function npmPackage(folder: string): Promise<string> {
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
    cwd: ROOT,
    shell: process.platform === "win32",
  });
  return join(folder, `godot-mcp-hub-${PRODUCT_VERSION}.tgz`);
}

/** The adapter with all that it needs, for clients that install MCP bundles. @throws when the official tool refuses it. */
export async function mcpBundle(folder: string): Promise<string> {
  const path = join(folder, `godot-mcp-hub-${PRODUCT_VERSION}.mcpb`);
  const stage = mkdtempSync(join(tmpdir(), "godot-mcpb-"));
  try {
    for (const file of BUNDLED) cpSync(join(ROOT, file), join(stage, file), { recursive: true });
    cpSync(join(PACKAGING, "mcpb-manifest.json"), join(stage, "manifest.json"));
    cpSync(join(ROOT, ".claude-plugin", "icon.png"), join(stage, "icon.png"));
    await bundler("validate", join(stage, "manifest.json"));
    await bundler("pack", stage, path);
  } finally {
    rmSync(stage, { recursive: true });
  }
  return path;
}

/** Runs the official tool for MCP bundles. */
export async function bundler(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [BUNDLER, ...args]);
  return stdout;
}

/** The plugin for Claude Code and for clients that take Agent Plugins, with the programs that it starts. */
export function plugin(folder: string): string {
  const path = join(folder, `godot-mcp-hub-plugin-${PRODUCT_VERSION}.zip`);
  return writeZip(path, Object.fromEntries(PLUGGED.map((part) => [part, packed(join(ROOT, part))])));
}

/** The addon as Godot's Asset Library wants it: `addons/` at the top, license and readme inside. */
export function addon(folder: string): string {
  const path = join(folder, `godot_mcp_hub-addon-${PRODUCT_VERSION}.zip`);
  return writeZip(path, { [ADDON]: zippable(join(ROOT, "godot-client", ADDON)) });
}

function writeZip(path: string, contents: Zippable): string {
  writeFileSync(path, zipSync(contents, { mtime: PACKED_AT }));
  return path;
}

/** A file, or the files below a folder in the order of their names. */
function packed(path: string): Zippable | Buffer {
  return statSync(path).isDirectory() ? zippable(path) : readFileSync(path);
}

function zippable(folder: string): Zippable {
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(names.map((name) => [name, packed(join(folder, name))]));
}
