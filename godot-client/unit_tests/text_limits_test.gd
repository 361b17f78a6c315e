extends "unit_test.gd"

const TextLimits := preload("res://addons/godot_mcp_hub/texts/text_limits.gd")

const HEAD := "extends Node\nvar y = 1\nvar x = "
const DEEP := 3000


func test_what_nests_too_deep_is_refused() -> void:
	for pair: Array in [["(", ")"], ["[", "]"], ["{1:", "}"], ["y(", ")"], ["y[", "]"], ["(func(): return ", ")"], ["super.f(", ")"]]:
		for closing: String in [pair[1], ""]:
			_expect_refused(HEAD + pair[0].repeat(DEEP) + "1" + closing.repeat(DEEP) + "\n", pair[0])
	_expect_refused(HEAD + "func(): return ".repeat(DEEP) + "1\n", "functions")
	_expect_refused("extends Node\nvar x: " + "Array[".repeat(DEEP) + "int" + "]".repeat(DEEP) + "\n", "types")
	_expect_refused("extends Node\nfunc f(x):\n\tmatch x:\n\t\t" + "[".repeat(DEEP) + "1" + "]".repeat(DEEP) + ": pass\n", "patterns")
	_expect_refused("extends Node\n@export_range(" + "(".repeat(DEEP) + "1" + ")".repeat(DEEP) + ", 2) var x = 1\n", "annotations")
	_expect_refused("extends Node\nenum E { A = " + "(".repeat(DEEP) + "1" + ")".repeat(DEEP) + " }\n", "enums")


func test_chains_that_are_too_long_are_refused() -> void:
	for link: String in ["+1", " and y", " == y", " if y else y", ".y", ".y()", "[0]", " as int", " is int", " in y", "+\"a\"", " = y", "\n\t+ 1", "+\\\n1"]:
		_expect_refused("%s(y%s)\n" % [HEAD, link.repeat(DEEP)], link)
	for head: String in ["-", "- ", "not ", "~", "await ", "!"]:
		_expect_refused(HEAD + head.repeat(DEEP) + "y\n", head)
	_expect_refused("extends Node\nfunc f(x):\n\tif x: pass\n" + "\telif x: pass\n".repeat(DEEP), "elif")
	_expect_refused("extends Node\nfunc f():\n\t" + "if true: ".repeat(DEEP) + "pass\n", "blocks in a line")


func test_blocks_and_classes_inside_one_another_are_counted() -> void:
	var blocks: PackedStringArray = []
	var classes: PackedStringArray = []
	for level: int in 200:
		blocks.append("\t".repeat(level + 1) + "if true:")
	for level: int in 30:
		classes.append("\t".repeat(level) + "class A%d:" % level)
	_expect_refused("extends Node\nfunc f():\n%s\n%spass\n" % ["\n".join(blocks), "\t".repeat(201)], "blocks")
	_expect_refused("extends Node\n%s\n%spass\n" % ["\n".join(classes), "\t".repeat(30)], "classes")
	_expect_refused("extends Node\n%spass\n" % "class A: ".repeat(30), "classes in a line")


func test_texts_that_are_too_long_are_refused() -> void:
	_expect_refused("#" + "a".repeat(TextLimits.LENGTH), "length")
	_expect_refused("\n".repeat(TextLimits.LINES + 1), "lines")


func test_what_stands_in_strings_and_comments_does_not_count() -> void:
	for text: String in ["# " + "(".repeat(DEEP), "var x = \"" + "(".repeat(DEEP) + "\"", "var x = '" + "[".repeat(DEEP) + "'",
			"var x = \"\"\"\n" + "{\n".repeat(DEEP) + "\"\"\"", "var x = \"a\\\"" + "(".repeat(DEEP) + "\""]:
		expect_equal(TextLimits.problem_of_script("extends Node\n%s\n" % text), "", text.left(20))


func test_ordinary_texts_are_within_the_limits() -> void:
	var entries := "\t{\"name\": \"a\", \"at\": Vector2(1, 2), \"make\": func(n: int) -> int: return n * 2 + 1},\n".repeat(2000)
	expect_equal(TextLimits.problem_of_script("extends Node\nconst TABLE := [\n%s]\n" % entries), "", "a large table")
	var body := "\tvar a := x + y * 2 - z.length()\n\tif a > 3 and b or not c:\n\t\tprint(a, b)\n".repeat(500)
	expect_equal(TextLimits.problem_of_script("extends Node\nfunc f():\n" + body), "", "a long function")
	expect_equal(TextLimits.problem_of_script("extends Node\nfunc f():\n\tg(func():\n%s\t)\n" % body.indent("\t")), "", "a long function in a call")
	expect_equal(TextLimits.problem_of_shader("void f() { if (x > 1.0) { y = 2.0 * x; } }\n".repeat(1000)), "", "a long shader")
	expect_equal(TextLimits.problem_of_values("a = [1, {\"b\": [Vector2(1, 2)]}]\n".repeat(5000)), "", "many values")
	var files := _scripts_below("res://")
	expect_true(files.size() > 100, "the project's own scripts")
	for file: String in files:
		expect_equal(TextLimits.problem_of_script(FileAccess.get_file_as_string(file)), "", file)


func test_values_and_shaders_are_bounded_alike() -> void:
	for text: String in ["[".repeat(DEEP) + "]".repeat(DEEP), "[".repeat(DEEP), "{1:".repeat(DEEP) + "1" + "}".repeat(DEEP)]:
		expect_true(not TextLimits.problem_of_values("metadata/a = " + text).is_empty(), text.left(10))
	for text: String in ["(".repeat(DEEP) + "1.0" + ")".repeat(DEEP), "1.0" + "+1.0".repeat(DEEP), "-".repeat(DEEP) + "1.0"]:
		expect_true(not TextLimits.problem_of_shader("void fragment() { float x = %s; }" % text).is_empty(), text.left(10))
	expect_true(not TextLimits.problem_of_shader("void f() { " + "{".repeat(DEEP) + "}".repeat(DEEP) + " }").is_empty(), "blocks")


func _expect_refused(text: String, what: String) -> void:
	expect_true(not TextLimits.problem_of_script(text).is_empty(), "refusing %s" % what)


static func _scripts_below(folder: String) -> Array[String]:
	var files: Array[String] = []
	for file: String in DirAccess.get_files_at(folder):
		if file.ends_with(".gd"):
			files.append(folder.path_join(file))
	for inner: String in DirAccess.get_directories_at(folder):
		files.append_array(_scripts_below(folder.path_join(inner)))
	return files
