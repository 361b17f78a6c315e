extends "unit_test.gd"

const CommandResult := preload("res://addons/godot_mcp_hub/requests/command_result.gd")
const Result := preload("res://addons/godot_mcp_hub/requests/result.gd")


func test_a_value_is_no_error_even_when_it_is_null() -> void:
	for value: Variant in ["res://a.gd", 0, false, null]:
		var result := Result.ok(value)
		expect_true(not result.is_error(), "that %s is a value" % value)
		expect_equal(result.value, value)
		expect_equal(result.value_or("fallback"), value)


func test_an_error_has_its_reason_and_lets_a_fallback_take_its_place() -> void:
	var reason := CommandResult.failed("NOT_FOUND", "There is no such file.", "Make it first.")
	var result := Result.err(reason)
	expect_true(result.is_error(), "that it is an error")
	expect_equal(result.error, reason)
	expect_equal(result.value, null)
	expect_equal(result.value_or("fallback"), "fallback")
