/** Declares `docs_search` over the engine's class reference, in the version of the session's editor. */
import { z } from "zod";
import { CommandError } from "../../hub-client/client-errors.ts";
import { WireError } from "../../protocol/errors.ts";
import { defineTool, type ToolCall } from "../calls/tool.ts";
import { result } from "../calls/tool-result.ts";
import type { ClassReference } from "../engine-docs/class-reference.ts";
import type { DocEntry } from "../engine-docs/doc-entries.ts";
import type { Engine } from "../engine-docs/reference-store.ts";
import type { ToolResult } from "../texts/outline.ts";

const DEFAULT_LIMIT = 8;
/** How much of each text a list shows, in characters. */
const EXCERPT = 160;

export const docsTools = [
  defineTool({
    name: "docs_search",
    title: "Search Godot's class reference",
    description:
      'Searches the class reference of Godot (classes, methods, properties, signals), or shows one entry in full: a class, or Class.member. Tolerates typing errors. Example: {"query":"signal when body enters area"}',
    search: "documentation api manual",
    effects: { readOnly: true },
    params: {
      query: z.string().min(1).max(200).optional().describe("Words."),
      name: z.string().min(1).max(200).optional().describe('Instead: an entry, such as "Area2D" or "Node.add_child".'),
      limit: z.int().min(1).max(50).optional(),
    },
    run: async ({ query, name, limit }, call) => {
      if ((query === undefined) === (name === undefined)) {
        throw new WireError("INVALID_PARAMS", "Give either 'query' or 'name'.", {
          hint: 'Example: {"query":"tween property"}, or {"name":"Tween"}',
        });
      }
      const { classReference } = await import("../engine-docs/reference-store.ts");
      const reference = await classReference(call.session.home, await engineOf(call));
      if (name !== undefined) return entryResult(reference, name);
      const found = reference.search(query ?? "", Number.POSITIVE_INFINITY);
      const shown = found.slice(0, limit ?? call.limitOr(DEFAULT_LIMIT));
      const text =
        found.length > 0
          ? foundText(found, shown)
          : `Nothing fits '${query}'. Try other words, or name a class: name shows all that it has.`;
      return result(text, { result: { entries: shown, total: found.length } });
    },
  }),
] as const;

/** The engine of the target instance; undefined if none is connected: then the cached reference will do. */
async function engineOf(call: ToolCall): Promise<Engine | undefined> {
  try {
    const { godotVersion, executable } = await call.session.instance(call.patience, call.target);
    return { version: godotVersion, executable };
  } catch (error) {
    const isNobodyThere = error instanceof CommandError && error.kind === "NO_INSTANCE";
    if (isNobodyThere && call.target === undefined) return undefined;
    throw error;
  }
}

/** The best findings, and the number of others of each kind. */
function foundText(found: readonly DocEntry[], shown: readonly DocEntry[]): string {
  const lines = shown.map(excerpt);
  if (found.length === shown.length) return lines.join("\n");
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => `${kind} ${found.filter((each) => each.kind === kind).length}`).join(", ");
  return [...lines, `${shown.length} of ${found.length} that fit, best first (${counts}); limit shows more.`].join(
    "\n",
  );
}

function excerpt({ name, kind, signature, text }: DocEntry): string {
  const short = text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
  const shown = kind === "class" ? (signature ? ` extends ${signature}` : "") : ` ${signature}`;
  return `${name} (${kind})${shown}  ${short.replaceAll("\n", " ")}`;
}

function entryResult(reference: ClassReference, name: string): ToolResult {
  const entry = reference.find(name);
  if (!entry) {
    throw new WireError("NOT_FOUND", `The class reference has no '${name}'.`, {
      hint: "Search it with query.",
      candidates: reference.near(name, 5),
    });
  }
  const members = entry.kind === "class" ? reference.membersOf(entry.name) : [];
  const value = entry.kind === "class" ? { ...entry, members } : entry;
  return result(entryText(entry, members), { result: value, rest: 'Name one member, such as "Node.add_child".' });
}

function entryText(entry: DocEntry, members: readonly DocEntry[]): string {
  if (entry.kind !== "class") return `${entry.name} (${entry.kind})\n${entry.signature}\n\n${entry.text}`;
  const head = `class ${entry.name}${entry.signature ? ` extends ${entry.signature}` : ""}`;
  const lists = (["property", "method", "signal", "constant"] as const).flatMap((kind) => {
    const lines = members.filter((each) => each.kind === kind).map(({ signature }) => `  ${signature}`);
    return lines.length > 0 ? [`${kind}:`, ...lines] : [];
  });
  return [head, entry.text, "", ...lists].join("\n");
}
