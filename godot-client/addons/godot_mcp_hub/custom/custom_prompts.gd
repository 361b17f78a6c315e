## The prompts that the project's own code has registered.
@tool
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const CustomHandler := preload("custom_commands.gd").CustomHandler
const NearNames := preload("../texts/near_names.gd")
const ParamsSchema := preload("../requests/params_schema.gd")

const MAX_PROMPTS := 200
const MAX_ARGUMENTS := 20
const MAX_DESCRIPTION := 1000
const MAX_LENGTH := 1 << 20
const NAME_PATTERN := "^[a-z][a-z0-9_]{0,59}$"
## Prompts that every project has; the adapter's own.
const RESERVED_NAMES: Array[String] = [
	"build_feature", "create_scene", "explain_scene", "fix_errors", "write_script",
	"review_project", "playtest", "debug_problem",
	"tidy_scene",
]

## {description, schema, handler} by name.
var _prompts: Dictionary = {}


func register(name: String, description: String, schema: Dictionary, handler: Callable) -> Error:
	var flaw := _flaw(name, description, schema, handler)
	if not flaw.is_empty():
		push_error("The prompt '%s' cannot be registered: %s" % [name, flaw])
		return ERR_INVALID_PARAMETER
	_prompts[name] = {"description": description, "schema": schema,
			"handler": CustomHandler.new(handler)}
	return OK


func unregister(name: String) -> void:
	_prompts.erase(name)


## The description of each that is alive, for agents.
func describe() -> Array[Dictionary]:
	_drop_orphans()
	var described: Array[Dictionary] = []
	for name: String in _prompts:
		var prompt: Dictionary = _prompts[name]
		described.append({"name": name, "description": prompt["description"],
				"arguments": _arguments_of(prompt["schema"])})
	return described


## The text of a prompt with its arguments filled in.
func fill_in(name: String, arguments: Dictionary, request: CommandRequest) -> CommandResult:
	_drop_orphans()
	if not _prompts.has(name):
		var near := NearNames.of(name, _prompts.keys())
		return CommandResult.failed("NOT_FOUND", "There is no prompt '%s' of this project." % name,
				("custom.list_prompts lists them. " + NearNames.question(near)).strip_edges(), near)
	var prompt: Dictionary = _prompts[name]
	var problem := ParamsSchema.misfit(arguments, _closed(prompt["schema"]), "params")
	if not problem.is_empty():
		return CommandResult.failed("INVALID_PARAMS", "%s: %s" % [name, problem])
	var text: Variant = await (prompt["handler"] as CustomHandler).answer(arguments, request)
	if text is CommandResult:
		return text
	if not text is String:
		return CommandResult.failed("INTERNAL_ERROR",
				"%s returned %s instead of a text." % [name, type_string(typeof(text))],
				"Its handler must return a String; the editor's output shows whether it broke off.")
	if (text as String).length() > MAX_LENGTH:
		return CommandResult.failed("TOO_LARGE",
				"%s has %d characters; %d may be read."
				% [name, (text as String).length(), MAX_LENGTH])
	return CommandResult.succeeded({"description": prompt["description"], "text": text})


static func _arguments_of(schema: Dictionary) -> Array[Dictionary]:
	var arguments: Array[Dictionary] = []
	var properties: Dictionary = schema.get("properties", {})
	for name: String in properties:
		var property: Dictionary = properties[name]
		arguments.append({
			"name": name, "description": str(property.get("description", "")),
			"required": (schema.get("required", []) as Array).has(name)})
	return arguments


## An empty schema is one of no arguments.
static func _closed(schema: Dictionary) -> Dictionary:
	return schema if not schema.is_empty() else {"type": "object", "properties": {}}


func _drop_orphans() -> void:
	for name: String in _prompts.keys():
		if not (_prompts[name]["handler"] as CustomHandler).is_alive():
			_prompts.erase(name)


func _flaw(name: String, description: String, schema: Dictionary, handler: Callable) -> String:
	if RegEx.create_from_string(NAME_PATTERN).search(name) == null:
		return "its name must be 'verb_object' in lower case, of at most 60 letters."
	if RESERVED_NAMES.has(name):
		return "every project has a prompt of this name."
	if not handler.is_valid():
		return "its handler cannot be called."
	if description.length() > MAX_DESCRIPTION:
		return "its description has more than %d characters." % MAX_DESCRIPTION
	if not _prompts.has(name) and _prompts.size() >= MAX_PROMPTS:
		return "there are %d already." % MAX_PROMPTS
	var problem := ParamsSchema.flaw(schema)
	return problem if not problem.is_empty() else _flaw_of_arguments(schema.get("properties", {}))


static func _flaw_of_arguments(properties: Dictionary) -> String:
	if properties.size() > MAX_ARGUMENTS:
		return "it has more than %d arguments." % MAX_ARGUMENTS
	for argument: Variant in properties:
		var property: Dictionary = properties[argument]
		if property.get("type") != "string":
			return "'%s' must be of type string: that is what agents fill in." % argument
		if str(argument).length() > 60 or str(property.get("description", "")) \
				.length() > MAX_DESCRIPTION:
			return "the name or the description of '%s' is too long." % str(argument).left(60)
	return ""
