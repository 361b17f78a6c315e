/** What is wrong with a project: parse errors, missing files, what does not load. */
import { z } from "zod";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import type { Answer } from "../link/pending-request.ts";
import { outline } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";

const SCRIPT = /\.(gd|gdshader|cs)$/i;
/** Files have an ending, folders have none. */
const FOLDER = /(\/|\/[^./]*)$/;

const problem = z.looseObject({
  path: z.string().optional(),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
});
type Problem = z.infer<typeof problem>;
const projectSchema = z.looseObject({
  problems: z.array(problem),
  checked: z.number(),
  truncated: z.boolean().optional(),
  total: z.number().optional(),
});
const diagnostic = z.looseObject({ line: z.number(), column: z.number(), message: z.string() });
const scriptSchema = z.looseObject({ errors: z.array(diagnostic), warnings: z.array(diagnostic) });

/** What one look has found. */
interface Finding {
  readonly checked: number;
  readonly problems: readonly Problem[];
  /** Problems that are left out of a list that was cut. */
  readonly left: number;
  /** An answer in a form that is not known. */
  readonly unread?: unknown;
  readonly answer: Answer;
}

export const checkTools = [
  defineTool({
    name: "project_check",
    title: "Check a Godot project for errors",
    description:
      'Checks a Godot project, folders or files of it, or a script text that is not saved: parse errors and warnings of scripts, missing files, scenes and resources that do not load. Example: {"paths":["res://player.gd"]}',
    search: "validate lint compile syntax errors",
    effects: { readOnly: true },
    params: {
      paths: z
        .array(z.string().min(1).max(1_024))
        .max(200)
        .optional()
        .describe("Files or folders. Default: everything."),
      source: z.string().min(0).optional().describe("Text of a script to check; paths may name the file it is for."),
      warnings: z.boolean().optional().describe("Tell warnings too. Default true."),
    },
    run: async ({ paths, source, warnings = true }, call) => {
      const found = await Promise.all(looks(paths, source, call));
      const problems = found
        .flatMap((each) => each.problems)
        .filter(({ severity }) => warnings || severity === "error");
      const checked = found.reduce((sum, each) => sum + each.checked, 0);
      const left = found.reduce((sum, each) => sum + each.left, 0);
      const valid = !problems.some(({ severity }) => severity === "error");
      const unread = found.flatMap((each) => (each.unread === undefined ? [] : [outline(each.unread)]));
      const text = [...unread, headOf(problems, checked), ...problems.map(lineOf), ...leftLine(left)].join("\n");
      const about = { instance: found[0]?.answer.instance, rest: restOf("project.validate") };
      return result(text, { ...about, result: { valid, checked, problems } });
    },
  }),
] as const;

function looks(paths: readonly string[] | undefined, source: string | undefined, call: ToolCall): Promise<Finding>[] {
  if (source !== undefined) return [lookAtScript(call, paths?.[0], source)];
  return (paths ?? ["res://"]).map((path) => {
    if (FOLDER.test(path)) return lookAtFiles(call, path);
    return SCRIPT.test(path) ? lookAtScript(call, path) : lookAtFile(call, path);
  });
}

async function lookAtScript(call: ToolCall, path?: string, source?: string): Promise<Finding> {
  const answer = await call.command("script.validate", { path, source });
  const found = scriptSchema.safeParse(answer.result).data;
  if (!found) return { answer, checked: 0, left: 0, problems: [], unread: answer.result };
  const { errors, warnings } = found;
  const own = (severity: "error" | "warning") => (each: z.infer<typeof diagnostic>) => ({ path, severity, ...each });
  return { answer, checked: 1, left: 0, problems: [...errors.map(own("error")), ...warnings.map(own("warning"))] };
}

async function lookAtFiles(call: ToolCall, folder: string): Promise<Finding> {
  const answer = await call.command("project.validate", { path: folder });
  const found = projectSchema.safeParse(answer.result).data;
  if (!found) return { answer, checked: 0, left: 0, problems: [], unread: answer.result };
  const { problems, checked, total = problems.length } = found;
  return { answer, checked, problems, left: total - problems.length };
}

/** A file that is no script is checked with its neighbours: the engine checks folders. */
async function lookAtFile(call: ToolCall, path: string): Promise<Finding> {
  const { answer, problems } = await lookAtFiles(call, path.slice(0, path.lastIndexOf("/") + 1));
  return { answer, checked: 1, problems: problems.filter((each) => each.path === path), left: 0 };
}

function headOf(problems: readonly Problem[], checked: number): string {
  const count = (severity: string) => problems.filter((each) => each.severity === severity).length;
  const files = `${checked} ${checked === 1 ? "file" : "files"} checked`;
  return problems.length === 0
    ? `Nothing is wrong: ${files}.`
    : `${count("error")} errors, ${count("warning")} warnings: ${files}.`;
}

function lineOf({ path, severity, message, line, column }: Problem): string {
  const place = [path, line, column].filter((each) => each !== undefined).join(":");
  return `${severity} ${place}${place && ": "}${message}`;
}

function leftLine(left: number): string[] {
  return left > 0 ? [`... cut: ${left} more problems; check one folder at a time, or ask with "format":"json"`] : [];
}
