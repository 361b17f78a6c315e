/** Scenes as files and as open tabs. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, limit, nodePath, page, resPath, scene, sceneResult } from "./params.ts";

export const sceneCommands = [
  readCommand("scene.get_tree", {
    description:
      "The node tree of an open scene: name, type, path, script, instanced scene, groups; limited by depth and number.",
    params: {
      scene,
      path: nodePath.optional().describe("Where to begin. Default: the root."),
      depth: z.number().int().min(0).max(64).optional().describe("Levels below the first node. Default: all."),
      type: z
        .string()
        .max(100)
        .optional()
        .describe("Only nodes of this class or a class that inherits it, and their ancestors."),
      limit,
      cursor,
    },
    result: z.looseObject({
      ...sceneResult,
      root: z.looseObject({ name: z.string(), type: z.string(), path: z.string() }),
      ...page,
    }),
  }),
  readCommand("scene.list_open", {
    description: "The scenes that are open in the editor, with revision and whether they have unsaved changes.",
    params: {},
    result: z.looseObject({
      scenes: z.array(
        z.looseObject({ scene: z.string(), revision: z.number(), unsaved: z.boolean(), active: z.boolean() }),
      ),
      current: z.string().nullable(),
    }),
  }),
  writeCommand("scene.create", {
    description: "Creates a scene file with a root node of the given type and opens it. Fails if the file exists.",
    params: {
      path: resPath.describe("File to create (res://... .tscn or .scn)."),
      rootType: z.string().min(1).max(100).describe('Class of the root node, such as "Node2D".'),
      rootName: z.string().min(1).max(100).optional().describe("Default: the file's name in PascalCase."),
    },
    result: z.looseObject({ ...sceneResult, root: z.looseObject({ name: z.string(), type: z.string() }) }),
    locks: ["scene"],
  }),
  writeCommand("scene.open", {
    description: "Opens a scene in the editor and makes it your session's current scene.",
    params: { path: resPath },
    result: z.looseObject({ ...sceneResult, root: z.looseObject({ name: z.string(), type: z.string() }) }),
  }),
  writeCommand("scene.save", {
    description: "Saves an open scene to its file.",
    params: { scene },
    result: z.looseObject(sceneResult),
    locks: ["scene"],
  }),
] as const;
