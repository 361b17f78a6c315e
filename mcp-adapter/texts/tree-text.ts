/** A scene's node tree as indented text: a third of the tokens of its JSON. */
import { z } from "zod";
import { inline } from "./outline.ts";

/** A node of a tree. Its path follows from where it stands. */
export const nodeSchema = z.looseObject({
  name: z.string(),
  type: z.string(),
  path: z.string(),
  get children() {
    return z.array(nodeSchema).optional();
  },
});
type TreeNode = z.infer<typeof nodeSchema>;

const treeSchema = z.looseObject({
  scene: z.string(),
  revision: z.number(),
  root: nodeSchema,
  truncated: z.boolean().optional(),
  cursor: z.string().optional(),
  total: z.number().optional(),
});

/** The text of a tree; undefined when `result` is none. */
export function treeText(result: unknown): string | undefined {
  const tree = treeSchema.safeParse(result).data;
  if (!tree) return undefined;
  const { scene, revision, root, truncated, cursor, total } = tree;
  const from = root.path === "." ? "" : `, from ${root.path}`;
  const lines = [`${scene} (revision ${revision}${from})`, ...nodeLines(root, "")];
  if (truncated) lines.push(cutLine(cursor, total));
  return lines.join("\n");
}

function cutLine(cursor: string | undefined, total: number | undefined): string {
  const of = total === undefined ? "" : ` of ${total} nodes`;
  const rest =
    cursor === undefined ? "ask for a part of it with path or depth" : `go on with cursor ${JSON.stringify(cursor)}`;
  return `... cut${of}: ${rest}`;
}

/** A node and those below it, one line each. */
export function nodeLines(node: TreeNode, indent: string): string[] {
  const { name, type, path: _, children = [], visible, ...details } = node;
  const shown = Object.entries(details).filter(([, value]) => isWorthALook(value));
  const hidden = visible === false ? ["hidden"] : [];
  const words = [`${indent}${name}: ${type}`, ...hidden, ...shown.map(([key, value]) => `${key}=${detail(value)}`)];
  return [words.join(" "), ...children.flatMap((child) => nodeLines(child, `${indent}  `))];
}

function isWorthALook(value: unknown): boolean {
  return value !== null && value !== false && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** Paths and names without quotes: they hold no blanks, or are quoted after all. */
function detail(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : inline(value);
}
