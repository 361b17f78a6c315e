## Which tests are meant, and by which framework they run. Suites are found by their names and text: nothing of them is run here.
extends RefCounted

const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const FilePaths := preload("../editing/file_paths.gd")
const FileWalk := preload("../editing/file_walk.gd")

## The project's own scripts and scenes: what is run where there is no framework.
const OWN := "own"
## What each framework is started with; it is installed where that file exists.
const ENTRIES: Dictionary = {
	"gut": "res://addons/gut/gut_cmdln.gd",
	"gdunit4": "res://addons/gdUnit4/bin/GdUnitCmdTool.gd",
}
const GUT_CONFIG := "res://.gutconfig.json"
## The one test of a scene.
const SCENE_TEST := "runs"

## "gut", "gdunit4" or "own".
var framework: String = OWN
## Part of the names of the tests that are meant; empty for all.
var name: String = ""
## Files and folders that were named; empty for the project's test folders.
var paths: Array[String] = []
## {suite, tests: [{name, line}]} in the order of their paths; only suites with tests that are meant.
var suites: Array[Dictionary] = []
## "<suite>:<test>" of each test that `name` leaves out.
var left_out: Array[String] = []

var _own_name := RegEx.create_from_string("^(test_.*|.*_test)\\.(gd|tscn)$")
var _test_method := RegEx.create_from_string("(?m)^\\s*(?:static\\s+)?func\\s+(test_\\w+|test)\\s*\\(")


## Whether that file stands in one of the project's folders for tests.
static func is_in_test_folder(path: String) -> bool:
	if path.begins_with("res://addons/"):
		return false
	var folders := path.get_base_dir().trim_prefix("res://").split("/")
	return folders.has("test") or folders.has("tests")


## Frameworks that the project has, the first of which is the default.
static func installed() -> Array[String]:
	var found: Array[String] = []
	for framework_name: String in ENTRIES:
		if FileAccess.file_exists(ENTRIES[framework_name]):
			found.append(framework_name)
	found.append(OWN)
	return found


## Takes what a command asks for: `framework`, `paths`, `name`. Null, or why it can't be done.
func resolve(request: CommandRequest) -> CommandResult:
	name = request.text("name")
	framework = request.text("framework", installed()[0])
	if not installed().has(framework):
		return CommandResult.failed("NOT_FOUND", "The project has no '%s'." % framework,
				"It has: %s." % ", ".join(PackedStringArray(installed())))
	for given: Variant in request.params.get("paths", []):
		var resolved := FilePaths.resolve(str(given))
		if resolved.has("failure"):
			return resolved["failure"]
		var path: String = resolved["path"]
		if not FileAccess.file_exists(path) and not DirAccess.dir_exists_absolute(path):
			return CommandResult.failed("NOT_FOUND", "There is no file or folder %s." % path)
		paths.append(path)
	return null


## Finds the suites that are meant. False when the request was cancelled on the way.
func find_suites(request: CommandRequest) -> bool:
	for path: String in await _candidates(request):
		if request.is_cancelled:
			return false
		var all := _tests_in(path)
		var tests := all.filter(_is_meant)
		for test: Dictionary in all:
			if not tests.has(test):
				left_out.append("%s:%s" % [path, test["name"]])
		if not tests.is_empty():
			suites.append({"suite": path, "tests": tests})
		await request.let_frame_pass_when_due()
	return not request.is_cancelled


## Whether the framework has its own configuration of where its tests are.
func finds_suites_itself() -> bool:
	return framework == "gut" and paths.is_empty() and FileAccess.file_exists(GUT_CONFIG)


## Whether the framework takes that file for one of the suites that are meant.
func may_hold(file: String) -> bool:
	if finds_suites_itself():
		return _configured_places().any(func(place: String) -> bool: return file == place or file.begins_with(place.trim_suffix("/") + "/"))
	return suites.any(func(suite: Dictionary) -> bool: return suite["suite"] == file)


## How many tests are known to be meant.
func count() -> int:
	var total := 0
	for suite: Dictionary in suites:
		total += (suite["tests"] as Array).size()
	return total


## Paths of the suites whose file ends so.
func suites_ending_in(ending: String) -> Array[String]:
	var found: Array[String] = []
	for suite: Dictionary in suites:
		if str(suite["suite"]).ends_with(ending):
			found.append(suite["suite"])
	return found


## Folders that hold the suites: those that were named, or the topmost test folders.
func folders() -> Array[String]:
	if not paths.is_empty():
		return paths.filter(func(path: String) -> bool: return DirAccess.dir_exists_absolute(path))
	var found: Array[String] = []
	for suite: Dictionary in suites:
		var folder := _test_folder_of(suite["suite"])
		if not found.has(folder):
			found.append(folder)
	return found


## Folders and files that GUT's own configuration names.
static func _configured_places() -> Array:
	var config: Variant = JSON.parse_string(FileAccess.get_file_as_string(GUT_CONFIG))
	if not config is Dictionary:
		return []
	var places: Array = []
	for key: String in ["dirs", "tests"]:
		places.append_array(config.get(key) if config.get(key) is Array else [])
	return places


func _candidates(request: CommandRequest) -> Array[String]:
	var found: Array[String] = []
	if paths.is_empty():
		found = (await FileWalk.files_below("res://", true, request)).filter(func(path: String) -> bool:
			return is_in_test_folder(path) and _is_suite_name(path))
	for path: String in paths:
		if FileAccess.file_exists(path):
			found.append(path)
		else:
			found.append_array((await FileWalk.files_below(path, true, request)).filter(_is_suite_name))
	return found


## Frameworks know their suites by the text; the project's own are known by their names.
func _is_suite_name(path: String) -> bool:
	return path.ends_with(".gd") if framework != OWN else _own_name.search(path.get_file()) != null


func _tests_in(path: String) -> Array[Dictionary]:
	var tests: Array[Dictionary] = []
	if path.ends_with(".tscn") and framework == OWN:
		tests.append({"name": SCENE_TEST, "line": 1})
	elif path.ends_with(".gd"):
		var text := FileAccess.get_file_as_string(path)
		for found: RegExMatch in _test_method.search_all(text):
			tests.append({"name": found.get_string(1), "line": text.count("\n", 0, found.get_start(1)) + 1})
	return tests


func _is_meant(test: Dictionary) -> bool:
	return name.is_empty() or str(test["name"]).contains(name)


func _test_folder_of(path: String) -> String:
	var at := "res://"
	for part: String in path.trim_prefix("res://").split("/"):
		at = at.path_join(part)
		if part == "test" or part == "tests":
			return at
	return path.get_base_dir()
