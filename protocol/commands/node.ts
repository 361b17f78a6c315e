/** Nodes of an open scene. Every change is one undo step with the agent's name. */
import { z } from "zod";
import { readCommand, writeCommand } from "./define.ts";
import { cursor, ifRevision, limit, nodePath, page, properties, resPath, scene, sceneResult, whole } from "./params.ts";

const nodeResult = z.looseObject({ path: z.string(), ...sceneResult });
const addedNode = z.looseObject({ path: z.string(), name: z.string(), type: z.string(), ...sceneResult });
const foundNode = z.looseObject({ path: z.string(), name: z.string(), type: z.string() });
const connection = z.looseObject({ to: z.string(), method: z.string() });
const nodeName = z.string().min(1).max(100);
const word = z.string().min(1).max(200);
const groupNames = z.array(z.string().min(1).max(200)).max(100);

/** One end of a connection and the other. */
const connectionParams = {
  scene,
  path: nodePath.describe("The node whose signal it is."),
  signal: word,
  to: nodePath.describe("The node whose method is called."),
  method: word,
};

export const nodeCommands = [
  readCommand("node.get_properties", {
    description: "Values of a node's properties; without names, those that differ from their defaults.",
    keywords:
      "inspect read get property values attributes transform position inspector node info details current value properties show visible hidden size color script",
    tool: { name: "node_inspect" },
    fields: { node: {} },
    params: {
      scene,
      path: nodePath,
      names: z.array(z.string().max(200)).max(200).optional().describe("Which properties."),
      all: z.boolean().optional().describe("Every property that the inspector shows, defaults too."),
      whole,
    },
    result: nodeResult.extend({ type: z.string(), properties: z.record(z.string(), z.unknown()) }),
  }),
  writeCommand("node.add", {
    description: "Adds a node of a class, of a script's class_name, or an instance of a scene file, with properties.",
    keywords:
      "create new spawn insert child sprite camera light body collision shape label button timer particles add node make place mesh area ui control",
    fields: { addNode: {} },
    example: { type: "Sprite2D", name: "Icon" },
    operation: "add",
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
      editableChildren: z
        .boolean()
        .optional()
        .describe("Of an instance: its inner nodes can be changed in this scene."),
      ifRevision,
    },
    result: addedNode,
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.delete", {
    description: "Deletes a node and everything below it.",
    keywords: "remove erase destroy node delete enemy child scene get rid",
    fields: { removeNode: {} },
    operation: "delete",
    params: { scene, path: nodePath, ifRevision },
    result: nodeResult,
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.rename", {
    description: "Renames a node. A name that a sibling has is an error. Node paths that pointed to it follow.",
    keywords: "change name new give call",
    operation: "rename",
    params: { scene, path: nodePath, name: z.string().min(1).max(100), ifRevision },
    result: z.looseObject({ path: z.string(), name: z.string(), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.move", {
    description: "Moves a node to another parent or another position among its siblings.",
    keywords:
      "reparent reorder drag order change parent children up down sibling move node swap under below into inside put",
    fields: { reparentNode: {} },
    example: { path: "Player", parent: "." },
    operation: "move",
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
    keywords:
      "update modify change property value transform pixels left right bigger smaller resize rotate scale position rotation scale color text visible texture anchor layout theme override material set edit assign invisible hide show size pivot z index font load sprite anchors preset collision layer mask make enable disable toggle configure autostart loop",
    fields: { setProperties: {} },
    operation: "set_properties",
    params: { scene, path: nodePath, properties, ifRevision },
    result: z.looseObject({ path: z.string(), properties: z.record(z.string(), z.unknown()), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.duplicate", {
    description:
      "Copies a node with everything below it, its groups and connections. Unique names stay with the original.",
    keywords: "clone duplicate node",
    fields: { duplicateNode: {} },
    operation: "duplicate",
    params: {
      scene,
      path: nodePath,
      name: nodeName.describe("Name of the copy. A taken name is an error."),
      parent: nodePath.optional().describe("Default: the original's parent."),
      properties: properties.optional().describe("Values in which the copy differs."),
      index: z.number().int().min(0).optional().describe("Default: right after the original."),
      ifRevision,
    },
    result: addedNode,
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.set_reference", {
    description: "Lets a property (an exported node or a NodePath) point to another node of the scene, or to none.",
    keywords: "assign link exported node variable nodepath",
    operation: "set_reference",
    params: {
      scene,
      path: nodePath,
      property: word,
      to: nodePath.optional().describe("The node that is meant. Absent: none."),
      ifRevision,
    },
    result: z.looseObject({ path: z.string(), properties: z.record(z.string(), z.unknown()), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  readCommand("node.find", {
    description: "Nodes of a scene by name, class, group, script or property; all that are given must fit.",
    keywords: "search query all nodes type find locate where script class name list look using",
    params: {
      scene,
      path: nodePath.optional().describe("Only this node and the nodes below it."),
      name: z.string().max(200).optional().describe('Glob on the name, such as "Coin*".'),
      type: z.string().max(100).optional().describe("Class, or a class that inherits it; script classes too."),
      group: z.string().max(200).optional(),
      script: resPath.optional().describe("Script, or one that extends it."),
      property: z.string().max(200).optional().describe("Nodes that have this property."),
      value: z.unknown().optional().meta({ beside: "property" }).describe("With `property`: and this value in it."),
      limit,
      cursor,
    },
    result: z.looseObject({ nodes: z.array(foundNode), ...sceneResult, ...page }),
  }),
  readCommand("node.list_groups", {
    description: "Groups of a scene with the number of nodes in each, or the groups of one node.",
    keywords: "tags",
    params: { scene, path: nodePath.optional().describe("Only the groups of this node.") },
    result: z.looseObject({ groups: z.record(z.string(), z.number().int()), ...sceneResult }),
  }),
  readCommand("node.get_group_nodes", {
    description: "Nodes of a scene that are in a group.",
    keywords: "members tagged find nodes group list",
    params: { scene, group: word },
    result: z.looseObject({ group: z.string(), nodes: z.array(foundNode), ...sceneResult }),
  }),
  writeCommand("node.set_groups", {
    description: "Puts a node into groups and takes it out of others.",
    keywords: "add group remove tag assign membership enemy",
    operation: "set_groups",
    params: {
      scene,
      path: nodePath,
      groups: groupNames.optional().describe("All groups that it shall be in. Either this, or `add` and `remove`."),
      add: groupNames.optional(),
      remove: groupNames.optional(),
      ifRevision,
    },
    result: z.looseObject({ path: z.string(), groups: z.array(z.string()), ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  readCommand("node.list_signals", {
    description: "Signals of a node with their arguments and the connections that the scene keeps.",
    keywords: "events handlers connected signals get emitted button wired does nothing",
    params: { scene, path: nodePath, connectedOnly: z.boolean().optional().describe("Default false.") },
    result: z.looseObject({
      path: z.string(),
      signals: z.array(
        z.looseObject({
          name: z.string(),
          args: z.array(z.looseObject({ name: z.string(), type: z.string() })),
          connections: z.array(connection),
        }),
      ),
      ...sceneResult,
    }),
  }),
  writeCommand("node.connect_signal", {
    description:
      "Connects a signal of a node to a method of another, kept in the scene. The method must exist and take the arguments.",
    keywords: "hook up handler callback event pressed body entered timeout listen connect function",
    fields: { connectSignal: {} },
    operation: "connect_signal",
    params: {
      ...connectionParams,
      flags: z
        .array(z.enum(["deferred", "one_shot", "reference_counted", "append_source"]))
        .max(4)
        .optional(),
      binds: z.array(z.unknown()).max(16).optional().describe("Values given to the method after the signal's own."),
      unbinds: z
        .number()
        .int()
        .min(0)
        .max(16)
        .optional()
        .describe("How many of the signal's last arguments to leave out."),
      ifRevision,
    },
    result: z.looseObject({ path: z.string(), connection, ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.disconnect_signal", {
    description: "Ends a connection that the scene keeps.",
    keywords: "remove unhook",
    fields: { disconnectSignal: {} },
    operation: "disconnect_signal",
    params: { ...connectionParams, ifRevision },
    result: z.looseObject({ path: z.string(), connection, ...sceneResult }),
    undoable: true,
    locks: ["scene"],
  }),
  writeCommand("node.call_method", {
    description:
      "Calls a method of a node in the editor. Methods of the engine that only read are always allowed; others need code execution to be allowed in the editor.",
    keywords: "invoke run function in editor execute script emit trigger signal",
    params: {
      scene,
      path: nodePath,
      method: word,
      args: z.array(z.unknown()).max(32).optional(),
    },
    result: z.looseObject({ path: z.string(), method: z.string(), result: z.unknown(), ...sceneResult }),
    destructive: true,
    locks: ["scene"],
  }),
] as const;
