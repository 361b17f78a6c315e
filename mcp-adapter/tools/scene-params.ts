/** What the tools that work on a scene have in common. */
import { z } from "zod";
import type { Answer } from "../link/pending-request.ts";
import type { Reported } from "../texts/engine-errors.ts";

export const scene = z.string().max(1_024).optional().describe("Scene file, res://... Default: your current scene.");
export const ifRevision = z.int().optional().describe("Only if the scene still has this revision.");

/** Structured content longer than this, as JSON, would cost a model more than it is worth. */
const STRUCTURED_LIMIT = 20_000;
const objectSchema = z.record(z.string(), z.unknown());

/**
 * The result of a command as structured content; of one that is too long only its scalars and `truncated`, since a tool
 * that has an output schema must give some.
 */
export function structuredOf({ result, engineErrors, size }: Reported<Answer>): {
  structured: Record<string, unknown>;
} {
  const own = objectSchema.safeParse(result).data ?? {};
  const members = engineErrors ? { ...own, engineErrors } : own;
  if (isShort(members, size)) return { structured: members };
  const scalars = Object.entries(members).filter(
    ([, value]) => typeof value !== "object" && String(value).length < 1_000,
  );
  return { structured: { ...Object.fromEntries(scalars), truncated: true } };
}

/** @param size How long it was when it came, where that is known. */
function isShort(members: Record<string, unknown>, size = Number.POSITIVE_INFINITY): boolean {
  return size <= STRUCTURED_LIMIT || JSON.stringify(members).length <= STRUCTURED_LIMIT;
}
