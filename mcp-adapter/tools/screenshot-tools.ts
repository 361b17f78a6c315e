/** Pictures of the editor and of the running game. */
import { z } from "zod";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { WireError } from "../../protocol/errors.ts";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { withoutPicture } from "../texts/pictures.ts";
import { resultText } from "../texts/result-text.ts";

export const screenshotTools = [
  defineTool({
    name: "editor_screenshot",
    title: "Take a picture",
    description:
      'A picture of the editor (its window, the 2D or 3D view of a scene, or one node of it), or of the running game, one node of it, or several moments. Example: {"of":"game","moments":4}',
    effects: { idempotent: true },
    params: {
      of: z.enum(["editor", "game"]).optional().describe("Default: editor."),
      view: z.enum(["window", "2d", "3d"]).optional().describe("editor. Default: window."),
      scene: z.string().max(1_024).optional().describe("editor: scene file to show first."),
      path: z.string().min(1).max(1_024).optional().describe("Node to show: of the scene, or below the game's root."),
      moments: z.int().min(1).max(16).optional().describe("game: pictures in one."),
      every: z.int().min(1).max(3_600).optional().describe("game: frames between them."),
      maxSize: z.int().min(16).max(4_096).optional().describe("Longest edge. Default 1280."),
    },
    run: async ({ of = "editor", ...given }, call) => {
      const params: Record<string, unknown> = given;
      const command = `${of}.screenshot`;
      const known = COMMANDS.get(command)?.params.shape ?? {};
      const foreign = Object.keys(params).find((name) => !(name in known));
      if (foreign !== undefined) {
        throw new WireError("INVALID_PARAMS", `'${foreign}' does not go with a picture of the ${of}.`, {
          hint: `Leave it out, or give "of":"${of === "game" ? "editor" : "game"}".`,
        });
      }
      const { answer, images } = withoutPicture(await call.command(command, params));
      return { ...result(resultText(command, answer.result), answer), images };
    },
  }),
] as const;
