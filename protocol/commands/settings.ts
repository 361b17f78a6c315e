/** The project's settings: as such, and as input actions and autoloads. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, limit, page, resPath } from "./params.ts";

const values = z.record(z.string(), z.unknown());
const modifiers = {
  ctrl: z.boolean().optional(),
  shift: z.boolean().optional(),
  alt: z.boolean().optional(),
  meta: z.boolean().optional(),
};
const device = z.number().int().optional().describe("Default: every device.");

/** An input event: a key's name such as "Ctrl+S" (by its place on the keyboard), or an object. */
const inputEvent = z.union([
  z.string().min(1).max(100),
  z.strictObject({
    type: z.literal("key"),
    key: z.string().min(1).max(100),
    physical: z.boolean().optional().describe("By its place on the keyboard instead of what it prints."),
    ...modifiers,
  }),
  z.strictObject({
    type: z.literal("mouse_button"),
    button: z.union([z.string(), z.number().int()]).describe('"left", "right", "middle", "wheel_up", ...'),
    ...modifiers,
  }),
  z.strictObject({ type: z.literal("joypad_button"), button: z.number().int().min(0), device }),
  z.strictObject({ type: z.literal("joypad_motion"), axis: z.number().int().min(0), value: z.number(), device }),
  z
    .looseObject({ type: z.literal("Resource"), class: z.string().max(100) })
    .describe("Any other event, in the form in which it is read."),
]);
const action = z.looseObject({ name: z.string(), deadzone: z.number(), events: z.array(z.looseObject({})) });
const autoload = z.looseObject({ name: z.string(), path: z.string(), singleton: z.boolean() });
const actionName = z.string().min(1).max(100);
const removed = z.looseObject({ name: z.string(), removed: z.boolean() });

export const settingsCommands = [
  readCommand("project.get_settings", {
    description: "Settings of the project: the named ones, or those that differ from their defaults.",
    keywords: "config configuration window resolution physics layer names rendering read show setting value",
    params: {
      names: z.array(z.string().max(200)).max(500).optional().describe('Such as "application/config/name".'),
      prefix: z.string().max(200).optional().describe('Such as "display/window/".'),
      all: z.boolean().optional().describe("Defaults too."),
      limit,
      cursor,
    },
    result: z.looseObject({ settings: values, ...page }),
  }),
  writeCommand("project.set_settings", {
    description: "Sets settings of the project and saves them; null puts a setting back to its default. All or none.",
    keywords:
      "change config configuration window size resolution project.godot gravity layer names icon fullscreen vsync turn enable display viewport stretch renderer main loop physics",
    fields: { setProjectSetting: {} },
    params: {
      settings: values.describe('Values by name, such as {"display/window/size/viewport_width": 640}.'),
      create: z.boolean().optional().describe("Allow settings that the project does not have yet."),
    },
    result: z.looseObject({ settings: values, previous: values }),
    locks: ["settings"],
  }),
  readCommand("project.list_input_actions", {
    description: "The project's input actions with their events.",
    keywords: "input map keybindings controls keys show bindings",
    params: { builtIn: z.boolean().optional().describe("Also the engine's own, ui_*.") },
    result: z.looseObject({ actions: z.array(action) }),
  }),
  writeCommand("project.set_input_action", {
    description: "Creates an input action, or gives it other events.",
    keywords:
      "input map add keybinding bind key control button jump mouse gamepad joypad create new assign rebind wasd arrow keys deadzone event keyboard shortcut hotkey attack action",
    fields: { addInputAction: {} },
    isImplicit: true,
    params: {
      name: actionName,
      events: z
        .array(inputEvent)
        .max(100)
        .describe(
          'Keys such as "Space" or "Ctrl+S", or {"type":"mouse_button","button":"left"}, {"type":"joypad_button","button":0}, {"type":"joypad_motion","axis":0,"value":-1}.',
        ),
      deadzone: z.number().min(0).max(1).optional().describe("Default 0.2."),
    },
    result: action,
    locks: ["settings"],
  }),
  writeCommand("project.remove_input_action", {
    description: "Removes an input action of the project.",
    keywords: "delete input map keybinding unbind",
    isImplicit: true,
    params: { name: actionName },
    result: removed,
    locks: ["settings"],
  }),
  readCommand("project.list_autoloads", {
    description: "The scripts and scenes that are loaded with the game, in their order.",
    keywords: "singletons globals",
    fields: { autoloads: {} },
    params: {},
    result: z.looseObject({ autoloads: z.array(autoload) }),
  }),
  writeCommand("project.add_autoload", {
    description: "Makes a script or scene an autoload.",
    keywords: "singleton global register add create script",
    isImplicit: true,
    params: {
      name: z.string().min(1).max(100),
      path: resPath,
      singleton: z.boolean().optional().describe("Scripts reach it by its name. Default true."),
    },
    result: autoload,
    locks: ["settings"],
  }),
  writeCommand("project.remove_autoload", {
    description: "Removes an autoload; its file stays.",
    keywords: "delete unregister singleton global",
    isImplicit: true,
    params: { name: z.string().min(1).max(100) },
    result: removed,
    locks: ["settings"],
  }),
] as const;
