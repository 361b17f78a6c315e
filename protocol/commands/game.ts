/** Declares the commands on the running game, which is an instance: the hub routes a command for an editor to the editor's game. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, limit, page, properties, whole } from "./params.ts";
import { pictureParams, pictureResult } from "./screenshot.ts";

/** True for a command that running games carry out, not editors. */
export function isGameCommand(method: string): boolean {
  return method.startsWith("game.");
}

const place = z.looseObject({ x: z.number(), y: z.number(), z: z.number().optional() });

const gamePath = z
  .string()
  .min(1)
  .max(1_024)
  .describe('Node path below the tree\'s root, such as "Level/Player"; "." is the root.');

/** One step of an input sequence; the game says what a step of its type lacks. */
const inputStep = z.looseObject({
  type: z.enum([
    "key",
    "text",
    "action",
    "mouse_button",
    "mouse_motion",
    "click",
    "touch",
    "joypad_button",
    "joypad_motion",
    "wait",
  ]),
  key: z.string().max(100).optional().describe('Such as "Space", "Left" or "Ctrl+S".'),
  text: z.string().max(2_000).optional().describe("What to type; for a click the text of a Control or item."),
  action: z.string().max(200).optional().describe("Action of the project's input map."),
  strength: z.number().min(0).max(1).optional(),
  path: z.string().max(1_024).optional().describe("Control to click."),
  position: z.looseObject({ x: z.number(), y: z.number() }).optional().describe("Pixels in the game's picture."),
  button: z
    .union([z.string().max(20), z.number().int().min(0)])
    .optional()
    .describe('"left", ...; a joypad\'s number.'),
  axis: z.number().int().min(0).optional(),
  value: z.number().min(-1).max(1).optional(),
  index: z.number().int().min(0).max(31).optional().describe("Finger of a touch."),
  pressed: z.boolean().optional().describe("Only press (true) or only release. Default: both."),
  frames: z.number().int().min(1).max(36_000).optional().describe("Physics frames to hold or to wait. Default 2."),
  ms: z.number().int().min(1).max(600_000).optional().describe("Milliseconds to wait."),
});

const events = z.array(inputStep).max(500);

const ofPhysics = z.boolean().optional().describe("Frames of the physics (default), or of the picture.");

/** When an answer was true. */
const moment = { frame: z.number().int(), paused: z.boolean(), timeScale: z.number() };

const describedNode = z.looseObject({ path: z.string(), name: z.string(), type: z.string() });

