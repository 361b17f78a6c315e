/** Declares the tools for the project as a whole and for searches in its files. */
import { z } from "zod";
import { WireError } from "../../protocol/errors.ts";
import { fittingPage } from "../calls/fitting-page.ts";
import { defineTool } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import { outline } from "../texts/outline.ts";
import { restOf } from "../texts/rest-advice.ts";

/** Entries of one answer unless the caller asks for more or less. */
const DEFAULT_LIMIT = 200;
/** The kinds and folders by which a cut list is counted. */
const COUNTS_SHOWN = 20;

const pageSchema = { truncated: z.boolean().optional(), cursor: z.string().optional(), total: z.number().optional() };
const filesSchema = z.looseObject({
  files: z.array(z.looseObject({ path: z.string(), type: z.string(), size: z.number() })),
  byExtension: z.record(z.string(), z.number()).optional(),
  byFolder: z.record(z.string(), z.number()).optional(),
  ...pageSchema,
});
const matchesSchema = z.looseObject({
  matches: z.array(z.looseObject({ path: z.string(), line: z.number(), text: z.string() })),
  unsearched: z.number().optional(),
  ...pageSchema,
});

export const projectTools = [
  defineTool({
    name: "project_overview",
    title: "Get an overview of a Godot project",
    description:
      "Shows a Godot project and its editor: name, folder, main scene, engine version, autoloads, numbers of files; open scenes, unsaved changes, your current scene, selection, running game. Begin here. Example: {}",
    search: "project info, editor state, list scenes",
    isFirst: true,
    effects: { readOnly: true },
    params: {},
    run: async (_, call) => {
      const [info, state] = await Promise.all([
        call.command("project.get_info", {}),
        call.command("editor.get_state", {}),
      ]);
      const text = `${outline(info.result)}\n\nEditor:\n${outline(state.result)}`;
      return result(text, { instance: info.instance, result: { project: info.result, editor: state.result } });
    },
  }),
  defineTool({
    name: "project_search",
    title: "Search files and texts of a Godot project",
    description:
      'Finds files of a Godot project by folder, name or resource type, or with text the lines of scripts, scenes and other texts that contain it. Example: {"text":"take_damage","pattern":"*.gd"}',
    search: "grep find asset texture sound usages",
    effects: { readOnly: true },
    params: {
      text: z.string().min(1).max(500).optional().describe("Text to find inside files."),
      regexp: z.boolean().optional().describe("text is a regular expression."),
      caseSensitive: z.boolean().optional(),
      path: z.string().max(1_024).optional().describe("Folder, res://..."),
      pattern: z.string().max(200).optional().describe("Glob on the file name."),
      type: z.string().max(100).optional().describe('Resource type, such as "PackedScene"; not with text.'),
      limit: z.int().min(1).max(5_000).optional(),
      cursor: z.string().max(500).optional().describe("From the answer that was cut."),
    },
    run: async ({ text, regexp, caseSensitive, type, path, pattern, cursor, limit }, call) => {
      const page = { path, pattern, cursor, limit: limit ?? call.limitOr(DEFAULT_LIMIT) };
      if (text === undefined) {
        const { answer, text: files } = await fittingPage(call, "project.list_files", { ...page, type }, filesText);
        return result(files, { ...answer, rest: restOf("project.list_files") });
      }
      if (type !== undefined) {
        throw new WireError("INVALID_PARAMS", "'type' does not go with 'text'.", {
          hint: 'Use pattern, such as "*.tscn".',
        });
      }
      const asked = { ...page, query: text, regexp, caseSensitive };
      const { answer, text: matches } = await fittingPage(call, "project.search_files", asked, matchesText);
      return result(matches, { ...answer, rest: restOf("project.search_files") });
    },
  }),
] as const;

/** Files as lines. */
export function filesText(found: unknown): string {
  const list = filesSchema.safeParse(found).data;
  if (!list) return outline(found);
  if (list.files.length === 0) return "No file fits.";
  const lines = list.files.map(({ path, type, size }) => `${path}  ${type}  ${size}`);
  return [...lines, ...countLines(list), ...pageLine(list)].join("\n");
}

/** Found lines, as `path:line: text`. */
export function matchesText(found: unknown): string {
  const list = matchesSchema.safeParse(found).data;
  if (!list) return outline(found);
  if (list.matches.length === 0) return ["No line fits.", ...givenUpLine(list)].join("\n");
  const lines = list.matches.map(({ path, line, text }) => `${path}:${line}: ${text}`);
  const files = new Set(list.matches.map(({ path }) => path)).size;
  const shown = list.truncated ? [`${lines.length} lines of ${files} ${files === 1 ? "file" : "files"} so far`] : [];
  return [...lines, ...shown, ...givenUpLine(list), ...pageLine(list)].join("\n");
}

function givenUpLine({ unsearched }: z.infer<typeof matchesSchema>): string[] {
  if (unsearched === undefined) return [];
  return [`${unsearched} lines took this expression too long and may match or not: make it simpler`];
}

/** The number of each kind, largest first: it helps to narrow a cut list. */
function countLines({ byExtension, byFolder }: z.infer<typeof filesSchema>): string[] {
  const counted = (name: string, counts: Record<string, number> | undefined): string[] => {
    const most = Object.entries(counts ?? {}).toSorted(([, a], [, b]) => b - a);
    const rest = most.length > COUNTS_SHOWN ? `, and ${most.length - COUNTS_SHOWN} more` : "";
    const shown = most.slice(0, COUNTS_SHOWN).map(([key, count]) => `${key || "(none)"} ${count}`);
    return shown.length === 0 ? [] : [`all by ${name}: ${shown.join(", ")}${rest}`];
  };
  return [...counted("extension", byExtension), ...counted("folder", byFolder)];
}

function pageLine({ truncated, cursor, total }: z.infer<typeof filesSchema> | z.infer<typeof matchesSchema>): string[] {
  if (!truncated) return [];
  const of = total === undefined ? "" : ` of ${total}`;
  return [
    cursor === undefined
      ? `... cut${of}: narrow the call`
      : `... cut${of}: go on with cursor ${JSON.stringify(cursor)}`,
  ];
}
