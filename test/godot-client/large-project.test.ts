/** Tests a project of two thousand files: references, unused and broken files, and the editor's frames meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LARGE_MAIN, LEVEL_COUNT, largeProject, SPARE_FILES } from "../support/large-project.ts";
import { until } from "../support/wait.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(largeProject());
});
afterAll(() => bench.dispose());

interface Progress {
  method: string;
  params: { id: string; progress: number; total?: number };
}

/** The progress of a request while it ran. */
function progressOf(id: string): Progress["params"][] {
  return (bench.hub.messages as Progress[])
    .filter(({ method, params }) => method === "progress" && params.id === id)
    .map(({ params }) => params);
}

describe("project.get_dependencies", () => {
  it("says what a file needs, step by step", async () => {
    const direct = await bench.call("project.get_dependencies", { path: "res://big/scenes/n5.tscn" });
    expect(direct).toMatchObject({
      files: [
        { path: "res://big/scripts/s5.gd", depth: 1, exists: true },
        { path: "res://big/scenes/n6.tscn", depth: 1, exists: true },
      ],
      total: 2,
    });
    const { total, edges } = await bench.call("project.get_dependencies", {
      path: "res://big/scenes/n5.tscn",
      depth: 64,
    });
    // Five scenes of the chain (5 to 9), each with script and data, without the first itself.
    expect(total).toBe(14);
    expect(edges).toContainEqual({
      from: "res://big/scripts/s9.gd",
      to: "res://big/data/d9.tres",
      kind: "text",
    });
  });

  it("says what needs a file", async () => {
    const { files } = await bench.call("project.get_dependencies", {
      path: "res://big/data/d3.tres",
      reverse: true,
      depth: 64,
    });
    expect((files as { path: string }[]).map(({ path }) => path)).toEqual([
      "res://big/scripts/s3.gd",
      ...[3, 2, 1, 0].map((index) => `res://big/scenes/n${index}.tscn`),
      LARGE_MAIN,
    ]);
  });

  it("gives every edge of the project in pages", async () => {
    const first = await bench.call("project.get_dependencies", { limit: 500 });
    expect(first).toMatchObject({ truncated: true, total: expect.any(Number) });
    const next = await bench.call("project.get_dependencies", { limit: 500, cursor: first.cursor });
    expect((next.edges as unknown[])[0]).not.toEqual((first.edges as unknown[])[0]);
    expect(await bench.fails("project.get_dependencies", { path: "res://big/scenes/n5.tsn" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining(["res://big/scenes/n5.tscn"]),
    });
  });
});

describe("project.find_unused", () => {
  it("finds exactly what nothing reaches, and says what may be loaded by a path that is put together", async () => {
    const params = { path: "res://big", roots: [LARGE_MAIN], limit: 5_000 };
    const { files, total, bytes } = await bench.call("project.find_unused", params);
    const found = files as { path: string; mayBeLoadedBy?: string[] }[];
    const certain = found.filter(({ mayBeLoadedBy }) => mayBeLoadedBy === undefined);
    expect(certain.map(({ path }) => path)).toEqual(SPARE_FILES);
    expect(found.filter(({ mayBeLoadedBy }) => mayBeLoadedBy?.[0] === "res://big/scripts/s0.gd")).toHaveLength(
      LEVEL_COUNT,
    );
    expect(total).toBe(SPARE_FILES.length + LEVEL_COUNT);
    expect(bytes).toBeGreaterThan(0);
  });

  it("leaves out the excluded files, and those that the game reaches", async () => {
    const { files } = await bench.call("project.find_unused", {
      roots: [LARGE_MAIN],
      exclude: ["x*.tres", "res://big/levels/*"],
    });
    const paths = (files as { path: string }[]).map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith("res://big") || path.startsWith("res://game"))).toEqual([]);
  });
});

