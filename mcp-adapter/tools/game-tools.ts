/** The running game: one tool that reads it, and one that plays it. */
import { z } from "zod";
import { commandNamed } from "../../protocol/commands/index.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result, type ToolResult } from "../calls/tool-result.ts";
import { restOf } from "../texts/rest-advice.ts";
import { resultText } from "../texts/result-text.ts";

/** What can be read, and the command that reads it. */
const READS = {
  tree: "game.get_tree",
  find: "game.find",
  properties: "game.get_properties",
  monitors: "game.get_monitors",
  wait: "game.wait_for",
  output: "run.get_output",
  status: "run.status",
} as const;

/** What can be done, and the command that does it. */
const ACTIONS = {
  input: "game.send_input",
  set: "game.set_properties",
  clock: "game.set_clock",
  step: "game.step",
} as const;

/** The usual members of a step; the others go with it as they are. */
const step = z.looseObject({
  type: z.enum([
    "action",
    "key",
    "text",
    "click",
    "mouse_button",
    "mouse_motion",
    "touch",
    "joypad_button",
    "joypad_motion",
    "wait",
  ]),
  action: z.string().max(200).optional().describe("Of the input map."),
  key: z.string().max(100).optional().describe('Such as "Space", "Ctrl+S".'),
  text: z.string().max(2_000).optional().describe("What to type; click: text of the Control."),
  path: z.string().max(1_024).optional().describe("Control to click."),
  position: z.looseObject({ x: z.number(), y: z.number() }).optional().describe("Pixels."),
  pressed: z.boolean().optional().describe("Only press, or only release."),
  frames: z.int().min(1).optional().describe("Physics frames to hold or wait. Default 2."),
});

const path = z.string().min(1).max(1_024).optional();

export const gameTools = [
  defineTool({
    name: "game_inspect",
    title: "Look into the running game",
    description:
      'Reads the running game: its node tree, nodes found by class, name, text, ..., properties as they are now, monitors, output; or waits for a node, value, signal or text. Example: {"what":"wait","path":"Level/Player","property":"coins","is":"greater","value":2}',
    effects: { readOnly: true },
    params: {
      what: z.enum(["tree", "find", "properties", "monitors", "wait", "output", "status"]),
      path: path.describe('Node below the root, such as "Level/Player".'),
      names: z.array(z.string().max(200)).max(200).optional().describe("properties: which. Default: what matters."),
      depth: z.int().min(0).max(64).optional().describe("tree."),
      type: z.string().max(200).optional().describe("tree, find: class."),
      name: z.string().max(200).optional().describe("find: with * and ?."),
      group: z.string().max(200).optional().describe("find."),
      text: z.string().max(500).optional().describe("find, wait: shown text."),
      property: z.string().max(200).optional().describe('wait: such as "position:x".'),
      is: z.enum(["equal", "not_equal", "greater", "less", "contains"]).optional().describe("wait. Default equal."),
      value: z.unknown().optional().describe("wait."),
      signal: z.string().max(200).optional().describe("wait."),
      gone: z.boolean().optional().describe("wait: until it is gone."),
      frames: z.int().min(1).max(100_000).optional().describe("wait: at least."),
      timeoutMs: z.int().min(1).max(300_000).optional().describe("wait. Default 10000."),
      level: z.enum(["info", "warning", "error"]).optional().describe("output: the least."),
      limit: z.int().min(1).max(5_000).optional(),
      cursor: z.string().max(500).optional().describe("tree, output: from an earlier answer."),
    },
    run: ({ what, ...given }, call) => carryOut(READS[what], given, call),
  }),
  defineTool({
    name: "game_control",
    title: "Play the running game",
    description:
      'Plays the running game: input steps one after the other, sets properties of a node, pauses or scales time, or lets some frames pass and pauses. Example: {"action":"input","events":[{"type":"action","action":"ui_right","frames":30},{"type":"click","text":"Start"}]}',
    effects: {},
    params: {
      action: z.enum(["input", "set", "clock", "step"]),
      events: z.array(step).max(500).optional().describe("input, step."),
      path: path.describe("set: node."),
      properties: z.record(z.string(), z.unknown()).optional().describe("set: values by name."),
      paused: z.boolean().optional().describe("clock."),
      timeScale: z.number().min(0).max(100).optional().describe("clock: 1 is normal."),
      frames: z.int().min(1).max(100_000).optional().describe("step. Default 1."),
    },
    run: ({ action, ...given }, call) => carryOut(ACTIONS[action], given, call),
  }),
] as const;

/** Runs a command with those params that were given; its own schema says which of them it does not know. */
async function carryOut(name: string, given: Record<string, unknown>, call: ToolCall): Promise<ToolResult> {
  const params = call.paramsOf(commandNamed(name), given);
  const answer = await call.command(name, params);
  return result(resultText(name, answer.result, params), { ...answer, rest: restOf(name) });
}
