## Which tests a script holds, as its framework sees it: the engine says what the script extends and which methods it has, own and
## inherited; the text says the lines, and stands in for the engine where the script does not compile. Nothing of it is run.
extends RefCounted

const EngineLog := preload("../engine_log.gd")
const LoadedScripts := preload("../editing/loaded_scripts.gd")
const SuiteMethods := preload("suite_methods.gd")

## What the suites of each framework extend.
const BASES: Dictionary = {"gut": "res://addons/gut/test.gd", "gdunit4": "res://addons/gdUnit4/src/GdUnitTestSuite.gd"}
## GUT takes classes in a suite for further suites if they are named so.
const INNER_PREFIX := "Test"
## More scripts than any extends in a row.
const LONGEST_CHAIN := 32
## With (*UCP), letters are those of every alphabet.
const DECLARATION := "(*UCP)(?m)^([ \\t]*)(?:@[\\w.]+(?:\\([^)]*\\))?\\s+)*(?:static\\s+)?(func|class)\\s+(\\w+)"
const EXTENDS := "(*UCP)(?m)^(?:@[\\w.]+\\s+)*(?:class_name\\s+\\w+\\s+)?extends\\s+(\"[^\"]*\"|'[^']*'|\\w+)"

## What suites extend; empty where any script will do.
var _base: String = ""
var _has_inner_suites: bool
var _methods := SuiteMethods.new()
var _declaration := RegEx.create_from_string(DECLARATION)
var _extends := RegEx.create_from_string(EXTENDS)
## {indent, keyword, name, line} of each function and class in a file.
var _declarations: Dictionary = {}


func _init(framework: String) -> void:
	_has_inner_suites = framework == "gut"
	if FileAccess.file_exists(BASES.get(framework, "")):
		_base = BASES[framework]


## {suite, file, tests: [{name, line, file?}]} of each suite in the script at `path`; `file` of a test is told where it is inherited.
func suites_in(path: String) -> Array[Dictionary]:
	if not may_be_suite(path):
		return []
	var script := _load(path)
	if script == null:
		return [{"suite": path, "file": path, "tests": _tests_by_text(path)}]
	if not _is_suite(script):
		return []
	var suites: Array[Dictionary] = [{"suite": path, "file": path, "tests": _tests_of(script, path, "")}]
	var members := script.get_script_constant_map() if _has_inner_suites else {}
	for name: StringName in members:
		if String(name).begins_with(INNER_PREFIX) and members[name] is GDScript and _is_suite(members[name]):
			var inner := "%s.%s" % [path, name]
			suites.append({"suite": inner, "file": path, "tests": _tests_of(members[name], path, name)})
	return suites


## Whether a script may be a suite: its text does not say that it extends something else.
func may_be_suite(path: String) -> bool:
	var at := path
	for step: int in LONGEST_CHAIN:
		if _base.is_empty() or at == _base or not FileAccess.file_exists(at):
			return true
		var found := _extends.search(FileAccess.get_file_as_string(at))
		var extended := found.get_string(1) if found != null else "RefCounted"
		if ClassDB.class_exists(extended):
			return false
		at = _file_of(extended, at)
	return true


## The file of what stands behind `extends` in `origin`; empty when that is not known.
static func _file_of(extended: String, origin: String) -> String:
	var path := extended.trim_prefix("\"").trim_suffix("\"").trim_prefix("'").trim_suffix("'")
	if path == extended:
		for entry: Dictionary in ProjectSettings.get_global_class_list():
			if entry["class"] == extended:
				return entry["path"]
		return ""
	if path.begins_with("uid://"):
		var id := ResourceUID.text_to_id(path)
		return ResourceUID.get_id_path(id) if ResourceUID.has_id(id) else ""
	return path if path.is_absolute_path() else origin.get_base_dir().path_join(path).simplify_path()


## The script in step with its file; null when it does not compile, which is told by the run and not here.
static func _load(path: String) -> GDScript:
	EngineLog.begin_check()
	var script := LoadedScripts.of(path) as GDScript
	LoadedScripts.refresh(path, FileAccess.get_file_as_string(path))
	EngineLog.end_check()
	return script if script != null and not script.get_instance_base_type().is_empty() else null


func _is_suite(script: Script) -> bool:
	var extended := script.get_base_script()
	while extended != null and extended.resource_path != _base:
		extended = extended.get_base_script()
	return _base.is_empty() or extended != null


func _tests_of(script: GDScript, path: String, inner: String) -> Array[Dictionary]:
	var tests: Array[Dictionary] = []
	var owners := _methods.owners_in(script)
	for name: String in owners:
		var owner: Script = owners[name]
		var test: Dictionary = {"name": name}
		if owner == script or owner.resource_path.is_empty():
			test["line"] = _line_of(name, path, inner if owner == script else "?")
		else:
			test["line"] = _line_of(name, owner.resource_path, "")
			test["file"] = owner.resource_path
		tests.append(test)
	return tests


## Test functions at the top of a file.
func _tests_by_text(path: String) -> Array[Dictionary]:
	var tests: Array[Dictionary] = []
	for declared: Dictionary in _declarations_in(path):
		if declared["keyword"] == "func" and declared["indent"] == "" and str(declared["name"]).begins_with(SuiteMethods.PREFIX):
			tests.append({"name": declared["name"], "line": declared["line"]})
	return tests


## The line of a function at the top of a file, in its class `inner`, or in any class for "?"; 1 where it is not found.
func _line_of(name: String, path: String, inner: String) -> int:
	var is_inside := inner.is_empty() or inner == "?"
	for declared: Dictionary in _declarations_in(path):
		var is_top: bool = declared["indent"] == ""
		if declared["keyword"] == "class" and is_top and not inner.is_empty() and inner != "?":
			is_inside = declared["name"] == inner
		elif declared["keyword"] == "func" and declared["name"] == name and is_inside and is_top == inner.is_empty():
			return declared["line"]
	return 1


func _declarations_in(path: String) -> Array:
	if not _declarations.has(path):
		var declared: Array[Dictionary] = []
		var text := FileAccess.get_file_as_string(path)
		var line := 1
		var counted := 0
		for found: RegExMatch in _declaration.search_all(text):
			line += text.count("\n", counted, found.get_start(3))
			counted = found.get_start(3)
			declared.append({"indent": found.get_string(1), "keyword": found.get_string(2), "name": found.get_string(3), "line": line})
		_declarations[path] = declared
	return _declarations[path]