describe("project.validate", () => {
  it("finds nothing in a project that is whole", async () => {
    const { problems, errors, checked } = await bench.call("project.validate", { path: "res://big" });
    expect({ problems, errors }).toEqual({ problems: [], errors: 0 });
    expect(checked).toBeGreaterThanOrEqual(2_000);
  });

  it("finds each thing that is broken, and nothing else", async () => {
    const head = "[gd_scene format=3";
    const node = '[node name="A" type="Node"]\n';
    const files: Record<string, string> = {
      "big/broken/lacks.tscn": `${head}]\n\n[ext_resource type="Script" path="res://big/gone.gd" id="1"]\n\n${node}script = ExtResource("1")\n`,
      "big/broken/torn.tscn": `${head}]\n\n[node name="A" type="Node"\n`,
      "big/broken/wrong.gd": "extends Node\n\n\nfunc f() -> int:\n\treturn nothing\n",
      "big/broken/path.gd": 'extends Node\n\nvar next: String = "res://big/nowhere.tscn"\n',
      "big/broken/twin_a.tscn": `${head} uid="uid://c8xkq0twintwin"]\n\n${node}`,
      "big/broken/twin_b.tscn": `${head} uid="uid://c8xkq0twintwin"]\n\n${node}`,
    };
    for (const [path, text] of Object.entries(files)) bench.editor.write(path, text);
    const { problems, valid } = await bench.call("project.validate", { path: "res://big/broken" });
    expect(valid).toBe(false);
    expect(problems).toEqual([
      expect.objectContaining({
        path: "res://big/broken/lacks.tscn",
        kind: "missing_file",
        missing: "res://big/gone.gd",
      }),
      expect.objectContaining({
        path: "res://big/broken/path.gd",
        severity: "warning",
        missing: "res://big/nowhere.tscn",
      }),
      expect.objectContaining({ path: "res://big/broken/torn.tscn", kind: "unreadable" }),
      expect.objectContaining({ path: "res://big/broken/twin_b.tscn", kind: "duplicate_uid" }),
      expect.objectContaining({ path: "res://big/broken/wrong.gd", kind: "script", line: 5 }),
    ]);
    expect(await bench.call("project.validate", { path: "res://big/broken", limit: 2 })).toMatchObject({
      truncated: true,
      total: 5,
      errors: 4,
    });
  });
});

describe("project.get_statistics", () => {
  it("counts files, lines and nodes", async () => {
    expect(await bench.call("project.get_statistics", { path: "res://big/scenes" })).toMatchObject({
      kinds: { tscn: { files: 480 } },
      scenes: { files: 480, nodes: 480 + 432 },
    });
    expect(await bench.call("project.get_statistics", { path: "res://big/scripts" })).toMatchObject({
      scripts: { files: 480, lines: 480 * 10 + 4, blank: 480 * 4 + 2 },
    });
  });
});

describe("long work", () => {
  it("tells its progress and lets others through meanwhile", async () => {
    const long = bench.call("project.validate", { path: "res://big/scripts" }, { id: "checks" });
    const quick = bench.call("editor.get_state", {}, { clientId: "client-2" });
    const first = await Promise.race([long.then(() => "long"), quick.then(() => "quick")]);
    expect(first).toBe("quick");
    await long;
    const seen = progressOf("checks");
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.map(({ progress }) => progress)).toEqual(
      seen.map(({ progress }) => progress).toSorted((a, b) => a - b),
    );
  });

  it("of project.validate holds no frame: others are answered all the while, and its progress leads to its end", async () => {
    let isOver = false;
    const started = performance.now();
    const long = bench.call("project.validate", { path: "res://big" }, { id: "whole" }).finally(() => {
      isOver = true;
    });
    const waits: number[] = [];
    while (!isOver) {
      const began = performance.now();
      await bench.call("editor.get_state", {}, { clientId: "client-2" });
      waits.push(performance.now() - began);
    }
    expect((await long).checked).toBeGreaterThan(2_000);
    const whole = performance.now() - started;
    const median = waits.toSorted((a, b) => a - b)[waits.length >> 1] ?? Number.POSITIVE_INFINITY;
    expect(waits.length).toBeGreaterThan(10);
    expect(median).toBeLessThan(whole / 10);
    const seen = progressOf("whole");
    expect(new Set(seen.map(({ total }) => total)).size).toBe(1);
    const { progress = 0, total = 0 } = seen.at(-1) ?? {};
    expect(progress).toBeGreaterThan(total / 2);
  });

  it.each(["project.validate", "project.find_unused", "project.get_dependencies", "project.get_statistics"])(
    "%s ends early when it is cancelled",
    async (method) => {
      const id = `cancelled-${method}`;
      const asked = bench.fails(method, {}, { id });
      await until(() => progressOf(id).length > 0, { what: "progress" });
      bench.hub.sendText(JSON.stringify({ jsonrpc: "2.0", method: "cancel", params: { id } }));
      expect(await asked).toMatchObject({ kind: "CANCELLED" });
    },
  );
});
