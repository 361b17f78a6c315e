/** Tests the findings of a check, and its report on unchecked files: shaders, C#, scenes as texts, and files that are no scripts. */
import { readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const CANVAS = "shader_type canvas_item;\n";
const USES_GLOW = `${CANVAS}#include "glow.gdshaderinc"\n\nvoid fragment() {\n\tCOLOR.r = glow(STRENGTH);\n}\n`;
const GLOW = "#define STRENGTH 0.5\nfloat glow(float x) {\n\treturn x * 2.0;\n}\n";
const SCENE = "[gd_scene format=3]\n\n";
const script = (path: string, id = "1") => `[ext_resource type="Script" path="res://${path}" id="${id}"]\n`;

/** Settings as they were before Godot 4: no level, but whether it is on. */
const SWITCHES = "\n[debug]\n\ngdscript/warnings/unused_variable=false\ngdscript/warnings/unused_parameter=true\n";

const files: Record<string, string> = {
  "project.godot": readFileSync(new URL("../../godot-client/project.godot", import.meta.url), "utf8") + SWITCHES,
  "shade/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>\n',
  "shade/glow.gdshaderinc": GLOW,
  "shade/uses.gdshader": USES_GLOW,
  "shade/alone.gdshaderinc": "void vertex() {\n\tVERTEX.y += 1.0;\n}\n",
  "shade/deep.gdshaderinc": '#include "nowhere.gdshaderinc"\nfloat deep() {\n\treturn 1.0;\n}\n',
  "sharp/Player.cs": `using Godot;
/// <summary>Was "res://sharp/old.tscn"</summary>
public partial class Player : Node2D
{
	public void Load(int level) { // as "res://sharp/older.tscn"
		GD.Load<PackedScene>($"res://sharp/level_{level}.tscn");
		GD.Load<PackedScene>("res://sharp/level_" + level + ".tscn");
		Download("level.zip"); /* or "res://sharp/oldest.tscn" */
	}
}
`,
  "sharp/player.tscn": `${SCENE}${script("sharp/Player.cs")}
[node name="Player" type="Node2D"]
script = ExtResource("1")

[node name="Button" type="Button" parent="."]

[connection signal="pressed" from="Button" to="." method="Load"]
`,
  "whole/paths.gd": `extends Node

var sign := "uid://"
var words := "uid://is the beginning of a uid"
var many := "res://whole/*.tscn"
var beginning := "res://whole/level_" + str(1)
var folder := "res://whole/saves/"


func f(image: Image, http: HTTPRequest) -> void:
	image.load("local.png") # not "res://whole/gone.png"
	http.request("download.zip")
`,
  "whole/base.gd":
    "class_name Wired\nextends Node2D\n\nsignal told(text: String)\n\n\nfunc hear(_text: String) -> void:\n\tpass\n",
  "whole/derived.gd": 'extends Wired\n\n\nfunc _ready() -> void:\n\tadd_user_signal(&"made")\n',
  "whole/inner.tscn": `${SCENE}${script("whole/base.gd")}
[node name="Inner" type="Node2D"]
script = ExtResource("1")

[node name="Timer" type="Timer" parent="."]
`,
  "whole/wires.tscn": `${SCENE}${script("whole/derived.gd")}[ext_resource type="PackedScene" path="res://whole/inner.tscn" id="2"]

[node name="Top" type="Node2D"]
script = ExtResource("1")

[node name="In" parent="." instance=ExtResource("2")]

[node name="Button" type="Button" parent="."]

[connection signal="told" from="." to="In" method="hear"]
[connection signal="made" from="." to="In" method="queue_free"]
[connection signal="told" from="In" to="." method="hear"]
[connection signal="timeout" from="In/Timer" to="." method="hide"]
[connection signal="pressed" from="Button" to="Button" method="release_focus"]
`,
  "odd/lacks.gd": 'extends Node\n\nconst A := preload("res://odd/gone.png")\n',
  "odd/orphan.gd": 'extends "gone_base.gd"\n',
  "odd/classes.tscn": `${SCENE}[sub_resource type="Gradiant" id="1"]\n\n[node name="Top" type="Playr"]\n\n[node name="B" type="Node" parent="."]\n`,
  "odd/of_none.tres": '[gd_resource type="Nothing" format=3]\n\n[resource]\n',
  "odd/wires.tscn": `${SCENE}${script("whole/derived.gd")}[ext_resource type="PackedScene" path="res://whole/inner.tscn" id="2"]

[node name="Top" type="Node2D"]
script = ExtResource("1")

[node name="In" parent="." instance=ExtResource("2")]

[node name="Button" type="Button" parent="."]

[connection signal="pressed" from="Button" to="." method="not_there"]
[connection signal="presed" from="Button" to="." method="hide"]
[connection signal="pressed" from="Gone" to="." method="hide"]
[connection signal="timeout" from="In/Timer" to="In/Nowhere" method="hide"]
[connection signal="untold" from="In" to="." method="hear"]
`,
  "odd/torn.gdshader": `${CANVAS}\nvoid fragment() {\n\tCOLOR.r = nothing;\n}\n`,
  "odd/bad.gdshaderinc": "float bad() {\n\treturn nothing;\n}\n",
  "odd/inside.tscn": `[gd_scene format=3]

[sub_resource type="Shader" id="Right"]
code = "${CANVAS}
void fragment() {
	COLOR.r = 1.0;
}
"

[sub_resource type="Shader" id="Wrong"]
resource_local_to_scene = true
code = "${CANVAS}// \\"[node]\\"
void fragment() {
	COLOR.r = missing_name;
}
"

[sub_resource type="ShaderMaterial" id="1"]
shader = SubResource("Wrong")

[node name="Inside" type="Sprite2D"]
material = SubResource("1")
`,
  "odd/kept.tres": `[gd_resource type="Shader" format=3]

[resource]
code = "shader_type canvas_items;
"
`,
  "odd/lost.gdshader": `${CANVAS}\n#include "res://odd/lost.gdshaderinc"\n`,
};

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench(files);
});
afterAll(() => bench.dispose());

