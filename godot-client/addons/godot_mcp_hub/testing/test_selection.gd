## Which tests are meant, and by which framework they run. Nothing of them is run here.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileWalk := preload("../files/file_walk.gd")
const SuiteReader := preload("suite_reader.gd")

## The project's own scripts and scenes: what is run where there is no framework.
const OWN := "own"
## What each framework is started with; it is installed where that file exists.
const ENTRIES: Dictionary = {
	"gut": "res://addons/gut/gut_cmdln.gd",
	"gdunit4": "res://addons/gdUnit4/bin/GdUnitCmdTool.gd",
}
## Its own folders, which GdUnit4 does not look into.
const GDUNIT4_FOLDERS: Array[String] = ["res://addons/gdUnit4/bin/", "res://addons/gdUnit4/src/",
		"res://reports/"]
## The one test of a scene.
const SCENE_TEST := "runs"

## "gut", "gdunit4" or "own".
var framework: String = OWN
## Part of the names of the tests that are meant; empty for all.
var name: String = ""
## Files and folders that were named; empty for the project's test folders.
var paths: Array[String] = []
## {suite, file, tests: [{name, line, file?}]} in the order of their paths; only suites with tests
## that are meant.
var suites: Array[Dictionary] = []
## "<file>:<test>" of each test that `name` leaves out, of the file in which it is written.
var left_out: Array[String] = []
## Files that the framework takes for suites if they hold any.
var files: Array[String] = []

var _config := GutConfig.new()
var _reader: SuiteReader
var _own_name := RegEx.create_from_string("^(test_.*|.*_test)\\.(gd|tscn)$")


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
		if resolved.is_error():
			return resolved.error
		var path: String = resolved.value
		if not FileAccess.file_exists(path) and not DirAccess.dir_exists_absolute(path):
			return CommandResult.failed("NOT_FOUND", "There is no file or folder %s." % path)
		paths.append(path)
	return null


## Finds the files that are meant. False when the request was cancelled on the way.
func find_files(request: CommandRequest) -> bool:
	for path: String in _given():
		var found: Array[String] = [path]
		if not FileAccess.file_exists(path):
			found = (await FileWalk.files_below(path,
					not finds_suites_itself() or _config.includes_subdirs,
					request)).filter(_is_suite_name)
		files.append_array(found.filter(func(file: String) -> bool: return not files.has(file)))
	return not request.is_cancelled


## Finds the suites in these files, and their tests. False when the request was cancelled on the
## way.
func find_suites(request: CommandRequest) -> bool:
	_reader = SuiteReader.new(framework)
	for path: String in files:
		if request.is_cancelled:
			return false
		for suite: Dictionary in _suites_in(path):
			_add_suite(suite)
		await request.let_frame_pass_when_due()
	return not request.is_cancelled


## Whether the framework has its own configuration of where its tests are.
func finds_suites_itself() -> bool:
	return framework == "gut" and paths.is_empty() and GutConfig.exists()


## Whether it is the framework that finds the tests: they are not chosen by their names.
func is_left_to_framework() -> bool:
	return framework != OWN and name.is_empty()


## Whether there is nothing to run. What becomes of places that were named is left to a framework.
func is_known_empty() -> bool:
	if is_left_to_framework():
		return files.is_empty() and paths.is_empty() and not finds_suites_itself()
	return suites.is_empty()


## Whether the framework takes that file for one of the suites that are meant.
func may_hold(file: String) -> bool:
	return files.has(file) and SuiteReader.new(framework).may_be_suite(file)


## Whether `name` means that test, whose name may have the arguments of one of its calls behind it.
func is_meant(test: String) -> bool:
	return name.is_empty() or test.contains(name) \
			or (name.begins_with(test + ":") and not test.is_empty())


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


## Folders and files to give to the framework: those that were named or the topmost test folders,
## and only the files with tests that are meant where they are meant by their names.
func places() -> Array[String]:
	var found: Array[String] = []
	if not name.is_empty():
		found.assign(suites.map(func(suite: Dictionary) -> String: return suite["file"]))
	elif not paths.is_empty():
		found.assign(paths)
	else:
		found.assign(files.map(_test_folder_of))
	var once: Array[String] = []
	for place: String in found:
		if not once.has(place):
			once.append(place)
	return once


