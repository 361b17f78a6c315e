/** Declares the tools that read and write scripts. */
import { z } from "zod";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { Answer } from "../../hub-client/pending-request.ts";
import { WireError } from "../../protocol/errors.ts";
import { keepText, keptText } from "../calls/replaced-texts.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { partlyDone, result } from "../calls/tool-result.ts";
import type { Reported } from "../texts/engine-errors.ts";
import type { ToolResult } from "../texts/outline.ts";
import { asObject, outline } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";
import { scene } from "./scene-params.ts";

const path = z.string().max(1_024).describe("Script file, res://...");
const diagnostic = z.looseObject({ line: z.number(), column: z.number(), message: z.string() });
const diagnosticsSchema = z.looseObject({
  valid: z.boolean().nullable(),
  errors: z.array(diagnostic),
  warnings: z.array(diagnostic),
  notChecked: z.string().optional(),
});
const sourceSchema = z.looseObject({ path: z.string(), hash: z.string(), lines: z.number(), source: z.string() });
const writtenSchema = z.looseObject({
  path: z.string(),
  hash: z.string(),
  lines: z.number(),
  errors: z.array(diagnostic),
  notChecked: z.string().optional(),
});

interface WriteParams {
  readonly path: string;
  readonly source?: string | undefined;
  readonly edits?: readonly { find: string; replace: string }[] | undefined;
  readonly ifHash?: string | undefined;
}

/** A script as it has been written. */
interface Written {
  readonly answer: Reported<Answer>;
  readonly isNew: boolean;
  /** Id of the text that it had; absent for a new script. */
  readonly kept?: string;
}

export const scriptTools = [
  defineTool({
    name: "script_read",
    title: "Read a GDScript file",
    description:
      'Reads the source of a Godot script, whole or from one line to another, with the hash that script_write can check. Example: {"path":"res://player.gd"}',
    search: "show code source file",
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
    title: "Write a GDScript file",
    description:
      'Writes a Godot script: give source (its whole text, also of a new file) or edits (each find must stand exactly once). Answers with parse errors; the text before can be restored. Example: {"path":"res://player.gd","edits":[{"find":"speed = 1","replace":"speed = 2"}]}',
    search: "create code, attach script to node",
    effects: {},
    hasData: true,
    params: {
      path,
      source: z.string().min(0).optional().describe("The whole text."),
      edits: z
        .array(z.strictObject({ find: z.string().min(1), replace: z.string() }))
        .min(1)
        .max(100)
        .optional()
        .describe("Instead of source: all of them or none."),
      restore: z.string().max(50).optional().describe("Instead of source: id of a text that was replaced."),
      ifHash: z.string().max(100).optional().describe("Only if the file still has this hash (from script_read)."),
      attachTo: z.string().min(1).max(1_024).optional().describe("Node to attach it to afterwards."),
      scene: scene.describe("attachTo: scene of the node. Default: your current scene."),
    },
    run: async ({ attachTo, scene, restore, ...given }, call) => {
      const written = await write(textOf(given, restore, call), call);
      const done = writtenResult(written);
      return attachTo === undefined ? done : attached(done, { path: attachTo, script: given.path, scene }, call);
    },
  }),
] as const;

/** The text to write. @throws {WireError} INVALID_PARAMS unless exactly one param gives it. */
function textOf(given: WriteParams, restore: string | undefined, call: ToolCall): WriteParams {
  const ways = [given.source, given.edits, restore].filter((each) => each !== undefined);
  if (ways.length !== 1) {
    throw new WireError("INVALID_PARAMS", "Give either 'source' or 'edits'.", {
      hint: "edits change parts of a script, source is all of it; restore brings back a text that was replaced.",
    });
  }
  if (restore === undefined) return given;
  const kept = keptText(call.session.home, restore);
  if (kept?.path === given.path) return { ...given, source: kept.source };
  throw new WireError("NOT_FOUND", `No replaced text '${restore}' of ${given.path} is kept.`, {
    hint: "The answer of the call that replaced it names its id.",
  });
}

/** Writes a script, and keeps its old text. Reads it once more first, so that a change from meanwhile is kept, too. */
async function write(given: WriteParams, call: ToolCall): Promise<Written> {
  try {
    return await writeOnce(given, call);
  } catch (error) {
    const hasChanged = error instanceof CommandError && error.kind === "CONFLICT" && given.ifHash === undefined;
    if (!hasChanged) throw error;
    return writeOnce(given, call);
  }
}

/** Creates a missing file if its whole text is given. */
async function writeOnce(given: WriteParams, call: ToolCall): Promise<Written> {
  const { path, source, ifHash } = given;
  const before = await textBefore(path, call);
  // A caller that gives a hash has to learn that the file is gone.
  const mayCreate = source !== undefined && ifHash === undefined;
  if (before === "absent" && mayCreate) {
    return { answer: await call.command("script.create", { path, source }), isNew: true };
  }
  const kept = typeof before === "object" ? { kept: keepText(call.session.home, { path, source: before.source }) } : {};
  // The replaced text is kept, also if another client writes meanwhile.
  const hash = ifHash ?? (typeof before === "object" ? before.hash : undefined);
  return { answer: await call.command("script.edit", { ...given, ifHash: hash }), isNew: false, ...kept };
}

async function textBefore(path: string, call: ToolCall): Promise<z.infer<typeof sourceSchema> | "absent" | "unknown"> {
  try {
    return sourceSchema.safeParse((await call.command("script.read", { path })).result).data ?? "unknown";
  } catch (error) {
    if (error instanceof CommandError && error.kind === "NOT_FOUND") return "absent";
    throw error;
  }
}

function writtenResult({ answer, isNew, kept }: Written): ToolResult {
  const way = kept === undefined ? [] : [`The text before is kept: "restore":"${kept}" brings it back.`];
  const text = [writtenText(answer.result, isNew), ...way].join("\n");
  return result(text, {
    ...answer,
    result: { ...asObject(answer.result), ...(kept !== undefined && { restore: kept }) },
  });
}

async function attached(
  done: ToolResult,
  params: { path: string; script: string; scene: string | undefined },
  call: ToolCall,
): Promise<ToolResult> {
  try {
    const answer = await call.command("script.attach", params);
    const text = `${done.text}\nAttached to ${params.path}: ${outline(answer.result).replaceAll("\n", ", ")}`;
    return { ...done, text, value: { ...asObject(done.value), attached: answer.result } };
  } catch (error) {
    throw partlyDone(done, `not attached to ${params.path}`, error);
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
  if (parsed.notChecked !== undefined) return `${head}\nNot checked. ${parsed.notChecked}`;
  const errors = parsed.errors.map(diagnosticLine);
  return [head, ...(errors.length > 0 ? ["It has errors:", ...errors] : ["No errors."])].join("\n");
}

/** Errors and warnings, one line each. */
export function diagnosticsText(checked: unknown): string {
  const parsed = diagnosticsSchema.safeParse(checked).data;
  if (!parsed) return outline(checked);
  const { valid, errors, warnings, notChecked } = parsed;
  if (notChecked !== undefined) return `Not checked. ${notChecked}`;
  const lines = [valid ? "Valid." : "Not valid.", ...errors.map((each) => `error ${diagnosticLine(each)}`)];
  return [...lines, ...warnings.map((each) => `warning ${diagnosticLine(each)}`)].join("\n");
}

function diagnosticLine({ line, column, message }: z.infer<typeof diagnostic>): string {
  return `${line}:${column}: ${message}`;
}
