## What GUT knows of a script and of its tests.
extends RefCounted


class Test:
	var name: String = ""
	var arg_count: int = 0
	var pass_texts: Array = []
	var fail_texts: Array = []
	var pending_texts: Array = []
	var time_taken: float = 0.125
	var was_run: bool = false

	func status() -> String:
		if not pending_texts.is_empty():
			return "pending"
		if not fail_texts.is_empty():
			return "fail"
		return "pass" if not pass_texts.is_empty() else "no asserts"


var path: String = ""
var inner_class_name: String = ""
var tests: Array = []
var setup_teardown_tests: Array = []
var was_skipped: bool = false
var skip_reason: String = ""


func get_full_name() -> String:
	return path if inner_class_name.is_empty() else path + "." + inner_class_name


func load_script() -> GDScript:
	var script := load(path) as GDScript
	return script if inner_class_name.is_empty() else script.get_script_constant_map()[inner_class_name]


## Takes every method test_*: one that overrides another one twice, as the engine lists it.
func collect() -> void:
	for method: Dictionary in load_script().get_script_method_list():
		if str(method["name"]).begins_with("test_"):
			var test := Test.new()
			test.name = method["name"]
			test.arg_count = (method["args"] as Array).size()
			tests.append(test)


func fail_count() -> int:
	var count := 0
	for test: Test in tests + setup_teardown_tests:
		count += test.fail_texts.size()
	return count
