/** Chooses the tools of a session: the compact set, one for each command, or GraphQL. */
import { jobTools } from "../calls/job-tools.ts";
import type { Tool } from "../calls/tool.ts";
import { OptionsError, type PresetOptions } from "../process/options.ts";
import { commandTools } from "./command-tools.ts";
import { docsTools } from "./docs-tools.ts";
import { hubTools } from "./hub-tools.ts";
import { TOOLS, toolsByName } from "./index.ts";

/** The tools by name, in the order in which every client sees them. @throws {OptionsError} for a toolset that does not exist. */
export async function presetTools({ preset, toolsets }: PresetOptions): Promise<ReadonlyMap<string, Tool>> {
  if (preset === "compact") return TOOLS;
  if (preset === "graphql") {
    const { graphqlTools } = await import("../graphql/graphql-tools.ts");
    return toolsByName([...hubTools, ...docsTools, ...graphqlTools, ...jobTools]);
  }
  const { fullTools, toolsetNames } = await import("./full-tools.ts");
  const known = toolsetNames();
  const unknown = toolsets.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new OptionsError(`There is no toolset '${unknown.join("', '")}'. There are ${known.join(", ")}.`);
  }
  return toolsByName([...hubTools, ...fullTools(toolsets), ...docsTools, ...commandTools]);
}
