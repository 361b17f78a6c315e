/** Names in any alphabet, and paths in whatever quotes: what scripts declare, what they refer to, and what follows a move. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const AWKWARD = "res://odd/it's perc%41.gd";
/** Ways to write the path AWKWARD. */
const WAYS = [
  `"${AWKWARD}"`,
  "'res://odd/it\\'s perc%41.gd'",
  `"""${AWKWARD}"""`,
  `r"${AWKWARD}"`,
  '"res://odd/it\\u0027s perc%41.gd"',
  `# "
	"${AWKWARD}"`,
  `\\
	"${AWKWARD}"`,
  `"res://odd/" + "it's perc%41.gd"`,
  `"it's perc%41.gd"`,
];
const users = Object.fromEntries(
  WAYS.map((way, at) => [`odd/user${at}.gd`, `extends Node\n\nconst AWKWARD := preload(${way}\n)\n`]),
);

const GIRL = `class_name Mädchen
extends Node

signal größer(um: int)

const ÄRGER := 3

@export_custom(PROPERTY_HINT_NONE, ("a)" + "b"))
var länge := 1; var breite := 2
@export_range(
	0, 10
) var höhe: int = 3
var text := """
func keine() -> void:
"""
var rest := "
func auch_keine(): pass
"


@warning_ignore("unused_parameter") func öffne(tür: Node) -> void:
\tvar func_x := func innen() -> void: pass
\tfunc_x.call()


static func \\
\t数() -> int:
\treturn 1


class Kühl:
\textends RefCounted

\tvar stufe := """
not indented
"""

\tfunc Über() -> void:
\t\tpass
`;

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({
    "odd/it's perc%41.gd": 'extends Node\n\nconst SELF := preload("it\'s perc%41.gd")\n',
    ...users,
    "odd/with_code.tscn": `[gd_scene format=3]

[sub_resource type="GDScript" id="1"]
script/source = "extends Node

var path := \\"${AWKWARD}\\"
"

[node name="A" type="Node"]
script = SubResource("1")
`,
    "odd/puts_together.gd":
      'extends Node\n\n\nfunc f(n: int) -> Script:\n\treturn load("res://odd/it\'s perc%d.gd" % n)\n',
    "odd/by_class.gd": "extends Node\n\nvar it: Mädchen\n",
    "odd/Mädchen.gd": GIRL,
    "odd/tests/test_ü.gd": "extends RefCounted\n\n\nfunc test_ü() -> void:\n\tpass\n",
  });
});
afterAll(() => bench.dispose());

it("outlines declarations in any alphabet and form, and no text in a string", async () => {
  const outline = await bench.call("script.outline", { path: "res://odd/Mädchen.gd" });
  const line = (text: string) => GIRL.split("\n").findIndex((each) => each.includes(text)) + 1;
  const named = (of: unknown) => (of as { name: string; line: number }[]).map((each) => [each.name, each.line]);
  expect(outline).toMatchObject({ className: "Mädchen", base: "Node" });
  expect(named(outline.signals)).toEqual([["größer", line("größer")]]);
  expect(named(outline.constants)).toEqual([["ÄRGER", line("ÄRGER")]]);
  expect(named(outline.variables)).toEqual([
    ["länge", line("länge")],
    ["breite", line("breite")],
    ["höhe", line("höhe")],
    ["text", line("var text")],
    ["rest", line("var rest")],
  ]);
  expect(named(outline.functions)).toEqual([
    ["öffne", line("öffne")],
    ["数", line("static func")],
  ]);
  const [inner] = outline.classes as Record<string, unknown>[];
  expect(inner).toMatchObject({ name: "Kühl", functions: [{ name: "Über" }], variables: [{ name: "stufe" }] });
});

it("finds classes and tests by names in any alphabet", async () => {
  const users = await bench.call("project.get_dependencies", { path: "res://odd/Mädchen.gd", reverse: true });
  expect(users).toMatchObject({ files: [{ path: "res://odd/by_class.gd" }] });
  const search = { query: "func \\w+\\(tür", regexp: true };
  expect(await bench.call("project.search_files", search)).toMatchObject({
    matches: [{ path: "res://odd/Mädchen.gd" }],
  });
  const { suites } = await bench.call("test.list", { framework: "own", paths: ["res://odd/tests"] });
  expect(suites).toMatchObject([{ tests: [{ name: "test_ü" }] }]);
});

describe("a path", () => {
  it("is found in whatever quotes it stands", async () => {
    const found = await bench.call("project.get_dependencies", { path: AWKWARD, reverse: true });
    const files = (found.files as { path: string }[]).map(({ path }) => path);
    expect(files).toEqual(
      expect.arrayContaining([...Object.keys(users).map((file) => `res://${file}`), "res://odd/with_code.tscn"]),
    );
    const { problems } = await bench.call("project.validate", { path: "res://odd" });
    expect(problems).toEqual([]);
  });

  it("follows a move in its quotes, and names references that cannot follow", async () => {
    const to = "res://even/ö'\u0020%42.gd";
    const moved = await bench.call("resource.move", { path: AWKWARD, to });
    expect(moved).toMatchObject({
      updated: Object.keys(users).map((file) => `res://${file}`),
      notFollowed: ["res://odd/with_code.tscn"],
      mayBeLoadedBy: ["res://odd/puts_together.gd"],
    });
    expect(existsSync(join(bench.editor.project, "even/ö' %42.gd.uid"))).toBe(true);
    for (const file of Object.keys(users)) {
      expect(bench.editor.read(file)).not.toContain("perc");
      expect(await bench.call("script.validate", { path: `res://${file}` })).toMatchObject({ errors: [] });
    }
    expect(bench.editor.read("odd/user1.gd")).toContain("'res://even/ö\\' %42.gd'");
    expect(bench.editor.read("odd/user3.gd")).toContain('r"res://even/ö\' %42.gd"');
    expect(bench.editor.read("even/ö' %42.gd")).toContain('"res://even/ö\' %42.gd"');
    const { problems } = await bench.call("project.validate", { path: "res://odd" });
    expect(problems).toMatchObject([{ path: "res://odd/with_code.tscn", missing: AWKWARD }]);
  });
});
