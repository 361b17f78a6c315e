## The game's end of the debugger's line. Nothing else of a game runs while it stands at a breakpoint: the editor gives it a
## moment through here every now and then, so that it stays connected and can say why it does nothing.
extends RefCounted

const CommandResult := preload("../command_result.gd")

## The game stands at `place`, and may do what is due.
signal stopped(place: String)

## As in debugging/debugger_watch.gd.
const PREFIX := "godot_mcp_hub"


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
	if not message in ["stopped", "echo"] or data.is_empty():
		return false
	EngineDebugger.send_message(PREFIX + ":echo", [data[0]])
	if message == "stopped":
		stopped.emit(str(data[1]))
	return true
