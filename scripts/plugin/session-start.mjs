/**
 * Tells an agent at the start of its session, in one line, which Godot project it works in and which editor has it open. Prints nothing
 * outside Godot projects. A fault here must not disturb the session: the exit code is always 0.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HUB_PROGRAM = fileURLToPath(new URL("../../dist/godot-hub.js", import.meta.url));
/** The hook does not wait longer for a slow hub. */
const PATIENCE_MS = 2_500;

try {
  const project = findProject(process.env.CLAUDE_PROJECT_DIR || process.cwd());
  if (project) process.stdout.write(`${lineFor(project, await statusOfHub())}\n`);
} catch {
  // A folder that is gone, or can't be read.
}

/** The project at or above a folder, or the only one right below it. */
function findProject(start) {
  for (let folder = realpathSync(start); ; folder = dirname(folder)) {
    if (isProject(folder)) return folder;
    if (folder === dirname(folder)) break;
  }
  const below = readdirSync(start, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isProject(join(start, entry.name)))
    .map((entry) => realpathSync(join(start, entry.name)));
  return below.length === 1 ? below[0] : undefined;
}

function isProject(folder) {
  return existsSync(join(folder, "project.godot"));
}

/** The answer of `godot-hub status --json`; undefined if the program is missing or takes too long. */
function statusOfHub() {
  if (!existsSync(HUB_PROGRAM)) return undefined;
  return new Promise((resolve) => {
    // Its exit code is 1 where no hub runs, and says nothing more than the text.
    execFile(process.execPath, [HUB_PROGRAM, "status", "--json"], { timeout: PATIENCE_MS }, (_error, stdout) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        resolve(undefined);
      }
    });
  });
}

function lineFor(project, status) {
  const where = `Godot project ${JSON.stringify(project)}`;
  const editor = status?.instances?.find((each) => !each.parent && isSameFolder(each.project?.path, project));
  if (editor) {
    return `${where} is open in the Godot ${editor.godotVersion ?? ""} editor ${JSON.stringify(editor.name)}: the tools of the MCP server "godot" work in it. Begin with project_overview.`;
  }
  if (!existsSync(join(project, "addons", "godot_mcp_hub", "plugin.cfg"))) {
    return `${where} lacks the addon of godot-mcp-hub. To work in its editor, run: npx -y -p godot-mcp-hub godot-hub install ${JSON.stringify(project)}`;
  }
  if (!status)
    return `${where}: the tools of the MCP server "godot" work in its running editor. Begin with hub_status.`;
  const hub = status.running ? "" : "godot-mcp-hub does not run yet, the first call of a tool starts it; ";
  return `${where}: ${hub}no editor is connected. hub_use {"launch":true} starts one without a window.`;
}

/** Godot names folders with forward slashes. */
function isSameFolder(path, folder) {
  return typeof path === "string" && path.replaceAll("\\", "/") === folder.replaceAll("\\", "/");
}
