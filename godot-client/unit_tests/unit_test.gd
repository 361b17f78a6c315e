## What the unit tests of the addon extend: each method whose name begins with test_ is one test.
extends RefCounted

## What was expected and what came, for each expectation of the running test that did not hold.
var failures: Array[String] = []
## How many script errors the running test causes on purpose.
var expected_errors: int = 0


func expect_equal(actual: Variant, expected: Variant, what: String = "") -> void:
	if typeof(actual) != typeof(expected) or actual != expected:
		failures.append("%s expected %s (%s), got %s (%s)" % [
			what, var_to_str(expected), type_string(typeof(expected)), var_to_str(actual), type_string(typeof(actual))])


func expect_true(condition: bool, what: String) -> void:
	if not condition:
		failures.append("%s does not hold" % what)
