/** Runs the demonstration and records it in pictures and a transcript. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAndPlay, PICTURES } from "./build-and-play.ts";
import { Transcript } from "./transcript.ts";
import { Workshop } from "./workshop.ts";

/**
 * @param godot Path of the editor's program.
 * @param folder Takes `transcript.md` and the pictures.
 * @param display Variables of a display; without them the user's own, else one without a screen.
 * @throws when anything of it fails.
 */
export async function demonstrate(godot: string, folder: string, display?: Record<string, string>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const workshop = await Workshop.open(godot, display);
  try {
    const agent = new Transcript(workshop.mcp.client, folder);
    await buildAndPlay(agent);
    const words = new Map([[workshop.project, "<project>"]]);
    writeFileSync(join(folder, "transcript.md"), documentOf(agent.markdown(words)));
  } finally {
    await workshop.dispose();
  }
}

function documentOf(transcript: string): string {
  const pictures = Object.entries(PICTURES).map(([name, shows]) => `![${shows}](${name}.webp)\n\n${shows}.\n`);
  return `# A game from nothing

<!-- Written by \`npm run demo\`. -->

An MCP client with the tools of the preset \`compact\` builds a game in an empty project, plays it by looking and deciding, and wins it. No
model is behind it: \`scripts/demo/\` decides.

${pictures.join("\n")}
${transcript}
`;
}
