/** Lists that are longer than an answer, of a real editor: through the pages of each every entry is reached, in the text that a model reads. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Agent, kindOf, Studio, textOf } from "../support/studio.ts";

/** Longest text of an answer, and what may stand below it. */
const LONGEST = 20_000 + 400;
const ENTRIES = 230;
const MANY = "res://many.tscn";

/** A name that is long enough for a page of 200 entries not to fit. */
const long = (kind: string, index: number) => `${kind}_${index}_${"x".repeat(100)}`;
const indexes = Array.from({ length: ENTRIES }, (_, index) => index);

function manyNodes(): string {
  const scripts = indexes.map(
    (index) => `[ext_resource type="Script" path="res://${long("s", index)}.gd" id="${index}"]`,
  );
  const nodes = indexes.map(
    (index) =>
      `[node name="${long("n", index)}" type="Node" parent="." groups=["g"]]\nscript = ExtResource("${index}")`,
  );
  const connections = indexes.map(
    (index) => `[connection signal="ready" from="${long("n", index)}" to="." method="on_${index}"]`,
  );
  return [`[gd_scene format=3]`, ...scripts, '[node name="Root" type="Node"]', ...nodes, ...connections].join("\n\n");
}

const FILES: Record<string, string> = {
  "many.tscn": manyNodes(),
  "tests/test_many.gd": `extends Node\n${indexes.map((index) => `func test_${long("t", index)}():\n\tpass\n`).join("")}`,
  ...Object.fromEntries(indexes.map((index) => [`${long("s", index)}.gd`, `extends Node\n# needle ${index}\n`])),
  ...Object.fromEntries(
    indexes.map((index) => [`${long("r", index)}.tres`, '[gd_resource type="Gradient" format=3]\n\n[resource]\n']),
  ),
};

let studio: Studio;
let agent: Agent;
beforeAll(async () => {
  studio = await Studio.open();
  await studio.editors(["many"], { files: FILES });
  agent = await studio.agent("reader");
});
afterAll(() => studio.dispose());

/** The texts of all pages of a list, each within the limit. */
async function pagesOf(tool: string, args: Record<string, unknown>, withCursor: (cursor: string) => object) {
  const texts: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const answer = await agent.call(tool, cursor === "" ? args : { ...args, ...withCursor(cursor) });
    const text = textOf(answer);
    expect(kindOf(answer), text).toBeUndefined();
    expect(text.length).toBeLessThanOrEqual(LONGEST);
    expect(text).not.toMatch(/of \d+ characters/);
    texts.push(text);
    const [, next] = /^\.\.\. cut.*go on with cursor (".*?")/m.exec(text) ?? [];
    cursor = next === undefined ? undefined : z.string().parse(JSON.parse(next));
    expect(texts.length).toBeLessThan(200);
  }
  return texts;
}

/** Strings under `key` anywhere in a value. */
function named(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => named(each, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === key && typeof member === "string" ? [member] : named(member, key),
  );
}

describe("every entry is reached", () => {
  it.each<[command: string, params: Record<string, unknown>, key: string]>([
    ["project.list_files", {}, "path"],
    ["project.search_files", { query: "needle" }, "path"],
    ["script.list", {}, "path"],
    ["resource.list", { type: "Gradient" }, "path"],
    ["node.find", { scene: MANY, type: "Node" }, "path"],
    ["scene.get_tree", { scene: MANY }, "name"],
    ["scene.read_file", { path: MANY }, "path"],
    ["scene.read_file", { path: MANY, sections: ["connections"] }, "method"],
    ["project.get_settings", { all: true }, "name"],
    ["project.get_dependencies", {}, "to"],
    ["project.get_dependencies", { path: MANY }, "path"],
    ["project.find_unused", {}, "path"],
    ["classdb.search", { query: "texture", members: true }, "name"],
    ["test.list", {}, "name"],
  ])("of %s %j", async (command, params, key) => {
    const all = await agent.run(command, { ...params, limit: 5_000 });
    expect(all.truncated ?? false).toBe(false);
    const entries = new Set(command === "project.get_settings" ? Object.keys(Object(all.settings)) : named(all, key));
    for (const limit of [undefined, 5_000]) {
      const asked = { ...params, ...(limit !== undefined && { limit }) };
      const withCursor = (cursor: string) => ({ params: { ...asked, cursor } });
      const texts = await pagesOf("command_read", { command, params: asked }, withCursor);
      expect(texts.length).toBeGreaterThan(1);
      const shown = texts.join("\n");
      const isShown = (entry: string) => shown.includes(entry) || shown.includes(JSON.stringify(entry));
      const missing = [...entries].filter((entry) => !isShown(entry));
      expect(missing).toEqual([]);
    }
  });

  it.each<[tool: string, args: Record<string, unknown>]>([
    ["project_search", { limit: 400 }],
    ["project_search", { text: "needle", limit: 400 }],
    ["scene_tree", { scene: MANY }],
  ])("by %s %j", async (tool, args) => {
    const texts = await pagesOf(tool, args, (cursor) => ({ cursor }));
    const shown = texts.join("\n");
    const name = tool === "scene_tree" ? "n" : "s";
    expect(texts.length).toBeGreaterThan(1);
    for (const index of indexes) expect(shown).toContain(long(name, index));
  });

  it("of an undo history, the newest first", async () => {
    for (const index of indexes) {
      await agent.run("node.set_properties", {
        scene: MANY,
        path: long("n", index),
        properties: { editor_description: `${index}` },
      });
    }
    const command = "editor.get_history";
    const params = { scene: MANY, limit: 5_000 };
    const { steps } = await agent.run(command, params);
    const shown = await pagesOf("command_read", { command, params }, (cursor) => ({ params: { ...params, cursor } }));
    const count = shown.reduce((sum, text) => sum + text.split("action=").length - 1, 0);
    expect(count).toBe(z.array(z.unknown()).parse(steps).length);
    expect(count).toBeGreaterThanOrEqual(ENTRIES);
  });
});

describe("scene.read_file", () => {
  it("tells a part of a scene: a node, its levels, its connections, one section", async () => {
    const node = long("n", 7);
    const read = (params: Record<string, unknown>) => agent.run("scene.read_file", { path: MANY, ...params });
    const one = await read({ node });
    expect(named(one.nodes, "path")).toContain(node);
    expect(one).toMatchObject({ nodes: [{ name: node }], connections: [{ from: node, method: "on_7" }] });
    const root = await read({ depth: 0, sections: ["nodes"] });
    expect(root).toMatchObject({ nodes: [{ path: "." }], connections: [], dependencies: [], total: 1 });
    const part = await read({ sections: ["connections"], limit: 2 });
    expect(part).toMatchObject({ nodes: [], truncated: true, cursor: "2", total: ENTRIES });
    const next = await read({ sections: ["connections"], limit: 2, cursor: part.cursor });
    expect(next).toMatchObject({ connections: [{ method: "on_2" }, { method: "on_3" }] });
    for (const wrong of [{ node: "Nobody" }, { cursor: "x" }, { cursor: "-1" }])
      await expect(read(wrong)).rejects.toThrow();
  });
});
