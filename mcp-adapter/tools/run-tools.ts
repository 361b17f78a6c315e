/** Running the game. */
import { z } from "zod";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { gamesText } from "../texts/games-text.ts";

export const runTools = [
  defineTool({
    name: "run_project",
    title: "Run the game",
    description:
      'Plays the main scene, the scene that is open in the editor, or a given one; for arguments, several games or frames of a fixed length: command_run run.play. Example: {"scene":"res://level.tscn"}',
    effects: {},
    params: {
      which: z.enum(["main", "current", "custom"]).optional().describe('Default: "main", or "custom" with scene.'),
      scene: z.string().max(1_024).optional().describe("Scene to play, res://..."),
    },
    run: async ({ which, scene }, call) => {
      const answer = await call.command("run.play", { which, scene });
      return result(gamesText(answer.result), answer);
    },
  }),
  defineTool({
    name: "stop_project",
    title: "Stop the game",
    description: "Stops the running game. Example: {}",
    effects: { idempotent: true },
    params: {},
    run: async (_, call) => {
      const answer = await call.command("run.stop", {});
      return result(gamesText(answer.result), answer);
    },
  }),
] as const;
