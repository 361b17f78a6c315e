## Counts the script errors of a test: one that is not expected fails it, since an error ends a function silently.
extends Logger

var messages: Array[String] = []


func _log_error(function: String, _file: String, line: int, code: String, rationale: String, _editor_notify: bool,
		error_type: int, _script_backtraces: Array[ScriptBacktrace]) -> void:
	if error_type == Logger.ERROR_TYPE_SCRIPT:
		messages.append("%s:%d: %s" % [function, line, rationale if not rationale.is_empty() else code])
