/** Nodes of an open scene. Every change is one undo step with the agent's name. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { ifRevision, nodePath, properties, resPath, scene, sceneResult } from "./params.ts";

const nodeResult = z.looseObject({ path: z.string(), ...sceneResult });

export const nodeCommands = [
  readCommand("node.get_properties", {
    description: "Values of a node's properties; without names, those that differ from their defaults.",
    params: {
      scene,
      path: nodePath,
      names: z.array(z.string().max(200)).max(200).optional().describe("Which properties."),
      all: z.boolean().optional().describe("Every property that the inspector shows, defaults too."),
    },
    result: z.looseObject({
      path: z.string(),
      type: z.string(),
      properties: z.record(z.string(), z.unknown()),
      ...sceneResult,
    }),
  }),
  writeCommand("node.add", {
    description: "Adds a node of a class, of a script's class_name, or an instance of a scene file, with properties.",
    params: {
      scene,
      parent: nodePath.optional().describe('Default: ".", the root.'),
      type: z.string().min(1).max(200).optional().describe("Class name. Either this or `instance`."),
      instance: resPath.optional().describe("Scene file to instance instead of a class."),
      name: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe("Default: the type or the scene's root name. A taken name is an error."),
      properties: properties.optional(),
      index: z.number().int().min(0).optional().describe("Position among the parent's children. Default: last."),
      ifRevision,
    },
    result: z.looseObject({ path: z.string(), name: z.string(), type: z.string(), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.delete", {
    description: "Deletes a node and everything below it.",
    params: { scene, path: nodePath, ifRevision },
    result: nodeResult,
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.rename", {
    description: "Renames a node. A name that a sibling has is an error. Node paths that pointed to it follow.",
    params: { scene, path: nodePath, name: z.string().min(1).max(100), ifRevision },
    result: z.looseObject({ path: z.string(), name: z.string(), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.move", {
    description: "Moves a node to another parent or another position among its siblings.",
    params: {
      scene,
      path: nodePath,
      parent: nodePath.optional().describe("New parent. Default: stays."),
      index: z.number().int().min(0).optional().describe("Position among the parent's children. Default: last."),
      keepTransform: z
        .boolean()
        .optional()
        .describe("Keep the global transform of a 2D, 3D or Control node. Default true."),
      ifRevision,
    },
    result: nodeResult,
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.set_properties", {
    description:
      "Sets properties of a node and answers with the values as read back. All of them, or none if one does not fit.",
    params: { scene, path: nodePath, properties, ifRevision },
    result: z.looseObject({ path: z.string(), properties: z.record(z.string(), z.unknown()), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
] as const;
