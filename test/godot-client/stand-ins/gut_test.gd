## What suites of GUT extend.
extends Node

var gut: Node


func before_all() -> void:
	pass


func after_all() -> void:
	pass


func before_each() -> void:
	pass


func after_each() -> void:
	pass


func assert_true(holds: bool, text: String = "") -> void:
	gut.call("take", holds, text)


func assert_eq(got: Variant, expected: Variant, text: String = "") -> void:
	gut.call("take", got == expected, "[%s] expected to equal [%s]:  %s" % [got, expected, text])


func pending(text: String) -> void:
	gut.call("pend", text)


func use_parameters(values: Array) -> Variant:
	gut.set("parameter_count", values.size())
	return values[gut.get("parameter_index")]
