## The commands that the project's own code has registered.
@tool
extends RefCounted

const Command := preload("../requests/command.gd")
const CustomCommand := preload("custom_command.gd")
const ParamsSchema := preload("../requests/params_schema.gd")

## A command was added or has gone.
signal changed
## The project's own code tells of something.
signal event_emitted(event: String, data: Dictionary)

## Groups whose commands are the addon's own, the game's or the hub's.
const RESERVED_GROUPS: Array[String] = [
	"hub", "instance", "project", "scene", "node", "script", "resource", "animation", "editor", "run", "game", "edit", "classdb",
	"docs", "test", "debug", "profiler", "custom",
]
## What the addon tells of, beside these.
const EVENT_GROUPS: Array[String] = ["filesystem", "import", "log"]
const NAME_PATTERN := "^[a-z][a-z0-9_]{0,38}\\.[a-z][a-z0-9_]{0,58}$"

var _commands: Dictionary = {}


func register(name: String, description: String, schema: Dictionary, handler: Callable, read_only: bool) -> Error:
	var flaw := _flaw(name, schema, handler)
	if not flaw.is_empty():
		push_error("The command '%s' cannot be registered: %s" % [name, flaw])
		return ERR_INVALID_PARAMETER
	_commands[name] = CustomCommand.new(name, description, schema, handler, read_only)
	changed.emit()
	return OK


## Tells those who have subscribed. `event` is named as a command is.
func emit_event(event: String, data: Dictionary) -> Error:
	var group := event.get_slice(".", 0)
	var is_reserved := RESERVED_GROUPS.has(group) or EVENT_GROUPS.has(group)
	if is_reserved or RegEx.create_from_string(NAME_PATTERN).search(event) == null:
		push_error("The event '%s' cannot be emitted: a name is 'group.something', with a group of the project's own." % event)
		return ERR_INVALID_PARAMETER
	event_emitted.emit(event, data)
	return OK


## Tells those who watch a resource that it reads differently now.
func tell_change(uri: String) -> void:
	event_emitted.emit("custom.resource_changed", {"uri": uri})


func unregister(name: String) -> void:
	if _commands.erase(name):
		changed.emit()


## The command of this name; null when there is none.
func find(name: String) -> Command:
	return _commands.get(name)


## What the hub is told of each.
func describe() -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for name: String in _commands:
		described.append((_commands[name] as CustomCommand).describe())
	return described


## Drops commands whose object is no more; to be called often.
func drop_orphans() -> void:
	for name: String in _commands.keys():
		if not (_commands[name] as CustomCommand).is_alive():
			unregister(name)


static func _flaw(name: String, schema: Dictionary, handler: Callable) -> String:
	if RegEx.create_from_string(NAME_PATTERN).search(name) == null:
		return "its name must be 'group.verb_object' in lower case."
	if RESERVED_GROUPS.has(name.get_slice(".", 0)):
		return "the group '%s' is not the project's own." % name.get_slice(".", 0)
	if not handler.is_valid():
		return "its handler cannot be called."
	return ParamsSchema.flaw(schema)