interface Found {
  path: string;
  kind: string;
  line?: number;
  message: string;
  missing?: string;
}

const validate = (params: Record<string, unknown>) => bench.call("script.validate", params);
const problemsIn = async (path: string) => (await bench.call("project.validate", { path })).problems as Found[];

describe("a shader", () => {
  it.each([
    ["an unknown name", `${CANVAS}void fragment() {\n\tCOLOR.r = nothing;\n}\n`, 3, /nothing/],
    ["a wrong type", `${CANVAS}void fragment() {\n\tCOLOR = 1;\n}\n`, 3, /vec4, int/],
    ["no type", "void fragment() {\n\tCOLOR.r = 1.0;\n}\n", 1, /shader_type/],
    [
      "an include that is missing",
      `${CANVAS}\n#include "gone.gdshaderinc"\n`,
      3,
      /res:\/\/shade\/gone\.gdshaderinc, which does not exist/,
    ],
    [
      "an include whose include is missing",
      `${CANVAS}#include "deep.gdshaderinc"\n`,
      2,
      /deep\.gdshaderinc:1: .*nowhere\.gdshaderinc/,
    ],
    ["a condition without an end", `${CANVAS}#if 1 == 1\n`, 2, /preprocessor/],
  ])("with %s is reported with the line", async (_, source, line, message) => {
    expect(await validate({ path: "res://shade/new.gdshader", source })).toMatchObject({
      valid: false,
      errors: [{ line, message: expect.stringMatching(message) }],
    });
  });

  it("that is right is valid, also by an include that is relative", async () => {
    expect(await validate({ path: "res://shade/uses.gdshader" })).toEqual({ valid: true, errors: [], warnings: [] });
  });

  it("answers a write with its errors", async () => {
    const path = "res://shade/written.gdshader";
    expect(
      await bench.call("script.create", { path, source: `${CANVAS}void fragment() {\n\toops;\n}\n` }),
    ).toMatchObject({
      errors: [{ line: 3, column: 2, message: expect.stringContaining("oops") }],
    });
    const edits = [{ find: "oops;", replace: "COLOR.g = 1.0;" }];
    expect(await bench.call("script.edit", { path, edits })).toMatchObject({ errors: [] });
  });

  it("that others include is checked within them, or alone", async () => {
    const path = "res://shade/glow.gdshaderinc";
    expect(await validate({ path })).toMatchObject({ valid: true });
    expect(await validate({ path: "res://shade/alone.gdshaderinc" })).toMatchObject({ valid: true });
    const source = GLOW.replace("x * 2.0", "y * 2.0");
    expect(await validate({ path, source })).toMatchObject({ valid: false, errors: [{ line: 3 }] });
    expect(await validate({ path: "res://shade/deep.gdshaderinc" })).toMatchObject({
      errors: [{ line: 1, message: expect.stringContaining("nowhere.gdshaderinc, which does not exist") }],
    });
    expect(
      await bench.call("script.create", { path: "res://shade/fresh.gdshaderinc", source: "float f() {\n" }),
    ).toMatchObject({ errors: [{ line: 2, message: expect.any(String) }] });
    bench.editor.write("shade/fresh.gdshaderinc", "float f() {\n\treturn 1.0;\n}\n");
  });
});

