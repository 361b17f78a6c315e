/** Declares `screenshot`: pictures of the editor and of the running game. */
import { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { withoutPicture } from "../texts/pictures.ts";
import { resultText } from "./result-text.ts";

export const screenshotTools = [
  defineTool({
    name: "screenshot",
    title: "Take a picture of the Godot editor or game",
    description:
      'Takes a picture of the Godot editor (window, 2D or 3D view, one node of your current scene) or of the running game (whole, one node, several frames in one). Exact values: node_inspect, game_inspect. Example: {"of":"game","frames":4}',
    search: "image capture viewport visual look",
    isFirst: true,
    effects: { readOnly: true },
    // There is no data beside a picture.
    hasData: false,
    params: {
      of: z.enum(["editor", "game"]).optional().describe("Default: editor."),
      view: z.enum(["window", "2d", "3d"]).optional().describe("editor. Default: window."),
      path: z
        .string()
        .min(1)
        .max(1_024)
        .optional()
        .describe("Node to show alone: of the scene, or below the game's root."),
      frames: z.int().min(1).max(16).optional().describe("game: pictures in one, one after the other."),
      interval: z.int().min(1).max(3_600).optional().describe("game: game frames between them. Default 10."),
      maxSize: z.int().min(16).max(4_096).optional().describe("Longest edge in pixels. Default 1280."),
    },
    run: async ({ of = "editor", view, path, frames, interval, maxSize }, call) => {
      const foreign = Object.entries(of === "game" ? { view } : { frames, interval }).find(
        ([, value]) => value !== undefined,
      );
      if (foreign) {
        throw new WireError("INVALID_PARAMS", `'${foreign[0]}' does not go with a picture of the ${of}.`, {
          hint: `Leave it out, or give "of":"${of === "game" ? "editor" : "game"}".`,
        });
      }
      const params = { view, path, moments: frames, every: interval, maxSize };
      const { answer, images } = withoutPicture(await call.command(`${of}.screenshot`, params));
      return { ...result(resultText(`${of}.screenshot`, answer.result), answer), images };
    },
  }),
] as const;
