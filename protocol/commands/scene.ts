/** Scenes as files and as open tabs. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import {
  cursor,
  ifRevision,
  limit,
  nodePath,
  page,
  properties,
  resPath,
  scene,
  sceneFile,
  sceneResult,
} from "./params.ts";

const opened = z.looseObject({
  ...sceneResult,
  root: z.looseObject({ name: z.string(), type: z.string() }),
  missing: z.array(z.looseObject({ path: z.string(), usedBy: z.string(), exists: z.boolean() })).optional(),
});
const force = z
  .boolean()
  .optional()
  .describe(
    "Also over a file that was changed elsewhere, and when references to missing files are lost. Default false.",
  );
const discard = z.boolean().optional().describe("Also when unsaved changes are lost. Default false.");
const fileNode = z.looseObject({ path: z.string(), name: z.string(), properties: z.record(z.string(), z.unknown()) });
const fileConnection = z.looseObject({ from: z.string(), signal: z.string(), to: z.string(), method: z.string() });

export const sceneCommands = [
  readCommand("scene.get_tree", {
    description:
      "The node tree of an open scene: name, type, path, script, instanced scene, groups; limited by depth and number.",
    keywords: "hierarchy structure list all nodes children scene node tree dump outline current info",
    tool: { name: "scene_tree" },
    fields: { scene: {}, currentScene: { scene: undefined } },
    shownAs: "tree",
    contextFields: { tree: { limit: 200 } },
    params: {
      scene,
      path: nodePath.optional().describe("Where to begin. Default: the root."),
      depth: z.number().int().min(0).max(64).optional().describe("Levels below the first node. Default: all."),
      type: z
        .string()
        .max(100)
        .optional()
        .describe("Only nodes of this class or a class that inherits it, and their ancestors."),
      name: z.string().max(200).optional().describe('Only nodes with such a name, such as "Coin*".'),
      group: z.string().max(200).optional().describe("Only nodes in this group."),
      script: resPath.optional().describe("Only nodes with this script, or one that extends it."),
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
    keywords: "open tabs current scenes opened",
    tool: { name: "project_overview" },
    scope: "session",
    contextFields: { openScenes: {} },
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
    keywords: "new make tscn level create scene file root node",
    tool: { name: "scene_open" },
    fields: { createScene: {} },
    setsCurrentScene: true,
    params: {
      path: sceneFile.describe("File to create (res://... .tscn or .scn)."),
      rootType: z.string().min(1).max(100).describe('Class of the root node, such as "Node2D".'),
      rootName: z.string().min(1).max(100).optional().describe("Default: the file's name in PascalCase."),
    },
    result: opened,
    locks: ["scene"],
  }),
  writeCommand("scene.open", {
    description:
      "Opens a scene in the editor and makes it your session's current scene. Names what the scene needs and is missing.",
    keywords: "load switch edit tab go",
    tool: { name: "scene_open" },
    fields: { openScene: {} },
    setsCurrentScene: true,
    params: { path: sceneFile },
    result: opened,
  }),
  writeCommand("scene.save", {
    description: "Saves an open scene to its file.",
    keywords: "write store current save scene disk",
    tool: { name: "scene_edit", with: { save: true } },
    fields: { saveScene: {} },
    params: { scene, force },
    result: z.looseObject(sceneResult),
    locks: ["scene"],
  }),
  writeCommand("scene.instance", {
    description: "Adds an instance of a scene file to a scene.",
    keywords: "instantiate add prefab subscene packed scene child place put instance another",
    params: {
      scene,
      instance: resPath.describe("Scene file to instance."),
      parent: nodePath.optional().describe('Default: ".", the root.'),
      name: z.string().min(1).max(100).optional().describe("Default: the name of its root. A taken name is an error."),
      properties: properties.optional(),
      index: z.number().int().min(0).optional().describe("Position among the parent's children. Default: last."),
      editableChildren: z.boolean().optional().describe("Its inner nodes can be changed in this scene. Default false."),
      ifRevision,
    },
    result: z.looseObject({ path: z.string(), name: z.string(), type: z.string(), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("scene.create_from_template", {
    description: "Creates a scene file from a template and opens it. Fails if the file exists.",
    keywords: "new player enemy level menu starter boilerplate",
    fields: { createSceneFromTemplate: {} },
    params: {
      path: sceneFile.describe("File to create (res://... .tscn or .scn)."),
      template: z.enum(["player_2d", "player_3d", "enemy_3d", "level_3d", "ui_menu"]),
      rootName: z.string().min(1).max(100).optional(),
    },
    result: opened,
    locks: ["scene"],
  }),
  writeCommand("scene.save_as", {
    description: "Saves an open scene to another file, which becomes the one that is open. Fails if that file exists.",
    keywords: "copy under another name",
    params: { scene, path: resPath.describe("File to create."), force },
    result: z.looseObject({ ...sceneResult, from: z.string() }),
    locks: ["file"],
  }),
  writeCommand("scene.save_all", {
    description: "Saves every open scene that has unsaved changes; says which, and which could not be saved.",
    keywords: "everything",
    params: { force },
    result: z.looseObject({
      saved: z.array(z.string()),
      skipped: z.array(z.looseObject({ scene: z.string(), kind: z.string(), message: z.string() })),
    }),
    writesMore: true,
  }),
  writeCommand("scene.close", {
    description: "Closes an open scene. Refuses when it has unsaved changes, unless `discard`.",
    keywords: "tab",
    params: { scene, discard },
    result: z.looseObject({ scene: z.string(), closed: z.boolean() }),
    destructive: true,
    locks: ["scene"],
  }),
  writeCommand("scene.reload", {
    description: "Opens a scene anew from its file. Its undo history is lost, and with `discard` its unsaved changes.",
    keywords: "revert discard changes disk throw away saved back last version",
    params: { scene, discard },
    result: z.looseObject(sceneResult),
    destructive: true,
    locks: ["scene"],
  }),
  writeCommand("scene.delete", {
    description: "Deletes a scene file, closing it first. Cannot be undone.",
    keywords: "remove tscn",
    params: { path: sceneFile, confirm: z.boolean().optional().describe("Must be true.") },
    result: z.looseObject({ path: z.string(), deleted: z.boolean() }),
    destructive: true,
    locks: ["scene"],
  }),
  readCommand("scene.read_file", {
    description:
      "A scene as its file keeps it, without opening it: nodes with the values that are set, connections, dependencies.",
    keywords: "tscn content text parse get file raw without opening nodes stored",
    scope: "session",
    params: {
      path: sceneFile,
      sections: z
        .array(z.enum(["nodes", "connections", "dependencies"]))
        .min(1)
        .max(3)
        .optional()
        .describe("Only these parts. Default: all."),
      node: nodePath.optional().describe("Only this node, the nodes below it, and their connections."),
      depth: z.number().int().min(0).max(64).optional().describe("Levels below the node. Default: all."),
      limit: limit.describe("How many entries at most, of all parts together. Default 1000."),
      cursor,
    },
    result: z.looseObject({
      path: z.string(),
      nodes: z.array(fileNode),
      connections: z.array(fileConnection),
      dependencies: z.array(z.string()),
      ...page,
    }),
  }),
  readCommand("scene.compare", {
    description:
      "In what a scene differs from another scene file, or, without `other`, from its own file: what has been added, removed and changed.",
    keywords: "diff difference unsaved changes changed since saved",
    params: { scene, other: resPath.optional().describe("Scene file to compare with. Default: the scene's own.") },
    result: z.looseObject({
      ...sceneResult,
      other: z.string(),
      equal: z.boolean(),
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.looseObject({ path: z.string() })),
    }),
  }),
  writeCommand("scene.set_main", {
    description: "Makes a scene the one that the project starts with.",
    keywords: "main scene start startup default entry first run set boot",
    isImplicit: true,
    params: { path: sceneFile },
    result: z.looseObject({ path: z.string(), previous: z.string().nullable() }),
    locks: ["settings"],
  }),
] as const;
