## Collects what the engine's compiler reports while it is registered as a logger. Needs Godot 4.5, as the whole game's side does.
extends Logger

## Entries: {line, message} of the script that is being checked.
var reports: Array[Dictionary] = []


func _log_error(function: String, _file: String, line: int, code: String, rationale: String, _editor_notify: bool,
		_error_type: int, _script_backtraces: Array[ScriptBacktrace]) -> void:
	if function.begins_with("GDScript::"):
		reports.append({"line": line, "message": rationale if not rationale.is_empty() else code})
