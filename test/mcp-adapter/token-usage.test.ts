import { describe, expect, it, vi } from "vitest";
import { TokenUsage, tokensOf } from "../../mcp-adapter/calls/token-usage.ts";
import { usageLines } from "../../mcp-adapter/texts/usage-text.ts";

const call = (text: string, more: object = {}) => ({
  tool: "scene_tree",
  args: {},
  result: { text },
  instance: "game@1",
  rawLength: 0,
  ...more,
});

describe("token use", () => {
  it("is reported by tool and instance, a while after the first call, with what was saved", () => {
    vi.useFakeTimers();
    const reports: unknown[] = [];
    const usage = new TokenUsage(undefined, (entries) => reports.push(entries));
    usage.count(call("x".repeat(350), { rawLength: 1_050 }));
    usage.count(call("x".repeat(350)));
    usage.count(call("y", { tool: "hub_status", instance: undefined }));
    expect(reports).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(reports).toEqual([
      [
        { tool: "scene_tree", instance: "game@1", calls: 2, tokens: 2 * (100 + tokensOf("{}")), saved: 200 },
        { tool: "hub_status", instance: null, calls: 1, tokens: 2, saved: 0 },
      ],
    ]);
    usage.flush();
    expect(reports).toHaveLength(1);
    vi.useRealTimers();
  });

  it("counts the line about a picture, and saves nothing by showing it", () => {
    const reports: unknown[] = [];
    const usage = new TokenUsage(undefined, (entries) => reports.push(...entries));
    const images = [{ data: "UklGRg==", mimeType: "image/webp" }];
    usage.count(call("Picture.", { rawLength: 400_000, result: { text: "Picture.", images } }));
    usage.flush();
    expect(reports).toMatchObject([{ tokens: tokensOf("Picture.") + tokensOf("{}"), saved: 0 }]);
  });

  it("near the end of a budget warns and answers less, and never fails", () => {
    const usage = new TokenUsage(10_000, () => {});
    const long = `${"line of a tree\n".repeat(1_000)}end`;
    expect(usage.count(call(long)).text).toBe(long);
    expect(usage.count(call(long)).text).toBe(long);
    const { text } = usage.count(call(long));
    expect(text.length).toBeLessThan(4_500);
    expect(text).toContain("Answers are short because the token budget is nearly used.");
    expect(text).toMatch(/\(86 % of the budget of 10000 tokens used/);
    expect(usage.count(call("short")).text).toMatch(/^short\n\(\d+ % of the budget/);
  });
});

describe("what hub_status says of it", () => {
  const row = { agent: "claude", tool: "scene_tree", instance: "game@1", calls: 2, tokens: 300, saved: 100 };

  it("is a line for each agent, with the tools that cost most and the reads that editors were spared", () => {
    const spared = [
      { agent: "claude", instance: "game@1", coalesced: 1, cached: 3 },
      { agent: "claude", instance: "game@2", coalesced: 0, cached: 2 },
      { agent: "codex", instance: "game@1", coalesced: 0, cached: 0 },
    ];
    const rows = [row, { ...row, tool: "docs_search", tokens: 900 }, { ...row, agent: "codex", instance: null }];
    expect(usageLines({ rows, spared })).toEqual([
      "Tokens used by tools, estimated:",
      "- claude: 1200 in 4 calls, 200 saved: docs_search 900, scene_tree 300; on game@1; 6 reads without the editor (5 kept, 1 shared)",
      "- codex: 300 in 2 calls, 100 saved: scene_tree 300",
    ]);
    expect(usageLines({ rows: [], spared })).toEqual([]);
  });
});
