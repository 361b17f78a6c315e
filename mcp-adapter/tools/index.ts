/** The compact set of tools, in the order in which every client sees them. */
import type { Tool } from "../calls/tool.ts";
import { checkTools } from "./check-tools.ts";
import { commandTools } from "./command-tools.ts";
import { docsTools } from "./docs-tools.ts";
import { editTools } from "./edit-tools.ts";
import { gameTools } from "./game-tools.ts";
import { hubTools } from "./hub-tools.ts";
import { logTools } from "./log-tools.ts";
import { projectTools } from "./project-tools.ts";
import { runTools } from "./run-tools.ts";
import { sceneTools } from "./scene-tools.ts";
import { screenshotTools } from "./screenshot-tools.ts";
import { scriptTools } from "./script-tools.ts";

const ALL: readonly Tool[] = [
  ...hubTools,
  ...projectTools,
  ...checkTools,
  ...sceneTools,
  ...editTools,
  ...scriptTools,
  ...logTools,
  ...screenshotTools,
  ...runTools,
  ...gameTools,
  ...docsTools,
  ...commandTools,
];

/** The tools by name. */
export const TOOLS: ReadonlyMap<string, Tool> = toolsByName(ALL);

/** @throws when two tools have one name. */
export function toolsByName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) throw new Error(`Tool '${tool.name}' is declared twice.`);
    byName.set(tool.name, tool);
  }
  return byName;
}
