## What the project's own code has registered for agents to read: resources and prompts.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const GodotMcpHub := preload("../godot_mcp_hub.gd")


func commands() -> Array[Command]:
	return [
		Command.read("custom.list_resources", _list_resources),
		Command.read("custom.read_resource", _read_resource, {"uri": TYPE_STRING}),
		Command.read("custom.list_prompts", _list_prompts),
		Command.read("custom.get_prompt", _get_prompt,
		{"name": TYPE_STRING, "arguments?": TYPE_DICTIONARY}),
	]


func _list_resources(_request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({"resources": GodotMcpHub.resources().describe()})


func _read_resource(request: CommandRequest) -> CommandResult:
	return await GodotMcpHub.resources().read(request.text("uri"), request)


func _list_prompts(_request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({"prompts": GodotMcpHub.prompts().describe()})


func _get_prompt(request: CommandRequest) -> CommandResult:
	var arguments: Dictionary = request.params.get("arguments", {})
	return await GodotMcpHub.prompts().fill_in(request.text("name"), arguments, request)
