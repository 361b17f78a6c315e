import { describe, expect, it } from "vitest";
import { FOREIGN_INTENTS, type Intent, PEERS_INTENTS, USERS_INTENTS } from "../../bench/command-intents.ts";
import { hitsAmong, searchAll } from "../../bench/command-search.ts";
import { HUB_COMMANDS } from "../../mcp-adapter/calls/hub-commands.ts";
import { JOB_COMMANDS } from "../../mcp-adapter/calls/job-commands.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { ToolBench } from "./support/tool-bench.ts";

const compact = await presetTools({ preset: "compact", toolsets: [] });
const search = (args: Record<string, unknown>) => new ToolBench(compact).run("command_search", args);
const known = new Set([...COMMANDS.keys(), ...HUB_COMMANDS.keys(), ...JOB_COMMANDS.keys()]);

describe("the questions that command_search is measured by", () => {
  it("are many, each asked once, a third of them as other servers name their tools", () => {
    const queries = [...USERS_INTENTS, ...PEERS_INTENTS].map(([query]) => query);
    expect(queries.length).toBeGreaterThanOrEqual(80);
    expect(new Set(queries).size).toBe(queries.length);
    expect(PEERS_INTENTS.length * 3).toBeGreaterThanOrEqual(queries.length);
    const answers = [...USERS_INTENTS, ...PEERS_INTENTS].flatMap(([, ...commands]) => commands);
    expect(answers.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    ["users", USERS_INTENTS],
    ["peers", PEERS_INTENTS],
  ])("have a right answer among the first three in 95 of 100 cases: those of %s", async (_, intents) => {
    const outcomes = await searchAll(intents);
    const missed = outcomes.filter(({ place }) => place < 0 || place > 2).map(({ query }) => query);
    expect(hitsAmong(outcomes, 3), missed.join(", ")).toBeGreaterThanOrEqual(0.95);
  });

  it("are seldom doubted, and what no command does is", async () => {
    const outcomes = await searchAll([...USERS_INTENTS, ...PEERS_INTENTS]);
    expect(outcomes.filter(({ fitsWell }) => !fitsWell).length / outcomes.length).toBeLessThan(0.1);
    const foreign = await searchAll(FOREIGN_INTENTS.map((query): Intent => [query]));
    expect(foreign.filter(({ fitsWell }) => fitsWell).length).toBeLessThanOrEqual(1);
  });
});

describe("command_search", () => {
  it("gives a line for each, then the best in full, and how the others are had", async () => {
    const { text } = await search({ query: "attach a script", limit: 3 });
    const [lines, full, ways] = text.split("\n\n");
    expect(lines).toMatch(
      /^script\.attach \(write, undoable\): Attaches a script to a node\.\n\S+ \(.*\): .*\n\S+ \(.*\): /,
    );
    expect(lines?.split("\n")[3]).toMatch(/^3 of \d+ that fit, best first; limit shows more\.$/);
    expect(full).toMatch(/^In full:\nscript\.attach .*\n {2}scene\?: string {2}Scene file/);
    expect(ways).toContain("name shows another one in full.");
    expect(text.length).toBeLessThan(1_500);
  });

  it.each(FOREIGN_INTENTS.slice(0, 3))("says that nothing does it well: %s", async (query) => {
    const { text } = await search({ query });
    expect(text).toMatch(new RegExp(`^No command does '${query}' well\\.`));
    expect(text).not.toContain("In full:");
    expect(text.length).toBeLessThan(1_600);
    expect((await search({ query, format: "json" })).structured).toMatchObject({ fitsWell: false });
  });

  it("shows one command in full by its name, in whatever style", async () => {
    for (const name of ["node.rename", "node_rename", "nodeRename"]) {
      const { text, structured } = await search({ name, format: "json" });
      expect(structured).toMatchObject({ name: "node.rename", params: { required: ["path", "name"] } });
      expect(JSON.parse(text)).toEqual(structured);
    }
    const { text } = await search({ name: "node.renam" });
    expect(text).toContain("There is no command 'node.renam'.");
    expect(text).toContain("node.rename");
  });

  it("forgives typing errors, letters that changed places, endings and word order", async () => {
    const first = async (query: string) => (await search({ query })).text.split(" ")[0];
    expect(await first("atach scrpt")).toBe("script.attach");
    expect(await first("sceenrshot of the edtior")).toBe("editor.screenshot");
    expect(await first("gropu")).toMatch(/^node\.\w*group/);
    expect(await first("renmae a nod")).toBe("node.rename");
    expect(await first("signals connecting")).toBe("node.connect_signal");
    expect(await first("how do I make the screenshot")).toMatch(/^(editor|game)\.screenshot$/);
    expect((await search({ query: "how do I make it" })).text).toContain("No command does");
  });
});
