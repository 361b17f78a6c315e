## The commands that the project's own code has registered.
@tool
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const ParamsSchema := preload("../requests/params_schema.gd")
const PropertyValues := preload("../values/property_values.gd")

## A command was added or has gone.
signal changed
## The project's own code tells of something.
signal event_emitted(event: String, data: Dictionary)

## Groups whose commands are the addon's own, the game's or the hub's.
const RESERVED_GROUPS: Array[String] = [
	"hub", "instance", "project", "scene", "node", "script", "resource", "animation", "editor",
	"run", "game", "edit", "classdb",
	"docs", "test", "debug", "profiler", "custom",
]
## What the addon tells of, beside these.
const EVENT_GROUPS: Array[String] = ["filesystem", "import", "log"]
const NAME_PATTERN := "^[a-z][a-z0-9_]{0,38}\\.[a-z][a-z0-9_]{0,58}$"

var _commands: Dictionary = {}


func register(name: String, description: String, schema: Dictionary, handler: Callable,
		read_only: bool) -> Error:
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
		push_error(
				"The event '%s' cannot be emitted: a name is 'group.something', with a group of the project's own." % event)
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


## The description of each, for the hub.
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


## A command of the project's own code.
class CustomCommand extends Command:
	var _description: String
	var _schema: Dictionary
	var _code: CustomHandler

	func _init(command_name: String, description: String, schema: Dictionary, callable: Callable,
			reads_only: bool) -> void:
		name = command_name
		read_only = reads_only
		handler = _run
		_description = description
		_schema = schema if not schema.is_empty() else {"type": "object", "properties": {}}
		_code = CustomHandler.new(callable)

	## Whether there is still something to call.
	func is_alive() -> bool:
		return _code.is_alive()

	func describe() -> Dictionary:
		return {"name": name, "description": _description, "readOnly": read_only,
				"paramsSchema": _schema}

	func misfit(given: Dictionary) -> CommandResult:
		var problem := ParamsSchema.misfit(given, _schema, "params")
		return null if problem.is_empty() else CommandResult.failed("INVALID_PARAMS",
				"%s: %s" % [name, problem])

	func _run(request: CommandRequest) -> CommandResult:
		if not is_alive():
			return CommandResult.failed("METHOD_NOT_FOUND", "%s has gone." % name)
		var result: Variant = await _code.answer(request.params, request)
		if result is CommandResult:
			return result
		if not result is Dictionary:
			return CommandResult.failed("INTERNAL_ERROR",
					"%s returned %s instead of a Dictionary." % [name, type_string(typeof(result))],
					"Its handler must return a Dictionary; the editor's output shows whether it broke off.")
		return CommandResult.succeeded(PropertyValues.to_json(result,
				EditorInterface.get_edited_scene_root()))


## A function of the project's own code that answers agents. It goes with the object that it belongs
## to.
class CustomHandler extends RefCounted:
	var _callable: Callable

	func _init(callable: Callable) -> void:
		_callable = callable

	## Whether there is still something to call.
	func is_alive() -> bool:
		return _callable.is_valid()

	## What it returns for `params`. One that takes a second argument gets who asks, and as a part
	## of which trace.
	func answer(params: Dictionary, request: CommandRequest) -> Variant:
		if _callable.get_argument_count() < 2:
			return await _callable.call(params)
		var context := request.trace.duplicate()
		context["agent"] = request.agent
		return await _callable.call(params, context)
