/** Attacks on rules that withhold a command: the same effect by the params of another one, on a real editor whose gate for code is open. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createToken, type TokenWish } from "../../hub/access/token-book.ts";
import type { Response } from "../../protocol/rpc.ts";
import type { GodotEditor } from "../support/godot-editor.ts";
import { openAdapter, type ProtocolClient } from "../support/protocol-client.ts";
import { type Agent, Studio, textOf } from "../support/studio.ts";

type Params = Record<string, unknown>;

/** Leaves a file where it runs. */
const tripwire = (base: string, name: string) => `@tool
class_name ${name}
extends ${base}

@export var data: Variant


func _init() -> void:
	FileAccess.open("res://tripped", FileAccess.WRITE).store_string("x")


func hear() -> void:
	pass
`;
const FILES = {
  "trip.gd": tripwire("Node2D", "Trip"),
  "trip_resource.gd": tripwire("Resource", "TripResource"),
  "scripted.tscn": `[gd_scene format=3]
[ext_resource type="Script" path="res://trip.gd" id="1"]
[node name="Scripted" type="Node2D"]
[node name="Inner" type="Node2D" parent="."]
script = ExtResource("1")
`,
  "heir.tscn": `[gd_scene format=3]
[ext_resource type="PackedScene" path="res://scripted.tscn" id="1"]
[node name="Heir" instance=ExtResource("1")]
`,
  "nesting.tscn": `[gd_scene format=3]
[ext_resource type="PackedScene" path="res://heir.tscn" id="1"]
[node name="Nesting" type="Node2D"]
[node name="Heir" parent="." instance=ExtResource("1")]
`,
  "equipped.tscn": `[gd_scene format=3]
[ext_resource type="Script" path="res://trip_resource.gd" id="1"]
[sub_resource type="Resource" id="2"]
script = ExtResource("1")
[node name="Equipped" type="Node2D"]
metadata/sword = SubResource("2")
`,
  "scripted.tres": `[gd_resource type="Resource" format=3]
[ext_resource type="Script" path="res://trip_resource.gd" id="1"]
[resource]
script = ExtResource("1")
`,
  "plain.tscn": '[gd_scene format=3]\n[node name="Plain" type="Node2D"]\n',
  "plain.tres": '[gd_resource type="Gradient" format=3]\n[resource]\n',
  "stage.tscn": `[gd_scene format=3]
[ext_resource type="Script" path="res://trip.gd" id="1"]
[node name="Stage" type="Node2D"]
[node name="Bare" type="Sprite2D" parent="."]
[node name="Worn" type="Node2D" parent="."]
script = ExtResource("1")
[node name="Mover" type="AnimationPlayer" parent="."]
`,
};
const STAGE = "res://stage.tscn";
const SCRIPT = { type: "Resource", path: "res://trip.gd" };
const NEW = { type: "Resource", class: "TripResource", properties: {} };
const LOADED = { type: "Resource", class: "Resource", properties: { script: "res://trip_resource.gd" } };

let studio: Studio;
let editor: GodotEditor;
let owner: ProtocolClient;
let held: ProtocolClient;
let agent: Agent;
beforeAll(async () => {
  studio = await Studio.open();
  [editor] = (await studio.editors(["rules"], { files: FILES, env: { GODOT_HUB_ENABLE_EXEC: "1" } })) as [GodotEditor];
  const wish: Omit<TokenWish, "name" | "deny"> = { role: "agent", readOnly: false, allow: [] };
  const token = createToken(studio.hub.home, { ...wish, name: "held", deny: ["script.*"] });
  owner = (await openAdapter(studio.hub.url, studio.hub.token)).client;
  held = (await openAdapter(studio.hub.url, token)).client;
  agent = await studio.agent("held", { args: ["--preset", "graphql"], env: { GODOT_HUB_TOKEN: token } });
  await ask(owner, "scene.open", { path: STAGE });
  await ask(owner, "animation.create", { path: "Mover", animation: "walk" });
  await ask(owner, "animation.add_track", { path: "Mover", animation: "walk", node: "Bare", property: "texture" });
  await ask(owner, "scene.save", {});
}, 240_000);
afterAll(async () => {
  owner?.terminate();
  held?.terminate();
  await studio?.dispose();
});
afterEach(() => rmSync(join(editor.project, "tripped"), { force: true }));

const ask = (client: ProtocolClient, method: string, params: Params): Promise<Response> =>
  client.request(method, params, {}, { deadlineMs: 60_000 });
const here = (params: Params): Params => ({ scene: STAGE, ...params });
const tripped = () => existsSync(join(editor.project, "tripped"));
const saved = async () => {
  await ask(owner, "scene.save", { scene: STAGE });
  return editor.read("stage.tscn");
};

