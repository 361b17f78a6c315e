/** What the tools that work on a scene have in common. */
import { z } from "zod";

export const scene = z
  .string()
  .max(1_024)
  .optional()
  .meta({ alias: "path" })
  .describe("Scene file, res://... Default: your current scene.");
export const ifRevision = z.int().optional().describe("Only if the scene still has this revision.");
