/** The dashboard's page as the build leaves it: three files that say nothing about this hub. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A file of the page and what it is. */
export interface PageFile {
  readonly body: Buffer;
  readonly contentType: string;
}

/** Files by their paths on the hub's port. */
const FILES = [
  ["/", "dashboard-page.html", "text/html; charset=utf-8"],
  ["/dashboard.css", "dashboard-style.css", "text/css; charset=utf-8"],
  ["/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"],
] as const;

/** Beside the bundled program, or in `dist/` for one that runs from its sources. */
const FOLDERS = [new URL("./", import.meta.url), new URL("../../dist/", import.meta.url)];

/** Paths at which there is a file. */
export const PAGE_PATHS: readonly string[] = FILES.map(([path]) => path);

/** Reads the file at `path`; undefined when the page was not built. */
export function readPageFile(path: string): PageFile | undefined {
  const [, name, contentType] = FILES.find(([served]) => served === path) ?? [];
  const folder = FOLDERS.find((url) => existsSync(new URL("dashboard-page.html", url)));
  if (name === undefined || contentType === undefined || folder === undefined) return undefined;
  return { body: readFileSync(fileURLToPath(new URL(name, folder))), contentType };
}
