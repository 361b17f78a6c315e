## What a test script of the project may extend: expectations that say what was expected and what
## came.
##
## Each method whose name begins with test_ is one test, run on a separate instance, which is a
## node of the running tree; it may await. before_each() and after_each() stand around each test. A
## script error, push_error() and assert() fail it too.
extends Node

const TestCase := preload("test_case.gd")

## What did not hold in the running test; the test has passed when it is empty.
var failures: Array[String] = []
## Where the first of them was found: {file, line}; empty before Godot 4.5.
var failed_at: Dictionary = {}
## How many errors the running test causes on purpose.
var expected_errors: int = 0


## Fails unless both are equal, in type and value.
func expect_equal(actual: Variant, expected: Variant, what: String = "") -> void:
	if typeof(actual) != typeof(expected) or actual != expected:
		fail("%s expected %s (%s), got %s (%s)" % [
			what, var_to_str(expected), type_string(typeof(expected)), var_to_str(actual),
			type_string(typeof(actual))])


## Fails unless `condition` holds; `what` says what it is.
func expect_true(condition: bool, what: String) -> void:
	if not condition:
		fail("%s does not hold" % what)


## Fails the running test; it goes on.
func fail(why: String) -> void:
	if failures.is_empty():
		failed_at = _place_in_test()
	failures.append(why.strip_edges())


## The innermost line that is not of this script.
func _place_in_test() -> Dictionary:
	for trace: Object in Engine.call("capture_script_backtraces") if Engine.has_method(
			"capture_script_backtraces") else []:
		for index: int in trace.call("get_frame_count"):
			var file: String = trace.call("get_frame_file", index)
			if file != (TestCase as Script).resource_path:
				return {"file": file, "line": trace.call("get_frame_line", index)}
	return {}
