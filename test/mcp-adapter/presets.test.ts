import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { toolsetNames } from "../../mcp-adapter/tools/full-tools.ts";
import { presetTools } from "../../mcp-adapter/tools/preset-tools.ts";
import { COMMANDS } from "../../protocol/commands/index.ts";
import { objectsIn } from "./support/json-objects.ts";
import { ToolBench } from "./support/tool-bench.ts";

const PRESETS = ["compact", "full", "graphql"] as const;
const load = (preset: (typeof PRESETS)[number], toolsets: string[] = []) => presetTools({ preset, toolsets });
const listings = async (preset: (typeof PRESETS)[number]) =>
  [...(await load(preset)).values()].map((tool) => tool.listing());

describe.each(PRESETS)("the preset %s", (preset) => {
  it("has tools that strict clients accept, each with an example", async () => {
    for (const listing of await listings(preset)) {
      expect(listing.name).toMatch(/^[a-z][a-z0-9_]{2,39}$/);
      expect(listing.title.length).toBeGreaterThan(3);
      expect(listing.description.length).toBeLessThan(300);
      expect(listing.description).toMatch(/Example: \{.*\}$/s);
      expect(listing.annotations.title).toBe(listing.title);
      expect(listing.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      for (const keyword of ["anyOf", "oneOf", "allOf"]) expect(listing.inputSchema).not.toHaveProperty(keyword);
      for (const schema of objectsIn(listing.inputSchema)) {
        for (const keyword of ["$schema", "$ref", "propertyNames"]) expect(schema).not.toHaveProperty(keyword);
        if (schema.type === "array") expect(schema.items).toBeTypeOf("object");
      }
    }
  });

  it("shows examples that it accepts itself", async () => {
    const bench = new ToolBench(await load(preset));
    for (const { name, description } of await listings(preset)) {
      const example = /Example: (\{.*\})$/s.exec(description)?.[1];
      const { structured, text } = await bench.run(name, JSON.parse(example ?? ""));
      expect(structured?.kind, `${name}: ${text}`).not.toBe("INVALID_PARAMS");
    }
  });

  it("is listed byte for byte the same each time", async () => {
    expect(JSON.stringify(await listings(preset))).toBe(JSON.stringify(await listings(preset)));
  });
});

describe("sizes", () => {
  const tokens = async (preset: (typeof PRESETS)[number]) =>
    countTokens(JSON.stringify({ tools: await listings(preset) }));

  it("compact has at most 22 tools and 6,000 tokens", async () => {
    expect((await load("compact")).size).toBeLessThanOrEqual(22);
    expect(await tokens("compact")).toBeLessThanOrEqual(6_000);
  });

  it("graphql costs less than a third of that", async () => {
    expect(await tokens("graphql")).toBeLessThanOrEqual(2_000);
  });

  it("full costs no more than 320 tokens a command", async () => {
    expect((await tokens("full")) / COMMANDS.size).toBeLessThanOrEqual(320);
  });
});

describe("the preset full", () => {
  it("has one tool for each command, and runs it", async () => {
    const tools = await load("full");
    for (const name of COMMANDS.keys()) expect(tools.has(name.replace(".", "_")), name).toBe(true);
    const bench = new ToolBench(tools, () => ({ scene: "res://a.tscn", revision: 1, path: "B" }));
    const { text } = await bench.run("node_rename", { path: "A", name: "B", target: "game" });
    expect(bench.asked).toMatchObject([{ method: "node.rename", params: { path: "A", name: "B" }, target: "game" }]);
    expect(text).toContain('path: "B"');
    expect((await bench.run("node_rename", { path: "A" })).text).toContain("'name' is missing");
  });

  it("has the groups that are asked for, and whatever else through command_run", async () => {
    const names = [...(await load("full", ["node", "run"])).keys()];
    expect(names).toEqual(expect.arrayContaining(["hub_status", "node_add", "run_play", "command_run"]));
    expect(names).not.toContain("scene_get_tree");
    expect(toolsetNames()).toContain("scene");
    await expect(load("full", ["nodes"])).rejects.toThrow(/no toolset 'nodes'. There are .*node/);
  });
});
