## What a project's own code calls to give every agent commands of its own:
##
##     const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")
##     GodotMcpHub.register_command("level.count_coins", "Counts the coins.", {}, _count_coins, true)
##
## Preloaded, since a global class of this name could collide with one of the project. May be called before this addon is
## enabled, and in the running game, where it has no effect.
@tool
extends RefCounted

const CommandResult := preload("command_result.gd")
const CustomCommands := preload("custom_commands.gd")

static var _registry := CustomCommands.new()


## Registers a command, or registers it anew. `command_name` is "group.verb_object" with a group of the project's own.
## `params_schema` is a JSON Schema of type object (empty: no parameters). `handler` takes the parameters as a Dictionary and
## returns a Dictionary, or failure(); it may await. One that takes a second argument gets there who asks: a Dictionary with `agent`, and
## with `traceparent` and `tracestate` (W3C trace context) where the request is a part of a trace. It vanishes with the object that it belongs to.
## Not OK, with a message in the editor's output, when the name or the schema cannot be used.
static func register_command(command_name: String, description: String, params_schema: Dictionary, handler: Callable, read_only: bool = false) -> Error:
	return _registry.register(command_name, description, params_schema, handler, read_only)


static func unregister_command(command_name: String) -> void:
	_registry.unregister(command_name)


## Tells every agent that has subscribed to it of an event, "group.something" with a group of the project's own. Not OK, with a
## message in the editor's output, when the name cannot be used.
static func emit_event(event: String, data: Dictionary = {}) -> Error:
	return _registry.emit_event(event, data)


## What a handler returns when it could not do what was asked. `kind` is one of the protocol's error kinds.
static func failure(message: String, hint: String = "", kind: String = "INVALID_PARAMS") -> CommandResult:
	return CommandResult.failed(kind, message, hint)


## The commands that are registered now; for the addon itself.
static func registry() -> CustomCommands:
	return _registry