## Folders and files to look for suites in; where none are named, the whole project stands for its
## test folders.
func _given() -> Array[String]:
	var given: Array[String] = paths.duplicate()
	if finds_suites_itself():
		given = _config.dirs.duplicate()
		given.append_array(_config.tests)
	elif paths.is_empty():
		given.append("res://")
	return given


## Files of folders are taken by their names, the project's own as well as GUT's; GdUnit4 looks at
## each script.
func _is_suite_name(path: String) -> bool:
	if paths.is_empty() and not finds_suites_itself() and not is_in_test_folder(path):
		return false
	match framework:
		"gut":
			return _config.is_suite_name(path)
		"gdunit4":
			return path.ends_with(".gd") and not GDUNIT4_FOLDERS.any(
					func(folder: String) -> bool: return path.begins_with(folder))
	return _own_name.search(path.get_file()) != null


func _suites_in(path: String) -> Array[Dictionary]:
	if path.ends_with(".tscn") and framework == OWN:
		return [
				{"suite": path, "file": path,
				"tests": [{"name": SCENE_TEST, "line": 1}] as Array[Dictionary]}]
	return _reader.suites_in(path) if path.ends_with(".gd") else [] as Array[Dictionary]


func _add_suite(suite: Dictionary) -> void:
	var inner_class := str(suite["suite"]).trim_prefix(suite["file"])
	if framework == "gut" and not _config.inner_class.is_empty() \
			and inner_class.findn(_config.inner_class) < 0:
		return
	var tests: Array = suite["tests"]
	var meant := tests.filter(func(test: Dictionary) -> bool: return _is_taken(test["name"]))
	for test: Dictionary in tests:
		var place := "%s:%s" % [test.get("file", suite["file"]), test["name"]]
		if not meant.has(test) and not left_out.has(place):
			left_out.append(place)
	if not meant.is_empty():
		suites.append(suite.merged({"tests": meant}, true))


## GUT's own configuration may name tests, too, where none are named here.
func _is_taken(test: String) -> bool:
	if framework == "gut" and name.is_empty():
		return _config.unit_test_name.is_empty() or test.contains(_config.unit_test_name)
	return is_meant(test)


func _test_folder_of(path: String) -> String:
	var at := "res://"
	for part: String in path.trim_prefix("res://").split("/"):
		at = at.path_join(part)
		if part == "test" or part == "tests":
			return at
	return path.get_base_dir()


## What GUT takes from its configuration file of where tests are and which of them run:
## gut_config.gd of GUT 9.0 to 9.7.
class GutConfig extends RefCounted:
	const PATH := "res://.gutconfig.json"

	## Folders and files that it names.
	var dirs: Array[String] = []
	var tests: Array[String] = []
	var includes_subdirs: bool = false
	var prefix: String = "test_"
	var suffix: String = ".gd"
	## Parts of the names of files, inner classes and tests that are meant; empty for all.
	var selected: String = ""
	var inner_class: String = ""
	var unit_test_name: String = ""

	func _init() -> void:
		var config: Variant = JSON.parse_string(FileAccess.get_file_as_string(PATH)) if exists() \
				else null
		if not config is Dictionary:
			return
		dirs.assign(_texts(config, "dirs"))
		tests.assign(_texts(config, "tests"))
		includes_subdirs = config.get("include_subdirs") == true
		for member: String in ["prefix", "suffix", "selected", "inner_class", "unit_test_name"]:
			if config.get(member) is String:
				set(member, config[member])

	static func exists() -> bool:
		return FileAccess.file_exists(PATH)

	## Whether GUT takes that file of a folder for a suite.
	func is_suite_name(path: String) -> bool:
		return path.get_file().begins_with(prefix) and path.ends_with(suffix) \
				and (selected.is_empty() or path.findn(selected) >= 0)

	static func _texts(config: Dictionary, member: String) -> Array:
		return (config[member] as Array) \
				.filter(func(text: Variant) -> bool: return text is String) \
				if config.get(member) is Array else []
