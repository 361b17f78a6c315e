extends "unit_test.gd"

const FileReferences := preload("res://addons/godot_mcp_hub/files/file_references.gd")
const QuotedTexts := preload("res://addons/godot_mcp_hub/texts/quoted_texts.gd")
const ScriptText := preload("res://addons/godot_mcp_hub/files/script_text.gd")
const TextLimits := preload("res://addons/godot_mcp_hub/texts/text_limits.gd")
const TameFiles := preload("res://addons/godot_mcp_hub/reading/tame_files.gd")

const PATH := "res://it's/öl%41.gd"
## Ways to write PATH in a GDScript.
const WRITTEN: Array[String] = [
	"\"res://it's/öl%41.gd\"", "'res://it\\'s/öl%41.gd'", "\"\"\"res://it's/öl%41.gd\"\"\"", "r\"res://it's/öl%41.gd\"",
	"&\"res://it's/öl%41.gd\"", "^\"res://it's/öl%41.gd\"", "\"res://it\\u0027s/\\U0000f6l%41.gd\"", "\"res://it's\" + '/öl%41.gd'",
	"\"res:\" \\\n\t+ \"//it's/öl%41.gd\"", "\"res://it's\\\n/öl%41.gd\"", "# res\n\t\"res://it's/öl%41.gd\" # \"\n\t",
]
const MOVED := "res://sie \"sagt\"/ö'.gd"


func test_a_path_is_found_in_whatever_quotes_and_rewritten_in_them() -> void:
	for written: String in WRITTEN:
		var text := "var a := f(%s)\nvar b := 1\n" % written
		var found := QuotedTexts.of(text, "gd")
		expect_equal(found.map(func(quoted: Dictionary) -> String: return quoted["value"]), [PATH], written)
		var moved := QuotedTexts.replaced(text, "gd", func(_quoted: Dictionary) -> String: return MOVED)
		expect_equal(QuotedTexts.of(moved, "gd").map(func(quoted: Dictionary) -> String: return quoted["value"]), [MOVED], written)
		expect_true(moved.begins_with("var a := f(") and moved.ends_with("\nvar b := 1\n"), "that the rest of %s stays" % written)


func test_what_the_engine_reads_is_what_is_written() -> void:
	for written: String in WRITTEN:
		var script := GDScript.new()
		script.source_code = "static func f(x: Variant = null) -> String:\n\treturn str(%s)\n" % written
		expect_equal(script.reload(), OK, written)
		expect_equal(script.call("f"), PATH, written)


func test_other_languages_have_strings_of_their_own() -> void:
	var verbatim := "@\"res://a \"\"b\"\".gd\""
	for pair: Array in [
			["cs", "var a = \"res:\\u002f/a.gd\"; // \"no\"", "res://a.gd"], ["cs", "f('\"', %s);" % verbatim, "res://a \"b\".gd"],
			["cs", "\"\"\"res://a.gd\"\"\"", "res://a.gd"], ["gdshader", "/* \"no\" */ #include \"res://a.gdshaderinc\"", "res://a.gdshaderinc"],
			["json", "{\"a\": \"res:\\/\\/a.gd\"}", "res://a.gd"], ["tres", "a = &\"res://\\\"a\\\".gd\" ; \"res://no\"", "res://\"a\".gd"]]:
		var values := QuotedTexts.of(pair[1], pair[0]).map(func(quoted: Dictionary) -> String: return quoted["value"])
		expect_true(values.has(pair[2]) and not values.has("no") and not values.has("res://no"), "%s in %s" % [values, pair[1]])


func test_a_relative_path_is_one_only_where_the_engine_takes_it_for_one() -> void:
	for pair: Array in [
			["preload(\"a.gd\")", "res://x/a.gd"], ["preload( # one\n\t'a.gd')", "res://x/a.gd"], ["extends \\\n\"a.gd\"", "res://x/a.gd"],
			["load(\"a.gd\")", "res://a.gd"], ["ResourceLoader.load(\"a.gd\")", "res://a.gd"], ["@icon(\"a.svg\")", "res://x/a.svg"],
			["f(\"a.gd\")", ""], ["config.load(\"a.cfg\")", ""]]:
		var quoted := QuotedTexts.of(pair[0], "gd")[0]
		expect_equal(FileReferences.named_by(quoted, "res://x/y.gd"), pair[1], pair[0])


func test_strings_and_comments_hide_nothing_that_the_engine_compiles() -> void:
	var nested := "1" + "+1".repeat(TextLimits.CHAIN + 1)
	for hiding: String in ["\"\"\"\\\"\"\" # \"\"\"", "\"a\n# b\"", "r\"\\\" # \"", "'''\\''' # '''"]:
		var text := "extends Node\nvar a = %s; const B = preload(\"res://b.tscn\")\nvar c = %s; var d = %s\n" % [hiding, hiding, nested]
		expect_true(not TextLimits.problem_of_script(text).is_empty(), "that %s hides no expression" % hiding)
		expect_equal(QuotedTexts.of(text, "gd").filter(func(quoted: Dictionary) -> bool: return not (quoted["base"] as String).is_empty()).size(), 1, hiding)
		expect_true(QuotedTexts.blanked(text).contains("; const B = preload("), "that %s leaves the code" % hiding)
	expect_true(not TextLimits.problem_of_shader("#define A \"\"\"\n%s\n#define B \"\"\"" % "(".repeat(500)).is_empty(), "that a shader has no long strings")
	var began := Time.get_ticks_msec()
	for text: String in ["\"" + "\\\"".repeat(20000), "'\"".repeat(20000), "\"\"\"" + "\"\\".repeat(20000)]:
		TextLimits.problem_of_script(text)
		QuotedTexts.of(text, "gd")
	expect_true(Time.get_ticks_msec() - began < 5000, "that no text takes long")


func test_a_class_that_is_extended_is_read_in_any_alphabet_and_in_any_form() -> void:
	var path := "user://extending.gd"
	for pair: Array in [
			["extends Müll", "Müll"], ["@tool\nclass_name Öl\nextends Müll.Eimer", "Müll.Eimer"], ["# extends No\nextends 'a b.gd'", "a b.gd"],
			["@icon(\"res://(a).svg\")\nclass_name A extends \\\n\tB", "B"], ["var a := \"\nextends No\"\n", "RefCounted"],
			["\ufeffextends Node", "Node"], ["extends\"res://ä.gd\"", "res://ä.gd"], ["@tool extends Node", "Node"]]:
		var file := FileAccess.open(path, FileAccess.WRITE)
		file.store_string(pair[0])
		file.close()
		expect_equal(ScriptText.base_class(path), pair[1], pair[0])
	DirAccess.remove_absolute(path)
