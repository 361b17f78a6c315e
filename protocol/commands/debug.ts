/** Debugging the game that the editor runs: breakpoints, where it has stopped, what it knows there, and going on. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, page, resPath } from "./params.ts";

const line = z.number().int().min(1);
const path = resPath.describe("GDScript file.");

const breakpoint = z.looseObject({ path: z.string(), line: z.number().int(), setBy: z.string() });

/** A function that is being carried out; frame 0 is the innermost. */
const frame = {
  frame: z.number().int(),
  function: z.string(),
  path: z.string(),
  line: z.number().int(),
  /** What stands in that line, as the file is now. */
  text: z.string().optional(),
};

/** A variable of the game: an object of it is "object #id" as a value. */
const variable = z.looseObject({
  name: z.string(),
  type: z.string().optional(),
  value: z.string(),
  hasChildren: z.boolean().optional(),
  get children() {
    return z.array(variable).optional();
  },
});

/** Where the game under the debugger stands; the members after `scene` are those of a stopped game. */
const debugState = z.looseObject({
  state: z.enum(["not_running", "running", "stopped"]),
  /** Whether games that agents play stop where a script fails. */
  stopsOnErrors: z.boolean(),
  game: z.number().int().optional(),
  scene: z.string().optional(),
  reason: z.enum(["breakpoint", "step", "pause", "error", "unknown"]).optional(),
  error: z.string().optional(),
  path: z.string().optional(),
  line: z.number().int().optional(),
  function: z.string().optional(),
  /** What stands in that line, as the file is now. */
  text: z.string().optional(),
  /** Who has set the breakpoint that stands there. */
  setBy: z.string().optional(),
  /** Why the place is not known. */
  problem: z.string().optional(),
});

const frameNumber = z
  .number()
  .int()
  .min(0)
  .max(1_000)
  .optional()
  .describe("Number of the frame. Default 0, innermost.");
const depth = z.number().int().min(0).max(8).optional().describe("Levels below each variable. Default 0.");

export const debugCommands = [
  writeCommand("debug.set_breakpoints", {
    description:
      "Sets breakpoints in a script, beside those that it has. They are shared by all agents and the person at the editor, and stay until they are removed.",
    keywords: "add breakpoint toggle stop line",
    example: { path: "res://player.gd", lines: [12] },
    params: {
      path,
      lines: z.array(line).max(200).optional().describe("Lines with code, counted from 1."),
      find: z
        .array(z.string().min(1).max(500))
        .max(200)
        .optional()
        .describe("Texts, each of which stands in exactly one line: the lines meant."),
    },
    result: z.looseObject({ path: z.string(), breakpoints: z.array(breakpoint) }),
  }),
  readCommand("debug.list_breakpoints", {
    description: "All breakpoints of the project or of one script, and who has set them.",
    keywords: "get show",
    params: { path: path.optional() },
    result: z.looseObject({ breakpoints: z.array(breakpoint) }),
  }),
  writeCommand("debug.remove_breakpoints", {
    description:
      "Removes breakpoints of any agent or person: of some lines, of a script, or all. Says which they were.",
    keywords: "delete clear",
    params: {
      path: path.optional().describe("Script. Default: all."),
      lines: z.array(line).max(200).optional().describe("Lines of it. Default: all."),
    },
    result: z.looseObject({ removed: z.array(breakpoint), breakpoints: z.array(breakpoint) }),
  }),
  writeCommand("debug.set_error_stops", {
    description:
      "Whether games stop at the line where a script fails, as they do for a person, or go on, as they do for agents by default.",
    keywords: "break on exception",
    params: { enabled: z.boolean() },
    result: debugState,
  }),
  readCommand("debug.get_state", {
    description: "Whether the game runs or is stopped: where, why, with which error. Of several games, the first one.",
    keywords: "debugger paused where",
    params: {},
    result: z.looseObject({
      ...debugState.shape,
      breakpoints: z.array(breakpoint),
      adapterPort: z.number().int().optional(),
    }),
  }),
  writeCommand("debug.pause", {
    description: "Stops the game where it is: in an endless loop at its line, otherwise between two frames.",
    keywords: "break interrupt halt execution",
    params: {},
    result: debugState,
    long: true,
    locks: ["run"],
  }),
  writeCommand("debug.continue", {
    description: "Lets the stopped game go on.",
    keywords: "resume unpause debugger after breakpoint go",
    params: {},
    result: debugState,
    long: true,
    locks: ["run"],
  }),
  writeCommand("debug.step", {
    description: "Lets the stopped game go on to its next line, and says where that is.",
    keywords: "over out next step line",
    params: {
      kind: z
        .enum(["over", "into", "out"])
        .optional()
        .describe("Over calls, into them, or out of this function. Default: over."),
    },
    result: debugState,
    long: true,
    locks: ["run"],
  }),
  readCommand("debug.get_stack", {
    description: "The functions that the stopped game is in, innermost first, each with its line.",
    keywords: "call stack callstack stacktrace trace backtrace frames where called",
    params: {},
    result: z.looseObject({ ...debugState.shape, frames: z.array(z.looseObject(frame)) }),
  }),
  readCommand("debug.get_variables", {
    description:
      "Variables of a frame of the stopped game: its locals and members, another scope, or the contents of one variable.",
    keywords: "locals members watch inspect variable values",
    params: {
      frame: frameNumber,
      scope: z.enum(["locals", "members", "globals"]).optional().describe("Default: locals and members."),
      variable: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .describe('The contents of a variable: its name, or a path such as "self/Node2D/position".'),
      depth,
      limit: z.number().int().min(1).max(5_000).optional().describe("How many variables at most. Default 100."),
      cursor,
    },
    result: z.looseObject({
      ...frame,
      locals: z.array(variable).optional(),
      members: z.array(variable).optional(),
      globals: z.array(variable).optional(),
      variable: z.string().optional(),
      value: z.string().optional(),
      type: z.string().optional(),
      variables: z.array(variable).optional(),
      ...page,
    }),
  }),
  writeCommand("debug.evaluate", {
    description: "The value of an expression in a frame of the stopped game. Only where running code is allowed.",
    keywords: "watch print value expression eval debugger console",
    example: { expression: "velocity.length()" },
    params: {
      expression: z.string().min(1).max(4_000).describe("An expression, not a statement: names of the frame, calls."),
      frame: frameNumber,
      depth,
    },
    result: z.looseObject({
      ...frame,
      expression: z.string(),
      value: z.string(),
      type: z.string().optional(),
      variables: z.array(variable).optional(),
      truncated: z.boolean().optional(),
    }),
  }),
  readCommand("debug.wait_for_stop", {
    description: "Waits until the game stops at a breakpoint, an error or the end of a step, or has ended.",
    keywords: "breakpoint hit",
    params: {
      timeoutMs: z.number().int().min(1).max(300_000).optional().describe("Then TIMEOUT. Default 10,000."),
    },
    result: debugState,
    long: true,
  }),
] as const;
