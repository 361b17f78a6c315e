## Refuses options that GUT does not have, takes missing ones from its configuration, skips scripts that do not compile or
## do not extend its test, keeps hooks and skipped scripts out of its report, names a test of a script once in it, leaves text in it
## unescaped, and puts the time into its name where the configuration says so: all as GUT does.
extends Node

signal start_run
signal start_script(test_script_obj: Object)
signal end_script
signal start_test(test_name: String)
signal end_test
signal end_run

const Collected := preload("gut_collected.gd")
const TEST := "res://addons/gut/test.gd"
const LISTS: Array[String] = ["dirs", "tests"]
const OPTIONS: Dictionary = {
	"-gexit": "", "-gdisable_colors": "", "-gjunit_xml_file": "junit_xml_file", "-gdir": "dirs", "-ginclude_subdirs": "include_subdirs",
	"-gtest": "tests", "-gunit_test_name": "unit_test_name"}


class ErrorTracker:
	extends Logger
	var errors: Array[String] = []

	func _log_error(_f: String, _file: String, _line: int, code: String, rationale: String, _notify: bool, type: int,
			_traces: Array[ScriptBacktrace]) -> void:
		if type != ERROR_TYPE_WARNING:
			errors.append(rationale if not rationale.is_empty() else code)


var unit_test_name: String = ""
var parameter_index: int = 0
var parameter_count: int = 0

var _options: Dictionary = {
	"dirs": [], "tests": [], "include_subdirs": false, "prefix": "test_", "suffix": ".gd", "junit_xml_file": "",
	"junit_xml_timestamp": false, "unit_test_name": ""}
var _scripts: Array[Collected] = []
var _current: Collected.Test
var _tracker := ErrorTracker.new()


func main(args: Array) -> void:
	args.remove_at(args.find("-s") + 1)
	args.remove_at(args.find("-s"))
	for arg: String in args:
		if not OPTIONS.has(arg.get_slice("=", 0)):
			print("Unknown arguments:  ", [arg])
			return get_tree().quit(1)
	if FileAccess.file_exists("res://.gutconfig.json"):
		var config: Variant = JSON.parse_string(FileAccess.get_file_as_string("res://.gutconfig.json"))
		if not config is Dictionary:
			print("Invalid gutconfig ", -1)
			return get_tree().quit(1)
		_options.merge(config, true)
	for arg: String in args:
		var option: String = OPTIONS[arg.get_slice("=", 0)]
		var value := arg.get_slice("=", 1)
		if not option.is_empty():
			_options[option] = Array(value.split(",", false)) if option in LISTS else (true if option == "include_subdirs" else value)
	unit_test_name = _options["unit_test_name"]
	await _run()


func get_test_collector() -> Node:
	return self


func get_test_count() -> int:
	return _scripts.reduce(func(sum: int, script: Collected) -> int: return sum + script.tests.size(), 0)


func get_current_test_object() -> Object:
	return _current


## Takes what a test has asserted.
func take(holds: bool, text: String) -> void:
	if holds:
		_current.pass_texts.append(text)
	else:
		var line := -1
		for frame: Dictionary in get_stack():
			line = frame["line"] if frame["function"] == _current.name else line
		_current.fail_texts.append("%s\n      at line %d" % [text, line])


func pend(text: String) -> void:
	_current.pending_texts.append(text)


func _run() -> void:
	if (_options["dirs"] as Array).is_empty() and (_options["tests"] as Array).is_empty():
		push_error("You do not have any directories configured")
		return get_tree().quit(1)
	for folder: String in _options["dirs"]:
		_collect_folder(folder)
	for path: String in _options["tests"]:
		_collect(path)
	OS.add_logger(_tracker)
	start_run.emit()
	for script: Collected in _scripts:
		await _run_script(script)
	OS.remove_logger(_tracker)
	_write_report()
	end_run.emit()
	var failed := _scripts.any(func(script: Collected) -> bool: return script.fail_count() > 0)
	await get_tree().process_frame
	get_tree().quit(1 if failed or FileAccess.file_exists("res://hook_exits_with_1") else 0)


