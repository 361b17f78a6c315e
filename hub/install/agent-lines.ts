/** Puts lines for AI agents into a project's AGENTS.md, and takes them out again. The rest of the file stays as it is, to the byte. */
import { existsSync, lstatSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { InstallError, replaceProjectFile } from "./addon-install.ts";

/** What every agent is told. Plain ASCII: it goes into files of any encoding that has it. */
export const AGENT_LINES = `## Godot through MCP

This is a Godot 4 project. The MCP server \`godot\` (godot-mcp-hub) works in its running editor.

- Begin with \`project_overview\`: it must name this project, else call \`hub_use\`. No editor is open: \`hub_use {"launch":true}\`.
- Scenes: read them with \`scene_tree\` and \`node_inspect\`, change them with \`scene_edit\`, never as text of \`.tscn\` files.
- Scripts: \`script_write\` answers with their errors. \`project_check\` checks the whole project.
- Try what you change: \`game_run\`, then \`game_inspect\`, \`screenshot\` and \`log_read\`; \`game_stop\` ends it.
- Classes of Godot: \`docs_search\`. All else: \`command_search\`, then \`command_read\` or \`command_run\`.
- Without these tools: \`npx -y -p godot-mcp-hub godot-hub call scene.get_tree\`; \`godot-hub doctor\` finds what is wrong.`;

const BEGIN = "<!-- godot-mcp-hub: begin -->";
const END = "<!-- godot-mcp-hub: end -->";
const AGENTS = "AGENTS.md";
const CLAUDE = "CLAUDE.md";
/** How a CLAUDE.md takes in another file. */
const IMPORTS_AGENTS = /(?:^|\s)@(?:\.\/)?AGENTS\.md(?![\w/-])/;

/** What happens to one file. */
export interface LinesPlan {
  readonly change: "added" | "updated" | "removed" | "unchanged";
  /** The file that is written, behind any link. */
  readonly path: string;
  readonly text: string;
}

/**
 * What is to be written so that the project in `folder` has the lines once, or not at all.
 * @throws {InstallError} for a file that can't be changed.
 */
export function planLines(folder: string, isRemoval: boolean): LinesPlan[] {
  const agents = planFor(folder, AGENTS, isRemoval);
  if (!existsSync(join(folder, CLAUDE))) return [agents];
  const claude = planFor(folder, CLAUDE, isRemoval);
  if (claude.path === agents.path) return [agents];
  if (isRemoval || !IMPORTS_AGENTS.test(claude.text)) return [agents, claude];
  return [agents, planFor(folder, CLAUDE, true)];
}

/** Carries a plan out. A file that had nothing but the lines goes with them. */
export function applyLines(plans: readonly LinesPlan[]): void {
  for (const { change, path, text } of plans) {
    if (change === "removed" && text === "") rmSync(path);
    else if (change !== "unchanged") replaceProjectFile(path, text);
  }
}

function planFor(folder: string, file: string, isRemoval: boolean): LinesPlan {
  const path = fileBehind(folder, file);
  // One character a byte: what is not touched stays as it is, whatever its encoding.
  const before = existsSync(path) ? readFileSync(path, "latin1") : "";
  if (before.includes("\0"))
    throw new InstallError(`${path} is no text in UTF-8: put the lines in by hand, or save it as UTF-8.`);
  const block = findBlock(path, before);
  const text = isRemoval ? withoutLines(before, block) : withLines(before, block);
  if (text === before) return { change: "unchanged", path, text };
  return { change: isRemoval ? "removed" : block ? "updated" : "added", path, text };
}

interface Block {
  readonly start: number;
  readonly end: number;
}

function findBlock(path: string, text: string): Block | undefined {
  const start = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (start < 0 && end < 0) return undefined;
  const isOne =
    start >= 0 && end > start && [BEGIN, END].every((mark) => text.indexOf(mark) === text.lastIndexOf(mark));
  if (isOne) return { start, end: end + END.length };
  throw new InstallError(`${path} has '${BEGIN}' and '${END}' not once each, in this order: mend that by hand.`);
}

function withLines(text: string, block: Block | undefined): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = [BEGIN, AGENT_LINES, END].join("\n").replaceAll("\n", eol);
  if (block) return text.slice(0, block.start) + lines + text.slice(block.end);
  if (text === "") return lines + eol;
  // A last line without its end stays one, so that taking the lines out again knows what was there.
  return text.endsWith("\n") ? `${text}${eol}${lines}${eol}` : `${text}${eol}${eol}${lines}`;
}

function withoutLines(text: string, block: Block | undefined): string {
  if (!block) return text;
  const ending = /^\r?\n/.exec(text.slice(block.end))?.[0] ?? "";
  const before = text.slice(0, block.start).replace(ending === "" ? /(?:\r?\n){1,2}$/ : /\r?\n$/, "");
  return before + text.slice(block.end + ending.length);
}

/** Where the file really lies. @throws {InstallError} when a link leads out of the project, to a file that others use. */
function fileBehind(folder: string, file: string): string {
  const path = join(folder, file);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  const real = existsSync(path) ? realpathSync(path) : undefined;
  const inside = real && relative(folder, real);
  if (real && inside && !isAbsolute(inside) && inside.split(sep)[0] !== "..") return real;
  throw new InstallError(
    `${path} is a link ${real ? `to ${real}, outside of the project` : "to nothing"}: put the lines in by hand.`,
  );
}
