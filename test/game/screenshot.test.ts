/** Tests pictures of a real editor and a real game, with pixels, and the error without pixels. */
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Display } from "../support/display.ts";
import { Tripwires } from "../support/tripwires.ts";
import { until } from "../support/wait.ts";
import { openStage, type Params, type Stage } from "./stage.ts";

const SIGNATURES: Record<string, string> = { webp: "52494646", jpeg: "ffd8ff", png: "89504e47" };

interface Picture extends Params {
  data: string;
  mimeType: string;
  width: number;
  height: number;
}

/** The first bytes of a picture, as hexadecimal digits. */
function head({ data }: Picture): string {
  return Buffer.from(data, "base64").toString("hex", 0, 4);
}

/** A scene with something to look at in either view: a red square in a layer, a board of two squares, a box. */
const GALLERY = {
  "arena/gallery.tscn": `[gd_scene load_steps=2 format=3]

[sub_resource type="BoxMesh" id="1"]

[node name="Gallery" type="Node"]

[node name="Layer" type="CanvasLayer" parent="."]

[node name="Square" type="ColorRect" parent="Layer"]
offset_left = 5000.0
offset_top = 3000.0
offset_right = 5100.0
offset_bottom = 3100.0
color = Color(1, 0, 0, 1)

[node name="Board" type="Node2D" parent="."]
position = Vector2(-4000, 700)

[node name="Left" type="Polygon2D" parent="Board"]
color = Color(0, 0, 1, 1)
polygon = PackedVector2Array(0, 0, 100, 0, 100, 100, 0, 100)

[node name="Right" type="Polygon2D" parent="Board"]
position = Vector2(300, 0)
color = Color(0, 1, 0, 1)
polygon = PackedVector2Array(0, 0, 100, 0, 100, 100, 0, 100)

[node name="Box" type="MeshInstance3D" parent="."]
transform = Transform3D(1, 0, 0, 0, 1, 0, 0, 0, 1, 50, 0, 0)
mesh = SubResource("1")

[node name="Camera" type="Camera3D" parent="."]
transform = Transform3D(1, 0, 0, 0, 1, 0, 0, 0, 1, 50, 0, 5)
`,
};

/** Scenes whose tool script leaves a trace at any call; a container places the drawn node. */
const wires = new Tripwires();
const SIZED = `
@warning_ignore("native_method_override")
func get_rect() -> Rect2:
	${wires.trip("wired.get_rect")}
	return Rect2(0, 0, 1, 1)

func _draw() -> void:
	${wires.trip("wired.draw")}

func _ready() -> void:
	${wires.trip("wired.ready")}
`;
const WIRED = Object.fromEntries(
  ["closed", "shown"].flatMap((name) => [
    [`arena/${name}.gd`, `@tool\nextends VBoxContainer\n${wires.body("wired", SIZED)}`],
    [
      `arena/${name}.tscn`,
      `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/${name}.gd" id="1"]

[node name="Wired" type="VBoxContainer"]
theme_override_constants/separation = 0
script = ExtResource("1")

[node name="Top" type="ColorRect" parent="."]
custom_minimum_size = Vector2(100, 50)
color = Color(1, 0, 0, 1)

[node name="Bottom" type="ColorRect" parent="."]
custom_minimum_size = Vector2(100, 50)
color = Color(0, 0, 1, 1)
`,
    ],
  ]),
);

/** A game in which no two pixels are alike: no format makes a small picture of it. */
const NOISE = {
  "arena/noise.gd": `extends TextureRect


func _ready() -> void:
	var bytes := Crypto.new().generate_random_bytes(1600 * 900 * 3)
	texture = ImageTexture.create_from_image(Image.create_from_data(1600, 900, false, Image.FORMAT_RGB8, bytes))
`,
  "arena/noise.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/noise.gd" id="1"]

