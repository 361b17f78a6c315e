/** The editor itself: its state, selection, undo history, log and life. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, limit, nodePath, page, resPath, scene, sceneResult } from "./params.ts";

const undoResult = z.looseObject({ action: z.string(), ...sceneResult });
const undoParams = {
  scene,
  force: z.boolean().optional().describe("Also when the step is not your own."),
};
const dialogs = z.array(z.looseObject({ title: z.string(), text: z.string(), buttons: z.array(z.string()) }));
const logEntry = z.looseObject({ seq: z.number().int(), level: z.string(), message: z.string() });

export const editorCommands = [
  readCommand("editor.get_state", {
    description:
      "What the editor is doing: open scenes, current scene, selection, playing, importing, unsaved changes, dialogs that it shows.",
    keywords: "status playing current open scene info state",
    tool: { name: "project_overview" },
    scope: "session",
    contextFields: { editor: {} },
    params: {},
    result: z.looseObject({
      state: z.string(),
      scenes: z.array(z.looseObject({ scene: z.string() })),
      current: z.string().nullable(),
      playing: z.boolean(),
      playingScene: z.string().nullable(),
      selection: z.array(z.string()),
      dialogs,
    }),
  }),
  readCommand("editor.get_selection", {
    description: "The scene in the active tab and the nodes that are selected in it.",
    keywords: "which nodes are selected node current",
    scope: "session",
    params: {},
    result: z.looseObject({
      scene: z.string().nullable(),
      nodes: z.array(z.looseObject({ path: z.string(), type: z.string() })),
    }),
  }),
  writeCommand("editor.set_selection", {
    description:
      "Shows a scene in the editor and selects these of its nodes, no others. An empty list selects nothing.",
    keywords: "select highlight focus node",
    params: { scene, paths: z.array(nodePath).max(1_000) },
    result: z.looseObject({ selection: z.array(z.string()), ...sceneResult }),
  }),
  writeCommand("editor.open_script", {
    description: "Shows a script in the script editor, at a line.",
    keywords: "goto jump edit external show line script editor navigate",
    params: {
      path: resPath,
      line: z.number().int().min(1).optional().describe("Counted from 1."),
      column: z.number().int().min(1).optional().describe("Counted from 1."),
    },
    result: z.looseObject({ path: z.string(), line: z.number().int(), column: z.number().int() }),
  }),
  writeCommand("editor.undo", {
    description:
      "Takes back your own last step in a scene. Refuses, and says whose it is, when the last step is not yours.",
    keywords: "revert take back last change ctrl z undo step mistake",
    tool: { name: "scene_edit", with: { undo: true } },
    params: undoParams,
    result: undoResult,
    locks: ["scene"],
  }),
  writeCommand("editor.redo", {
    description: "Does again what the last undo took back.",
    keywords: "repeat ctrl y",
    params: undoParams,
    result: undoResult,
    locks: ["scene"],
  }),
  readCommand("editor.get_history", {
    description:
      "The newest steps of a scene's undo history, oldest first: each change, its agent, and which are undone.",
    keywords: "undo redo history changes who changed list other agents did edits author",
    params: { scene, limit, cursor },
    result: z.looseObject({
      steps: z.array(
        z.looseObject({ action: z.string(), agent: z.string().optional(), own: z.boolean(), undone: z.boolean() }),
      ),
      ...sceneResult,
      ...page,
    }),
  }),
  readCommand("editor.get_log", {
    description: "What the engine printed and reported in the editor: the newest entries, or those after a cursor.",
    keywords: "output panel console errors warnings prints messages debug editor get log read",
    tool: { name: "log_read" },
    fields: { logs: {}, debuggerErrors: { level: "error" } },
    shownAs: "editor_log",
    scope: "session",
    contextFields: { logs: { limit: 50 } },
    params: {
      cursor: z.string().max(20).optional().describe("Cursor of an earlier answer: what came since."),
      level: z.enum(["info", "warning", "error"]).optional().describe("The lowest level. Default: info."),
      limit,
    },
    result: z.looseObject({ entries: z.array(logEntry), cursor: z.string(), truncated: z.boolean().optional() }),
  }),
  writeCommand("editor.clear_log", {
    description: "Clears the log of editor.get_log, for all clients.",
    keywords: "output console panel empty",
    params: {},
    result: z.looseObject({ cleared: z.number().int() }),
  }),
  writeCommand("editor.answer_dialog", {
    description:
      "Presses a button of a dialog that the editor shows: of missing files, changed files, a failed save. editor.get_state shows the dialogs.",
    keywords: "popup window modal confirm close dismiss ok cancel accept alert blocked",
    params: {
      button: z.string().min(1).max(200).describe("Its text."),
      dialog: z.string().min(1).max(500).optional().describe("The dialog's title. Default: the one on top."),
    },
    result: z.looseObject({ answered: z.looseObject({ title: z.string() }), button: z.string(), dialogs }),
    destructive: true,
  }),
  writeCommand("editor.rescan", {
    description: "Lets the editor look for files that were changed from outside, and waits until it has imported them.",
    keywords: "reimport refresh filesystem import new assets texture scan reload externally changed files resources",
    params: {},
    result: z.looseObject({
      state: z.string(),
      durationMs: z.number(),
      imported: z.array(z.string()).optional(),
      importedCount: z.number().int().optional(),
      failed: z.array(z.string()).optional().describe("Files that the engine could not import."),
      reloaded: z.array(z.string()).optional().describe("Files that were loaded and have been loaded anew."),
    }),
    long: true,
  }),
  writeCommand("editor.reload_plugin", {
    description:
      "Switches an addon off and on again, by its folder's name. Default: the hub's own, which then reconnects.",
    keywords: "enable disable addon",
    params: { plugin: z.string().min(1).max(100).optional() },
    result: z.looseObject({ plugin: z.string(), reloading: z.boolean() }),
    writesMore: true,
  }),
  readCommand("editor.validate_stop", {
    description:
      "Fails while unsaved changes of other sessions or of the person would be lost with the editor; names this session's own, which would be lost, too. instance.stop asks it.",
    keywords: "quit close end unsaved changes lost safe to stop",
    scope: "session",
    params: { discard: z.boolean().optional().describe("They may be lost. Default false.") },
    result: z.looseObject({ lost: z.array(z.string()).describe("Scenes and scripts with unsaved changes.") }),
    writesMore: true,
  }),
  writeCommand("editor.restart", {
    description: "Ends the editor and starts it again on the same project. Undo histories are lost.",
    keywords: "reboot reopen reload project restart editor relaunch",
    params: {
      save: z.boolean().optional().describe("With unsaved scenes it must be said: true saves them, false loses them."),
      force: z
        .boolean()
        .optional()
        .describe("Also when changes of others, or of scripts in the script editor, are lost. Default false."),
    },
    result: z.looseObject({ restarting: z.boolean(), saved: z.array(z.string()) }),
    destructive: true,
    writesMore: true,
  }),
] as const;
