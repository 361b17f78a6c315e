/** Where this package lies on disk: the same answer from the sources, from the bundle and from an npm installation. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ADDON = join("godot-client", "addons", "godot_mcp_hub");

/** Root of the package: the nearest folder at or above this file that holds the package's parts. */
export function packageRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`The package is incomplete: no package.json above ${start}.`);
  }
}

/** The program that an AI client starts. */
export function adapterPath(): string {
  return join(packageRoot(), "dist", "godot-mcp-adapter.js");
}

/** The addon that `godot-hub install` copies. */
export function addonPath(): string {
  return join(packageRoot(), ADDON);
}
