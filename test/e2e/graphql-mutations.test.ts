import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, Studio, textOf } from "../support/studio.ts";

interface Response {
  readonly data: Record<string, Record<string, unknown> | null>;
  readonly errors?: readonly { message: string; path: readonly string[]; extensions: Record<string, unknown> }[];
}

describe("GraphQL mutations, on a real editor,", () => {
  let studio: Studio;
  let agent: Agent;
  beforeAll(async () => {
    studio = await Studio.open();
    await studio.editors(["graphql-game"]);
    agent = await studio.agent("mutator", { args: ["--preset", "graphql"] });
  }, 120_000);
  afterAll(() => studio.dispose());

  const mutate = async (mutation: string): Promise<Response> =>
    JSON.parse(textOf(await agent.call("godot_mutate", { mutation })));
  /** Names of the root's children. */
  const children = async (): Promise<unknown> => {
    const { data } = JSON.parse(
      textOf(await agent.call("godot_query", { query: "{ currentScene { root { all } } }" })),
    );
    return (data.currentScene.root.all.children ?? []).map(({ name }: { name: string }) => name);
  };
  const undo = async (): Promise<unknown> => (await mutate("mutation { editorUndo { all } }")).data.editorUndo?.all;

  it("are one undo step where they change nodes side by side, and answer each field", async () => {
    const { data, errors } = await mutate(`mutation Build {
      createScene(path: "res://made.tscn", rootType: "Node2D") { scene }
      icon: addNode(type: "Sprite2D", name: "Icon") { path type }
      child: addNode(type: "Timer", parent: "Icon", name: "Clock") { path }
      moved: setProperty(path: "Icon", property: "position", value: [3, 4]) { properties }
      addToGroup(path: "Icon", group: "things") { groups }
      connectSignal(path: "Icon/Clock", signal: "timeout", to: ".", method: "queue_free") { all }
      saveScene { scene }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      createScene: { scene: "res://made.tscn" },
      icon: { path: "Icon", type: "Sprite2D" },
      child: { path: "Icon/Clock" },
      moved: { properties: { position: { type: "Vector2", x: 3, y: 4 } } },
      addToGroup: { groups: ["things"] },
      saveScene: { scene: "res://made.tscn" },
    });
    expect(await children()).toEqual(["Icon"]);
    expect(JSON.stringify(await undo())).toContain("Build (mutator)");
    expect(await children()).toEqual([]);
  });

  it("leave nothing of a batch whose third field fails, name that field, and do nothing after it", async () => {
    const before = await children();
    const { data, errors } = await mutate(`mutation {
      a: addNode(type: "Node2D", name: "A") { path }
      b: addNode(type: "Node2D", parent: "A", name: "B") { path }
      c: setProperties(path: "A", properties: { positon: "Vector2(1, 2)" }) { path }
      d: addNode(type: "Node2D", name: "D") { path }
      createScene(path: "res://never.tscn", rootType: "Node") { scene }
    }`);
    expect(data).toEqual({ a: null, b: null, c: null, d: null, createScene: null });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ["c"],
      extensions: { batch: ["a", "b", "c", "d"], notRun: ["createScene"] },
    });
    expect(errors?.[0]?.message).toMatch(
      /positon.* Nothing of its batch was done: a, b, c, d\. Not run after it: createScene\.$/s,
    );
    expect(await children()).toEqual(before);
    const { data: written } = JSON.parse(
      textOf(await agent.call("godot_query", { query: '{ projectListFiles(pattern: "never*") { all } }' })),
    );
    expect(JSON.stringify(written)).not.toContain("never.tscn");
  });
});
