## Hands what the engine reports to an EngineLog. Needs Godot 4.5: loaded only where Logger exists.
extends Logger

const OWN_FOLDER := "res://addons/godot_mcp_hub/"

## Takes an entry {level, message, file?, line?, function?}; may be called from any thread.
var sink: Callable


func _log_error(function: String, file: String, line: int, code: String, rationale: String,
		_editor_notify: bool,
		error_type: int, backtraces: Array[ScriptBacktrace]) -> void:
	if not sink.is_valid():
		return
	var entry: Dictionary = {
		"level": "warning" if error_type == ERROR_TYPE_WARNING else "error",
		"message": rationale if not rationale.is_empty() else code,
		"file": file,
		"line": line,
		"function": function,
	}
	if error_type != ERROR_TYPE_SCRIPT:
		_locate_in_script(entry, backtraces)
	sink.call(entry)


## Puts the line of the project's script for that of the engine's source, when one led there.
static func _locate_in_script(entry: Dictionary, backtraces: Array[ScriptBacktrace]) -> void:
	for trace: ScriptBacktrace in backtraces:
		if trace.get_frame_count() > 0 and not trace.get_frame_file(0).begins_with(OWN_FOLDER):
			entry.merge({"file": trace.get_frame_file(0), "line": trace.get_frame_line(0),
					"function": trace.get_frame_function(0)}, true)
			return


func _log_message(message: String, error: bool) -> void:
	if sink.is_valid() and not message.strip_edges().is_empty():
		sink.call({"level": "error" if error else "info", "message": message})
