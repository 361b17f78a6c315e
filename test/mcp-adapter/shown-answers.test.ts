import { describe, expect, it } from "vitest";
import { CommandError } from "../../hub-client/client-errors.ts";
import { shownResult } from "../../mcp-adapter/calls/shown-result.ts";
import { TokenUsage, tokensOf } from "../../mcp-adapter/calls/token-usage.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { ToolBench } from "./support/tool-bench.ts";

const compact = await presetTools({ preset: "compact", toolsets: [] });
const full = await presetTools({ preset: "full", toolsets: [] });
const graphql = await presetTools({ preset: "graphql", toolsets: [] });

const FILES = {
  files: Array.from({ length: 900 }, (_, at) => ({ path: `res://f${at}.gd`, type: "GDScript", size: at })),
};
const PROPERTIES = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`property_${at}`, at]));
const NODE = { scene: "res://m.tscn", revision: 1, path: ".", type: "Node", properties: PROPERTIES };
const PICTURE = { data: "UklGRg==", mimeType: "image/webp", width: 2, height: 2, sourceWidth: 2, sourceHeight: 2 };
const ESCAPES = "\u001b[1;31m[  47% ]\u001b[0m done \u001b]8;;http://a\u0007link\u001b]8;;\u0007 \u001b";

const answering = (reply: unknown, tools = compact) => new ToolBench(tools, () => reply);
const failing = (data: object) =>
  new ToolBench(compact, () => {
    throw new CommandError({ code: -32001, message: "It is not there.", data: { kind: "NOT_FOUND", ...data } });
  });

describe("what an AI client is given of an answer", () => {
  it("is text alone, whichever tool answers, since many clients show structured content instead of it", async () => {
    const list = { command: "project.list_files" };
    expect(await answering(FILES).run("command_run", list)).not.toHaveProperty("structured");
    expect(await answering(NODE).run("node_inspect", { path: "." })).not.toHaveProperty("structured");
    expect(await answering(FILES, full).run("project_list_files")).not.toHaveProperty("structured");
    const query = { query: "{ project { name } }" };
    expect(await answering({ name: "a" }, graphql).run("godot_query", query)).not.toHaveProperty("structured");
    for (const tools of [compact, full, graphql]) {
      for (const tool of tools.values()) expect(tool.listing(), tool.name).not.toHaveProperty("outputSchema");
    }
  });

  it("is all of it as data where that is asked for, however long", async () => {
    const json = { format: "json" };
    const files = await answering(FILES).run("command_run", { command: "project.list_files", ...json });
    expect(files.structured).toEqual(FILES);
    expect(JSON.parse(files.text)).toEqual(FILES);
    expect((await answering(NODE).run("node_inspect", { path: ".", ...json })).structured).toEqual(NODE);
    expect((await answering(FILES, full).run("project_list_files", json)).structured).toEqual(FILES);
    const on = answering({ name: "x".repeat(30_000) }, graphql);
    const { structured } = await on.run("godot_query", { query: "{ project { name } }", ...json });
    expect(structured).toMatchObject({ data: { project: { name: "x".repeat(30_000) } } });
  });

  it("has no fewer entries as data than there are, unless a limit is given", async () => {
    const on = answering({ files: [] });
    await on.run("scene_tree", { format: "json" });
    await on.run("command_run", { command: "project.list_files", format: "json" });
    await on.run("command_run", { command: "project.list_files", params: { limit: 3 }, format: "json" });
    await on.run("command_run", { command: "project.list_files" });
    expect(on.asked.map(({ params }) => params?.limit)).toEqual([5_000, 5_000, 3, undefined]);
  });

  it("is an object as data also where a command answers with something else", async () => {
    const answer = await answering([1, 2]).run("command_run", { command: "scene.save", format: "json" });
    expect(answer.structured).toEqual({ result: [1, 2] });
  });

  it.each([...COMMANDS.values()].filter(({ readOnly }) => readOnly).map(({ name }) => [name]))(
    "of the full set's tool for %s is data on demand, and says so in its schema",
    (name) => {
      const listing = full.get(name.replace(".", "_"))?.listing();
      expect(listing?.inputSchema.properties).toHaveProperty("format");
    },
  );

  it("is text and data for an error, and names how many candidates it leaves out", async () => {
    const candidates = Array.from({ length: 30 }, (_, at) => `Node${at}`);
    const { text, structured, isError } = await failing({ candidates }).run("scene_tree");
    expect(isError).toBe(true);
    expect(text).toMatch(/Known: Node0, .*Node19, and 10 more$/);
    expect(structured).toMatchObject({ kind: "NOT_FOUND", candidates });
  });

  it("has no data beside a picture, asked for or not", async () => {
    for (const tools of [compact, full]) {
      const on = answering({ view: "2d", ...PICTURE }, tools);
      const args = { command: "editor.screenshot", format: "json" };
      const { text, structured, images } = await on.run("command_run", args);
      expect(structured).toBeUndefined();
      expect(images).toHaveLength(1);
      expect(JSON.parse(text)).toMatchObject({ width: 2, view: "2d" });
      expect(text).not.toContain(PICTURE.data);
    }
  });

  it("never steers a terminal: not as text, not as data, not in an error", async () => {
    const begin = new RegExp(String.fromCharCode(27));
    const texts = [
      await answering({ note: ESCAPES }).run("command_run", { command: "scene.save" }),
      await answering({ note: ESCAPES }).run("command_run", { command: "scene.save", format: "json" }),
      await answering({ name: ESCAPES }, graphql).run("godot_query", { query: "{ project { name } }" }),
      await answering({ path: "res://a.gd", hash: "h", lines: 1, source: ESCAPES }).run("script_read", {
        path: "res://a.gd",
      }),
      await failing({ hint: ESCAPES, candidates: [ESCAPES] }).run("scene_tree"),
    ];
    for (const { text, structured } of texts) {
      expect(text).toContain("[  47% ] done link");
      expect(text).not.toMatch(begin);
      expect(text).not.toContain("u001b");
      expect(JSON.stringify(structured ?? {})).not.toContain("u001b");
    }
  });
});

