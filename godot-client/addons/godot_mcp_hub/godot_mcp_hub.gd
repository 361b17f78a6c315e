## What a project's own code calls to give every agent commands, resources and prompts of its own:
##
##     const GodotMcpHub := preload("res://addons/godot_mcp_hub/godot_mcp_hub.gd")
##     GodotMcpHub.register_command("level.count_coins", "Counts the coins.", {}, _count_coins, true)
##     GodotMcpHub.register_resource("custom://level/{name}", "What is in a level.", _describe_level)
##     GodotMcpHub.register_prompt("balance_level", "Balances a level.", {}, _balance_level)
##
## All of them vanish with the object that their handler belongs to.
##
## Preloaded, since a global class of this name could collide with one of the project. May be called
## before this addon is enabled, and in the running game, where it has no effect.
@tool
extends RefCounted

const CommandResult := preload("requests/command_result.gd")
const CustomCommands := preload("custom/custom_commands.gd")
const CustomPrompts := preload("custom/custom_prompts.gd")
const CustomResources := preload("custom/custom_resources.gd")

static var _registry := CustomCommands.new()
static var _resources := CustomResources.new()
static var _prompts := CustomPrompts.new()


## Registers a command, or registers it anew. `command_name` is "group.verb_object" with a group of
## the project's own. `params_schema` is a JSON Schema of type object (empty: no parameters).
## `handler` takes the parameters as a Dictionary and returns a Dictionary, or failure(); it may
## await. One that takes a second argument gets there who asks: a Dictionary with `agent`, and with
## `traceparent` and `tracestate` (W3C trace context) where the request is a part of a trace. It
## vanishes with the object that it belongs to. Not OK, with a message in the editor's output, when
## the name or the schema cannot be used.
static func register_command(command_name: String, description: String, params_schema: Dictionary,
		handler: Callable, read_only: bool = false) -> Error:
	return _registry.register(command_name, description, params_schema, handler, read_only)


static func unregister_command(command_name: String) -> void:
	_registry.unregister(command_name)


## Registers something to read, or registers it anew. `uri` is "custom://...", or a template such as
## "custom://level/{name}"; a last "{+path}" takes slashes, too. `handler` takes the template's
## parameters as a Dictionary, and a second argument as a command's handler does. It returns a
## String, a Dictionary or an Array (read as JSON), a PackedByteArray, or failure(); it may await.
## `mime_type` says what it is, where that is not plain text, JSON, or just bytes. Not OK, with a
## message in the editor's output, when the address cannot be used.
static func register_resource(uri: String, description: String, handler: Callable,
		mime_type: String = "") -> Error:
	return _resources.register(uri, description, handler, mime_type)


static func unregister_resource(uri: String) -> void:
	_resources.unregister(uri)


## Tells agents that watch the resource at this address (not a template) that it reads differently
## now.
static func resource_changed(uri: String) -> void:
	_registry.tell_change(uri)


## Registers a text that a person gives an agent to begin with, or registers it anew.
## `arguments_schema` is a JSON Schema of type object whose properties are all of type string
## (empty: no arguments). `handler` takes the arguments as a Dictionary, and a second argument as a
## command's handler does. It returns a String, or failure(); it may await. Not OK, with a message
## in the editor's output, when the name or the schema cannot be used.
static func register_prompt(prompt_name: String, description: String, arguments_schema: Dictionary,
		handler: Callable) -> Error:
	return _prompts.register(prompt_name, description, arguments_schema, handler)


static func unregister_prompt(prompt_name: String) -> void:
	_prompts.unregister(prompt_name)


## Tells every agent that has subscribed to it of an event, "group.something" with a group of the
## project's own. Not OK, with a message in the editor's output, when the name cannot be used.
static func emit_event(event: String, data: Dictionary = {}) -> Error:
	return _registry.emit_event(event, data)


## What a handler returns when it could not do what was asked. `kind` is one of the protocol's error
## kinds.
static func failure(message: String, hint: String = "",
		kind: String = "INVALID_PARAMS") -> CommandResult:
	return CommandResult.failed(kind, message, hint)


## The commands that are registered now; for the addon itself.
static func registry() -> CustomCommands:
	return _registry


## The resources that are registered now; for the addon itself.
static func resources() -> CustomResources:
	return _resources


## The prompts that are registered now; for the addon itself.
static func prompts() -> CustomPrompts:
	return _prompts