describe("an unchecked file", () => {
  it.each([
    ["res://sharp/Player.cs", /C# is checked when it is built.*\.csproj/],
    ["res://sharp/player.tscn", /PackedScene.*project\.validate/],
    ["res://shade/icon.svg", /CompressedTexture2D/],
    ["res://project.godot", /\.godot file/],
  ])("%s says what it is, not that it is valid", async (path, why) => {
    expect(await validate({ path })).toEqual({
      valid: null,
      errors: [],
      warnings: [],
      notChecked: expect.stringMatching(why),
    });
  });

  it("is C# until it has been built", async () => {
    const path = "res://sharp/Built.cs";
    bench.editor.write("Game.csproj", "<Project />\n");
    expect(await bench.call("script.create", { path, source: "class Built {}\n" })).toMatchObject({
      notChecked: expect.stringContaining("dotnet build"),
    });
    const assembly = ".godot/mono/temp/bin/Debug/Game.dll";
    bench.editor.write(assembly, "");
    const later = Date.now() / 1_000 + 10;
    utimesSync(join(bench.editor.project, assembly), later, later);
    expect(await validate({ path })).toEqual({ valid: true, errors: [], warnings: [] });
    utimesSync(join(bench.editor.project, assembly), 1, 1);
    expect(await validate({ path })).toMatchObject({ valid: null });
  });

  it("is reported by project.validate", async () => {
    const { notChecked, valid } = await bench.call("project.validate", { path: "res://sharp" });
    expect({ notChecked, valid }).toMatchObject({
      notChecked: [{ why: expect.stringContaining("C#"), paths: expect.arrayContaining(["res://sharp/Player.cs"]) }],
      valid: true,
    });
  });
});

describe("script.validate", () => {
  it("tells warnings where some of their settings are switches of old", async () => {
    const source = "extends Node\n\nfunc f(a: int) -> void:\n\tvar x: int = 1\n\tvar y: int = 1.5\n\tprint(y)\n";
    const { warnings } = await validate({ source });
    expect((warnings as { line: number }[]).map(({ line }) => line)).toEqual([3, 5]);
  });
});

describe("script.outline", () => {
  it("lists what overrides a method of a base once", async () => {
    const base =
      "class_name Parent\nextends Node\n\nfunc act(_a: int) -> void:\n\tpass\n\nfunc _ready() -> void:\n\tpass\n";
    await bench.call("script.create", { path: "res://whole/parent.gd", source: base });
    await bench.call("script.create", {
      path: "res://whole/child.gd",
      source:
        "class_name Child\nextends Parent\n\nfunc act(_a: int) -> void:\n\tpass\n\nfunc _ready() -> void:\n\tpass\n",
    });
    await bench.call("script.create", {
      path: "res://whole/grandchild.gd",
      source: "extends Child\n\nfunc _ready() -> void:\n\tpass\n\nfunc act(_a: int) -> void:\n\tpass\n",
    });
    for (const [name, order] of [
      ["child", ["act", "_ready"]],
      ["grandchild", ["_ready", "act"]],
    ] as const) {
      const { functions } = await bench.call("script.outline", { path: `res://whole/${name}.gd` });
      expect((functions as { name: string }[]).map((each) => each.name)).toEqual(order);
    }
  });
});

describe("project.validate", () => {
  it("finds nothing in paths that are none, in connections that lead somewhere, and in what C# says", async () => {
    expect(await problemsIn("res://whole")).toEqual([]);
    expect(await problemsIn("res://sharp")).toEqual([]);
  });

  it("finds a missing file once, by the script that does not compile without it", async () => {
    const problems = await problemsIn("res://odd");
    for (const [path, missing] of [
      ["res://odd/lacks.gd", "res://odd/gone.png"],
      ["res://odd/orphan.gd", "res://odd/gone_base.gd"],
      ["res://odd/lost.gdshader", "res://odd/lost.gdshaderinc"],
    ])
      expect(problems.filter((each) => each.missing === missing)).toMatchObject([{ path, severity: "error" }]);
  });

  it("finds classes that there are not, and connections that lead nowhere", async () => {
    const problems = await problemsIn("res://odd");
    const of = (path: string, kind: string) =>
      problems.filter((each) => each.path === path && each.kind === kind).map(({ line, message }) => [line, message]);
    expect(of("res://odd/classes.tscn", "unknown_class")).toEqual([
      [3, expect.stringContaining("'Gradiant'")],
      [5, expect.stringContaining("'Playr'")],
    ]);
    expect(of("res://odd/of_none.tres", "unknown_class")).toHaveLength(1);
    expect(of("res://odd/wires.tscn", "broken_connection")).toEqual([
      [13, expect.stringContaining("no method 'not_there'")],
      [14, expect.stringContaining("no signal 'presed'")],
      [15, expect.stringContaining("'Gone'")],
      [16, expect.stringContaining("'In/Nowhere'")],
      [17, expect.stringContaining("no signal 'untold'")],
    ]);
  });

  it("finds errors in shaders, and in includes that no file includes", async () => {
    const shaders = (await problemsIn("res://odd")).filter(({ kind }) => kind === "shader");
    expect(shaders).toMatchObject([
      { path: "res://odd/bad.gdshaderinc", line: 2 },
      { path: "res://odd/inside.tscn", line: 16, message: expect.stringMatching(/Wrong.*missing_name/) },
      { path: "res://odd/kept.tres", line: 4 },
      { path: "res://odd/lost.gdshader", line: 3 },
      { path: "res://odd/torn.gdshader", line: 4 },
    ]);
  });

  it("tells a missing file of the settings once", async () => {
    await bench.call("project.set_settings", { settings: { "application/config/icon": "res://gone_icon.svg" } });
    const problems = await problemsIn("res://");
    expect(problems.filter(({ missing }) => missing === "res://gone_icon.svg")).toMatchObject([
      { path: "res://project.godot", severity: "error" },
    ]);
  });
});

describe("project.find_unused", () => {
  it("lists resources and scripts alone", async () => {
    const others = [
      "LICENSE",
      "Game.sln",
      "Game.csproj",
      "Makefile",
      "setup.iss",
      "art/hero.blend",
      "art/hero.kra",
      "a.patch",
    ];
    const own = ["bin/spare.gd", "bin/Spare.cs", "bin/spare.gdshader", "bin/spare.gdshaderinc", "bin/spare.tres"];
    for (const path of others) bench.editor.write(`spare/${path}`, "x\n");
    for (const path of own)
      bench.editor.write(
        `spare/${path}`,
        path.endsWith("tres") ? '[gd_resource type="Curve" format=3]\n\n[resource]\n' : "",
      );
    const { files } = await bench.call("project.find_unused", { path: "res://spare" });
    expect((files as { path: string }[]).map(({ path }) => path)).toEqual(
      own.map((path) => `res://spare/${path}`).toSorted(),
    );
  });
});