func _collect_folder(folder: String) -> void:
	for file: String in DirAccess.get_files_at(folder):
		if file.begins_with(_options["prefix"]) and file.ends_with(_options["suffix"]):
			_collect(folder.path_join(file))
	for inner: String in DirAccess.get_directories_at(folder) if _options["include_subdirs"] else PackedStringArray():
		_collect_folder(folder.path_join(inner))


func _collect(path: String) -> void:
	var script := load(path) as GDScript
	if script == null or not script.can_instantiate() or not _is_test(script) or _scripts.any(
			func(known: Collected) -> bool: return known.path == path):
		return
	var members := script.get_script_constant_map()
	var inner := members.keys().filter(func(name: String) -> bool:
		return name.begins_with("Test") and members[name] is GDScript and _is_test(members[name]))
	for name: String in [""] + inner:
		var collected := Collected.new()
		collected.path = path
		collected.inner_class_name = name
		collected.collect()
		_scripts.append(collected)


static func _is_test(script: GDScript) -> bool:
	var extended := script.get_base_script()
	while extended != null and extended.resource_path != TEST:
		extended = extended.get_base_script()
	return extended != null


func _run_script(script: Collected) -> void:
	start_script.emit(script)
	var instance: Node = script.load_script().new()
	instance.set("gut", self)
	add_child(instance)
	var skips: Variant = instance.get("skip_script")
	if skips is String:
		script.was_skipped = true
		script.skip_reason = skips
		return
	await _run_hook(script, instance, "before_all")
	for test: Collected.Test in script.tests:
		if unit_test_name.is_empty() or test.name.contains(unit_test_name):
			_current = test
			await _run_test(instance)
			end_test.emit()
	await _run_hook(script, instance, "after_all")
	instance.queue_free()
	end_script.emit()


func _run_hook(script: Collected, instance: Node, hook: String) -> void:
	_current = Collected.Test.new()
	_current.name = hook
	script.setup_teardown_tests.append(_current)
	await instance.call(hook)


## A test with an argument is called for each of its parameters.
func _run_test(instance: Node) -> void:
	parameter_count = 1
	parameter_index = 0
	_current.was_run = true
	while parameter_index < parameter_count:
		await instance.call("before_each")
		start_test.emit(_current.name)
		_tracker.errors.clear()
		await instance.call(_current.name)
		if not _tracker.errors.is_empty():
			take(false, "Unexpected Errors:\n[1] <engine-2>%s" % _tracker.errors[0])
		await instance.call("after_each")
		parameter_index += 1


func _write_report() -> void:
	var xml := '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="GutTests" failures="0" tests="0" >\n'
	for script: Collected in _scripts:
		var tests: Dictionary = {}
		for test: Collected.Test in script.tests:
			if test.was_run:
				tests[test.name] = _test_case(test, script.get_full_name())
		xml += '  <testsuite name="%s" tests="%d" failures="0" skipped="0" time="0.25" >\n%s  </testsuite>\n' % [
			script.get_full_name().trim_prefix("res://"), tests.size(), "".join(PackedStringArray(tests.values()))]
	var path: String = _options["junit_xml_file"]
	if path.is_empty():
		return
	if _options["junit_xml_timestamp"]:
		path = path.replace(".xml", "_%s.xml" % Time.get_unix_time_from_system())
	var file := FileAccess.open(path, FileAccess.WRITE)
	file.store_string(xml + "</testsuites>")
	file.close()


static func _test_case(test: Collected.Test, suite: String) -> String:
	var xml := '    <testcase name="%s" assertions="1" status="%s" classname="%s" time="%s" >\n' % [
		test.name, test.status(), suite.trim_prefix("res://"), test.time_taken]
	if test.status() == "pending":
		xml += '<skipped message="pending"><![CDATA[%s]]></skipped>' % test.pending_texts[0]
	elif test.status() == "fail":
		xml += '<failure message="failed"><![CDATA[%s]]></failure>' % test.fail_texts[0]
	return xml + "</testcase>\n"
