/** Tests the relations of nodes: copies, groups, signals, references; finding nodes and calling their methods. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedText, undoably } from "./undo-check.ts";
import { openWorkbench, type Params, type Workbench } from "./workbench.ts";

const LEVEL = "res://game/level.tscn";
const HEIR = "res://heir.tscn";
const RECEIVER = `extends Node

@export var friend: Node2D
@export var way: NodePath
@export var speed: float = 1.0
var heard: Array = []


func hear(_body: Node2D, _extra: int = 0) -> void:
	pass


func hear_nothing() -> void:
	pass


func hear_from(_body: Node2D, _place: Vector2, _loudness: float, _who: Variant) -> void:
	pass
`;
const INHERITED = `[gd_scene format=3]

[ext_resource type="PackedScene" path="res://game/coin.tscn" id="1"]

[node name="Heir" instance=ExtResource("1")]

[node name="Own" type="Node2D" parent="."]
`;

let bench: Workbench;
const change = (method: string, params: Params) => undoably(bench, LEVEL, method, params);
const saved = () => savedText(bench, LEVEL);

beforeAll(async () => {
  bench = await openWorkbench({ "receiver.gd": RECEIVER, "heir.tscn": INHERITED });
  await bench.call("scene.open", { path: LEVEL });
  await bench.call("edit.batch", {
    operations: [
      { op: "add", type: "Node", name: "Receiver" },
      { op: "attach_script", path: "Receiver", script: "res://receiver.gd" },
    ],
  });
});
afterAll(() => bench.dispose());

describe("node.duplicate", () => {
  it("copies a node with its children, right behind the original", async () => {
    expect(
      await change("node.duplicate", {
        path: "Ground",
        name: "Ceiling",
        properties: { position: "Vector2(576, 0)" },
      }),
    ).toMatchObject({ path: "Ceiling", type: "StaticBody2D" });
    const text = await saved();
    expect(text).toContain('[node name="Shape" type="CollisionShape2D" parent="Ceiling"');
    expect(text.indexOf('name="Ceiling"')).toBeLessThan(text.indexOf('name="Player"'));
  });

  it("copies an instance as an instance, elsewhere too", async () => {
    await change("node.duplicate", { path: "Coins/Coin1", name: "Coin9", parent: "Ground" });
    expect(await saved()).toMatch(/\[node name="Coin9" parent="Ground" unique_id=\d+ instance=/);
  });

  it("keeps an instance's children editable, and what was changed in them", async () => {
    await bench.call("node.add", { instance: "res://game/player.tscn", name: "Twin", editableChildren: true });
    await bench.call("node.set_properties", { path: "Twin/Look", properties: { color: "red" } });
    await change("node.duplicate", { path: "Twin", name: "Triplet" });
    const text = await saved();
    expect(text).toContain('[editable path="Triplet"]');
    expect(text).toMatch(/\[node name="Look" parent="Triplet"[^\]]*\]\ncolor = Color\(1, 0, 0, 1\)/);
  });

  it("leaves the unique name with the original", async () => {
    await bench.call("node.set_properties", { path: "Score", properties: { unique_name_in_owner: true } });
    await change("node.duplicate", { path: "Score", name: "Lives" });
    const { root } = await bench.call("scene.get_tree", { type: "Label" });
    expect(root).toMatchObject({ children: [{ name: "Score", unique: true }, { name: "Lives" }, { name: "Message" }] });
    expect(JSON.stringify(root).match(/unique/g)).toHaveLength(1);
  });

  it.each([
    ["a name that is taken", { path: "Ground", name: "Player" }, "CONFLICT"],
    ["the root", { path: ".", name: "Two" }, "INVALID_PARAMS"],
    ["no name", { path: "Ground" }, "INVALID_PARAMS"],
    ["a misfit in properties", { path: "Ground", name: "Sky", properties: { position: 1 } }, "INVALID_PARAMS"],
  ])("refuses %s and leaves nothing behind", async (_, params, kind) => {
    const before = await saved();
    expect(await bench.fails("node.duplicate", params)).toMatchObject({ kind });
    expect(await saved()).toBe(before);
  });
});

describe("groups", () => {
  it("are set, added to and taken away, each as one step", async () => {
    expect(await change("node.set_groups", { path: "Ground", groups: ["solid", "floor"] })).toMatchObject({
      groups: ["floor", "solid"],
    });
    expect(await change("node.set_groups", { path: "Ground", add: ["wet"], remove: ["floor"] })).toMatchObject({
      groups: ["solid", "wet"],
    });
    expect(await bench.call("node.list_groups", { path: "Ground" })).toMatchObject({ groups: { solid: 1, wet: 1 } });
  });

  it("are listed for the scene, with their nodes", async () => {
    const { groups } = await bench.call("node.list_groups");
    expect(groups).toMatchObject({ coins: 4, solid: 1 });
    const { nodes } = await bench.call("node.get_group_nodes", { group: "coins" });
    expect(nodes).toContainEqual(expect.objectContaining({ path: "Coins/Coin1", instance: "res://game/coin.tscn" }));
  });

  it("that come from an instanced scene cannot be taken away here", async () => {
    expect(await bench.fails("node.set_groups", { path: "Coins/Coin1", remove: ["coins"] })).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("comes from"),
    });
    await change("node.set_groups", { path: "Coins/Coin1", add: ["first"] });
  });
});

describe("signals", () => {
  const ends = { path: "Coins/Coin1", signal: "body_entered", to: "Receiver", method: "hear" };

  it("are connected with binds and flags, and disconnected", async () => {
    expect(await change("node.connect_signal", { ...ends, binds: [7], flags: ["deferred", "one_shot"] })).toMatchObject(
      { connection: { to: "Receiver", method: "hear", binds: [7], flags: ["deferred", "one_shot"] } },
    );
    expect(await saved()).toContain(
      '[connection signal="body_entered" from="Coins/Coin1" to="Receiver" method="hear" flags=7 binds= [7]]',
    );
    expect(await bench.call("node.list_signals", { path: "Coins/Coin1", connectedOnly: true })).toMatchObject({
      signals: [{ name: "body_entered", args: [{ name: "body", type: "Node2D" }], connections: [{ binds: [7] }] }],
    });
    await change("node.disconnect_signal", ends);
    expect(await saved()).not.toContain("[connection");
  });

  it("have binds of the types that the method declares", async () => {
    const from = { ...ends, method: "hear_from" };
    expect(await change("node.connect_signal", { ...from, binds: [[3, 4], 2, [1, 2]] })).toMatchObject({
      connection: { binds: [{ type: "Vector2", x: 3, y: 4 }, 2, [1, 2]] },
    });
    expect(await saved()).toContain("binds= [Vector2(3, 4), 2.0, [1, 2]]");
    await change("node.disconnect_signal", from);
    expect(await bench.fails("node.connect_signal", { ...from, binds: [[3, 4, 5], 2, 0] })).toMatchObject({
      kind: "INVALID_PARAMS",
      message: expect.stringContaining("Vector2 such as [0, 0]"),
    });
  });

  it("are connected with arguments left out", async () => {
    const without = { ...ends, method: "hear_nothing" };
    expect(await change("node.connect_signal", { ...without, unbinds: 1 })).toMatchObject({
      connection: { unbinds: 1 },
    });
    await change("node.disconnect_signal", without);
  });

  it.each([
    ["a signal that does not exist", { signal: "body_enterd" }, "NOT_FOUND", ["body_entered"]],
    ["a method that does not exist", { method: "haer" }, "NOT_FOUND", ["hear"]],
    ["too many arguments", { binds: [1, 2] }, "INVALID_PARAMS", undefined],
    ["too many arguments for a method without any", { method: "hear_nothing" }, "INVALID_PARAMS", undefined],
    ["a flag that does not exist", { flags: ["sometimes"] }, "INVALID_PARAMS", undefined],
    ["a node that does not exist", { to: "Reciever" }, "NOT_FOUND", ["Receiver"]],
  ])("refuse %s", async (_, misfit, kind, candidates) => {
    const error = await bench.fails("node.connect_signal", { ...ends, ...misfit });
    expect(error.kind).toBe(kind);
    if (candidates) expect(error.candidates).toEqual(expect.arrayContaining(candidates));
  });

  it("refuse a second connection of the same, and the end of one that is not there", async () => {
    await bench.call("node.connect_signal", ends);
    expect(await bench.fails("node.connect_signal", ends)).toMatchObject({ kind: "CONFLICT" });
    await bench.call("node.disconnect_signal", ends);
    expect(await bench.fails("node.disconnect_signal", ends)).toMatchObject({ kind: "NOT_FOUND" });
  });
});

describe("paths that are relative to another node", () => {
  it("are made so, and follow a node that is renamed", async () => {
    await bench.call("edit.batch", {
      operations: [
        { op: "add", type: "Node2D", name: "Base" },
        { op: "add", type: "Node2D", parent: "Base", name: "Aim" },
        { op: "add", type: "AnimationTree", parent: "Base/Aim", name: "Tree", properties: { root_node: "../.." } },
        { op: "set_reference", path: "Base/Aim/Tree", property: "root_motion_track", to: "Base/Aim" },
        {
          op: "add",
          type: "MultiplayerSynchronizer",
          parent: "Base/Aim",
          name: "Sync",
          properties: {
            root_path: "../..",
            replication_config: {
              type: "Resource",
              class: "SceneReplicationConfig",
              properties: { "properties/0/path": "Aim:position", "properties/0/spawn": false },
            },
          },
        },
        {
          op: "add",
          type: "Skeleton2D",
          parent: "Base",
          name: "Bones",
          properties: {
            modification_stack: {
              type: "Resource",
              class: "SkeletonModificationStack2D",
              properties: {
                modification_count: 1,
                "modifications/0": {
                  type: "Resource",
                  class: "SkeletonModification2DLookAt",
                  properties: { target_nodepath: "../Aim" },
                },
              },
            },
          },
        },
      ],
    });
    const read = async (path: string, name: string) =>
      ((await bench.call("node.get_properties", { path, names: [name] })).properties as Params)[name];
    expect(await read("Base/Aim/Tree", "root_motion_track")).toBe("Aim");
    expect(await read("Base/Aim/Sync", "replication_config")).toMatchObject({
      properties: { "properties/0/path": "Aim:position", "properties/0/spawn": false },
    });
    await change("node.rename", { path: "Base/Aim", name: "Goal" });
    expect(await read("Base/Goal/Tree", "root_motion_track")).toBe("Goal");
    expect(await read("Base/Bones", "modification_stack")).toMatchObject({
      properties: { "modifications/0": { properties: { target_nodepath: "../Goal" } } },
    });
    await bench.call("node.delete", { path: "Base" });
  });
});

describe("node.set_reference", () => {
  it("lets an exported node and a node path point to a node, and to none", async () => {
    expect(await change("node.set_reference", { path: "Receiver", property: "friend", to: "Player" })).toMatchObject({
      properties: { friend: { type: "Node", path: "Player" } },
    });
    expect(await change("node.set_reference", { path: "Receiver", property: "way", to: "Coins/Coin2" })).toMatchObject({
      properties: { way: "../Coins/Coin2" },
    });
    expect(await change("node.set_reference", { path: "Receiver", property: "friend" })).toMatchObject({
      properties: { friend: null },
    });
  });

  it("refuses a node of another class, and a property that is no reference", async () => {
    const refused = (params: Params) => bench.fails("node.set_reference", { path: "Receiver", ...params });
    expect(await refused({ property: "friend", to: "Score" })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await refused({ property: "speed", to: "Score" })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await refused({ property: "freind", to: "Score" })).toMatchObject({ candidates: ["friend"] });
  });
});

describe("metadata", () => {
  it("is set, read and taken away like a property", async () => {
    await change("node.set_properties", { path: "Receiver", properties: { "metadata/origin": "Vector2(1, 2)" } });
    await change("node.set_properties", {
      path: "Receiver",
      properties: { "metadata/origin": { type: "Vector2", x: 3, y: 4 } },
    });
    expect(await bench.call("node.get_properties", { path: "Receiver", names: ["metadata/origin"] })).toMatchObject({
      properties: { "metadata/origin": { type: "Vector2", x: 3, y: 4 } },
    });
    await change("node.set_properties", { path: "Receiver", properties: { "metadata/origin": null } });
    expect(await saved()).not.toContain("metadata/origin");
  });
});

describe("node.find", () => {
  const paths = async (params: Params) => {
    const { nodes } = await bench.call("node.find", params);
    return (nodes as { path: string }[]).map(({ path }) => path);
  };

  it("finds by name, class, group, script and property, together", async () => {
    expect(await paths({ name: "coin?", path: "Coins", type: "Area2D" })).toEqual([
      "Coins/Coin1",
      "Coins/Coin2",
      "Coins/Coin3",
    ]);
    expect(await paths({ type: "Enemy" })).toEqual(["Enemy"]);
    expect(await paths({ group: "coins", name: "*1" })).toEqual(["Coins/Coin1"]);
    expect(await paths({ script: "res://receiver.gd" })).toEqual(["Receiver"]);
    expect(await paths({ property: "text", value: "Coins: 0" })).toEqual(["Score", "Lives"]);
    expect(await paths({ property: "position", value: "Vector2(470, 540)" })).toEqual(["Coins/Coin2"]);
  });

  it("pages, and refuses a class that does not exist", async () => {
    const first = await bench.call("node.find", { limit: 2 });
    expect(first).toMatchObject({ truncated: true, nodes: [{ path: "." }, { path: "Ground" }] });
    const next = await bench.call("node.find", { limit: 2, cursor: first.cursor });
    expect(next.nodes).not.toEqual(first.nodes);
    expect(await bench.fails("node.find", { type: "Nod" })).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});

describe("node.call_method", () => {
  it("calls what only reads", async () => {
    const { result } = await bench.call("node.call_method", {
      path: "Player",
      method: "to_global",
      args: ["Vector2(1, 1)"],
    });
    expect(result).toEqual({ type: "Vector2", x: 201, y: 501 });
    expect(await bench.call("node.call_method", { path: ".", method: "get_child_count" })).toMatchObject({
      result: expect.any(Number),
    });
  });

  it("refuses what may change something as long as code execution is not allowed", async () => {
    expect(await bench.fails("node.call_method", { path: "Player", method: "queue_free" })).toMatchObject({
      kind: "FORBIDDEN",
      hint: expect.stringContaining("Allow code execution"),
    });
    expect(await bench.fails("node.call_method", { path: "Receiver", method: "hear_nothing" })).toMatchObject({
      kind: "FORBIDDEN",
    });
  });

  it("checks method and arguments", async () => {
    const refused = (params: Params) => bench.fails("node.call_method", { path: "Player", ...params });
    expect(await refused({ method: "to_globl" })).toMatchObject({
      kind: "NOT_FOUND",
      candidates: expect.arrayContaining(["to_global"]),
    });
    expect(await refused({ method: "to_global" })).toMatchObject({ kind: "INVALID_PARAMS" });
    expect(await refused({ method: "to_global", args: [true] })).toMatchObject({ kind: "INVALID_PARAMS" });
  });
});

describe("an inherited scene", () => {
  it("lets its own nodes be changed, and what it inherits only in values", async () => {
    await bench.call("scene.open", { path: HEIR });
    await undoably(bench, HEIR, "node.rename", { path: "Own", name: "Mine" });
    const { root } = await bench.call("scene.get_tree", { scene: HEIR });
    const inherited = (root as { children: { path: string }[] }).children[0]?.path ?? "";
    for (const [method, params] of [
      ["node.delete", {}],
      ["node.rename", { name: "X" }],
      ["node.move", { parent: "Mine" }],
    ] as const) {
      expect(await bench.fails(method, { scene: HEIR, path: inherited, ...params })).toMatchObject({
        kind: "INVALID_PARAMS",
        message: expect.stringContaining("inherits"),
      });
    }
    await undoably(bench, HEIR, "node.set_properties", { path: inherited, properties: { "metadata/touched": true } });
  });
});

it("the editor has not complained", () => {
  expect(bench.editor.complaints).toEqual([]);
});
