## Collects the errors that a script of a given path makes while it runs. Needs Godot 4.5, as the whole game's side does.
extends Logger

## {line, message}, in the order in which they happened; lines as the script has them.
var errors: Array[Dictionary] = []

var _path: String
## The engine reports from any thread.
var _mutex := Mutex.new()


func _init(path: String) -> void:
	_path = path


func _log_error(_function: String, file: String, line: int, code: String, rationale: String, _editor_notify: bool,
		error_type: int, _script_backtraces: Array[ScriptBacktrace]) -> void:
	if error_type == ERROR_TYPE_SCRIPT and file == _path:
		_mutex.lock()
		errors.append({"line": line, "message": rationale if not rationale.is_empty() else code})
		_mutex.unlock()
