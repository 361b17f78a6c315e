/** Params that the tools on a scene share. */
import { z } from "zod";

export const scene = z
  .string()
  .max(1_024)
  .optional()
  .meta({ alias: "path" })
  .describe("Scene file, res://... Default: your current scene.");
export const ifRevision = z.int().optional().describe("Only if the scene still has this revision.");
