/** Declares `project_check`: parse errors, missing files, resources that do not load. */
import { z } from "zod";
import type { Answer } from "../../hub-client/pending-request.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { outline } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";

const SCRIPT = /\.(gd|gdshader|gdshaderinc|cs)$/i;
/** The kinds of files that the check of a folder loads, or whose references it reads. */
const LOADED = /\.(tscn|scn|tres|res|godot)$/i;
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
  notChecked: z.array(z.looseObject({ why: z.string(), files: z.number(), paths: z.array(z.string()) })).optional(),
});
const diagnostic = z.looseObject({ line: z.number(), column: z.number(), message: z.string() });
const scriptSchema = z.looseObject({
  errors: z.array(diagnostic),
  warnings: z.array(diagnostic),
  notChecked: z.string().optional(),
});

/** The findings of one check. */
interface Finding {
  readonly checked: number;
  readonly problems: readonly Problem[];
  /** Problems that are left out of a list that was cut. */
  readonly left: number;
  /** The reason why files were not checked, and the files. */
  readonly notChecked?: readonly string[];
  /** An answer in an unknown form. */
  readonly unread?: unknown;
  readonly answer: Answer;
}

export const checkTools = [
  defineTool({
    name: "project_check",
    title: "Check a Godot project for errors",
    description:
      'Checks a Godot project, folders or files of it, or a text that is not saved: errors of scripts and shaders, warnings, missing files, what does not load; says what it has not checked (C#). Example: {"paths":["res://player.gd"]}',
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
      const notChecked = [...new Set(found.flatMap((each) => each.notChecked ?? []))];
      const valid = !problems.some(({ severity }) => severity === "error");
      const unread = found.flatMap((each) => (each.unread === undefined ? [] : [outline(each.unread)]));
      const text = [...unread, headOf(problems, checked, notChecked), ...problems.map(lineOf), ...leftLine(left)].join(
        "\n",
      );
      const about = { instance: found[0]?.answer.instance, rest: restOf("project.validate") };
      const leftOut = notChecked.length > 0 && { notChecked };
      return result(text, { ...about, result: { valid, checked, problems, ...leftOut } });
    },
  }),
] as const;

function looks(paths: readonly string[] | undefined, source: string | undefined, call: ToolCall): Promise<Finding>[] {
  if (source !== undefined) return [lookAtScript(call, paths?.[0], source)];
  return (paths ?? ["res://"]).map((path) => {
    if (FOLDER.test(path)) return lookAtFiles(call, path);
    if (SCRIPT.test(path)) return lookAtScript(call, path);
    return LOADED.test(path) ? lookAtFile(call, path) : lookAtOther(call, path);
  });
}

async function lookAtScript(call: ToolCall, path?: string, source?: string): Promise<Finding> {
  const answer = await call.command("script.validate", { path, source });
  const found = scriptSchema.safeParse(answer.result).data;
  if (!found) return { answer, checked: 0, left: 0, problems: [], unread: answer.result };
  const { errors, warnings, notChecked } = found;
  if (notChecked !== undefined) {
    return { answer, checked: 0, left: 0, problems: [], notChecked: [`${path ?? "The text"}: ${notChecked}`] };
  }
  const own = (severity: "error" | "warning") => (each: z.infer<typeof diagnostic>) => ({ path, severity, ...each });
  return { answer, checked: 1, left: 0, problems: [...errors.map(own("error")), ...warnings.map(own("warning"))] };
}

async function lookAtFiles(call: ToolCall, folder: string): Promise<Finding> {
  const answer = await call.command("project.validate", { path: folder });
  const found = projectSchema.safeParse(answer.result).data;
  if (!found) return { answer, checked: 0, left: 0, problems: [], unread: answer.result };
  const { problems, checked, total = problems.length, notChecked = [] } = found;
  const unchecked = notChecked.map(({ why, files, paths }) => `${filesOf(files, paths)}: ${why}`);
  return { answer, checked, problems, left: total - problems.length, notChecked: unchecked };
}

/** A file that is no script is checked with its neighbours: the engine checks folders. */
async function lookAtFile(call: ToolCall, path: string): Promise<Finding> {
  const { answer, problems } = await lookAtFiles(call, path.slice(0, path.lastIndexOf("/") + 1));
  return { answer, checked: 1, problems: problems.filter((each) => each.path === path), left: 0 };
}

/** Another file may be one that the engine imports. Its own text is not checked, and the engine says why. */
async function lookAtOther(call: ToolCall, path: string): Promise<Finding> {
  const [neighbours, own] = await Promise.all([lookAtFile(call, path), lookAtScript(call, path)]);
  return { ...own, problems: neighbours.problems };
}

function filesOf(count: number, paths: readonly string[]): string {
  const more = count > paths.length ? ` and ${count - paths.length} more` : "";
  return `${paths.join(", ")}${more}`;
}

function headOf(problems: readonly Problem[], checked: number, notChecked: readonly string[]): string {
  const count = (severity: string) => problems.filter((each) => each.severity === severity).length;
  const files = `${checked} ${checked === 1 ? "file" : "files"} checked`;
  const nothing = checked === 0 && notChecked.length > 0 ? "Nothing was checked." : `Nothing is wrong: ${files}.`;
  const head = problems.length === 0 ? nothing : `${count("error")} errors, ${count("warning")} warnings: ${files}.`;
  return [head, ...notChecked.map((each) => `not checked: ${each}`)].join("\n");
}

function lineOf({ path, severity, message, line, column }: Problem): string {
  const place = [path, line, column].filter((each) => each !== undefined).join(":");
  return `${severity} ${place}${place && ": "}${message}`;
}

function leftLine(left: number): string[] {
  return left > 0 ? [`... cut: ${left} more problems; check one folder at a time, or ask with "format":"json"`] : [];
}
