/** Resource files: materials, themes, curves and whatever else the engine loads, but scenes and scripts. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, ifHash, limit, page, properties, resPath, whole } from "./params.ts";

const values = z.record(z.string(), z.unknown());
const resourceResult = { path: z.string(), class: z.string(), hash: z.string(), properties: values };
const target = resPath.describe("New file, with the same ending. Must not exist.");

export const resourceCommands = [
  readCommand("resource.list", {
    description: "Files of the project that the engine loads as resources, with class and uid.",
    keywords: "assets materials textures tres files image sounds fonts shaders",
    params: {
      path: z.string().max(1_024).optional().describe("Folder. Default: res://"),
      type: z.string().max(100).optional().describe('Class, such as "Material" or "Texture2D".'),
      limit,
      cursor,
    },
    result: z.looseObject({
      resources: z.array(z.object({ path: z.string(), type: z.string(), uid: z.string() })),
      ...page,
    }),
  }),
  readCommand("resource.get", {
    description: "Values of a resource file's properties; without names, those that differ from their defaults.",
    keywords: "read load material texture tres values inspect get resource properties info details",
    params: {
      path: resPath,
      names: z.array(z.string().max(200)).max(200).optional(),
      all: z.boolean().optional().describe("Every property, defaults too."),
      whole,
    },
    result: z.looseObject(resourceResult),
  }),
  writeCommand("resource.create", {
    description: "Creates a resource file of a class, engine's or script's, with properties. Fails if the file exists.",
    keywords:
      "new material theme gradient curve stylebox shape environment tres create resource file save texture noise sprite frames physics StandardMaterial3D ShaderMaterial AudioStream",
    params: {
      path: resPath.describe("File to create (res://... .tres or .res)."),
      type: z.string().min(1).max(200).describe('Class, such as "StandardMaterial3D".'),
      properties: properties.optional(),
    },
    result: z.looseObject(resourceResult),
    locks: ["file"],
  }),
  writeCommand("resource.set_properties", {
    description:
      "Sets properties of a resource file, saves it, and answers with the values as read back and as they were. All or none.",
    keywords: "edit modify update material theme tres value colour color file tweak resource",
    params: { path: resPath, properties, ifHash },
    result: z.looseObject({ ...resourceResult, previous: values }),
    locks: ["file"],
  }),
  writeCommand("resource.duplicate", {
    description: "Copies a resource or scene file; the copy gets a new uid.",
    keywords: "clone",
    params: { path: resPath, to: target },
    result: z.looseObject({ path: z.string(), from: z.string(), hash: z.string() }),
    locks: ["file"],
  }),
  writeCommand("resource.move", {
    description:
      "Moves or renames a resource, scene or script file. Scenes, resources, scripts and settings that refer to it follow.",
    keywords: "rename change name file folder asset keep references move without breaking",
    params: { path: resPath, to: target },
    result: z.looseObject({
      path: z.string(),
      from: z.string(),
      updated: z.array(z.string()).describe("Files that were changed."),
      unsaved: z.array(z.string()).describe("Open scenes with unsaved changes: they follow when they are saved."),
      notFollowed: z.array(z.string()).describe("Files that still name the old path."),
      notLookedAt: z
        .array(z.string())
        .optional()
        .describe("Links whose targets a person has not named (--allow-links)."),
      mayBeLoadedBy: z.array(z.string()).optional().describe("Files that put together paths into its old folder."),
    }),
    long: true,
    locks: ["file"],
    writesMore: true,
  }),
] as const;
