/** Declares the tools that read the running game, wait for it, and play it. */
import { z } from "zod";
import { type CommandDefinition, commandNamed, commandsOfTool } from "../../protocol/commands/index.ts";
import { WireError } from "../../protocol/errors.ts";
import { fittingPage } from "../calls/fitting-page.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import type { ToolResult } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";
import { resultText } from "./result-text.ts";

/** Readable parts, and the command that reads each. */
const READS = commandsBy("what", "game_inspect");
/** Actions, and the command that does each. */
const ACTIONS = commandsBy("action", "game_control");

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
const COMPARISONS = ["equal", "not_equal", "greater", "less", "contains"] as const;

export const gameTools = [
  defineTool({
    name: "game_inspect",
    title: "Look into the running Godot game",
    description:
      'Reads the running Godot game: its live node tree, nodes found by class, name, group or text, properties as they are now, monitors (frames per second, memory), status. For the edited scene: scene_tree. Example: {"what":"properties","path":"Level/Player","names":["position"]}',
    search: "runtime live state fps performance",
    effects: { readOnly: true },
    params: {
      what: z.enum([...READS.keys()]),
      path: path.describe('tree, properties: node below the root, such as "Level/Player".'),
      names: z.array(z.string().max(200)).max(200).optional().describe("properties: which. Default: what matters."),
      depth: z.int().min(0).max(64).optional().describe("tree: levels below path."),
      type: z.string().max(200).optional().describe("tree, find: class."),
      name: z.string().max(200).optional().describe("find: name, with * and ?."),
      group: z.string().max(200).optional().describe("find: group."),
      text: z.string().max(500).optional().describe("find: text that is shown."),
      limit: z.int().min(1).max(5_000).optional(),
      cursor: z.string().max(500).optional().describe("tree, find: from the answer that was cut."),
    },
    run: ({ what, ...given }, call) => carryOut(commandFor(READS, what), given, call),
  }),
  defineTool({
    name: "game_wait",
    title: "Wait for something in the running Godot game",
    description:
      'Waits until something is true of the running Godot game: a node is there (or gone), a property has a value, a signal is emitted, a text is shown, frames have passed. Example: {"path":"Level/Player","property":"coins","is":"greater","value":"2"}',
    search: "until condition assert event",
    effects: { readOnly: true },
    params: {
      path: path.describe('Node below the root, such as "Level/Player".'),
      property: z.string().max(200).optional().describe('Property of the node, such as "position:x".'),
      is: z.enum(COMPARISONS).optional().describe("How it compares to value. Default: equal."),
      value: z
        .unknown()
        .optional()
        .meta({ beside: "property" })
        .describe("What property is compared to: a number, true, false or text."),
      signal: z.string().max(200).optional().describe("Signal of the node."),
      text: z.string().max(500).optional().describe("Text that is shown."),
      gone: z.boolean().optional().describe("Wait until the node or text is gone."),
      frames: z.int().min(1).max(100_000).optional().describe("At least so many frames."),
      timeoutMs: z.int().min(1).max(300_000).optional().describe("Default 10000."),
    },
    run: (given, call) => {
      requireNumber(given);
      return carryOut(commandNamed("game.wait_for"), given, call);
    },
  }),
  defineTool({
    name: "game_control",
    title: "Play the running Godot game",
    description:
      'Sends input to the running Godot game (keys, mouse, touch, joypad, actions, text, clicks), sets properties of its nodes, pauses it, scales its time, or steps it by frames. Example: {"action":"input","events":[{"type":"action","action":"ui_right","frames":30},{"type":"click","text":"Start"}]}',
    search: "press key click button simulate input",
    effects: {},
    hasData: true,
    params: {
      action: z.enum([...ACTIONS.keys()]),
      events: z.array(step).max(500).optional().describe("input, step: one after the other."),
      path: path.describe("set: node."),
      properties: z.record(z.string(), z.unknown()).optional().describe("set: values by name."),
      paused: z.boolean().optional().describe("clock: pause it, or let it go on."),
      timeScale: z.number().min(0).max(100).optional().describe("clock: 1 is normal."),
      frames: z.int().min(1).max(100_000).optional().describe("step: how many, then pause. Default 1."),
    },
    run: ({ action, ...given }, call) => carryOut(commandFor(ACTIONS, action), given, call),
  }),
] as const;

/** A value that is no number is neither greater nor less than any other: the condition would never hold. */
function requireNumber({ is, value }: { is?: string | undefined; value?: unknown }): void {
  if (is !== "greater" && is !== "less") return;
  if (typeof value === "number" || (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))))
    return;
  throw new WireError("INVALID_PARAMS", `'value' must be a number where 'is' is "${is}".`, {
    hint: 'Compare a value that is no number by "equal", "not_equal" or "contains".',
  });
}

/** Runs a command with those params that were given; its own schema says which of them it does not know. */
async function carryOut(
  command: CommandDefinition,
  given: Record<string, unknown>,
  call: ToolCall,
): Promise<ToolResult> {
  const { name } = command;
  const params = call.paramsOf(command, given);
  const { answer, text } = await fittingPage(call, name, params, (found) => resultText(name, found, params));
  return result(text, { ...answer, rest: restOf(name) });
}

/** The commands for which a tool stands, by the value of the argument that chooses one. */
function commandsBy(argument: string, tool: string): ReadonlyMap<string, CommandDefinition> {
  return new Map(commandsOfTool(tool).map((command) => [String(command.tool?.with?.[argument]), command]));
}

function commandFor(commands: ReadonlyMap<string, CommandDefinition>, choice: string): CommandDefinition {
  const command = commands.get(choice);
  if (!command) throw new Error(`No command stands for '${choice}'.`);
  return command;
}
