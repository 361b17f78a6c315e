/** Scripts: reading, writing and checking them. */
import { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { CommandError } from "../adapter-error.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import type { Answer } from "../link/pending-request.ts";
import { outline } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";

const path = z.string().max(1_024).describe("Script file, res://...");
const diagnostic = z.looseObject({ line: z.number(), column: z.number(), message: z.string() });
const diagnosticsSchema = z.looseObject({
  valid: z.boolean(),
  errors: z.array(diagnostic),
  warnings: z.array(diagnostic),
});
const sourceSchema = z.looseObject({ path: z.string(), hash: z.string(), lines: z.number(), source: z.string() });
const writtenSchema = z.looseObject({
  path: z.string(),
  hash: z.string(),
  lines: z.number(),
  errors: z.array(diagnostic),
});

interface WriteParams {
  readonly path: string;
  readonly source?: string | undefined;
  readonly edits?: readonly { find: string; replace: string }[] | undefined;
  readonly ifHash?: string | undefined;
}

export const scriptTools = [
  defineTool({
    name: "script_read",
    title: "Read a script",
    description:
      'Source of a script, whole or from one line to another, and its hash for script_write. Example: {"path":"res://player.gd"}',
    effects: { readOnly: true },
    params: {
      path,
      from: z.int().min(1).optional().describe("First line, from 1."),
      to: z.int().min(1).optional().describe("Last line."),
    },
    run: async ({ path, from, to }, call) => {
      const { result: script, instance } = await call.command("script.read", { path, from, to });
      const text = sourceText(script, { from, to, instance: instance?.name });
      return result(text, { result: script, rest: restOf("script.read") });
    },
  }),
  defineTool({
    name: "script_write",
    title: "Write a script",
    description:
      'Creates a script or replaces its text (source), or replaces anchored parts of it (edits: each find must stand exactly once). Answers with parse errors. Example: {"path":"res://player.gd","edits":[{"find":"speed = 1","replace":"speed = 2"}]}',
    effects: { destructive: true },
    params: {
      path,
      source: z.string().min(0).optional().describe("The whole new text."),
      edits: z
        .array(z.strictObject({ find: z.string().min(1), replace: z.string() }))
        .min(1)
        .max(100)
        .optional()
        .describe("All of them or none."),
      ifHash: z.string().max(100).optional().describe("Only if the file still has this hash (from script_read)."),
    },
    run: async (params, call) => {
      const { answer, created } = await write(params, call);
      return result(writtenText(answer.result, created), answer);
    },
  }),
  defineTool({
    name: "script_check",
    title: "Check a script",
    description:
      'Parse errors and warnings of a script, or of a text that is not saved, as the engine sees them. Example: {"path":"res://player.gd"}',
    effects: { readOnly: true },
    params: {
      path: path.optional(),
      source: z.string().min(0).optional().describe("Text to check instead of the file's."),
    },
    run: async ({ path, source }, call) => {
      const answer = await call.command("script.validate", { path, source });
      return result(diagnosticsText(answer.result), answer);
    },
  }),
] as const;

async function write(
  { path, source, edits, ifHash }: WriteParams,
  call: ToolCall,
): Promise<{ answer: Answer; created: boolean }> {
  if ((source === undefined) === (edits === undefined)) {
    throw new WireError("INVALID_PARAMS", "Give either 'source' or 'edits'.", {
      hint: "edits change parts of a script, source is all of it.",
    });
  }
  try {
    return { answer: await call.command("script.edit", { path, source, edits, ifHash }), created: false };
  } catch (error) {
    const isAbsent = error instanceof CommandError && error.kind === "NOT_FOUND";
    // With a hash in mind, a file that is gone is something the caller has to know.
    if (!isAbsent || source === undefined || ifHash !== undefined) throw error;
    return { answer: await call.command("script.create", { path, source }), created: true };
  }
}

/** The instance stands in the first line: below the source it would look like a part of it. */
export function sourceText(
  script: unknown,
  about: { from?: unknown; to?: unknown; instance?: string | undefined } = {},
): string {
  const parsed = sourceSchema.safeParse(script).data;
  if (!parsed) return outline(script);
  const { path, lines, hash, source } = parsed;
  const { instance } = about;
  const [from, to] = [numberOr(about.from, 1), numberOr(about.to, lines)];
  const range = from > 1 || to < lines ? `lines ${from} to ${Math.min(to, lines)} of ` : "";
  return `${path} (${range}${lines} lines, hash ${hash})${instance === undefined ? "" : ` [${instance}]`}\n${source}`;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function writtenText(written: unknown, created: boolean): string {
  const parsed = writtenSchema.safeParse(written).data;
  if (!parsed) return outline(written);
  const head = `${created ? "Created" : "Changed"} ${parsed.path}: ${parsed.lines} lines, hash ${parsed.hash}.`;
  const errors = parsed.errors.map(diagnosticLine);
  return [head, ...(errors.length > 0 ? ["It has errors:", ...errors] : ["No errors."])].join("\n");
}

/** Errors and warnings, one line each. */
export function diagnosticsText(checked: unknown): string {
  const parsed = diagnosticsSchema.safeParse(checked).data;
  if (!parsed) return outline(checked);
  const { valid, errors, warnings } = parsed;
  const lines = [valid ? "Valid." : "Not valid.", ...errors.map((each) => `error ${diagnosticLine(each)}`)];
  return [...lines, ...warnings.map((each) => `warning ${diagnosticLine(each)}`)].join("\n");
}

function diagnosticLine({ line, column, message }: z.infer<typeof diagnostic>): string {
  return `${line}:${column}: ${message}`;
}
