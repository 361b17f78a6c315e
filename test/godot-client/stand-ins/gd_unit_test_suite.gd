## What suites of GdUnit4 extend.
extends Node

## {message, line} of each failed assertion in called code.
var failures: Array[Dictionary] = []
var _got: bool


func before() -> void:
	pass


func after() -> void:
	pass


func before_test() -> void:
	pass


func after_test() -> void:
	pass


func assert_bool(got: bool) -> Node:
	_got = got
	return self


func is_true() -> void:
	if not _got:
		var stack := get_stack()
		failures.append({"message": "Expecting: 'true' but is 'false'", "line": stack[1]["line"] if stack.size() > 1 else -1})