describe("an answer that is cut", () => {
  it("says in its last lines how much of it is there and how to get the rest", async () => {
    const long = await answering(FILES).run("command_run", { command: "project.list_files" });
    const [cut, instance] = long.text.split("\n").slice(-2);
    expect(cut).toMatch(
      /^\.\.\. cut: \d+ of \d+ characters\. Narrow it with path, pattern, type or limit\. "format":"json" gives all of it\.$/,
    );
    expect(instance).toBe("[game@1]");
  });

  it.each([
    [
      "script.list",
      { scripts: [], truncated: true, cursor: "res://b.gd", total: 900 },
      /^\.\.\. cut of 900: go on with cursor "res:\/\/b\.gd"$/m,
    ],
    [
      "classdb.search",
      { classes: [], total: 70, truncated: true },
      /^\.\.\. cut of 70: narrow the call, or raise limit$/m,
    ],
    ["project.get_settings", { settings: {}, truncated: true, cursor: "a/b" }, /go on with cursor "a\/b"/],
  ])("by %s itself says how to go on", async (command, reply, line) => {
    const params = command === "classdb.search" ? { query: "Body" } : {};
    expect((await answering(reply).run("command_run", { command, params })).text).toMatch(line);
  });

  it("of a log is cut at its old end, or from a cursor on at its new one, and goes on there", async () => {
    const entries = Array.from({ length: 60 }, (_, at) => ({
      seq: at + 1,
      level: "info",
      message: `${at} ${"x".repeat(500)}`,
    }));
    const on = answering({ entries, cursor: "60" });
    const log = { command: "editor.get_log" };
    const newest = (await on.run("command_run", log)).text;
    expect(newest).toContain("info: 59 x");
    expect(newest).not.toContain("info: 0 x");
    expect(newest).toMatch(
      /\.\.\. cut: older entries are left out, limit shows more; 60 info\ncursor "60"\n\[game@1\]$/,
    );
    const next = (await on.run("command_run", { ...log, params: { cursor: "0" } })).text;
    expect(next).toContain("info: 0 x");
    expect(next).not.toContain("info: 59 x");
    const cursor = Number(/go on with this cursor; 60 info\ncursor "(\d+)"/.exec(next)?.[1]);
    expect(next).toContain(`info: ${cursor - 1} x`);
    expect(next).not.toContain(`info: ${cursor} x`);
  });
});

describe("the count of tokens", () => {
  it("is that of what was shown: of the text, or of the data that stood in its place", () => {
    const reports: { tokens: number }[] = [];
    const usage = new TokenUsage(undefined, (entries) => reports.push(...entries));
    const value = { items: Array.from({ length: 500 }, (_, at) => at) };
    const count = (format: "text" | "json") => {
      const result = shownResult({ text: "500 items", value }, { format });
      usage.count({ tool: format, args: {}, result, instance: undefined, rawLength: 0 });
    };
    count("text");
    count("json");
    usage.flush();
    expect(reports.map(({ tokens }) => tokens - tokensOf("{}"))).toEqual([
      tokensOf("500 items"),
      tokensOf(JSON.stringify(value)),
    ]);
  });
});
