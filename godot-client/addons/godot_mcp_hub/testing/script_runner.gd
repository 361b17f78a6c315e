## Runs the project's own test scripts in a process of its own and writes what becomes of each test, as it happens:
## `godot -s script_runner.gd -- <plan> <report>`. The plan is {suites, name, log}; the report has one JSON object a line.
extends "watched_tree.gd"

const TestLog := preload("test_log.gd")

## What stands in a report of a script that can't be used as a suite.
const NO_TEST := ""

var _log: TestLog
var _report: FileAccess
## Part of the names of the tests that are run; empty for all.
var _name: String = ""


func _initialize() -> void:
	super()
	var args := OS.get_cmdline_user_args()
	var plan: Dictionary = JSON.parse_string(FileAccess.get_file_as_string(args[0]))
	_report = FileAccess.open(args[1], FileAccess.WRITE)
	_log = TestLog.new(plan["log"])
	_name = plan["name"]
	_run(plan["suites"])


func _run(suites: Array) -> void:
	# Autoloads are ready from the first frame on.
	await process_frame
	for suite: String in suites:
		await _run_suite(suite)
	_report.close()
	quit()


func _run_suite(suite: String) -> void:
	_log.skip_to_end()
	var script := load(suite) as GDScript
	if script == null or not script.can_instantiate():
		_tell({"suite": suite, "name": NO_TEST, "status": "error", "durationMs": 0}.merged(_why("The script can't be loaded.")))
		return
	for name: String in _tests_of(script):
		_tell({"suite": suite, "name": name, "status": "started"})
		await _run_test(script, suite, name)


func _tests_of(script: GDScript) -> Array[String]:
	var names: Array[String] = []
	for method: Dictionary in script.get_script_method_list():
		var name: String = method["name"]
		var has_arguments := (method["args"] as Array).size() > (method["default_args"] as Array).size()
		if name.begins_with("test_") and not has_arguments and not names.has(name) and (_name.is_empty() or name.contains(_name)):
			names.append(name)
	return names


func _run_test(script: GDScript, suite: String, name: String) -> void:
	_log.skip_to_end()
	var started := Time.get_ticks_usec()
	var test: Object = script.new()
	if test is Node:
		root.add_child(test as Node)
	for step: String in ["before_each", name, "after_each"]:
		if test.has_method(step):
			await test.call(step)
	var outcome: Dictionary = {
		"suite": suite, "name": name, "status": "passed", "durationMs": (Time.get_ticks_usec() - started) / 1000.0}
	outcome.merge(_failure_of(test), true)
	if test is Node:
		(test as Node).queue_free()
	elif not test is RefCounted:
		test.free()
	# What a freed node still reports belongs to its own test.
	await process_frame
	_tell(outcome)


func _failure_of(test: Object) -> Dictionary:
	var failures: Array = test.get("failures") if test.get("failures") is Array else []
	var expected: int = test.get("expected_errors") if test.get("expected_errors") is int else 0
	var count := 0
	for error: Dictionary in _log.errors():
		count += error["count"]
	if failures.is_empty() and count == expected:
		return {}
	var failure := _why("%d errors were expected, %d came." % [expected, count])
	if not failures.is_empty():
		failure["message"] = "\n".join(PackedStringArray(failures))
		failure.merge(test.get("failed_at") if test.get("failed_at") is Dictionary else {}, true)
	failure["status"] = "failed"
	return failure


## The first error that was reported; `otherwise` when there was none.
func _why(otherwise: String) -> Dictionary:
	var errors := _log.errors()
	if errors.is_empty():
		return {"message": otherwise}
	var why: Dictionary = {"message": errors[0]["message"]}
	for place: String in ["file", "line"]:
		if errors[0].has(place):
			why[place] = errors[0][place]
	return why


func _tell(outcome: Dictionary) -> void:
	_report.store_line(JSON.stringify(outcome))
	_report.flush()
