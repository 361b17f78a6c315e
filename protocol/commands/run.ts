/** Running the game from the editor. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { resPath } from "./params.ts";

const runState = z.looseObject({ playing: z.boolean(), scene: z.string().nullable() });

export const runCommands = [
  writeCommand("run.play", {
    description: "Plays the main scene, the scene that is open, or a given one, as the editor's play buttons do.",
    params: {
      which: z
        .enum(["main", "current", "custom"])
        .optional()
        .describe('Default: "main", or "custom" when `scene` is given.'),
      scene: resPath.optional().describe("Scene to play."),
    },
    result: runState,
    long: true,
    locks: ["run"],
  }),
  writeCommand("run.stop", {
    description: "Stops the running game.",
    params: {},
    result: runState,
    locks: ["run"],
  }),
  readCommand("run.status", {
    description: "Whether a game runs and which scene it plays.",
    params: {},
    result: runState,
  }),
] as const;
