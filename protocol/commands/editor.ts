/** The editor itself: its state and its undo history. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { scene, sceneResult } from "./params.ts";

const undoResult = z.looseObject({ action: z.string(), ...sceneResult });
const undoParams = {
  scene,
  force: z.boolean().optional().describe("Also when the step is not your own."),
};

export const editorCommands = [
  readCommand("editor.get_state", {
    description:
      "What the editor is doing: open scenes, current scene, selection, playing, importing, unsaved changes.",
    params: {},
    result: z.looseObject({
      state: z.string(),
      scenes: z.array(z.looseObject({ scene: z.string() })),
      current: z.string().nullable(),
      playing: z.boolean(),
      playingScene: z.string().nullable(),
      selection: z.array(z.string()),
    }),
  }),
  writeCommand("editor.undo", {
    description:
      "Takes back your own last step in a scene. Refuses, and says whose it is, when the last step is somebody else's.",
    params: undoParams,
    result: undoResult,
    locks: ["scene"],
  }),
  writeCommand("editor.redo", {
    description: "Does again what the last undo took back.",
    params: undoParams,
    result: undoResult,
    locks: ["scene"],
  }),
] as const;
