## Prints the addon's command table as JSON: `godot --headless --path godot-client -s tools/dump_commands.gd`.
extends SceneTree

const Command := preload("res://addons/godot_mcp_hub/requests/command.gd")
const CommandTable := preload("res://addons/godot_mcp_hub/commands/command_table.gd")
const GameCommands := preload("res://addons/godot_mcp_hub/runtime/game_commands.gd")
const Protocol := preload("res://addons/godot_mcp_hub/wire/protocol.gd")


func _init() -> void:
	var table: Array[Dictionary] = []
	for command: Command in CommandTable.commands(null) + GameCommands.new(null, null).commands():
		var params: Dictionary = {}
		for parameter: String in command.params:
			params[parameter] = {"type": type_string(command.params[parameter]), "required": not command.optional.has(parameter)}
		table.append({"name": command.name, "readOnly": command.read_only, "long": command.long, "params": params})
	print(Protocol.encode({
		"protocolVersion": Protocol.VERSION,
		"commands": table,
		"errorCodes": Protocol.ERROR_CODES,
		"closeCodes": Protocol.CLOSE_CODES,
	}))
	quit()
