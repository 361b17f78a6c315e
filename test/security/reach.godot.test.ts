/**
 * Attacks from data to a call: whatever a command writes, the editor calls nothing that the agent could not call itself. The gate for code is
 * closed, and the rules are those that docs/security.md names for who may write no code.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openWorkbench, type Params, type Workbench } from "../godot-client/workbench.ts";

const OUTSIDE = mkdtempSync(join(tmpdir(), "godot-hub-reach-"));
/** Leaves a file where one of its methods runs. */
const TOOL = `@tool
extends Node2D

func trip() -> void:
	FileAccess.open("res://tripped", FileAccess.WRITE).store_string("x")

func trip_with(_what: Variant) -> void:
	trip()

@warning_ignore("native_method_override")
func show() -> void:
	trip()
`;
const PLAIN = `extends Node2D

signal done

func trip() -> void:
	FileAccess.open("res://tripped", FileAccess.WRITE).store_string("x")

func queue_redraw_later() -> void:
	pass
`;
const PROBE = `@tool
extends EditorPlugin

const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")


func _enter_tree() -> void:
	GodotMcpHub.register_command("probe.wait_frames", "Lets the editor draw and process.", {}, _wait_frames, true)


func _wait_frames(_params: Dictionary) -> Dictionary:
	for frame: int in 40:
		EditorInterface.get_base_control().queue_redraw()
		await get_tree().process_frame
	return {}
`;
/** What a person has made: connections that call methods of the engine, or of a tool script, by signals that only a change sends. */
const person = (url: string, signal: string) => `[gd_scene format=3]

[ext_resource type="Script" path="res://tool.gd" id="1"]

[node name="Person" type="Node2D"]

[node name="A" type="Sprite2D" parent="."]

[node name="B" type="Node2D" parent="."]

[node name="Tool" type="Node2D" parent="."]
script = ExtResource("1")

[node name="Web" type="HTTPRequest" parent="."]

[node name="Slider" type="HSlider" parent="."]

[node name="Sound" type="AudioStreamPlayer" parent="."]

[node name="Mover" type="AnimationPlayer" parent="."]

[connection signal="${signal}" from="A" to="B" method="queue_free"]
[connection signal="${signal}" from="A" to="Tool" method="trip"]
[connection signal="${signal}" from="A" to="Web" method="request" binds= ["${url}"]]
[connection signal="value_changed" from="Slider" to="Tool" method="trip_with"]
[connection signal="renamed" from="A" to="B" method="queue_free"]
[connection signal="finished" from="Sound" to="B" method="queue_free"]
`;

