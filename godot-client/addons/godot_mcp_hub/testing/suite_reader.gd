## Which tests a script holds, as its framework would find them. It goes by the texts of the script
## and of those that it extends: a script that is loaded may run code of the project's.
extends RefCounted

## What the suites of each framework extend.
const BASES: Dictionary = {"gut": "res://addons/gut/test.gd",
		"gdunit4": "res://addons/gdUnit4/src/GdUnitTestSuite.gd"}
## GUT takes classes in a suite for further suites if they are named so.
const INNER_PREFIX := "Test"
const TEST_PREFIX := "test_"
## More scripts than any extends in a row.
const LONGEST_CHAIN := 32
## With (*UCP), letters are those of every alphabet.
const DECLARATION := "(*UCP)(?m)^([ \\t]*)(?:@[\\w.]+(?:\\([^)]*\\))?\\s+)*(?:static\\s+)?(?:(func|class)\\s+(\\w+)|(?:class_name\\s+\\w+\\s+)?(extends)\\s+(\"[^\"]*\"|'[^']*'|\\w+))(?:\\s+extends\\s+(\"[^\"]*\"|'[^']*'|\\w+))?"
## Texts in which declarations may stand that are none.
const LONG_STRING := "\"\"\"[\\s\\S]*?\"\"\"|'''[\\s\\S]*?'''"

## What suites extend; empty where any script will do.
var _base: String = ""
var _has_inner_suites: bool
var _declaration := RegEx.create_from_string(DECLARATION)
var _long_string := RegEx.create_from_string(LONG_STRING)
## {extends, functions: {name: line}, classes: {name: {extends, functions}}} of each file that was
## read.
var _read: Dictionary = {}
## Files of the classes that the project's scripts declare, by their names.
var _global_classes: Dictionary = {}


func _init(framework: String) -> void:
	_has_inner_suites = framework == "gut"
	if FileAccess.file_exists(BASES.get(framework, "")):
		_base = BASES[framework]
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		_global_classes[entry["class"]] = entry["path"]


## {suite, file, tests: [{name, line, file?}]} of each suite in the script at `path`; `file` of a
## test is told where it is inherited.
func suites_in(path: String) -> Array[Dictionary]:
	if not may_be_suite(path):
		return []
	var text: Dictionary = _of(path)
	var suites: Array[Dictionary] = [{"suite": path, "file": path, "tests": _tests_of(text, path)}]
	for name: String in text["classes"] if _has_inner_suites else {}:
		var inner: Dictionary = text["classes"][name]
		if name.begins_with(INNER_PREFIX) and _may_extend_base(inner, path):
			suites.append({"suite": "%s.%s" % [path, name], "file": path,
					"tests": _tests_of(inner, path)})
	return suites


## Whether a script may be a suite: it does not extend something else.
func may_be_suite(path: String) -> bool:
	return _may_extend_base(_of(path), path)


## Whether a class in the file `origin` extends what suites extend, or something of which that is
## not known.
func _may_extend_base(text: Dictionary, origin: String) -> bool:
	var at := text
	var file := origin
	for step: int in LONGEST_CHAIN:
		var extended: String = at["extends"]
		if _base.is_empty() or file == _base:
			return true
		if ClassDB.class_exists(extended):
			return false
		if _of(file)["classes"].has(extended):
			at = _of(file)["classes"][extended]
			continue
		file = _file_of(extended, file)
		if not FileAccess.file_exists(file):
			return true
		at = _of(file)
	return true


func _tests_of(text: Dictionary, path: String) -> Array[Dictionary]:
	var tests: Array[Dictionary] = []
	var known: Dictionary = {}
	var at := text
	var file := path
	for step: int in LONGEST_CHAIN:
		for name: String in at["functions"]:
			if not known.has(name):
				known[name] = true
				tests.append({"name": name, "line": at["functions"][name]}.merged({} if file == path
						else {"file": file}))
		var extended: String = at["extends"]
		if _of(file)["classes"].has(extended):
			at = _of(file)["classes"][extended]
			continue
		file = _file_of(extended, file)
		if file == _base or not FileAccess.file_exists(file):
			break
		at = _of(file)
	return tests


## The file of what stands behind `extends` in `origin`; empty when that is not known.
func _file_of(extended: String, origin: String) -> String:
	if not extended.begins_with("\"") and not extended.begins_with("'"):
		return _global_classes.get(extended, "")
	var path := extended.substr(1, extended.length() - 2)
	if path.begins_with("uid://"):
		var id := ResourceUID.text_to_id(path)
		return ResourceUID.get_id_path(id) if ResourceUID.has_id(id) else ""
	return path if path.begins_with("res://") else origin.get_base_dir().path_join(path) \
			.simplify_path()


func _of(path: String) -> Dictionary:
	if not _read.has(path):
		_read[path] = _parsed(FileAccess.get_file_as_string(path))
	return _read[path]


func _parsed(text: String) -> Dictionary:
	var top: Dictionary = {"extends": "RefCounted", "functions": {}, "classes": {}}
	var at := top
	var line := 1
	var counted := 0
	var plain := _without_long_strings(text)
	for found: RegExMatch in _declaration.search_all(plain):
		var start := found.get_start(4) if found.get_string(3).is_empty() else found.get_start(3)
		# To the engine, a count until 0 is one until the end.
		line += plain.count("\n", counted, start) if start > counted else 0
		counted = start
		var is_top := found.get_string(1).is_empty()
		at = top if is_top else at
		if found.get_string(2) == "class" and is_top:
			at = {"extends": _or_none(found.get_string(6)), "functions": {}}
			top["classes"][found.get_string(3)] = at
		elif not found.get_string(4).is_empty():
			at["extends"] = found.get_string(5)
		elif found.get_string(2) == "func" and found.get_string(3).begins_with(TEST_PREFIX):
			at["functions"][found.get_string(3)] = line
	return top


static func _or_none(extended: String) -> String:
	return "RefCounted" if extended.is_empty() else extended


func _without_long_strings(text: String) -> String:
	var parts := PackedStringArray()
	var from := 0
	for found: RegExMatch in _long_string.search_all(text):
		parts.append(text.substr(from, found.get_start() - from))
		parts.append("\n".repeat(found.get_string().count("\n")))
		from = found.get_end()
	parts.append(text.substr(from))
	return "".join(parts)
