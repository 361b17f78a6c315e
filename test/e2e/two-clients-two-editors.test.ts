import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GodotEditor } from "../support/godot-editor.ts";
import { openAdapter } from "../support/protocol-client.ts";
import { type Agent, kindOf, Studio, textOf } from "../support/studio.ts";
import { until } from "../support/wait.ts";

const LEVEL = "res://game/level.tscn";

describe("two AI clients, two real editors, one hub", () => {
  let studio: Studio;
  let alpha: GodotEditor;
  let beta: GodotEditor;
  let claude: Agent;
  let cursor: Agent;

  beforeAll(async () => {
    studio = await Studio.open({ args: ["--implicit-lease-ms", "100"] });
    [alpha, beta] = (await studio.editors(["alpha", "beta"])) as [GodotEditor, GodotEditor];
    [claude, cursor] = await Promise.all([studio.agent("claude-code"), studio.agent("cursor")]);
  });
  afterAll(() => studio.dispose());

  it("share one editor and both edit it, each under its own name", async () => {
    await claude.run("node.add", { type: "Node2D", name: "FromClaude" }, "alpha");
    await cursor.run("node.add", { type: "Node2D", name: "FromCursor" }, "alpha");
    const tree = textOf(await claude.call("scene_tree", { target: "alpha" }));
    expect(tree).toContain("FromClaude: Node2D");
    expect(tree).toContain("FromCursor: Node2D");
    const refused = await claude.call("scene_edit", { undo: true, target: "alpha" });
    expect(textOf(refused)).toContain("cursor");
    expect(kindOf(refused)).toBe("CONFLICT");
    await cursor.run("editor.undo", {}, "alpha");
    await claude.run("editor.undo", {}, "alpha");
    expect(textOf(await claude.call("scene_tree", { target: "alpha" }))).not.toContain("FromC");
  });

  it("drive two editors from one adapter, each result from the project that was meant", async () => {
    for (const [target, editor] of [
      ["alpha", alpha],
      ["beta", beta],
      [alpha.project, alpha],
    ] as const) {
      const info = await claude.run("project.get_info", {}, target);
      expect(info.path).toBe(editor.project);
    }
    const name = "OnlyInBeta";
    await claude.run("node.add", { type: "Node", name }, "beta");
    await claude.run("scene.save", {}, "beta");
    expect(beta.read("game/level.tscn")).toContain(name);
    expect(alpha.read("game/level.tscn")).not.toContain(name);
    const ambiguous = await claude.call("scene_tree");
    expect(kindOf(ambiguous)).toBe("TARGET_AMBIGUOUS");
    expect(textOf(ambiguous)).toContain("alpha@");
  });

  it("bind a session to a project: it never touches the other one, also when that alone is connected", async () => {
    const hasty = { GODOT_HUB_DEADLINE_MS: "5000" };
    const bound = await studio.agent("bound", { args: ["--project", alpha.project], env: hasty });
    expect((await bound.run("project.get_info")).path).toBe(alpha.project);
    const inside = await studio.agent("inside", { cwd: alpha.project, env: hasty });
    expect((await inside.run("project.get_info")).path).toBe(alpha.project);
    await bound.run("node.add", { type: "Node", name: "Mine" });
    await bound.run("editor.undo");

    await alpha.kill("SIGTERM");
    await until(
      async () => (await studio.instances()).every(({ pid, state }) => pid !== alpha.pid || state === "away"),
      {
        what: "alpha's departure",
      },
    );
    const before = beta.read("game/level.tscn");
    const operations = [{ op: "add", type: "Node", name: "Lost" }];
    const refused = await Promise.all([bound, inside].map((agent) => agent.call("scene_edit", { operations })));
    expect(refused.map(({ isError }) => isError)).toEqual([true, true]);
    expect(textOf(await claude.call("scene_tree", { target: "beta" }))).not.toContain("Lost");
    expect(beta.read("game/level.tscn")).toBe(before);
    alpha.launch();
    await studio.ready(alpha);
    expect((await bound.run("project.get_info")).path).toBe(alpha.project);
  });

  it("undo takes back exactly an agent's changes, and the saved file is the one that Godot itself would write", async () => {
    const scene = "res://made.tscn";
    await claude.run("scene.create", { path: scene, rootType: "Node2D" }, "alpha");
    await claude.run("scene.save", { scene }, "alpha");
    const empty = alpha.read("made.tscn");
    const operations = [
      {
        op: "add",
        type: "Sprite2D",
        name: "Hero",
        as: "hero",
        properties: { position: "Vector2(10, 20)", modulate: "#ff8800" },
      },
      { op: "add", parent: "$hero", type: "CollisionShape2D", name: "Shape" },
      { op: "rename", path: "$hero", name: "Champion" },
    ];
    await claude.call("scene_edit", { scene, operations, target: "alpha" });
    await claude.run("scene.save", { scene }, "alpha");
    const full = alpha.read("made.tscn");
    expect(full).toContain("Champion");
    await claude.run("editor.undo", { scene }, "alpha");
    await claude.run("scene.save", { scene }, "alpha");
    expect(alpha.read("made.tscn")).toBe(empty);
    await claude.run("editor.redo", { scene }, "alpha");
    await claude.run("scene.save", { scene }, "alpha");
    expect(alpha.read("made.tscn")).toBe(full);

    await alpha.clearOutput();
    await claude.run("scene.open", { path: LEVEL }, "alpha");
    await claude.run("scene.open", { path: scene }, "alpha");
    expect(alpha.complaints).toEqual([]);
  });

  it("let two sessions work on two scenes of one editor without touching each other's", async () => {
    await claude.run("scene.open", { path: LEVEL }, "alpha");
    await cursor.run("scene.open", { path: "res://game/coin.tscn" }, "alpha");
    for (let n = 0; n < 5; n += 1) {
      const [one, two] = await Promise.all([
        claude.run("node.add", { type: "Node", name: `Level${n}` }, "alpha"),
        cursor.run("node.add", { type: "Node", name: `Coin${n}` }, "alpha"),
      ]);
      expect([one.scene, two.scene]).toEqual([LEVEL, "res://game/coin.tscn"]);
    }
    const tree = textOf(await claude.call("scene_tree", { target: "alpha" }));
    expect(tree).toContain("Level4");
    expect(tree).not.toContain("Coin4");
  });

  it.each([70_000, 2_000_000, 20_000_000])("pass %i bytes both ways through hub and addon", async (size) => {
    const scene = "res://game/level.tscn";
    const name = `Big${size}`;
    const text = "x".repeat(size);
    await claude.run("node.add", { scene, type: "Node", name, properties: { editor_description: text } }, "alpha");
    const { client } = await openAdapter(studio.hub.url, studio.hub.token);
    const params = { scene, path: name, names: ["editor_description"], whole: true };
    const { result } = await client.request("node.get_properties", params, { target: "alpha" }, { deadlineMs: 30_000 });
    // Compared as booleans: the difference of two texts of this size would fill the screen.
    expect((result as { properties: { editor_description: string } }).properties.editor_description === text).toBe(
      true,
    );
    await client.close();
  });
});
