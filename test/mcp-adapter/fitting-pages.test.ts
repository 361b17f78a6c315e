/** Pages of lists whose entries are too long for the limit that was asked for: fewer are asked for, down to one. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { ToolBench } from "./support/tool-bench.ts";

const tools = await presetTools({ preset: "compact", toolsets: [] });

/** Under which name a command has its list; most say `files`. */
const LISTS: Record<string, string> = { "project.search_files": "matches", "game.find": "nodes" };
const askedSchema = z.object({ limit: z.number().default(200), cursor: z.string().default("0") });

/** An editor whose lists have so many entries of that length, numbered. */
function listing(count: number, length: number) {
  return new ToolBench(tools, ({ params, method }) => {
    const { limit, cursor } = askedSchema.parse(params);
    const end = Number(cursor) + limit;
    const about = { type: "T", size: 1, line: 1, text: "x" };
    const entries = Array.from({ length: count }, (_, index) => ({
      path: `<${index}>${"x".repeat(length)}`,
      ...about,
    }));
    const cut = end < count ? { truncated: true, cursor: String(end) } : {};
    return { [LISTS[method] ?? "files"]: entries.slice(Number(cursor), end), total: count, ...cut };
  });
}

/** Numbers of the entries in the texts of all pages. */
async function reached(bench: ToolBench, command: string, params = {}): Promise<number[]> {
  const numbers: number[] = [];
  for (let cursor: string | undefined = "0"; cursor !== undefined; ) {
    const { text } = await bench.run("command_read", { command, params: { ...params, cursor } });
    expect(text.length).toBeLessThan(20_400);
    numbers.push(...[...text.matchAll(/<(\d+)>/g)].map(([, number]) => Number(number)));
    cursor = /go on with cursor "(\d+)"/.exec(text)?.[1];
  }
  return numbers;
}

const PAGED = [...COMMANDS.values()].filter(
  ({ readOnly, params, name }) =>
    readOnly && "limit" in params.shape && "cursor" in params.shape && !/get_log|get_output|get_tree/.test(name),
);
/** Params without which a command is not asked. */
const NEEDED: Record<string, Record<string, unknown>> = {
  "project.search_files": { query: "x" },
  "classdb.search": { query: "x" },
  "scene.read_file": { path: "res://a.tscn" },
};

describe("a page that is too long", () => {
  it.each(PAGED.map(({ name }) => name))("of %s has fewer entries, and its cursor fits", async (name) => {
    const bench = listing(450, 300);
    expect(await reached(bench, name, NEEDED[name])).toEqual(Array.from({ length: 450 }, (_, index) => index));
  });

  it("of entries that no answer holds tells one, cut, and where to go on", async () => {
    const bench = listing(3, 50_000);
    expect(await reached(bench, "script.list")).toEqual([0, 1, 2]);
  });

  it("is asked for once where it fits, and where data is asked for", async () => {
    const bench = listing(450, 10);
    await bench.run("command_read", { command: "script.list" });
    await listing(450, 300).run("command_read", { command: "script.list", format: "json" });
    expect(bench.asked).toHaveLength(1);
  });
});
