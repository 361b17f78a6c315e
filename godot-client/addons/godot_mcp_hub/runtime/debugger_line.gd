## The game's end of the debugger's line. Nothing else of a game runs while it stands at a breakpoint: the editor gives it a
## moment through here every now and then, so that it stays connected and can say why it does nothing. A game that hangs in a script
## hears of it too, every 2048 lines, and says where it is.
extends RefCounted

const CommandResult := preload("../command_result.gd")

## The game stands at `place`, and may do what is due.
signal stopped(place: String)

## As in debugging/debugger_watch.gd.
const PREFIX := "godot_mcp_hub"
const MOST_FRAMES := 16

var _own_folder: String = (get_script() as Script).resource_path.get_base_dir().get_base_dir() + "/"


func _init() -> void:
	if EngineDebugger.is_active():
		EngineDebugger.register_message_capture(PREFIX, _on_message)


func close() -> void:
	if EngineDebugger.has_capture(PREFIX):
		EngineDebugger.unregister_message_capture(PREFIX)


## What a command is told that cannot be carried out now.
static func refusal(place: String) -> CommandResult:
	return CommandResult.failed("CONFLICT", "The game is stopped by the debugger at %s." % place,
			"debug.continue lets it go on; debug.get_stack and debug.get_variables show where it stands.").with("stoppedAt", place)


## What a command is told that was being carried out.
static func interruption(place: String) -> CommandResult:
	return CommandResult.failed("OUTCOME_UNKNOWN", "The debugger has stopped the game at %s while this was being done." % place,
			"debug.continue lets the game go on with it; look at the state before you repeat it.").with("stoppedAt", place)


func _on_message(message: String, data: Array) -> bool:
	if message == "where":
		EngineDebugger.send_message(PREFIX + ":stands", _stack())
		return true
	if not message in ["stopped", "echo"] or data.is_empty():
		return false
	EngineDebugger.send_message(PREFIX + ":echo", [data[0]])
	if message == "stopped":
		stopped.emit(str(data[1]))
	return true


## The lines of the game's scripts that are being run, innermost first, as [function, path, line] each.
func _stack() -> Array:
	var stack: Array = []
	for backtrace: ScriptBacktrace in Engine.capture_script_backtraces():
		for index: int in backtrace.get_frame_count():
			var path := backtrace.get_frame_file(index)
			if not path.begins_with(_own_folder) and stack.size() < MOST_FRAMES:
				stack.append([backtrace.get_frame_function(index), path, backtrace.get_frame_line(index)])
	return stack
