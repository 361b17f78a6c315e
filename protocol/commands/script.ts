/** Script files, and which node has which. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { confirm, cursor, ifHash, ifRevision, limit, nodePath, page, resPath, scene, sceneResult } from "./params.ts";

const diagnostic = z.object({ line: z.number().int(), column: z.number().int(), message: z.string() });
const fileResult = { path: z.string(), hash: z.string(), lines: z.number().int() };

const argument = z.looseObject({ name: z.string(), type: z.string(), default: z.unknown().optional() });
const declared = { name: z.string(), line: z.number().int() };
const outline = {
  base: z.string(),
  tool: z.boolean(),
  functions: z.array(z.looseObject({ ...declared, args: z.array(argument), returns: z.string() })),
  variables: z.array(
    z.looseObject({ ...declared, type: z.string(), exported: z.boolean(), default: z.unknown().optional() }),
  ),
  signals: z.array(z.looseObject({ ...declared, args: z.array(argument) })),
  constants: z.array(z.looseObject({ ...declared, value: z.unknown() })),
};

export const scriptCommands = [
  readCommand("script.list", {
    description: "Script files of the project, with class_name and base class.",
    keywords: "gdscript gd classes list scripts all open",
    contextFields: { scripts: { limit: 200 } },
    params: { path: z.string().max(1_024).optional().describe("Folder. Default: res://"), limit, cursor },
    result: z.looseObject({
      scripts: z.array(z.looseObject({ path: z.string(), language: z.string() })),
      ...page,
    }),
  }),
  readCommand("script.read", {
    description: "Source of a script, whole or a range of lines, with the hash that script.edit can check.",
    keywords: "show view get code content gdscript open source file look read script",
    tool: { name: "script_read" },
    fields: { script: {} },
    shownAs: "source",
    params: {
      path: resPath,
      from: z.number().int().min(1).optional().describe("First line, counted from 1."),
      to: z.number().int().min(1).optional().describe("Last line."),
    },
    result: z.looseObject({ ...fileResult, source: z.string() }),
  }),
  readCommand("script.validate", {
    description:
      "Every parse error and warning of a script, as the engine sees it, with its line; a shader's first error. notChecked says why a file was not checked.",
    keywords: "check syntax compile lint gdscript shader validate errors diagnostics compiles",
    tool: { name: "project_check" },
    fields: { parseErrors: {} },
    shownAs: "diagnostics",
    example: { path: "res://player.gd" },
    params: {
      path: resPath.optional().describe("File to check."),
      source: z.string().min(0).optional().describe("Text to check instead of the file's own."),
    },
    result: z.looseObject({
      valid: z.boolean().nullable().describe("Null where it was not checked."),
      errors: z.array(diagnostic),
      warnings: z.array(diagnostic),
      notChecked: z.string().optional(),
    }),
  }),
  writeCommand("script.create", {
    description: "Creates a script file. Fails if the file exists. Answers with what the engine finds wrong in it.",
    keywords: "new write gdscript code create script template make scratch shader",
    tool: { name: "script_write" },
    fields: { createScript: {} },
    params: {
      path: resPath,
      source: z.string().describe("Whole text of the file."),
    },
    result: z.looseObject({ ...fileResult, errors: z.array(diagnostic), notChecked: z.string().optional() }),
    locks: ["script"],
  }),
  writeCommand("script.edit", {
    description:
      "Replaces anchored text in a script: each `find` must stand exactly once. All edits or none. Answers with what the engine finds wrong afterwards.",
    keywords:
      "modify change update patch rewrite code function edit script line replace fix bug rename variable inside",
    tool: { name: "script_write" },
    example: { path: "res://player.gd", edits: [{ find: "speed = 1", replace: "speed = 2" }] },
    params: {
      path: resPath,
      edits: z
        .array(z.object({ find: z.string().min(1), replace: z.string() }))
        .min(1)
        .max(100)
        .optional(),
      source: z.string().min(0).optional().describe("Instead of edits: the whole new text."),
      ifHash,
    },
    result: z.looseObject({ ...fileResult, errors: z.array(diagnostic), notChecked: z.string().optional() }),
    destructive: true,
    locks: ["script"],
  }),
  writeCommand("script.attach", {
    description: "Attaches a script to a node.",
    keywords: "assign add set script node attach give behaviour",
    operation: "attach_script",
    isImplicit: true,
    params: { scene, path: nodePath, script: resPath, ifRevision },
    result: z.looseObject({ path: z.string(), script: z.string(), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("script.detach", {
    description: "Takes a node's script away. Undo brings it back with the values of its variables.",
    keywords: "remove unassign",
    isImplicit: true,
    params: { scene, path: nodePath, ifRevision },
    result: z.looseObject({ path: z.string(), script: z.string(), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("script.delete", {
    description: "Deletes a script file. Answers with the files that still refer to it.",
    keywords: "remove gdscript file",
    params: { path: resPath, ifHash, confirm },
    result: z.looseObject({ path: z.string(), hash: z.string(), referencedBy: z.array(z.string()) }),
    destructive: true,
    long: true,
    locks: ["script"],
  }),
  readCommand("script.outline", {
    description:
      "What a GDScript declares, as the engine sees it: functions, variables, exports, signals, constants, inner classes, each with its line.",
    keywords: "symbols structure members list functions variables signals exports class overview methods",
    params: { path: resPath },
    result: z.looseObject({
      ...fileResult,
      ...outline,
      className: z.string().optional(),
      classes: z.array(z.looseObject({ name: z.string(), ...outline })),
    }),
  }),
] as const;
