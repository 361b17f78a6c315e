/** Pictures of the editor and of the running game. */
import { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { withoutPicture } from "../pictures.ts";
import { resultText } from "../result-text.ts";
import { defineTool } from "../tool.ts";
import { result } from "../tool-result.ts";

/** Params that only one of the two pictures has. */
const OF_EDITOR = ["view", "scene"] as const;
const OF_GAME = ["path", "moments", "every"] as const;

export const screenshotTools = [
  defineTool({
    name: "editor_screenshot",
    title: "Take a picture",
    description:
      'A picture of the editor (its window, or the 2D or 3D view of a scene), or of the running game, of one of its nodes, or of several moments. Example: {"of":"game","moments":4}',
    effects: { idempotent: true },
    params: {
      of: z.enum(["editor", "game"]).optional().describe("Default: editor."),
      view: z.enum(["window", "2d", "3d"]).optional().describe("editor. Default: window."),
      scene: z.string().max(1_024).optional().describe("editor: scene file to show first."),
      path: z.string().min(1).max(1_024).optional().describe("game: node to show."),
      moments: z.int().min(1).max(16).optional().describe("game: pictures in one."),
      every: z.int().min(1).max(3_600).optional().describe("game: frames between them."),
      maxSize: z.int().min(16).max(4_096).optional().describe("Longest edge. Default 1280."),
    },
    run: async ({ of = "editor", ...given }, call) => {
      const { target: _, ...params }: Record<string, unknown> = given;
      const foreign = (of === "game" ? OF_EDITOR : OF_GAME).find((name) => params[name] !== undefined);
      if (foreign !== undefined) {
        throw new WireError("INVALID_PARAMS", `'${foreign}' does not go with a picture of the ${of}.`, {
          hint: `Leave it out, or give "of":"${of === "game" ? "editor" : "game"}".`,
        });
      }
      const command = `${of}.screenshot`;
      const { answer, images } = withoutPicture(await call.command(command, params));
      return { ...result(resultText(command, answer.result), answer), images };
    },
  }),
] as const;