let server: Server;
let gets = 0;
let url = "";
let bench: Workbench;
beforeAll(async () => {
  server = createServer((_, response) => {
    gets += 1;
    response.end("extends Node\nfunc _init():\n\tpass\n");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const instances = [{ override_args: true, arguments: `--write-movie ${OUTSIDE}/x.png` }];
  bench = await openWorkbench(
    {
      "tool.gd": TOOL,
      "plain.gd": PLAIN,
      "person.tscn": person(url, "texture_changed"),
      // An editor sends these whenever a scene comes into its tree.
      "guest.tscn": person(url, "visibility_changed"),
      "addons/probe/plugin.cfg": '[plugin]\nname="P"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n',
      "addons/probe/plugin.gd": PROBE,
      ".godot/editor/project_metadata.cfg": `[debug_options]\n\nmultiple_instances_enabled=true\nrun_instances_config=${JSON.stringify(instances)}\nrun_instance_count=1\n`,
    },
    ["res://addons/probe/plugin.cfg"],
  );
}, 240_000);
afterAll(async () => {
  await bench?.dispose();
  server?.close();
  rmSync(OUTSIDE, { recursive: true, force: true });
});

/** Nothing has been called, by now or in the frames after it. */
async function nothingHappened(scene: string, kept: readonly string[]): Promise<void> {
  await bench.call("probe.wait_frames");
  expect(existsSync(join(bench.editor.project, "tripped"))).toBe(false);
  expect(gets).toBe(0);
  expect(readdirSync(OUTSIDE)).toEqual([]);
  const { nodes } = await bench.call("node.find", { scene });
  expect((nodes as Params[]).map(({ path }) => path)).toEqual(expect.arrayContaining([...kept]));
  expect(bench.editor.read("project.godot")).not.toContain("[autoload]");
}

const STAGE = "res://stage.tscn";
const stage = (params: Params): Params => ({ scene: STAGE, ...params });
const run = (method: string, params: Params) => bench.call(method, stage(params));
const refused = (method: string, params: Params) => bench.fails(method, stage(params));

beforeEach(async () => {
  gets = 0;
  if (existsSync(join(bench.editor.project, "stage.tscn"))) return;
  await bench.call("scene.create", { path: STAGE, rootType: "Node2D" });
  for (const [type, name, more] of [
    ["Sprite2D", "A", {}],
    ["Node2D", "B", {}],
    ["HTTPRequest", "Web", {}],
    ["Button", "Button", {}],
    ["Timer", "Clock", { properties: { autostart: true, wait_time: 0.05 } }],
    ["Label", "Label", {}],
    ["AnimationPlayer", "Mover", {}],
    ["Area2D", "Area", {}],
    ["Node2D", "Tool", { properties: { script: "res://tool.gd" } }],
    ["Node2D", "Plain", { properties: { script: "res://plain.gd" } }],
  ] as const)
    await run("node.add", { type, name, ...more });
  await run("scene.save", {});
});
afterEach(() => rmSync(join(bench.editor.project, "tripped"), { force: true }));

describe("a connection", () => {
  it.each([
    ["visibility_changed", "Web", "request", ["URL"]],
    ["visibility_changed", "B", "queue_free", []],
    ["visibility_changed", "B", "free", []],
    ["visibility_changed", "B", "set_script", [{ type: "Resource", path: "res://tool.gd" }]],
    ["visibility_changed", "B", "call", ["queue_free"]],
    ["visibility_changed", "B", "call_deferred", ["queue_free"]],
    ["visibility_changed", "B", "callv", ["queue_free", []]],
    ["visibility_changed", "B", "set", ["process_mode", 4]],
    ["visibility_changed", "B", "set_deferred", ["script", null]],
    ["visibility_changed", "B", "add_child", [{ type: "Node", path: "A" }]],
    ["visibility_changed", "B", "propagate_call", ["queue_free"]],
    ["visibility_changed", "B", "emit_signal", ["renamed"]],
    ["visibility_changed", "B", "notification", [1]],
    ["visibility_changed", "B", "reparent", [{ type: "Node", path: "A" }]],
    ["visibility_changed", "Clock", "start", []],
    ["visibility_changed", "Tool", "trip", []],
    ["visibility_changed", "Tool", "show", []],
    ["draw", "Tool", "trip", []],
    ["renamed", "Tool", "trip", []],
    ["tree_exiting", "Tool", "trip", []],
    ["texture_changed", "Web", "set_download_file", ["OUTSIDE"]],
    ["texture_changed", "Mover", "set_root", ["/root"]],
    ["script_changed", "B", "queue_free", []],
  ] as const)("by %s to %s.%s is refused", async (signal, to, method, binds) => {
    const places = new Map<unknown, string>([
      ["URL", url],
      ["OUTSIDE", join(OUTSIDE, "x")],
    ]);
    const given = binds.map((bind) => places.get(bind) ?? bind);
    for (const flags of [[], ["deferred"], ["one_shot"], ["deferred", "one_shot"]]) {
      const wish = { path: "A", signal, to, method, binds: given, flags };
      expect(await refused("node.connect_signal", wish)).toMatchObject({
        kind: "FORBIDDEN",
        hint: expect.stringContaining("dock"),
      });
      const operations = [
        { op: "connect_signal", ...wish },
        { op: "set_properties", path: "A", properties: { visible: false } },
      ];
      for (const batch of ["edit.batch", "edit.preview"]) {
        expect(await refused(batch, { operations })).toMatchObject({ kind: "FORBIDDEN" });
      }
    }
    await run("node.set_properties", { path: "A", properties: { visible: false } });
    await run("node.set_properties", { path: "A", properties: { visible: true } });
    await nothingHappened(STAGE, ["A", "B", "Tool"]);
  });

  it.each([
    ["Button", "pressed", "Web", "request"],
    ["Button", "pressed", "B", "set_script"],
    ["Clock", "timeout", "Web", "request"],
    ["Clock", "timeout", "B", "call"],
    ["Area", "body_entered", "B", "set_deferred"],
    ["Plain", "done", "B", "add_child"],
  ])(
    "to what reaches far is refused for signals of a running game, too: %s.%s to %s.%s",
    async (path, signal, to, method) => {
      const binds = { request: [url], call: ["queue_free"] }[method] ?? [1];
      expect(await refused("node.connect_signal", { path, signal, to, method, binds })).toMatchObject({
        kind: expect.stringMatching(/FORBIDDEN|INVALID_PARAMS/),
      });
    },
  );

  it.each([
    ["A", "visibility_changed", "Plain", "trip", {}],
    ["A", "visibility_changed", "Label", "hide", {}],
    ["A", "visibility_changed", "Label", "set_text", { binds: ["gone"] }],
    ["Button", "pressed", "Label", "show", {}],
    ["Button", "toggled", "Mover", "play", { unbinds: 1 }],
    ["Clock", "timeout", "B", "queue_free", {}],
    ["Area", "body_entered", "B", "queue_free", { unbinds: 1 }],
    ["Plain", "done", "B", "queue_free", {}],
    ["Button", "pressed", "Clock", "start", {}],
  ] as const)("of the kind that games have is made: %s.%s to %s.%s", async (path, signal, to, method, more) => {
    const wish = { path, signal, to, method, ...more };
    expect(await run("node.connect_signal", wish)).toMatchObject({ connection: { to, method } });
    await run("node.set_properties", { path: "A", properties: { visible: false } });
    await run("node.set_properties", { path: "A", properties: { visible: true } });
    await nothingHappened(STAGE, ["A", "B", "Plain"]);
    await run("node.disconnect_signal", { path, signal, to, method });
  });

  it("does not bind a value from outside the scene", async () => {
    const ends = { path: "A", signal: "visibility_changed", to: "Plain", method: "trip" };
    for (const bind of [
      { type: "Callable", object: "Web", method: "request" },
      { type: "Resource", class: "GDExtension" },
      { type: "Resource", class: "PackedScene", properties: {} },
      { type: "Resource", class: "GDScript", properties: { source_code: "x" } },
      { type: "Node", path: "../.." },
    ]) {
      const failure = await refused("node.connect_signal", { ...ends, binds: [bind] });
      expect(failure.kind).toMatch(/FORBIDDEN|INVALID_PARAMS/);
    }
  });
});

describe("connections that a person has made", () => {
  const PERSON = "res://person.tscn";
  const here = (params: Params): Params => ({ scene: PERSON, ...params });
  const KEPT = ["A", "B", "Tool", "Web"];
  const connections = async () => {
    const { signals } = await bench.call("node.list_signals", here({ path: "A", connectedOnly: true }));
    return (signals as { connections: unknown[] }[]).flatMap((signal) => signal.connections).length;
  };

  it("call nothing while commands work on the scene, and are there afterwards", async () => {
    const before = await connections();
    const texture = (given: boolean) => ({
      path: "A",
      properties: { texture: given ? { type: "Resource", class: "GradientTexture2D" } : null },
    });
    await bench.call("node.set_properties", here(texture(true)));
    await bench.call("editor.undo", here({}));
    await bench.call("editor.redo", here({}));
    await bench.call("editor.undo", here({}));
    await bench.call("node.set_properties", here({ path: "Slider", properties: { value: 50 } }));
    await bench.call("node.rename", here({ path: "A", name: "A2" }));
    await bench.call("node.rename", here({ path: "A2", name: "A" }));
    const operations = [true, false].map((given) => ({ op: "set_properties", ...texture(given) }));
    await bench.call("edit.batch", here({ operations }));
    await bench.call("edit.preview", here({ operations }));
    await bench.fails("edit.batch", here({ operations: [...operations, { op: "delete", path: "nothing" }] }));
    await bench.call("node.move", here({ path: "A", index: 2 }));
    await bench.call("node.duplicate", here({ ...texture(true), name: "Copy" }));
    await bench.call("node.set_properties", here({ ...texture(false), path: "Copy" }));
    await nothingHappened(PERSON, KEPT);
    expect(await connections()).toBe(before);
    await bench.call("scene.save", here({}));
    expect(
      bench.editor.read("person.tscn").match(/from="A" .*queue_free|from="A" .*trip|from="A" .*request/g),
    ).toHaveLength(4);
  });

  it("come along silently with an instance of their scene", async () => {
    const { path } = await run("node.add", {
      instance: PERSON,
      name: "Guest",
      editableChildren: true,
      properties: { visible: false },
    });
    await run("node.set_properties", { path: `${path}/A`, properties: { visible: false } });
    await run("node.set_properties", { path: `${path}/Slider`, properties: { value: 9 } });
    await run("node.duplicate", { path, name: "Guest2", properties: { visible: true } });
    await run("node.delete", { path: "Guest2" });
    await nothingHappened(STAGE, ["Guest", "Guest/A", "Guest/B"]);
    await run("node.delete", { path: "Guest" });
  });

  it("are no reason to play what would send their signals later", async () => {
    const key = { path: "Mover", animation: "blink", track: 0 };
    await bench.call("animation.create", here({ path: "Mover", animation: "blink", length: 0.2 }));
    await bench.call(
      "animation.add_track",
      here({ path: "Mover", animation: "blink", node: "A", property: "visible" }),
    );
    await bench.call("animation.set_key", here({ ...key, time: 0.05, value: false }));
    for (const [method, params] of [
      ["animation.play", { path: "Mover", animation: "blink" }],
      ["node.set_properties", { path: "Mover", properties: { current_animation: "blink" } }],
      ["node.set_properties", { path: "Sound", properties: { playing: true } }],
      ["node.add", { type: "AnimationTree", name: "Tree", properties: { anim_player: "../Mover", active: true } }],
    ] as const) {
      expect(await bench.fails(method, here(params)), method).toMatchObject({
        kind: "FORBIDDEN",
        message: expect.stringContaining("calls"),
      });
    }
    await nothingHappened(PERSON, KEPT);
  });
});

describe("an animation", () => {
  it("calls no method in the editor, and starts no timer", async () => {
    await run("animation.create", { path: "Mover", animation: "walk", length: 0.2 });
    await run("animation.add_track", { path: "Mover", animation: "walk", node: "Tool", type: "method" });
    for (const [time, method] of [
      [0, "trip"],
      [0.05, "queue_free"],
      [0.1, "trip"],
    ] as const)
      await run("animation.set_key", { path: "Mover", animation: "walk", track: 0, time, value: { method, args: [] } });
    await run("animation.play", { path: "Mover", animation: "walk" });
    await bench.call("probe.wait_frames");
    await run("animation.stop", { path: "Mover" });
    await run("node.set_properties", { path: "Mover", properties: { autoplay: "walk", current_animation: "walk" } });
    await run("node.connect_signal", {
      path: "Clock",
      signal: "timeout",
      to: "Label",
      method: "set_text",
      binds: ["fired"],
    });
    await nothingHappened(STAGE, ["Tool", "Mover"]);
    expect(await run("node.get_properties", { path: "Label", names: ["text"] })).toMatchObject({
      properties: { text: "" },
    });
    await run("animation.stop", { path: "Mover" });
    await run("node.set_properties", { path: "Mover", properties: { autoplay: "" } });
  });

  it("moves nothing out of the scene", async () => {
    await run("node.add", { parent: "B", type: "Node2D", name: "Deep" });
    await run("node.add", { parent: "B/Deep", type: "AnimationPlayer", name: "Inner" });
    await run("node.set_properties", { path: "B/Deep/Inner", properties: { root_node: ".." } });
    await run("animation.create", { path: "B/Deep/Inner", animation: "climb" });
    await run("animation.add_track", { path: "B/Deep/Inner", animation: "climb", node: "A", property: "visible" });
    // Relative to the root, the same track leads out.
    for (const root_node of ["../../..", "../..", "/root", "../../../..", "../../../../.."]) {
      const failure = await refused("node.set_properties", { path: "B/Deep/Inner", properties: { root_node } });
      expect(failure.kind, root_node).toBe("FORBIDDEN");
    }
    await run("animation.play", { path: "B/Deep/Inner", animation: "climb" });
    await run("animation.stop", { path: "B/Deep/Inner" });
    expect(
      await refused("animation.add_track", { path: "Mover", animation: "walk", node: "../..", property: "visible" }),
    ).toMatchObject({ kind: "NOT_FOUND" });
    await run("node.delete", { path: "B/Deep" });
  });

  it("of a file is held to the same, path by path", async () => {
    bench.editor.write(
      "moves.tres",
      '[gd_resource type="Animation" format=3]\n\n[resource]\ntracks/0/type = "value"\ntracks/0/path = NodePath("A:visible")\ntracks/0/keys = {\n"times": PackedFloat32Array(0),\n"transitions": PackedFloat32Array(1),\n"update": 1,\n"values": [true]\n}\n',
    );
    await bench.call("editor.rescan");
    for (const path of ["../../X:visible", "/root:size", "A/../../..:position"]) {
      const failure = await bench.fails("resource.set_properties", {
        path: "res://moves.tres",
        properties: { "tracks/0/path": path },
      });
      expect(failure.kind, path).toBe("FORBIDDEN");
    }
    await bench.call("resource.set_properties", {
      path: "res://moves.tres",
      properties: { "tracks/0/path": "B:visible" },
    });
  });

  it("sets no path of nodes that leads out", async () => {
    await run("node.add", { type: "RemoteTransform2D", name: "Pointer", parent: "B" });
    await run("node.add", { type: "AnimationPlayer", name: "Loaded" });
    for (const path of ["B/Pointer:remote_path", "Mover:root_node", "Button:focus_next", "A:texture:viewport_path"])
      expect(
        await bench.fails("resource.set_properties", {
          path: "res://moves.tres",
          properties: { "tracks/0/path": path },
        }),
        path,
      ).toMatchObject({ kind: "FORBIDDEN" });
    // A person's own, by which a text becomes a path.
    bench.editor.write(
      "pointing.tres",
      '[gd_resource type="AnimationLibrary" format=3]\n\n[sub_resource type="Animation" id="1"]\ntracks/0/type = "value"\ntracks/0/path = NodePath("B/Pointer:remote_path")\ntracks/0/keys = {\n"times": PackedFloat32Array(0),\n"transitions": PackedFloat32Array(1),\n"update": 1,\n"values": ["/root"]\n}\n\n[resource]\n_data = {\n&"out": SubResource("1")\n}\n',
    );
    await bench.call("editor.rescan");
    await run("animation.create", { path: "Loaded", animation: "harmless" });
    const properties = { "libraries/": { type: "Resource", path: "res://pointing.tres" } };
    expect(await refused("node.set_properties", { path: "Loaded", properties })).toMatchObject({ kind: "FORBIDDEN" });
    const remote_path = "../../A";
    await run("node.set_properties", { path: "B/Pointer", properties: { remote_path } });
    await run("animation.create", { path: "Mover", animation: "point" });
    const track = { path: "Mover", animation: "point" };
    await run("animation.add_track", { ...track, node: "B/Pointer", property: "remote_path" });
    for (const value of ["/root", "../../.."])
      expect(await refused("animation.set_key", { ...track, track: 0, time: 0, value })).toMatchObject({
        kind: "FORBIDDEN",
      });
    await run("animation.set_key", { ...track, track: 0, time: 0, value: remote_path });
    await run("animation.play", track);
    await run("animation.stop", { path: "Mover" });
    await run("animation.remove", track);
    await run("node.delete", { path: "B/Pointer" });
    await run("node.delete", { path: "Loaded" });
  });

  it("machine evaluates no expression that calls what the agent could not call", async () => {
    const tree = (advance_expression: string) => ({
      type: "AnimationTree",
      name: "Tree",
      properties: {
        tree_root: {
          type: "Resource",
          class: "AnimationNodeStateMachine",
          properties: {
            transitions: [
              "Start",
              "End",
              {
                type: "Resource",
                class: "AnimationNodeStateMachineTransition",
                properties: { advance_mode: 2, advance_expression },
              },
            ],
          },
        },
        anim_player: "../Mover",
        active: true,
      },
    });
    for (const expression of [
      "queue_free()",
      'get_node("../Tool").trip()',
      'get_node("/root").find_child("AllowExecution", true, false).set_pressed(true)',
      "get_parent ().free()",
      "é()",
      'OS.execute("touch", ["x"])',
      "is_on_floor() and trip()",
      "call('trip')",
    ])
      expect(await refused("node.add", tree(expression)), expression).toMatchObject({ kind: "FORBIDDEN" });
    for (const expression of ["speed > 1", "is_on_floor() and (velocity.length() > 0.1 or not visible)", ""]) {
      await run("node.add", tree(expression));
      await nothingHappened(STAGE, ["Tree", "B", "Tool"]);
      await run("node.delete", { path: "Tree" });
    }
    await bench.editor.clearOutput();
  });
});

describe("a path of nodes", () => {
  it.each([
    ["RemoteTransform2D", "remote_path"],
    ["AnimationPlayer", "root_node"],
    ["AnimationTree", "anim_player"],
    ["AnimationTree", "advance_expression_base_node"],
    ["Button", "focus_next"],
    ["PinJoint2D", "node_a"],
    ["MultiplayerSynchronizer", "root_path"],
    ["MultiplayerSpawner", "spawn_path"],
    ["Skeleton2D", "metadata/none"],
  ])("of a %s (%s) does not lead out of the scene", async (type, property) => {
    await run("node.add", { type, name: "Pointer", parent: "B" });
    for (const path of ["/root", "../../..", "../../../..", "../../A/../..", "/root/Stage", "../../../@Node@2"]) {
      const value = property.startsWith("metadata")
        ? { type: "Resource", class: "ViewportTexture", properties: { viewport_path: path } }
        : path;
      expect(
        await refused("node.set_properties", { path: "B/Pointer", properties: { [property]: value } }),
        path,
      ).toMatchObject({
        kind: "FORBIDDEN",
        hint: expect.stringContaining("dock"),
      });
    }
    if (!property.startsWith("metadata")) {
      await run("node.set_properties", { path: "B/Pointer", properties: { [property]: "../../A" } });
      await run("node.set_properties", { path: "B/Pointer", properties: { [property]: "" } });
    }
    await run("node.delete", { path: "B/Pointer" });
  });

  it("to a missing node does not lead out when its node comes nearer to the root", async () => {
    await run("node.add", { parent: "B", type: "Node2D", name: "Deep" });
    await run("node.add", { parent: "B/Deep", type: "RemoteTransform2D", name: "Pointer" });
    await run("node.set_properties", { path: "B/Deep/Pointer", properties: { remote_path: "../../../Ghost" } });
    for (const [method, params] of [
      ["node.move", { path: "B/Deep/Pointer", parent: "." }],
      ["node.move", { path: "B/Deep", parent: "." }],
      ["node.duplicate", { path: "B/Deep/Pointer", parent: "B", name: "Other" }],
      ["edit.batch", { operations: [{ op: "move", path: "B/Deep", parent: "." }] }],
    ] as const)
      expect(await refused(method, params), method).toMatchObject({ kind: "FORBIDDEN" });
    await run("node.duplicate", { path: "B/Deep/Pointer", name: "Other" });
    await run("node.set_properties", { path: "B/Deep/Pointer", properties: { remote_path: "../../../A" } });
    await run("node.move", { path: "B/Deep/Pointer", parent: "." });
    expect(await run("node.get_properties", { path: "Pointer", names: ["remote_path"] })).toMatchObject({
      properties: { remote_path: "../A" },
    });
    await run("node.delete", { path: "Pointer" });
    await run("node.delete", { path: "B/Deep" });
  });

  it("in a resource is relative to the scene, however deep its node is", async () => {
    await run("node.add", { type: "Sprite2D", name: "Screen", parent: "B" });
    const texture = (viewport_path: string) => ({
      texture: { type: "Resource", class: "ViewportTexture", properties: { viewport_path } },
    });
    expect(await refused("node.set_properties", { path: "B/Screen", properties: texture("..") })).toMatchObject({
      kind: "FORBIDDEN",
    });
    await run("node.delete", { path: "B/Screen" });
  });

  it("in a value is relative to what the engine resolves it from, when all of a call is set", async () => {
    await run("node.add", { type: "Node2D", name: "Deep", parent: "B" });
    const one = async (type: string, good: object, ...bad: object[]) => {
      const node = { parent: "B/Deep", type, name: "Holder" };
      for (const properties of bad)
        expect(await refused("node.add", { ...node, properties }), JSON.stringify(properties)).toMatchObject({
          kind: "FORBIDDEN",
          hint: expect.stringContaining("dock"),
        });
      await run("node.add", node);
      for (const properties of bad)
        expect(
          await refused("edit.batch", { operations: [{ op: "set_properties", path: "B/Deep/Holder", properties }] }),
          JSON.stringify(properties),
        ).toMatchObject({ kind: "FORBIDDEN" });
      await run("node.set_properties", { path: "B/Deep/Holder", properties: good });
      await run("node.delete", { path: "B/Deep/Holder" });
    };
    const made = (type: string, properties: object) => ({ type: "Resource", class: type, properties });
    const library = (path: string) =>
      made("AnimationLibrary", {
        _data: { climb: made("Animation", { "tracks/0/type": "value", "tracks/0/path": path }) },
      });
    // From B/Deep, not from the scene's root; from B where the same call says so.
    await one(
      "AnimationPlayer",
      { "libraries/": library("../../A:visible"), root_node: ".." },
      { "libraries/": library("../../../X:visible") },
      { "libraries/": library("../../A/../../X:visible") },
      { "libraries/": library("/root:visible") },
      { "libraries/": library("../../A:visible"), root_node: "../.." },
      { root_node: "../..", "libraries/": library("../../A:visible") },
      { "libraries/": library("B/Pointer:remote_path") },
      { root_motion_track: "../../../X:position" },
      { root_node: "../../..", root_motion_track: "../A:position" },
    );
    await one(
      "AnimationTree",
      { "libraries/": library("../../A:visible") },
      { "libraries/": library("../../../X:visible") },
    );
    const shared = (path: string) => made("SceneReplicationConfig", { "properties/0/path": path });
    await one(
      "MultiplayerSynchronizer",
      { replication_config: shared("../../A:visible") },
      { replication_config: shared("../../../X:visible") },
      { replication_config: shared("/root:visible") },
      { root_path: "../..", replication_config: shared("../../A:visible") },
    );
    const looks = (path: string) =>
      made("SkeletonModificationStack2D", {
        modification_count: 1,
        "modifications/0": made("SkeletonModification2DLookAt", { target_nodepath: path }),
      });
    await one(
      "Skeleton2D",
      { modification_stack: looks("../../../A") },
      { modification_stack: looks("../../../../X") },
      { modification_stack: looks("/root") },
    );
    await run("node.add", { type: "Skeleton2D", name: "Bones", parent: "B" });
    await one(
      "Polygon2D",
      { skeleton: "../../Bones", bones: ["../../A", "PackedFloat32Array(1)"] },
      { skeleton: "../../Bones", bones: ["../../../X", "PackedFloat32Array(1)"] },
      { bones: ["../../A/../../X", "PackedFloat32Array(1)"] },
    );
    await run("node.delete", { path: "B/Bones" });
    await run("node.delete", { path: "B/Deep" });
  });

  it("within a branch that comes nearer to the root leads out where it is relative to a node of that branch", async () => {
    await run("node.add", { type: "Node2D", name: "Deep", parent: "B" });
    await run("node.add", { type: "AnimationPlayer", name: "Far", properties: { root_node: "../B/Deep" } });
    await run("animation.create", { path: "Far", animation: "walk" });
    await run("animation.add_track", { path: "Far", animation: "walk", node: "A", property: "visible" });
    await run("node.move", { path: "B/Deep", parent: "A" });
    await run("node.set_properties", { path: "Far", properties: { root_motion_track: "../../Ghost:position" } });
    expect(await refused("node.move", { path: "A/Deep", parent: "." })).toMatchObject({ kind: "FORBIDDEN" });
    await run("node.set_properties", { path: "Far", properties: { root_motion_track: "" } });
    await run("node.move", { path: "A/Deep", parent: "." });
    expect(await run("animation.get", { path: "Far", animation: "walk" })).toMatchObject({ tracks: [{ node: "A" }] });
    await run("node.delete", { path: "Deep" });
    await run("node.delete", { path: "Far" });
  });

  it("is not asked for, either, by a call that only reads", async () => {
    for (const method of ["get_node", "get_node_or_null", "has_node", "get_node_and_resource"])
      for (const path of ["/root", "../../.."])
        expect(await refused("node.call_method", { path: "A", method, args: [path] })).toMatchObject({
          kind: "FORBIDDEN",
        });
    for (const method of ["duplicate", "queue_free", "set_script", "call"])
      expect(await refused("node.call_method", { path: "A", method, args: [] })).toMatchObject({ kind: "FORBIDDEN" });
    expect(await run("node.call_method", { path: "A", method: "get_child_count" })).toMatchObject({ result: 0 });
  });
});

describe("a class that reaches beyond a scene", () => {
  it.each([
    "EditorPlugin",
    "EditorInspector",
    "EditorFileDialog",
    "EditorResourcePicker",
    "EditorScriptPicker",
    "EditorCommandPalette",
    "ScriptCreateDialog",
    "EditorSpinSlider",
    "GridMapEditorPlugin",
    "MissingNode",
  ])("%s is not made as a node", async (type) => {
    expect(await refused("node.add", { type, name: "Far" })).toMatchObject({ kind: "FORBIDDEN" });
    expect(await refused("edit.batch", { operations: [{ op: "add", type, name: "Far" }] })).toMatchObject({
      kind: "FORBIDDEN",
    });
    expect(await bench.fails("scene.create", { path: "res://far.tscn", rootType: type })).toMatchObject({
      kind: "FORBIDDEN",
    });
  });

  it.each([
    "GDExtension",
    "EditorSettings",
    "MissingResource",
    "EditorSyntaxHighlighter",
    "EditorNode3DGizmoPlugin",
    "PackedScene",
    "GDScript",
  ])("%s is not made as a resource, in a file or in a value", async (type) => {
    const value = { type: "Resource", class: type, properties: {} };
    for (const properties of [{ "metadata/x": value }, { "metadata/x": [{ a: value }] }])
      expect((await refused("node.set_properties", { path: "A", properties })).kind).toMatch(
        /FORBIDDEN|INVALID_PARAMS/,
      );
    expect((await bench.fails("resource.create", { path: "res://far.tres", type })).kind).toMatch(
      /FORBIDDEN|INVALID_PARAMS/,
    );
  });

  it("is not loaded by its file", async () => {
    bench.editor.write(
      "lib/native.gdextension",
      '[configuration]\nentry_symbol="x"\ncompatibility_minimum="4.1"\n\n[libraries]\nlinux="res://lib/none.so"\n',
    );
    bench.editor.write("lib/.gdignore", "");
    const path = "res://lib/native.gdextension";
    expect((await bench.fails("resource.get", { path })).kind).toMatch(/FORBIDDEN|NOT_FOUND/);
    for (const method of ["resource.duplicate", "resource.move"])
      for (const to of ["res://native.gdextension", "res://native.tres"])
        expect((await bench.fails(method, { path, to })).kind, `${method} ${to}`).toMatch(
          /FORBIDDEN|NOT_FOUND|INVALID_PARAMS/,
        );
    expect(existsSync(join(bench.editor.project, "native.gdextension"))).toBe(false);
    expect(
      (await refused("node.set_properties", { path: "A", properties: { "metadata/x": { type: "Resource", path } } }))
        .kind,
    ).toBe("INVALID_PARAMS");
    await bench.editor.clearOutput();
  });

  it("has no script inside another class, and takes no other resource's place", async () => {
    for (const value of [
      { type: "Resource", class: "Gradient", properties: { resource_path: "res://addons/godot_mcp_hub/x.tres" } },
      { type: "Resource", class: "Gradient", properties: { resource_path: join(OUTSIDE, "x.tres") } },
    ])
      expect(await refused("node.set_properties", { path: "A", properties: { "metadata/x": value } })).toMatchObject({
        kind: "INVALID_PARAMS",
      });
    await run("scene.save", {});
    expect(readdirSync(OUTSIDE)).toEqual([]);
  });
});

describe("a value that names a file", () => {
  const files = () => [
    join(OUTSIDE, "x"),
    "res://../x",
    "res://a/../../x",
    "user://../x",
    "~/x",
    "../x",
    "res://.godot/x",
    "file:///x",
    "C:\\x",
    "user://a/../../x",
  ];
  it.each([
    ["HTTPRequest", "download_file"],
    ["Node2D", "metadata/movie_file"],
  ])("of a %s (%s) stays in the project, or where the game writes", async (type, property) => {
    await run("node.add", { type, name: "Filer" });
    for (const path of files())
      expect(
        await refused("node.set_properties", { path: "Filer", properties: { [property]: path } }),
        path,
      ).toMatchObject({ kind: "INVALID_PARAMS" });
    for (const path of ["user://saves/x.zip", "res://game/x.avi", "movie.avi", ""])
      await run("node.set_properties", { path: "Filer", properties: { [property]: path } });
    await run("node.delete", { path: "Filer" });
  });

  it.each([
    ["VideoStreamTheora", "file"],
    ["CompressedTexture2D", "load_path"],
    ["GLTFState", "base_path"],
  ])("in a %s (%s) does, too", async (type, property) => {
    for (const path of files()) {
      const value = { type: "Resource", class: type, properties: { [property]: path } };
      expect(
        await refused("node.set_properties", { path: "A", properties: { "metadata/x": value } }),
        path,
      ).toMatchObject({ kind: "INVALID_PARAMS" });
    }
  });

  it("of a setting does, too, and of one for some platforms only", async () => {
    for (const name of [
      "debug/file_logging/log_path",
      "debug/file_logging/log_path.linuxbsd",
      "editor/movie_writer/movie_file",
      "editor/movie_writer/movie_file.windows",
      "application/config/icon",
      "editor/script/templates_search_path",
    ])
      for (const path of files())
        expect(
          await bench.fails("project.set_settings", { settings: { [name]: path }, create: true }),
          `${name} ${path}`,
        ).toMatchObject({
          kind: "INVALID_PARAMS",
        });
    const settings = {
      "debug/file_logging/log_path": "user://logs/other.log",
      "editor/movie_writer/movie_file": "movie.avi",
    };
    await bench.call("project.set_settings", { settings });
    await bench.call("project.set_settings", {
      settings: Object.fromEntries(Object.keys(settings).map((name) => [name, null])),
    });
  });
});

describe("a setting", () => {
  it.each([
    ["editor_plugins/enabled", []],
    ["editor_plugins/enabled", null],
    ["editor_plugins/enabled.linuxbsd", ["res://addons/other/plugin.cfg"]],
    ["editor_overrides/text_editor/external/exec_path", "/bin/sh"],
    ["editor_overrides/text_editor/external/use_external_editor", true],
    ["editor_overrides/filesystem/external_programs/raster_image_editor", "/bin/sh"],
    ["editor_overrides/export/android/java_sdk_path", "/tmp"],
    ["importer_defaults/scene", { "import_script/path": "res://tool.gd" }],
    ["editor/version_control/autoload_on_startup", true],
    ["editor/version_control/plugin_name", "Evil"],
    ["dotnet/project/assembly_name", "Evil"],
    ["application/config/project_settings_override", "res://tool.gd"],
    ["application/config/project_settings_override.editor", "res://tool.gd"],
  ])("by which the editor comes to run something is a person's: %s = %j", async (name, value) => {
    const before = bench.editor.read("project.godot");
    expect(await bench.fails("project.set_settings", { settings: { [name]: value }, create: true })).toMatchObject({
      kind: "FORBIDDEN",
      message: expect.stringContaining(name),
    });
    expect(bench.editor.read("project.godot")).toBe(before);
  });

  it.each(["res://project.godot", "res://game/coin.gd", "user://x.sh", "res://game/level.tscn"])(
    "lets no game write its log over %s",
    async (path) => {
      for (const name of ["debug/file_logging/log_path", "debug/file_logging/log_path.linuxbsd"])
        expect(await bench.fails("project.set_settings", { settings: { [name]: path }, create: true })).toMatchObject({
          kind: "INVALID_PARAMS",
        });
    },
  );
});

describe("a game", () => {
  it("does not start while one of the instances that the editor would start has an option that leads out", async () => {
    expect(await bench.fails("run.play", { scene: "res://game/level.tscn" })).toMatchObject({
      kind: "FORBIDDEN",
      message: expect.stringContaining("--write-movie"),
    });
    expect(readdirSync(OUTSIDE)).toEqual([]);
  });
});

describe("text that commands write", () => {
  it.each([
    ["script.create", { path: "res://evil.tscn", source: '[gd_scene format=3]\n[node name="X" type="Node"]\n' }],
    ["script.create", { path: "res://evil.tres", source: "" }],
    ["script.create", { path: "res://evil.gdextension", source: "" }],
    ["script.create", { path: "res://plugin.cfg", source: "" }],
    ["script.create", { path: "res://override.cfg", source: "" }],
    ["script.create", { path: "res://project.godot", source: "" }],
    ["script.create", { path: "res://game/x.import", source: "" }],
    ["script.create", { path: "res://game/x.uid", source: "" }],
    ["script.create", { path: "res://x.remap", source: "" }],
    ["scene.save_as", { scene: "res://game/level.tscn", path: "res://game/level.gd" }],
    ["resource.move", { path: "res://game/coin.gd", to: "res://game/coin.tscn" }],
  ])("is no scene, setting or extension: %s %j", async (method, params) => {
    expect((await bench.fails(method, params)).kind).toBe("INVALID_PARAMS");
  });
});
