/** What the tools that work on a scene have in common. */
import { z } from "zod";
import type { Answer } from "../pending-request.ts";

export const scene = z.string().max(1_024).optional().describe("Scene file, res://... Default: your current scene.");
export const ifRevision = z.int().optional().describe("Only if the scene still has this revision.");

/** Structured content longer than this, as JSON, would cost a model more than it is worth. */
const STRUCTURED_LIMIT = 20_000;

/** The result of a command as structured content, unless it is no object or too long. */
export function structuredOf({ result }: Answer): { structured?: Record<string, unknown> } {
  const parsed = z.record(z.string(), z.unknown()).safeParse(result);
  if (!parsed.success || JSON.stringify(result).length > STRUCTURED_LIMIT) return {};
  return { structured: parsed.data };
}
