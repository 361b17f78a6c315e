## What is started for a selection of tests: one process for a framework, one for all own scripts, one for each own scene.
extends RefCounted

const FrameworkMainLoop := preload("framework_main_loop.gd")
const JunitReport := preload("junit_report.gd")
const TestSelection := preload("test_selection.gd")


## One process: its `arguments`, what it `runs` ("scripts", "scene", "gut" or "gdunit4"), the `suite` of a scene.
static func of(selection: TestSelection, folder: String, log_path: String) -> Array[Dictionary]:
	match selection.framework:
		"gut":
			return [{"runs": "gut", "arguments": _gut_arguments(selection, folder)}]
		"gdunit4":
			return [{"runs": "gdunit4", "arguments": _gdunit4_arguments(selection, folder)}]
	var launches: Array[Dictionary] = []
	var scripts := selection.suites_ending_in(".gd")
	if not scripts.is_empty():
		launches.append({"runs": "scripts", "arguments": _own_arguments(scripts, selection.name, folder, log_path)})
	for scene: String in selection.suites_ending_in(".tscn"):
		launches.append({"runs": "scene", "suite": scene, "arguments": PackedStringArray(["-s", _beside("watched_tree.gd"), scene])})
	return launches


## What the tests of a process have come to so far; null when it has left no report.
static func outcomes(launch: Dictionary, folder: String) -> Variant:
	match launch["runs"]:
		"gut":
			return _read_junit(_gut_report(folder))
		"gdunit4":
			return _read_junit(_gdunit4_report(folder))
		"scripts":
			return _read_lines(_own_report(folder))
	return null


## GUT, whose own configuration says where its tests are unless folders are named here: an option that is not given is taken
## from there, one that is given empty is not. Options: addons/gut/cli/gut_cli.gd of GUT 9.5.
static func _gut_arguments(selection: TestSelection, folder: String) -> PackedStringArray:
	var line := PackedStringArray([
		"-s", FrameworkMainLoop.write("gut", folder), "-gexit", "-gdisable_colors", "-gjunit_xml_file=" + _gut_report(folder)])
	if not selection.finds_suites_itself():
		var files := selection.paths.filter(func(path: String) -> bool: return path.ends_with(".gd"))
		line.append("-gdir=" + ",".join(PackedStringArray(selection.folders())))
		line.append("-ginclude_subdirs")
		line.append("-gtest=" + ",".join(PackedStringArray(files)))
	if not selection.name.is_empty():
		line.append("-gunit_test_name=" + selection.name)
	return line


## GdUnit4, which has no filter by name: the tests that are not meant are ignored by name. It takes an absolute path for one of
## the project, so its report goes to user://. Options: addons/gdUnit4/src/core/runners/GdUnitTestCIRunner.gd of GdUnit4 6.2.
static func _gdunit4_arguments(selection: TestSelection, folder: String) -> PackedStringArray:
	var line := PackedStringArray(["-s", FrameworkMainLoop.write("gdunit4", folder), "-c", "--ignoreHeadlessMode", "-rd", folder])
	for path: String in selection.paths if not selection.paths.is_empty() else selection.folders():
		line.append_array(["-a", path])
	for ignored: String in selection.left_out:
		line.append_array(["-i", ignored])
	return line


static func _own_arguments(scripts: Array[String], name: String, folder: String, log_path: String) -> PackedStringArray:
	var plan := folder.path_join("plan.json")
	var file := FileAccess.open(plan, FileAccess.WRITE)
	file.store_string(JSON.stringify({"suites": scripts, "name": name, "log": log_path}))
	file.close()
	return PackedStringArray(["-s", _beside("script_runner.gd"), "--", plan, _own_report(folder)])


## Path of a script of this folder.
static func _beside(file: String) -> String:
	return (JunitReport as Script).resource_path.get_base_dir().path_join(file)


static func _gut_report(folder: String) -> String:
	return folder.path_join("gut.xml")


static func _own_report(folder: String) -> String:
	return folder.path_join("tests.jsonl")


## GdUnit4 makes a folder report_<number> for each run.
static func _gdunit4_report(folder: String) -> String:
	for inner: String in DirAccess.get_directories_at(folder):
		if inner.begins_with("report_"):
			return folder.path_join(inner).path_join("results.xml")
	return ""


static func _read_junit(path: String) -> Variant:
	var report := JunitReport.read(path)
	if report == null:
		return null
	return report.tests


## A test that has begun and not ended stays as "started"; a line that is being written does not count yet.
static func _read_lines(path: String) -> Variant:
	if not FileAccess.file_exists(path):
		return null
	var tests: Array[Dictionary] = []
	for line: String in FileAccess.get_file_as_string(path).split("\n", false):
		var outcome: Variant = JSON.parse_string(line)
		if not outcome is Dictionary:
			continue
		if not tests.is_empty() and tests[-1]["status"] == "started":
			tests.pop_back()
		tests.append(outcome)
	return tests
