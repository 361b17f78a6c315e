/** Parameters that mean the same in every command. */
import { z } from "zod";

/** A path inside the project. */
export const resPath = z
  .string()
  .max(1_024)
  .regex(/^(res|uid):\/\//, "must begin with res://");

/** Of a command that is about a scene's file. Agents may name it `scene`, too. */
export const sceneFile = resPath.meta({ alias: "scene" });

/** The scene that is meant; absent: the session's current scene, else the tab that is open in the editor. */
export const scene = resPath
  .optional()
  .meta({ alias: "path" })
  .describe("Scene file (res://...). Default: your session's current scene.");

/** A node, relative to the scene's root; the root itself is ".". */
export const nodePath = z.string().min(1).max(1_024).describe('Node path relative to the scene root; "." is the root.');

/** Property values by name, in the value syntax of PROTOCOL.md. */
export const properties = z
  .record(z.string(), z.unknown())
  .describe('Values by property name: JSON, {"type":"Vector2","x":1,"y":2}, or engine text such as "Vector2(1, 2)".');

/** Of a command that tells values. */
export const whole = z
  .boolean()
  .optional()
  .describe("Long arrays to the end, bytes as base64. Default: type, size and the first elements.");

export const limit = z.number().int().min(1).max(5_000).optional().describe("How many entries at most.");
export const cursor = z.string().max(500).optional().describe("Where to go on: the cursor of the answer that was cut.");
export const ifRevision = z
  .number()
  .int()
  .optional()
  .describe("Only if the scene still has this revision; CONFLICT otherwise.");
export const ifHash = z
  .string()
  .max(100)
  .optional()
  .describe("Only if the file still has this hash; CONFLICT otherwise.");

export const confirm = z.boolean().optional().describe("Must be true: it cannot be undone.");

/** What every answer about an open scene says beside its own members. */
export const sceneResult = { scene: z.string(), revision: z.number().int() };
/** What an answer that was cut says. */
export const page = {
  truncated: z.boolean().optional(),
  cursor: z.string().optional(),
  total: z.number().int().optional(),
};
