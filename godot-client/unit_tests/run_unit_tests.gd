## Runs every test in this folder and prints the outcome as JSON, its last line:
## `godot --headless --path godot-client -s unit_tests/run_unit_tests.gd -- <folder of the corpus>`.
extends SceneTree

const ErrorLog := preload("error_log.gd")
const Protocol := preload("res://addons/godot_mcp_hub/wire/protocol.gd")
const UnitTest := preload("unit_test.gd")
const FOLDER := "res://unit_tests"


func _initialize() -> void:
	_run()


func _run() -> void:
	var outcomes: Array[Dictionary] = []
	for file: String in DirAccess.get_files_at(FOLDER):
		if file.ends_with("_test.gd") and file != "unit_test.gd":
			outcomes.append_array(await _run_file(file))
	print(Protocol.encode_value(outcomes))
	quit()


func _run_file(file: String) -> Array[Dictionary]:
	var script: GDScript = load(FOLDER.path_join(file))
	var outcomes: Array[Dictionary] = []
	for method: Dictionary in script.get_script_method_list():
		var name: String = method["name"]
		if not name.begins_with("test_"):
			continue
		var test: UnitTest = script.new()
		var errors := ErrorLog.new()
		OS.add_logger(errors)
		await test.call(name)
		OS.remove_logger(errors)
		if errors.messages.size() != test.expected_errors:
			test.failures.append_array(errors.messages)
		outcomes.append({"file": file, "test": name.trim_prefix("test_").replace("_", " "), "failures": test.failures})
	return outcomes
