/** What is read of a running game, as a model reads it well: nodes on a line each, the moment at the end. */
import { z } from "zod";
import { inline, outline, pairs } from "./outline.ts";
import { nodeLines, nodeSchema } from "./tree-text.ts";

/** Members that every answer of a game has: when it was true. */
const moment = { frame: z.number(), paused: z.boolean(), timeScale: z.number() };
const momentSchema = z.looseObject(moment);

const treeSchema = z.looseObject({
  root: nodeSchema,
  currentScene: z.string().nullable(),
  ...moment,
  truncated: z.boolean().optional(),
  cursor: z.string().optional(),
  total: z.number().optional(),
});
const foundSchema = z.looseObject({
  nodes: z.array(z.looseObject({ path: z.string(), type: z.string() })),
  truncated: z.boolean().optional(),
  cursor: z.string().optional(),
  total: z.number().optional(),
});

/** The answer of any command of the group `game` that has no form of its own. */
export function gameText(result: unknown): string {
  const read = momentSchema.safeParse(result).data;
  if (!read) return outline(result);
  const { frame, paused, timeScale, ...rest } = read;
  return [...(Object.keys(rest).length > 0 ? [outline(rest)] : []), momentLine({ frame, paused, timeScale })].join(
    "\n",
  );
}

/** The nodes of a game as an indented tree. */
export function gameTreeText(result: unknown): string {
  const tree = treeSchema.safeParse(result).data;
  if (!tree) return outline(result);
  const { root, currentScene, truncated, cursor, total } = tree;
  const from = root.path === "." ? "" : `, from ${root.path}`;
  const lines = [`Running ${currentScene ?? "without a scene"}${from}`, ...nodeLines(root, "")];
  if (truncated)
    lines.push(
      `... cut${total === undefined ? "" : ` of ${total} nodes`}: go on with cursor ${inline(cursor)}, or use depth or type`,
    );
  return [...lines, momentLine(tree)].join("\n");
}

/** Found nodes, one line each. */
export function foundNodesText(result: unknown): string {
  const found = foundSchema.safeParse(result).data;
  if (!found) return gameText(result);
  const { nodes, truncated, cursor, total } = found;
  const lines = nodes.map(({ path, type, name: _, ...rest }) => `${path}: ${type} ${pairs(rest)}`.trimEnd());
  if (lines.length === 0) lines.push("No node fits.");
  if (truncated)
    lines.push(
      `... cut at ${nodes.length}${total === undefined ? "" : ` of ${total}`}: ${cursor === undefined ? "narrow the search, or raise limit" : `go on with cursor ${inline(cursor)}`}`,
    );
  const when = momentSchema.safeParse(result).data;
  return [...lines, ...(when ? [momentLine(when)] : [])].join("\n");
}

function momentLine({ frame, paused, timeScale }: z.infer<typeof momentSchema>): string {
  return `(frame ${frame}${paused ? ", paused" : ""}${timeScale === 1 ? "" : `, time scale ${timeScale}`})`;
}
