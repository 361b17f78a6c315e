## A command of the project's own code.
@tool
extends "../requests/command.gd"

const CommandRequest := preload("../requests/command_request.gd")
const CustomHandler := preload("custom_handler.gd")
const ParamsSchema := preload("../requests/params_schema.gd")
const PropertyValues := preload("../values/property_values.gd")

var _description: String
var _schema: Dictionary
var _code: CustomHandler


func _init(command_name: String, description: String, schema: Dictionary, callable: Callable, reads_only: bool) -> void:
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
	return {"name": name, "description": _description, "readOnly": read_only, "paramsSchema": _schema}


func misfit(given: Dictionary) -> CommandResult:
	var problem := ParamsSchema.misfit(given, _schema, "params")
	return null if problem.is_empty() else CommandResult.failed("INVALID_PARAMS", "%s: %s" % [name, problem])


func _run(request: CommandRequest) -> CommandResult:
	if not is_alive():
		return CommandResult.failed("METHOD_NOT_FOUND", "%s has gone." % name)
	var result: Variant = await _code.answer(request.params, request)
	if result is CommandResult:
		return result
	if not result is Dictionary:
		return CommandResult.failed("INTERNAL_ERROR", "%s returned %s instead of a Dictionary." % [name, type_string(typeof(result))],
				"Its handler must return a Dictionary; the editor's output shows whether it broke off.")
	return CommandResult.succeeded(PropertyValues.to_json(result, EditorInterface.get_edited_scene_root()))
