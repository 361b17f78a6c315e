extends "unit_test.gd"

const ParamsSchema := preload("res://addons/godot_mcp_hub/requests/params_schema.gd")

const SCHEMA: Dictionary = {
	"type": "object", "required": ["name"], "properties": {
		"name": {"type": "string", "minLength": 1, "maxLength": 5},
		"count": {"type": "integer", "minimum": 1, "maximum": 3},
		"kind": {"type": "string", "enum": ["a", "b"]},
		"places": {"type": "array", "maxItems": 2, "items": {"type": "integer"}},
		"inner": {"type": "object", "properties": {"deep": {"type": "boolean"}}},
	},
}


func test_params_that_fit_have_no_error_and_whole_numbers_become_integers() -> void:
	var params: Dictionary = {"name": "abc", "count": 2.0, "kind": "b", "places": [1.0, 2.0],
			"inner": {"deep": true}}
	expect_equal(ParamsSchema.misfit(params, SCHEMA, "params"), "")
	expect_equal(params["count"], 2)
	expect_equal(params["places"], [1, 2])


func test_each_rule_names_the_param_that_breaks_it() -> void:
	for entry: Array in [
			[{}, "'params' needs 'name'."],
			[{"name": 1}, "'name' must be of type string."],
			[{"name": ""}, "'name' must have 1 to 5 characters."],
			[{"name": "a", "count": 1.5}, "'count' must be of type integer."],
			[{"name": "a", "count": 4}, "'count' must be between 1 and 3."],
			[{"name": "a", "kind": "c"}, "'kind' must be one of [\"a\",\"b\"]."],
			[{"name": "a", "places": [1, 2, 3]}, "'places' must have 0 to 2 items."],
			[{"name": "a", "places": ["x"]}, "'places[0]' must be of type integer."],
			[{"name": "a", "inner": {"deep": 1}}, "'inner.deep' must be of type boolean."],
			[{"name": "a", "other": 1},
					"'params' has no 'other'; it has: name, count, kind, places, inner."]]:
		expect_equal(ParamsSchema.misfit(entry[0], SCHEMA, "params"), entry[1])


func test_a_schema_that_params_cannot_have_is_refused() -> void:
	expect_equal(ParamsSchema.flaw({}), "")
	expect_equal(ParamsSchema.flaw(SCHEMA), "")
	for schema: Dictionary in [{"type": "string"}, {"type": "object", "patternProperties": {}},
			{"type": "object", "properties": {"a": {"type": "date"}}}]:
		expect_true(ParamsSchema.flaw(schema) != "", "that %s is refused" % schema)