[node name="Noise" type="TextureRect"]
script = ExtResource("1")
`,
};

/** A game that draws only when something changes, in which nothing does. */
const STILL = {
  "arena/still.gd": `extends ColorRect

var saves_power: bool:
	get:
		return OS.low_processor_usage_mode


func _ready() -> void:
	OS.low_processor_usage_mode = true
`,
  "arena/still.tscn": `[gd_scene load_steps=2 format=3]

[ext_resource type="Script" path="res://arena/still.gd" id="1"]

[node name="Still" type="ColorRect"]
offset_right = 200.0
offset_bottom = 100.0
color = Color(0, 0, 1, 1)
script = ExtResource("1")
`,
};

/** The color of one pixel of a PNG without interlacing, as [red, green, blue]; places from 0 to 1. */
function pixel(picture: Picture, x: number, y: number): number[] {
  const { width, height, data } = PNG.sync.read(Buffer.from(picture.data, "base64"));
  const at = 4 * (Math.floor(y * (height - 1)) * width + Math.floor(x * (width - 1)));
  return [...data.subarray(at, at + 3)];
}

describe("with a display", () => {
  let display: Display;
  let stage: Stage;
  beforeAll(async () => {
    display = await Display.start();
    stage = await openStage({ ...GALLERY, ...NOISE, ...STILL, ...WIRED }, { display: display.env });
  });
  afterAll(async () => {
    await stage.dispose();
    display.dispose();
    wires.dispose();
  });
  const shoot = async (method: string, params: Params = {}) => (await stage.call(method, params)) as Picture;

  it("the editor is shown whole, or one of its views", async () => {
    const whole = await shoot("editor.screenshot");
    expect(whole).toMatchObject({ view: "window", mimeType: "image/webp" });
    expect(head(whole)).toBe(SIGNATURES.webp);
    await stage.call("scene.open", { path: "res://game/level.tscn" });
    const view = await shoot("editor.screenshot", { view: "2d", scene: "res://game/level.tscn" });
    expect(view.sourceWidth).toBeLessThan(Number(whole.sourceWidth));
    expect(await shoot("editor.screenshot", { view: "3d", maxSize: 64 })).toMatchObject({ view: "3d" });
  });

  describe("one node is framed", () => {
    const frame = (path: string, more: Params = {}) =>
      shoot("editor.screenshot", { scene: "res://arena/gallery.tscn", path, format: "png", maxSize: 200, ...more });

    it("in 2D with all below it, wherever it stands", async () => {
      const board = await frame("Board");
      expect(board).toMatchObject({ view: "2d", path: "Board", width: 200, height: 50 });
      expect([pixel(board, 0.15, 0.5), pixel(board, 0.85, 0.5)]).toEqual([
        [0, 0, 255],
        [0, 255, 0],
      ]);
      expect(pixel(board, 0.5, 0.5)).not.toEqual(pixel(board, 0.15, 0.5));
    });

    it("in 2D in a separate layer", async () => {
      expect(pixel(await frame("Layer/Square"), 0.5, 0.5)).toEqual([255, 0, 0]);
    });

    it("in 3D, seen from above its front", async () => {
      const box = await frame("Box");
      expect(box).toMatchObject({ view: "3d", path: "Box", width: 200, height: 150 });
      expect(pixel(box, 0.5, 0.5)).not.toEqual(pixel(box, 0.02, 0.02));
    });

    it("unless it cannot be seen, or not that way", async () => {
      const scene = "res://arena/gallery.tscn";
      expect(await stage.fails("editor.screenshot", { scene, path: "." })).toMatchObject({ kind: "INVALID_PARAMS" });
      const turned = { scene, path: "Box", view: "2d" };
      expect(await stage.fails("editor.screenshot", turned)).toMatchObject({
        message: expect.stringContaining('"3d"'),
      });
      expect(await stage.fails("editor.screenshot", { scene, path: "Bax" })).toMatchObject({
        candidates: expect.arrayContaining(["Box"]),
      });
    });
  });

  describe("a scene that is not shown is not opened", () => {
    const openScenes = async () =>
      ((await stage.call("scene.list_open")) as { scenes: { scene: string }[] }).scenes.map(({ scene }) => scene);

    it("and drawn whole, with its unsaved changes", async () => {
      const before = await openScenes();
      const scene = "res://arena/gallery.tscn";
      expect(await shoot("editor.screenshot", { scene, maxSize: 64 })).toMatchObject({ view: "3d", path: "." });
      expect(await shoot("editor.screenshot", { scene, view: "2d", maxSize: 64 })).toMatchObject({ view: "2d" });
      expect(await stage.fails("editor.screenshot", { scene, view: "window" })).toMatchObject({
        hint: expect.stringContaining("scene.open"),
      });
      expect(await openScenes()).toEqual(before);
      await stage.call("node.set_properties", {
        scene,
        path: "Board/Left",
        properties: { color: "Color(1, 1, 0, 1)" },
      });
      await stage.call("scene.open", { path: "res://game/level.tscn" });
      const board = await shoot("editor.screenshot", { scene, path: "Board", format: "png", maxSize: 200 });
      expect(pixel(board, 0.15, 0.5)).toEqual([255, 255, 0]);
    });

    it.each([".", "Top"])("and nothing of its scripts runs: %s", async (path) => {
      wires.reset();
      const scene = "res://arena/closed.tscn";
      const picture = await shoot("editor.screenshot", { scene, path, format: "png", maxSize: 100 });
      expect(pixel(picture, 0.5, 0.4)).toEqual([255, 0, 0]);
      if (path === ".") expect(pixel(picture, 0.5, 0.8)).toEqual([0, 0, 255]);
      expect(wires.tripped).toEqual([]);
    });
  });

  it("a scene that is shown is not asked by its scripts where it is", async () => {
    await stage.call("scene.open", { path: "res://arena/shown.tscn" });
    const isAtRest = async () => {
      wires.reset();
      for (let call = 0; call < 5; call++) await stage.call("scene.list_open");
      return wires.tripped.length === 0;
    };
    await until(isAtRest, { what: "the editor to be done with the scene" });
    await shoot("editor.screenshot", { path: ".", maxSize: 64 });
    await shoot("editor.screenshot", { path: "Top", maxSize: 64 });
    expect(wires.tripped).toEqual([]);
  });

  it.each(["webp", "jpeg", "png"])("the game is shown as %s, no larger than asked for", async (format) => {
    if (!(await stage.call("run.status")).playing) await stage.play();
    const picture = await shoot("game.screenshot", { format, maxSize: 320 });
    expect(picture).toMatchObject({ mimeType: `image/${format}`, paused: false });
    expect(Math.max(picture.width, picture.height)).toBe(320);
    expect(head(picture).startsWith(SIGNATURES[format] ?? "?")).toBe(true);
  });

  it("a Control is cut out of the picture, and moments are put side by side", async () => {
    expect(await shoot("game.screenshot", { path: "Arena/Go" })).toMatchObject({ width: 100, height: 40 });
    const moments = await shoot("game.screenshot", { path: "Arena/Go", moments: 3, every: 2 });
    expect(moments).toMatchObject({ width: 200, height: 80 });
    expect(await stage.fails("game.screenshot", { path: "Arena/Nobody" })).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("what the game shows is seen", async () => {
    const before = await shoot("game.screenshot", { format: "png", path: "Arena/Status" });
    await stage.call("game.set_properties", { path: "Arena/Status", properties: { modulate: "Color(1, 0, 0, 1)" } });
    const after = await shoot("game.screenshot", { format: "png", path: "Arena/Status" });
    expect(after.data).not.toBe(before.data);
    expect(after).toMatchObject({ width: before.width, height: before.height });
  });

  it("a paused game shows its picture before its first frame, and each change", async () => {
    await stage.call("run.stop");
    await stage.play({ scene: "res://arena/still.tscn", paused: true, fixedFps: 60 });
    const before = await shoot("game.screenshot", { format: "png" });
    expect(pixel(before, 0.02, 0.02)).toEqual([0, 0, 255]);
    await stage.call("game.set_properties", { path: "Still", properties: { modulate: "Color(0, 0, 0, 1)" } });
    const after = await shoot("game.screenshot", { format: "png" });
    expect(pixel(after, 0.02, 0.02)).toEqual([0, 0, 0]);
    await stage.call("run.stop");
    await stage.play();
  });

  it("a node of 3D is cut out of the picture where the camera shows it", async () => {
    await stage.call("run.stop");
    await stage.play({ scene: "res://arena/gallery.tscn" });
    const whole = await shoot("game.screenshot");
    const box = await shoot("game.screenshot", { path: "Gallery/Box" });
    expect(box.width).toBeLessThan(whole.width / 2);
    expect(Math.abs(box.width - box.height)).toBeLessThanOrEqual(2);
    expect(await stage.fails("game.screenshot", { path: "Gallery" })).toMatchObject({ kind: "INVALID_PARAMS" });
    await stage.call("game.set_properties", { path: "Gallery/Box", properties: { position: "Vector3(50, 0, 90)" } });
    expect(await stage.fails("game.screenshot", { path: "Gallery/Box" })).toMatchObject({ kind: "NOT_FOUND" });
  });

  it("a game in which nothing changes is shown, and goes on saving power", async () => {
    await stage.call("run.stop");
    await stage.play({ scene: "res://arena/still.tscn" });
    const read = { path: "Still", names: ["saves_power"] };
    for (const params of [{}, { moments: 3 }, { path: "Still" }]) {
      const picture = await shoot("game.screenshot", { format: "png", ...params });
      expect(pixel(picture, 0.02, 0.02)).toEqual([0, 0, 255]);
      expect(await stage.call("game.get_properties", read)).toMatchObject({ properties: { saves_power: true } });
    }
    const together = await Promise.all([1, 2, 3].map(() => shoot("game.screenshot", { format: "png" })));
    expect(together.map((picture) => pixel(picture, 0.02, 0.02))).toEqual(Array(3).fill([0, 0, 255]));
    expect(await stage.call("game.get_properties", read)).toMatchObject({ properties: { saves_power: true } });
  });

  it.each(["webp", "jpeg", "png"])("a picture that is too large is made smaller: %s", async (format) => {
    const { scene } = await stage.call("run.status");
    if (scene !== "res://arena/noise.tscn") {
      await stage.call("run.stop");
      await stage.play({ scene: "res://arena/noise.tscn" });
    }
    const picture = await shoot("game.screenshot", { format, moments: 4, every: 1 });
    expect(picture.sourceWidth).toBeGreaterThan(1_280);
    expect(picture.width).toBeLessThanOrEqual(1_280);
    expect(picture.data.length).toBeLessThanOrEqual(700_000);
    expect(picture.width / picture.height).toBeCloseTo(16 / 9, 1);
  });

  it("the game is clicked as it is without a window", async () => {
    await stage.call("run.stop");
    await stage.play();
    await stage.call("game.send_input", { events: [{ type: "click", text: "Go!" }] });
    expect(await stage.properties("Arena", "presses")).toEqual({ presses: 1 });
  });
});

describe("without a display", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({}, { display: null });
  });
  afterAll(() => stage.dispose());

  it("editor and game say that they have no pixels and what to do", async () => {
    const failure = { kind: "CONFLICT", hint: expect.stringContaining("xvfb-run") };
    expect(await stage.fails("editor.screenshot")).toMatchObject(failure);
    await stage.play();
    expect(await stage.fails("game.screenshot")).toMatchObject(failure);
  });
});
