## The processes for a selection of tests: one process for a framework, one for all own scripts,
## one for each own scene.
extends RefCounted

const GdUnit4Recorder := preload("gdunit4_recorder.gd")
const GutRecorder := preload("gut_recorder.gd")
const JunitReport := preload("junit_report.gd")
const TestSelection := preload("test_selection.gd")
const WatchedTree := preload("../processes/watched_tree.gd")

const RECORDERS: Dictionary = {"gut": GutRecorder, "gdunit4": GdUnit4Recorder}
## Watch and recorder begin before the framework does, and override nothing of it.
const MAIN_LOOP := """extends "%s"

var _editor_watch: RefCounted = preload("%s").begin_watch(self)
var _recorder: RefCounted = preload("%s").new(self, "%s")
"""
## Where the text of GdUnit4 says which options it knows.
const GDUNIT4_OPTIONS: Array[String] = ["res://addons/gdUnit4/bin",
		"res://addons/gdUnit4/src/core/runners"]


## One process: its `arguments`, what it `runs` ("scripts", "scene", "gut" or "gdunit4"), the
## `suite` of a scene.
static func of(selection: TestSelection, folder: String) -> Array[Dictionary]:
	match selection.framework:
		"gut":
			return [{"runs": "gut", "arguments": _gut_arguments(selection, folder)}]
		"gdunit4":
			return [{"runs": "gdunit4", "arguments": _gdunit4_arguments(selection, folder)}]
	var launches: Array[Dictionary] = []
	var scripts := selection.suites_ending_in(".gd")
	if not scripts.is_empty():
		launches.append(
				{"runs": "scripts", "arguments": _own_arguments(scripts, selection.name, folder)})
	for scene: String in selection.suites_ending_in(".tscn"):
		var line := PackedStringArray(["--log-file", _own_log(folder), "-s",
				_beside("../processes/watched_tree.gd"), scene])
		launches.append({"runs": "scene", "suite": scene, "arguments": line})
	return launches


## Where the process writes what becomes of its tests, as it happens.
static func outcomes_path(folder: String) -> String:
	return folder.path_join("outcomes.jsonl")


## The report that a framework has left at its end; null when there is none.
static func report(launch: Dictionary, folder: String) -> JunitReport:
	for path: String in _reports_in(folder) if launch["runs"] in TestSelection.ENTRIES else []:
		var read := JunitReport.read(path)
		if read != null:
			return read
	return null


## GUT, whose own configuration says where its tests are unless places are named here: an option
## that is not given is taken from there, one that is given empty is not. Of tests chosen by their
## names only their suites are given: it would call before_all() and after_all() of all others.
static func _gut_arguments(selection: TestSelection, folder: String) -> PackedStringArray:
	var line := PackedStringArray([
		"-s", _write_main_loop("gut", folder, outcomes_path(folder)), "-gexit", "-gdisable_colors",
		"-gjunit_xml_file=" + folder.path_join("report.xml")])
	if not selection.finds_suites_itself() or not selection.name.is_empty():
		var is_file := func(place: String) -> bool: return place.ends_with(".gd")
		var is_folder := func(place: String) -> bool: return not is_file.call(place)
		line.append("-gdir=" + ",".join(PackedStringArray(selection.places().filter(is_folder))))
		line.append("-ginclude_subdirs")
		line.append("-gtest=" + ",".join(PackedStringArray(selection.places().filter(is_file))))
	if not selection.name.is_empty():
		line.append("-gunit_test_name=" + selection.name)
	return line


## GdUnit4, which has no filter by name: suites without such tests are not given, and tests that are
## not meant are ignored by name. It takes an absolute path for one of the project, so its report
## goes to user://. Versions before 4.2.5 run without a window unasked, and refuse to be asked.
static func _gdunit4_arguments(selection: TestSelection, folder: String) -> PackedStringArray:
	var line := PackedStringArray(["-s", _write_main_loop("gdunit4", folder, outcomes_path(folder)),
			"-c", "-rd", folder])
	if _knows_option("--ignoreHeadlessMode"):
		line.append("--ignoreHeadlessMode")
	for path: String in selection.places():
		line.append_array(["-a", path])
	for ignored: String in selection.left_out:
		line.append_array(["-i", ignored])
	return line


## Whether the project's GdUnit4 has that option: its text says so, in a file or another by version.
static func _knows_option(option: String) -> bool:
	for folder: String in GDUNIT4_OPTIONS:
		for file: String in DirAccess.get_files_at(folder) if DirAccess.dir_exists_absolute(
				folder) else PackedStringArray():
			if file.ends_with(".gd") and FileAccess.get_file_as_string(folder.path_join(file)) \
					.contains(option):
				return true
	return false


static func _own_arguments(scripts: Array[String], name: String,
		folder: String) -> PackedStringArray:
	var plan := folder.path_join("plan.json")
	var log_path := _own_log(folder)
	var file := FileAccess.open(plan, FileAccess.WRITE)
	file.store_string(JSON.stringify({"suites": scripts, "name": name, "log": log_path}))
	file.close()
	return PackedStringArray(["--log-file", log_path, "-s", _beside("script_runner.gd"), "--", plan,
			outcomes_path(folder)])


## A log apart, so that the engine's own in the user's folder stays with frameworks that read it.
static func _own_log(folder: String) -> String:
	return ProjectSettings.globalize_path(folder.path_join("own.log"))


## Path of a script of this folder.
static func _beside(file: String) -> String:
	return (JunitReport as Script).resource_path.get_base_dir().path_join(file).simplify_path()


## GUT puts the time into the name where its configuration says so, GdUnit4 makes a folder
## report_<number> for each run.
static func _reports_in(folder: String) -> Array[String]:
	var found: Array[String] = []
	for inner: String in DirAccess.get_directories_at(folder):
		found.append_array(_reports_in(folder.path_join(inner)))
	for file: String in DirAccess.get_files_at(folder):
		if file.ends_with(".xml"):
			found.append(folder.path_join(file))
	return found


## Writes it into `folder`, and gives its path; the recorder writes to `outcomes`. GdUnit4 knows its
## own arguments by the name of its script: it stays.
static func _write_main_loop(framework: String, folder: String, outcomes: String) -> String:
	var entry: String = TestSelection.ENTRIES[framework]
	var path := folder.path_join(entry.get_file())
	var file := FileAccess.open(path, FileAccess.WRITE)
	var recorder: Script = RECORDERS[framework]
	file.store_string(MAIN_LOOP % [entry, (WatchedTree as Script).resource_path,
			recorder.resource_path, outcomes])
	file.close()
	return path