export const gameCommands = [
  readCommand("game.get_tree", {
    description: "The nodes of the running game as they are now, limited by depth, type and number.",
    keywords: "runtime live scene tree hierarchy game nodes while running spawned",
    tool: { name: "game_inspect", with: { what: "tree" } },
    shownAs: "game_tree",
    params: {
      path: gamePath.optional().describe('Where to begin. Default: ".", the root.'),
      depth: z.number().int().min(0).max(64).optional().describe("Levels below the first node. Default: all."),
      type: z.string().max(100).optional().describe("Only nodes of this class, and their ancestors."),
      limit,
      cursor,
    },
    result: z.looseObject({ root: describedNode, currentScene: z.string().nullable(), ...moment, ...page }),
  }),
  readCommand("game.find", {
    description:
      "Finds nodes of the running game by class, name, group, script, shown text or place, and says where they are.",
    keywords: "ui elements button label screen runtime find nodes visible text position",
    tool: { name: "game_inspect", with: { what: "find" } },
    shownAs: "found_nodes",
    params: {
      type: z.string().max(100).optional().describe("Class, of the engine or of a script."),
      name: z.string().max(200).optional().describe("Name, with * and ?."),
      group: z.string().max(200).optional(),
      script: z.string().max(1_024).optional().describe("res:// path of the script."),
      text: z.string().max(500).optional().describe("Text that the node shows, or a part of it, or its key."),
      near: place.optional().describe("World position; for Controls a position in the window."),
      within: z.number().min(0).optional().describe("Distance from `near`. Default: 64 pixels, 2 metres."),
      visible: z.boolean().optional().describe("Only nodes that are visible, or only those that are not."),
      limit,
      cursor,
    },
    result: z.looseObject({ nodes: z.array(describedNode), ...page }),
  }),
  readCommand("game.get_properties", {
    description:
      "Values of a node of the running game; without names, its script's variables and what differs from the defaults.",
    keywords:
      "runtime live node property value game properties health score while playing read variable running player",
    tool: { name: "game_inspect", with: { what: "properties" } },
    shownAs: "game",
    params: {
      path: gamePath,
      names: z
        .array(z.string().max(200))
        .max(200)
        .optional()
        .describe('Which properties; "position:x" for a part of one.'),
      all: z.boolean().optional().describe("Every property, defaults too."),
      whole,
    },
    result: z.looseObject({
      path: z.string(),
      type: z.string(),
      properties: z.record(z.string(), z.unknown()),
      ...moment,
    }),
  }),
  writeCommand("game.set_properties", {
    description:
      "Sets properties of a node of the running game, all of them or none, and answers as read back. Lasts as long as the game.",
    keywords: "runtime live change cheat tweak game node property while playing health teleport",
    tool: { name: "game_control", with: { action: "set" } },
    shownAs: "game",
    params: { path: gamePath, properties },
    result: z.looseObject({ path: z.string(), properties: z.record(z.string(), z.unknown()), ...moment }),
    locks: ["run"],
  }),
  writeCommand("game.call_method", {
    description: "Calls a method of a node of the running game and answers with what it returns.",
    keywords: "invoke function runtime emit trigger signal",
    shownAs: "game",
    params: {
      path: gamePath,
      method: z.string().min(1).max(200),
      args: z.array(z.unknown()).max(20).optional().describe("Arguments in order, in the syntax of property values."),
    },
    result: z.looseObject({ path: z.string(), method: z.string(), result: z.unknown(), ...moment }),
    locks: ["run"],
  }),
  readCommand("game.wait_for", {
    description:
      "Waits until a node of the game exists (or is gone), a property has a value, a signal is emitted, a text is shown, or frames have passed.",
    keywords: "until condition appear assert wait for node player dies level loaded text appears",
    tool: { name: "game_wait" },
    shownAs: "game",
    params: {
      path: gamePath.optional(),
      gone: z.boolean().optional().describe("Wait until the node or text is no longer there."),
      property: z.string().max(200).optional().describe('Property of the node; "position:x" for a part of it.'),
      is: z
        .enum(["equal", "not_equal", "greater", "less", "contains"])
        .optional()
        .describe("How the property compares to `value`. Default: equal."),
      value: z.unknown().optional().meta({ beside: "property" }).describe("What the property is compared to."),
      signal: z.string().max(200).optional().describe("Signal of the node."),
      text: z.string().max(500).optional().describe("Text that is shown, or its translation key."),
      frames: z.number().int().min(1).max(100_000).optional().describe("At least so many frames."),
      timeoutMs: z.number().int().min(1).max(300_000).optional().describe("Then TIMEOUT. Default 10,000."),
    },
    result: z.looseObject({ waitedMs: z.number().int(), ...moment }),
    long: true,
  }),
  readCommand("game.get_monitors", {
    description: "What the engine measures of the running game: frame rate, times, memory, objects, draw calls.",
    keywords: "fps frames per second performance memory monitors how many draw calls usage",
    tool: { name: "game_inspect", with: { what: "monitors" } },
    shownAs: "game",
    params: {},
    result: z.looseObject({ monitors: z.record(z.string(), z.number()), ...moment }),
  }),
  writeCommand("game.set_clock", {
    description: "Pauses the running game or lets it go on, and sets how fast its time passes.",
    keywords: "unpause resume slow motion speed time scale pause game stop freeze bullet",
    tool: { name: "game_control", with: { action: "clock" } },
    shownAs: "game",
    params: {
      paused: z.boolean().optional(),
      timeScale: z.number().min(0).max(100).optional().describe("1 is normal."),
    },
    result: z.looseObject(moment),
    locks: ["run"],
  }),
  writeCommand("game.step", {
    description:
      "Lets the game run for exactly so many frames and pauses it, with input meanwhile. The same every time in a game played with run.play {paused:true, fixedFps:60}.",
    keywords: "advance one frame by frame tick",
    tool: { name: "game_control", with: { action: "step" } },
    shownAs: "game",
    params: {
      frames: z.number().int().min(1).max(100_000).optional().describe("Default 1."),
      physics: ofPhysics,
      events: events
        .optional()
        .describe("Input of these frames, as for game.send_input; the first is seen in the first."),
    },
    result: z.looseObject({ frames: z.number().int(), ...moment }),
    long: true,
    locks: ["run"],
  }),
  writeCommand("game.record", {
    description:
      'Writes down properties of nodes of the running game frame by frame, while input is sent if wanted: a table, such as of ["Level/Player:position","Level/Player:velocity:x"].',
    keywords: "monitor track sample property over time timeline properties position trajectory every frame graph",
    shownAs: "game",
    example: { columns: ["Level/Player:position"] },
    params: {
      columns: z
        .array(z.string().min(3).max(1_024))
        .min(1)
        .max(32)
        .describe('Node path, colon, property: "Level/Player:position", "Level/Player:position:x".'),
      frames: z.number().int().min(1).max(100_000).optional().describe("How long. Default 60."),
      ms: z.number().int().min(1).max(600_000).optional().describe("How long in the game's time, instead of `frames`."),
      every: z.number().int().min(1).max(100_000).optional().describe("A row for each so many frames. Default 1."),
      physics: ofPhysics,
      step: z.boolean().optional().describe("Let a paused game run for these frames only, as game.step does."),
      events: events.optional().describe("Input of these frames, as for game.send_input."),
    },
    result: z.looseObject({
      columns: z.array(z.string()),
      types: z.array(z.string()),
      rows: z.array(z.array(z.unknown())),
      ...moment,
    }),
    long: true,
    locks: ["run"],
  }),
  writeCommand("game.eval", {
    description:
      "Runs GDScript in the running game: an expression, or statements with `return`; `tree`, `root`, `scene` and `node` are known, `await` works. Only where a person allows code execution.",
    keywords: "execute code snippet expression runtime inject game script run gdscript",
    shownAs: "game",
    example: { code: "scene.get_child_count()" },
    params: {
      code: z
        .string()
        .min(1)
        .max(100_000)
        .describe('Such as "scene.get_child_count()" or "node.hp = 3\\nreturn node.hp".'),
      path: gamePath.optional().describe("What `node` is. Default: the current scene."),
    },
    result: z.looseObject({ result: z.unknown(), ...moment }),
    long: true,
    locks: ["run"],
  }),
  writeCommand("game.send_input", {
    description:
      'Plays the running game: keys, mouse, touch, joypad, actions, text and clicks, one step after the other, such as {"type":"action","action":"jump"}, {"type":"click","text":"Start"}, {"type":"wait","frames":30}.',
    keywords:
      "simulate press key click mouse tap touch gamepad joystick controller type button play drag move text action hold arrow down seconds walk jump",
    tool: { name: "game_control", with: { action: "input" } },
    shownAs: "game",
    example: { events: [{ type: "action", action: "jump" }] },
    params: { events: events.min(1) },
    result: z.looseObject({ steps: z.number().int(), clicked: z.array(z.string()).optional(), ...moment }),
    long: true,
    locks: ["run"],
  }),
  readCommand("game.screenshot", {
    description:
      "A picture of the running game, of one of its nodes, or of several moments in one picture, row by row.",
    keywords: "capture image frames gameplay running take picture see game looks like",
    tool: { name: "screenshot", with: { of: "game" } },
    shownAs: "picture",
    params: {
      path: gamePath.optional(),
      moments: z.number().int().min(1).max(16).optional().describe("How many pictures in one. Default 1."),
      every: z.number().int().min(1).max(3_600).optional().describe("Frames between two of them. Default 10."),
      ...pictureParams,
    },
    result: z.looseObject({ ...pictureResult, ...moment }),
    long: true,
  }),
] as const;