/** Each sets a script by another name than `script.attach`. */
const ATTACKS: readonly (readonly [string, string, Params])[] = [
  ["a property", "node.set_properties", here({ path: "Bare", properties: { script: "res://trip.gd" } })],
  ["a property, as an object", "node.set_properties", here({ path: "Bare", properties: { script: SCRIPT } })],
  [
    "a property beside others",
    "node.set_properties",
    here({ path: "Bare", properties: { visible: true, script: SCRIPT } }),
  ],
  ["metadata", "node.set_properties", here({ path: "Bare", properties: { "metadata/x": SCRIPT } })],
  ["a list in metadata", "node.set_properties", here({ path: "Bare", properties: { "metadata/x": [[SCRIPT]] } })],
  [
    "a dictionary in metadata",
    "node.set_properties",
    here({ path: "Bare", properties: { "metadata/x": { a: SCRIPT } } }),
  ],
  [
    "a new resource of a script's class",
    "node.set_properties",
    here({ path: "Bare", properties: { "metadata/x": NEW } }),
  ],
  ["a resource's property", "node.set_properties", here({ path: "Bare", properties: { "metadata/x": LOADED } })],
  [
    "a resource in a resource",
    "node.set_properties",
    here({
      path: "Bare",
      properties: { material: { type: "Resource", class: "ShaderMaterial", properties: { "metadata/x": LOADED } } },
    }),
  ],
  ["a new node's class", "node.add", here({ type: "Trip", name: "New" })],
  ["a new node's property", "node.add", here({ type: "Node2D", name: "New", properties: { script: SCRIPT } })],
  ["an instance", "node.add", here({ instance: "res://scripted.tscn", name: "New" })],
  ["an instance of a scene that inherits", "node.add", here({ instance: "res://heir.tscn", name: "New" })],
  ["an instance of a scene with an instance", "scene.instance", here({ instance: "res://nesting.tscn", name: "New" })],
  ["an instance with a resource", "scene.instance", here({ instance: "res://equipped.tscn", name: "New" })],
  ["the root of a new scene", "scene.create", { path: "res://made.tscn", rootType: "Trip" }],
  ["a copy", "node.duplicate", here({ path: "Worn", name: "New" })],
  ["a copy's property", "node.duplicate", here({ path: "Bare", name: "New", properties: { script: SCRIPT } })],
  ["a new resource file", "resource.create", { path: "res://made.tres", type: "TripResource" }],
  [
    "a new resource file's property",
    "resource.create",
    { path: "res://made.tres", type: "Resource", properties: { script: SCRIPT } },
  ],
  [
    "a resource file's property",
    "resource.set_properties",
    { path: "res://plain.tres", properties: { script: SCRIPT } },
  ],
  ["a copy of a resource file", "resource.duplicate", { path: "res://scripted.tres", to: "res://made.tres" }],
  ["a copy of a scene file", "resource.duplicate", { path: "res://nesting.tscn", to: "res://made.tscn" }],
  [
    "an animation's track",
    "animation.add_track",
    here({ path: "Mover", animation: "walk", node: "Bare", property: "script" }),
  ],
  [
    "a track of a part",
    "animation.add_track",
    here({ path: "Mover", animation: "walk", node: "Bare", property: "material:script" }),
  ],
  [
    "an animation's key",
    "animation.set_key",
    here({ path: "Mover", animation: "walk", track: 0, time: 0, value: { ...LOADED, class: "GradientTexture2D" } }),
  ],
  [
    "an argument of a connection",
    "node.connect_signal",
    here({ path: "Bare", signal: "renamed", to: "Worn", method: "set_script", binds: [SCRIPT] }),
  ],
  ["an argument of a call", "node.call_method", here({ path: "Bare", method: "set_script", args: [SCRIPT] })],
  ["an argument of set", "node.call_method", here({ path: "Bare", method: "set", args: ["script", SCRIPT] })],
  ["a setting", "project.set_settings", { settings: { "my/thing": LOADED }, create: true }],
  ["taking one away", "node.set_properties", here({ path: "Worn", properties: { script: null } })],
  ["doing others' steps again", "editor.redo", here({ force: true })],
];
const OPERATIONS: Readonly<Record<string, string>> = {
  "node.set_properties": "set_properties",
  "node.add": "add",
  "node.duplicate": "duplicate",
  "node.connect_signal": "connect_signal",
  "animation.add_track": "add_track",
  "animation.set_key": "set_key",
};

