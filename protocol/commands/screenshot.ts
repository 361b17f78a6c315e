/** Pictures: of the editor here, of the game in game.ts. Small enough for a model, base64. */
import { z } from "zod";
import { writeCommand } from "./define.ts";
import { nodePath, scene } from "./params.ts";

/** How large a picture may be, and how it is encoded. */
export const pictureParams = {
  maxSize: z.number().int().min(16).max(4_096).optional().describe("Longest edge in pixels. Default 1280."),
  format: z.enum(["webp", "jpeg", "png"]).optional().describe("Default: webp."),
};

/** A picture; `data` is base64, at most 700,000 characters, and smaller than asked for when it would have more. */
export const pictureResult = {
  mimeType: z.string(),
  data: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  sourceWidth: z.number().int(),
  sourceHeight: z.number().int(),
};

export const screenshotCommands = [
  writeCommand("editor.screenshot", {
    description:
      "A picture of what the editor shows: its window, or the 2D or 3D view; or of a scene that is not shown, or of one node, framed. Opens nothing.",
    keywords: "capture image viewport look scene take picture editor window 2d 3d view visual",
    tool: { name: "screenshot" },
    shownAs: "picture",
    params: {
      view: z.enum(["window", "2d", "3d"]).optional().describe("Default: window."),
      scene: scene.describe(
        "Default: the shown scene; with `path`, the session's. A hidden scene is drawn from a copy, in which no script runs.",
      ),
      path: nodePath
        .optional()
        .describe("A node of the scene, shown alone in its frame with all below it; nothing in the editor moves."),
      ...pictureParams,
    },
    result: z.looseObject({ view: z.string(), path: z.string().optional(), ...pictureResult }),
    long: true,
  }),
] as const;
