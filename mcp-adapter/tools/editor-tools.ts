/** The editor: what it is doing, and its undo history. */
import { z } from "zod";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { logText } from "../texts/log-text.ts";
import { outline } from "../texts/outline.ts";
import { scene } from "./scene-params.ts";

/** Entries of one answer unless the caller asks for more or less. */
const DEFAULT_LOG_LIMIT = 100;

export const editorTools = [
  defineTool({
    name: "editor_state",
    title: "Editor state",
    description:
      "What the editor is doing: open scenes and unsaved changes, your current scene, selection, whether a game runs. Example: {}",
    effects: { readOnly: true },
    params: {},
    run: async (_, call) => {
      const answer = await call.command("editor.get_state", {});
      return result(outline(answer.result), answer);
    },
  }),
  defineTool({
    name: "editor_log",
    title: "Editor log",
    description:
      'What the engine printed and reported in the editor: the newest entries, or what came since a cursor. Example: {"level":"warning"}',
    effects: { readOnly: true },
    params: {
      level: z.enum(["info", "warning", "error"]).optional().describe("The least that is told."),
      cursor: z.string().max(20).optional().describe("Of an earlier answer: what came since."),
      limit: z.int().min(1).max(5_000).optional(),
    },
    run: async ({ level, cursor, limit }, call) => {
      const answer = await call.command("editor.get_log", {
        level,
        cursor,
        limit: limit ?? call.limitOr(DEFAULT_LOG_LIMIT),
      });
      return result(logText(answer.result), answer);
    },
  }),
  defineTool({
    name: "editor_undo",
    title: "Undo or redo",
    description:
      'Takes back your own last step in a scene; refuses, saying whose it is, when somebody else has worked since. Example: {"scene":"res://main.tscn"}',
    effects: {},
    params: {
      scene,
      redo: z.boolean().optional().describe("Do again what was taken back."),
      force: z.boolean().optional().describe("Also when the step is somebody else's."),
    },
    run: async ({ scene, redo, force }, call) => {
      const answer = await call.command(redo ? "editor.redo" : "editor.undo", { scene, force });
      return result(outline(answer.result), answer);
    },
  }),
] as const;
