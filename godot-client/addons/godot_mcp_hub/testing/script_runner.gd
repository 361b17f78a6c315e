## Runs the project's own test scripts in a separate process and writes what becomes of each test,
## as it happens: `godot --log-file <log> -s script_runner.gd -- <plan> <report>`. The plan is
## {suites, name, log}; outcome_reader.gd reads the report.
extends "../processes/watched_tree.gd"

const OutcomeWriter := preload("outcome_reader.gd").OutcomeWriter
const SuiteMethods := preload("suite_methods.gd")
const TestLog := preload("test_log.gd")

## What stands in a report of a script that can't be used as a suite.
const NO_TEST := ""

var _log: TestLog
var _report: OutcomeWriter
## Part of the names of the tests that are run; empty for all.
var _name: String = ""


func _initialize() -> void:
	super()
	var args := OS.get_cmdline_user_args()
	var plan: Dictionary = JSON.parse_string(FileAccess.get_file_as_string(args[0]))
	_report = OutcomeWriter.new(args[1], self)
	_log = TestLog.new(plan["log"])
	_name = plan["name"]
	_run(plan["suites"])


func _run(suites: Array) -> void:
	# Autoloads are ready from the first frame on.
	await process_frame
	for suite: String in suites:
		await _run_suite(suite)
	_report.complete()
	quit()


func _run_suite(suite: String) -> void:
	_log.skip_to_end()
	var script := load(suite) as GDScript
	if script == null or not script.can_instantiate():
		_report.end({"suite": suite, "name": NO_TEST, "status": "error",
				"durationMs": 0}.merged(_why("The script can't be loaded.")))
		return
	for name: String in _tests_of(script):
		_report.begin(suite, name)
		var started := Time.get_ticks_usec()
		var failure: Variant = await _run_test(script, name)
		if not failure is Dictionary:
			failure = {"status": "error"}.merged(_why("The test could not be run to its end."))
		var outcome := {"suite": suite, "name": name, "status": "passed",
				"durationMs": (Time.get_ticks_usec() - started) / 1000.0}
		_report.end(outcome.merged(failure, true))


func _tests_of(script: GDScript) -> Array[String]:
	return SuiteMethods.callable_in(script).filter(func(name: String) -> bool:
		return _name.is_empty() or name.contains(_name))


## Why the test has failed, as members of its outcome; empty when it has passed, null when an error
## has ended this function.
func _run_test(script: GDScript, name: String) -> Variant:
	_log.skip_to_end()
	var test: Object = script.new()
	if test is Node:
		root.add_child(test as Node)
	for step: String in ["before_each", name, "after_each"]:
		if test.has_method(step):
			await test.call(step)
	var failures: Array = test.get("failures") if test.get("failures") is Array else []
	var expected: int = test.get("expected_errors") if test.get("expected_errors") is int else 0
	var place: Dictionary = test.get("failed_at") if test.get("failed_at") is Dictionary else {}
	if test is Node:
		(test as Node).queue_free()
	elif not test is RefCounted:
		test.free()
	# What a freed node still reports belongs to its own test.
	await process_frame
	if not failures.is_empty():
		return _why("") \
				.merged(
				{"status": "failed", "message": "\n".join(PackedStringArray(failures))}.merged(
				place), true)
	return _failure_by_errors(expected)


func _failure_by_errors(expected: int) -> Dictionary:
	var count := 0
	for error: Dictionary in _log.errors():
		count += error["count"]
	return {} if count == expected \
			else {"status": "failed"}.merged(
			_why("%d errors were expected, %d came." % [expected, count]))


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
