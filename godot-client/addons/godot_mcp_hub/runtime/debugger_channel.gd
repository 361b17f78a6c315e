## The game's end of the debugger's line. Nothing else of a game runs while it stands at a
## breakpoint: the editor gives it a moment through here every now and then, so that it stays
## connected and can say why it does nothing. A game that hangs in a script hears of it too, every
## 2048 lines, and says where it is.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")

## The game stands at `place`, and may do the due work.
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


## The answer to a command that cannot be carried out now.
static func refusal(place: String) -> CommandResult:
	return CommandResult.failed("CONFLICT", "The game is stopped by the debugger at %s." % place,
			"debug.continue lets it go on; debug.get_stack and debug.get_variables show where it stands.").with("stoppedAt", place)


## The answer to a command that was being carried out.
static func interruption(place: String) -> CommandResult:
	return CommandResult.failed("OUTCOME_UNKNOWN",
			"The debugger has stopped the game at %s while this was being done." % place,
			"debug.continue lets the game go on with it; look at the state before you repeat it.").with("stoppedAt", place)


func _on_message(message: String, data: Array) -> bool:
	if message == "where":
		EngineDebugger.send_message(PREFIX + ":stands", _stack())
		return true
	if message == "objects":
		EngineDebugger.send_message(PREFIX + ":objects",
				[data[0], _objects(data[1], data[2], data[3])])
		return true
	if not message in ["stopped", "echo"] or data.is_empty():
		return false
	EngineDebugger.send_message(PREFIX + ":echo", [data[0]])
	if message == "stopped":
		stopped.emit(str(data[1]))
	return true


## The lines of the game's scripts that are being run, innermost first, as [function, path, line]
## each.
func _stack() -> Array:
	var stack: Array = []
	for backtrace: ScriptBacktrace in Engine.capture_script_backtraces():
		for index: int in backtrace.get_frame_count():
			var path := backtrace.get_frame_file(index)
			if not path.begins_with(_own_folder) and stack.size() < MOST_FRAMES:
				stack.append([backtrace.get_frame_function(index), path,
						backtrace.get_frame_line(index)])
	return stack


## What the objects are that these paths lead to in a frame of the stack, each a scope ("" for any),
## a variable and its members. `own` is the id of the frame's instance.
func _objects(frame: int, own: int, paths: Array) -> Array:
	for backtrace: ScriptBacktrace in Engine.capture_script_backtraces(true):
		var at := frame
		while at - frame < backtrace.get_frame_count() \
				and backtrace.get_frame_file(at - frame).begins_with(_own_folder):
			at += 1
		if at < backtrace.get_frame_count():
			return paths.map(func(path: Array) -> String:
				var value: Variant = instance_from_id(own) if path[1] == "self" \
						else _variable(backtrace, at, path[0], path[1])
				return _described(_inside(value, path.slice(2))))
	return []


static func _variable(backtrace: ScriptBacktrace, frame: int, scope: String,
		name: String) -> Variant:
	for index: int in backtrace.get_local_variable_count(frame) if scope in ["", "locals"] else 0:
		if backtrace.get_local_variable_name(frame, index) == name:
			return backtrace.get_local_variable_value(frame, index)
	for index: int in backtrace.get_member_variable_count(frame) if scope in ["", "members"] else 0:
		if backtrace.get_member_variable_name(frame, index) == name:
			return backtrace.get_member_variable_value(frame, index)
	for index: int in backtrace.get_global_variable_count() if scope in ["", "globals"] else 0:
		if backtrace.get_global_variable_name(index) == name:
			return backtrace.get_global_variable_value(index)
	return null


## The names are those of the debug adapter, which has the classes of an object between it and its
## properties.
static func _inside(value: Variant, names: Array) -> Variant:
	for name: String in names:
		if value is Dictionary:
			var keys: Array = (value as Dictionary).keys() \
					.filter(func(key: Variant) -> bool: return str(key) == name)
			value = value[keys[0]] if not keys.is_empty() else null
		elif value is Array:
			value = value[name.to_int()] if name.is_valid_int() \
					and name.to_int() < (value as Array).size() else null
		elif is_instance_valid(value) and name in (value as Object):
			value = (value as Object).get(name)
	return value


## "Level/Player (CharacterBody2D, res://player.gd)" for a node, file or number, class and script
## for others; empty for what is no object.
static func _described(value: Variant) -> String:
	if not is_instance_valid(value):
		return ""
	var object: Object = value
	var facts: PackedStringArray = [object.get_class()]
	var name := "#%d" % object.get_instance_id()
	if object is Node:
		var node: Node = object
		name = String(node.get_path()).trim_prefix("/root/") if node.is_inside_tree() \
				else "%s, outside of the tree" % node.name
	elif object is Resource and not (object as Resource).resource_path.is_empty():
		name = (object as Resource).resource_path
	var script: Script = object.get_script()
	if script != null:
		facts.append(script.resource_path if not script.resource_path.is_empty()
				else "a script without a file")
	return "%s (%s)" % [name, ", ".join(facts)]
