import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "../hub/cli/command-line.ts";
import type { GodotEditor } from "../support/godot-editor.ts";
import { type Agent, kindOf, Studio, textOf } from "../support/studio.ts";

describe("the tools of an AI client, on a real editor,", () => {
  let studio: Studio;
  let editor: GodotEditor;
  let agent: Agent;
  beforeAll(async () => {
    studio = await Studio.open();
    [editor] = (await studio.editors(["tools-game"])) as [GodotEditor];
    agent = await studio.agent("builder");
    await agent.run("scene.create", { path: "res://one.tscn", rootType: "Node2D" });
  }, 120_000);
  afterAll(() => studio.dispose());

  it("build a scene in one step, look at it and take it back", async () => {
    const operations = [
      { op: "add", type: "Sprite2D", name: "Icon", as: "icon", properties: { position: "Vector2(8, 9)" } },
      { op: "set_groups", path: "$icon", add: ["things"] },
    ];
    const preview = await agent.call("scene_edit", { operations, preview: true });
    expect(textOf(preview)).toContain("would be done; nothing has changed");
    expect(textOf(await agent.call("scene_edit", { operations }))).toContain("2 operations done as one undo step");
    expect(textOf(await agent.call("scene_tree"))).toMatch(/^ {2}Icon: Sprite2D .*groups=\["things"\]/m);
    expect(textOf(await agent.call("node_inspect", { path: "Icon" }))).toContain("position=Vector2(8, 9)");
    await agent.call("scene_edit", { undo: true });
    expect(textOf(await agent.call("scene_tree"))).not.toContain("Icon");
  });

  it("let an agent work on its scene while another one writes to another scene, and make it wait on the same", async () => {
    const other = await studio.agent("other");
    await other.run("scene.create", { path: "res://two.tscn", rootType: "Node2D" });
    await agent.run("node.add", { type: "Node", name: "Mine" });
    expect(await other.run("node.add", { type: "Node", name: "Theirs" })).toMatchObject({ scene: "res://two.tscn" });
    await agent.run("hub.acquire_lease", { resources: ["scene:res://one.tscn"], durationMs: 60_000 });
    await other.run("node.add", { type: "Node", name: "StillTheirs" });
    const held = await other.call("command_run", {
      command: "node.add",
      params: { scene: "res://one.tscn", type: "Node", name: "Intruder" },
    });
    expect(kindOf(held)).toBe("LEASE_HELD");
    expect(textOf(held)).toMatch(/Nothing was changed\. Go on with another scene.*repeat the call in \d+ s/);
    await agent.run("hub.release_lease");
  });

  it("share an editor with a person at a terminal, who takes back in one call what another call did", async () => {
    const shell = new CommandLine({ GODOT_HUB_HOME: studio.hub.home });
    const call = async (command: string, params: object = {}) => {
      const { code, stdout, stderr } = await shell.run(["call", command, JSON.stringify(params)]);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      return JSON.parse(stdout);
    };
    await call("scene.create", { path: "res://shell.tscn", rootType: "Node" });
    expect(await call("node.add", { type: "Timer", name: "Clock" })).toMatchObject({ scene: "res://shell.tscn" });
    expect(await call("editor.undo")).toMatchObject({ action: expect.stringContaining("(godot-hub)") });
    expect((await call("scene.get_tree")).root.children ?? []).toEqual([]);
  });

  it("search the class reference of the very engine that runs", async () => {
    expect(textOf(await agent.call("docs_search", { query: "signal when body enters area" }))).toContain(
      "Area2D.body_entered (signal) body_entered(body: Node2D)",
    );
    expect(textOf(await agent.call("docs_search", { name: "Sprite2D.position" }))).toContain("position: Vector2");
  });

  it("reach the same by one tool a command, and by GraphQL", async () => {
    const full = await studio.agent("full", { args: ["--toolsets", "scene,node"] });
    await full.call("scene_open", { path: "res://one.tscn" });
    expect(kindOf(await full.call("node_add", { type: "Node2D", name: "ByFull" }))).toBeUndefined();
    const graphql = await studio.agent("graphql", { args: ["--preset", "graphql"] });
    const mutation = `mutation { openScene(path: "res://one.tscn") { scene } a: addNode(type: "Node2D", name: "ByGraphQl") { path revision } addToGroup(path: "ByGraphQl", group: "made") { groups } }`;
    expect(JSON.parse(textOf(await graphql.call("godot_mutate", { mutation })))).toMatchObject({
      data: { a: { path: "ByGraphQl" }, addToGroup: { groups: ["made"] } },
    });
    const both = `mutation { x: addNode(type: "Node", name: "X") { path } y: addNode(type: "Node", parent: "X", name: "Y") { path } }`;
    expect(JSON.parse(textOf(await graphql.call("godot_mutate", { mutation: both })))).toMatchObject({
      data: { x: { path: "X" }, y: { path: "X/Y" } },
    });
    await graphql.call("hub_status");
    const query = `{ project { name } currentScene(depth: 1) { scene root { name } } }`;
    expect(JSON.parse(textOf(await graphql.call("godot_query", { query })))).toMatchObject({
      data: { project: { name: "tools-game" }, currentScene: { scene: "res://one.tscn", root: { name: "One" } } },
    });
  });

  it("show scenes and scripts as resources, and tell who watches them of changes", async () => {
    const { client } = agent.mcp;
    const { contents } = await client.readResource({ uri: "godot://tools-game/scene/one.tscn" });
    expect(contents[0]).toMatchObject({
      mimeType: "text/plain",
      text: expect.stringContaining("res://one.tscn (revision"),
    });
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri: "godot://{instance}/scene/{+path}" },
      argument: { name: "path", value: "on" },
      context: { arguments: { instance: "tools-game" } },
    });
    expect(completion.values).toContain("one.tscn");
  });

  it("start a headless editor for an agent whose project none has open, and end it", async () => {
    const project = join(editor.project);
    const lonely = await studio.agent("lonely", { cwd: project });
    const used = await lonely.call("hub_use", { target: project, launch: true });
    expect(textOf(used)).toContain("This session now works on tools-game@");
    expect(kindOf(await lonely.call("command_run", { command: "instance.stop", params: { target: project } }))).toBe(
      "FORBIDDEN",
    );
  });
});