describe("a rule against script.*", () => {
  it.each(ATTACKS)("holds for %s", async (_, method, params) => {
    const before = await saved();
    rmSync(join(editor.project, "tripped"), { force: true });
    const { error } = await ask(held, method, params);
    expect(error).toMatchObject({ data: { kind: "FORBIDDEN", rule: "deny script.*" } });
    expect(tripped()).toBe(false);
    expect(await saved()).toBe(before);
    expect(existsSync(join(editor.project, "made.tres")) || existsSync(join(editor.project, "made.tscn"))).toBe(false);
  });

  it.each(ATTACKS.filter(([, method]) => method in OPERATIONS))(
    "holds in a batch for %s",
    async (_, method, params) => {
      const before = await saved();
      const { scene, ...operation } = params;
      const operations = [
        { op: "add", type: "Node", name: "First" },
        { op: OPERATIONS[method], ...operation },
      ];
      for (const batch of ["edit.batch", "edit.preview"]) {
        const { error } = await ask(held, batch, { scene, operations });
        expect(error, batch).toMatchObject({ data: { kind: "FORBIDDEN" } });
      }
      expect(await saved()).toBe(before);
    },
  );

  it("holds through GraphQL", async () => {
    for (const field of [
      `setProperties(path: "Bare", properties: {script: "res://trip.gd"}) { path }`,
      `setProperty(path: "Bare", property: "script", value: "res://trip.gd") { path }`,
      `addNode(type: "Trip", name: "New") { path }`,
    ]) {
      const answer = textOf(
        await agent.call("godot_mutate", { mutation: `mutation { openScene(path: "${STAGE}") { scene } ${field} }` }),
      );
      expect(answer).toContain("deny script.*");
    }
    expect(tripped()).toBe(false);
  });

  it("leaves everything else, also nodes that have a script already and values that are written back unchanged", async () => {
    for (const [method, params] of [
      [
        "node.set_properties",
        here({ path: "Worn", properties: { position: "Vector2(1, 2)", script: "res://trip.gd" } }),
      ],
      [
        "node.set_properties",
        here({ path: "Bare", properties: { script: null, "metadata/x": { a: [1, "res://trip.gd"] } } }),
      ],
      ["node.add", here({ type: "Sprite2D", name: "Fine", properties: { texture: null } })],
      ["node.add", here({ instance: "res://plain.tscn", name: "FineToo" })],
      ["node.duplicate", here({ path: "Bare", name: "Copy" })],
      ["node.move", here({ path: "Worn", index: 0 })],
      ["node.rename", here({ path: "Worn", name: "Still" })],
      ["editor.undo", here({})],
      ["resource.duplicate", { path: "res://plain.tres", to: "res://plain2.tres" }],
      ["scene.create", { path: "res://fine.tscn", rootType: "Node2D" }],
    ] as const) {
      expect((await ask(held, method, params)).error, method).toBeUndefined();
    }
  });

  it("does not concern others, who can do all of it", async () => {
    for (const [what, method, params] of ATTACKS.filter(([, , { scene }]) => scene === STAGE).slice(0, 13)) {
      expect((await ask(owner, method, params)).error, what).toBeUndefined();
      await ask(owner, "editor.undo", here({}));
    }
  });
});

describe("rules against other commands", () => {
  it.each([
    ["project.add_autoload", { "autoload/Evil": "*res://trip.gd" }],
    ["project.add_autoload", { "my/own": 1, "autoload/Evil": "res://scripted.tscn" }],
    ["project.remove_autoload", { "autoload/Kept": null }],
    ["project.set_input_action", { "input/jump": { deadzone: 0.2, events: [] } }],
    ["project.remove_input_action", { "input/ui_accept": null }],
    ["scene.set_main", { "application/run/main_scene": "res://scripted.tscn" }],
    ["scene.set_main", { "application/run/main_scene.web": "res://scripted.tscn" }],
  ])("hold for settings that do the same: %s", async (command, settings) => {
    const wish: Omit<TokenWish, "name"> = { role: "agent", readOnly: false, allow: [], deny: [command] };
    const token = createToken(studio.hub.home, { ...wish, name: `t${Math.abs(hash(JSON.stringify(settings)))}` });
    const { client } = await openAdapter(studio.hub.url, token);
    const before = editor.read("project.godot");
    const { error } = await ask(client, "project.set_settings", { settings, create: true });
    expect(error).toMatchObject({ data: { kind: "FORBIDDEN", rule: `deny ${command}` } });
    expect(editor.read("project.godot")).toBe(before);
    expect((await ask(client, "project.get_settings", { prefix: "application/" })).error).toBeUndefined();
    client.terminate();
  });

  it("that name allowed commands withhold the rest, except where a batch is allowed as such", async () => {
    const attach = here({ operations: [{ op: "set_properties", path: "Bare", properties: { script: SCRIPT } }] });
    for (const [allow, kind] of [
      [["node.*", "edit.*"], undefined],
      [["node.*"], "FORBIDDEN"],
    ] as const) {
      const wish: Omit<TokenWish, "name" | "allow"> = { role: "agent", readOnly: false, deny: [] };
      const token = createToken(studio.hub.home, { ...wish, name: `allow${allow.length}`, allow: [...allow] });
      const { client } = await openAdapter(studio.hub.url, token);
      const property = await ask(client, "node.set_properties", here({ path: "Bare", properties: { script: SCRIPT } }));
      expect(property.error?.data?.kind).toBe("FORBIDDEN");
      expect((await ask(client, "edit.batch", attach)).error?.data?.kind).toBe(kind);
      if (kind === undefined) await ask(owner, "editor.undo", here({ force: true }));
      client.terminate();
    }
  });
});

it("a client's own context says nothing", async () => {
  const params = JSON.stringify(here({ path: "Bare", properties: { script: "res://trip.gd" } }));
  held.sendFrame(
    `{"jsonrpc":"2.0","id":"own","method":"node.set_properties","context":{"withheld":{}},"params":${params}}`,
  );
  expect((await held.response("own")).error?.data?.kind).toBe("FORBIDDEN");
});

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) | 0, 7);
}
