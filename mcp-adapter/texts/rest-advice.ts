/** Says how to get what had to be cut off an answer: in the params of the command that gave it. */
import { z } from "zod";
import { COMMANDS } from "../../protocol/commands/index.ts";

/** Params that make an answer smaller, in the order in which they are named. */
const NARROWING = [
  "path",
  "names",
  "name",
  "prefix",
  "sections",
  "pattern",
  "type",
  "group",
  "depth",
  "from",
  "to",
  "level",
  "limit",
];

const pageSchema = z.looseObject({
  truncated: z.literal(true),
  cursor: z.string().optional(),
  total: z.number().optional(),
});

/** The advice below a text that is too long. */
export function restOf(command: string): string {
  const params = Object.keys(COMMANDS.get(command)?.params.shape ?? {});
  const narrowing = NARROWING.filter((name) => params.includes(name));
  const narrow = narrowing.length > 0 ? `Narrow it with ${listed(narrowing)}. ` : "";
  return `${narrow}"format":"json" gives all of it.`;
}

/** The line below a list that the command itself has cut; undefined below one that is whole. */
export function pageLine(result: unknown, command: string): string | undefined {
  const page = pageSchema.safeParse(result).data;
  if (!page) return undefined;
  const of = page.total === undefined ? "" : ` of ${page.total}`;
  if (page.cursor !== undefined) return `... cut${of}: go on with cursor ${JSON.stringify(page.cursor)}`;
  const hasLimit = "limit" in (COMMANDS.get(command)?.params.shape ?? {});
  return `... cut${of}: narrow the call${hasLimit ? ", or raise limit" : ""}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
