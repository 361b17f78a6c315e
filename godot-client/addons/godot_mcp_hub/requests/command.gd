## One entry of the command table: a name, what it takes, and who carries it out.
extends RefCounted

const Command := preload("command.gd")
const CommandResult := preload("command_result.gd")
const NearNames := preload("../texts/near_names.gd")
const TextLimits := preload("../texts/text_limits.gd")

## Bounds of the numbers that mean the same in every command.
const BOUNDS: Dictionary = {
	"limit": [1, 5000],
	"depth": [0, 64],
	"index": [0, 1 << 31],
	"from": [1, 1 << 31],
	"to": [1, 1 << 31],
	"line": [1, 1 << 31],
	"column": [1, 1 << 31],
}
## Characters of a text, and of those that are whole files.
const TEXT_LENGTH := 8192
const FILE_LENGTHS: Dictionary = {"source": TextLimits.LENGTH, "code": TextLimits.LENGTH}
const TYPE_NAMES: Dictionary = {
	TYPE_STRING: "a string",
	TYPE_INT: "an integer",
	TYPE_FLOAT: "a number",
	TYPE_BOOL: "a boolean",
	TYPE_ARRAY: "an array",
	TYPE_DICTIONARY: "an object",
}

var name: String = ""
## Changes nothing, in the editor or on disk.
var read_only: bool = false
## May take seconds: the caller's later commands do not wait for it.
var long: bool = false
## Runs only with confirm:true.
var needs_confirmation: bool = false
## Takes a CommandRequest, returns a CommandResult; may await.
var handler: Callable
## Variant.Type by parameter name; TYPE_NIL for one that takes any value.
var params: Dictionary = {}
## Names of the parameters that may be left out.
var optional: Array[String] = []

## Keeps the handler's group alive: a Callable does not.
var group: RefCounted = null


## A command that changes nothing. In `parameters`, a name that ends in "?" may be left out.
static func read(command_name: String, carried_out_by: Callable,
		parameters: Dictionary = {}) -> Command:
	var command := Command.new()
	command.name = command_name
	command.handler = carried_out_by
	command.group = carried_out_by.get_object()
	command.read_only = true
	for parameter: String in parameters:
		var plain := parameter.trim_suffix("?")
		command.params[plain] = parameters[parameter]
		if plain != parameter:
			command.optional.append(plain)
	return command


## A command that changes something.
static func write(command_name: String, carried_out_by: Callable,
		parameters: Dictionary = {}) -> Command:
	var command := read(command_name, carried_out_by, parameters)
	command.read_only = false
	return command


func that_takes_long() -> Command:
	long = true
	return self


## For what loses files that undo does not bring back: it takes a parameter `confirm`, which must be
## true.
func that_needs_confirmation() -> Command:
	needs_confirmation = true
	params["confirm"] = TYPE_BOOL
	optional.append("confirm")
	return self


## Null when `given` fits; otherwise the error in it. Whole numbers become integers in place,
## and a scene's file gets the name that it has here.
func misfit(given: Dictionary) -> CommandResult:
	_rename(given, "path", "scene")
	if name.begins_with("scene."):
		_rename(given, "scene", "path")
	for parameter: String in given:
		if not params.has(parameter):
			return CommandResult.failed("INVALID_PARAMS",
					"%s has no parameter '%s'." % [name, parameter],
					"Its parameters: %s." % ", ".join(PackedStringArray(params.keys())),
					NearNames.of(parameter, params.keys()))
	for parameter: String in params:
		if given.has(parameter):
			var problem := _misfit_of(parameter, given)
			if not problem.is_empty():
				return CommandResult.failed("INVALID_PARAMS",
						"%s: '%s' must be %s." % [name, parameter, problem])
		elif not optional.has(parameter):
			return CommandResult.failed("INVALID_PARAMS", "%s needs '%s'." % [name, parameter])
	if needs_confirmation and not given.get("confirm", false):
		return CommandResult.failed("INVALID_PARAMS",
				"%s cannot be undone: it needs confirm:true." % name,
				"Be sure that this is meant, then repeat it with confirm:true.")
	return null


## Where only `its_name` is a parameter, and it was not given, a file that was given as `other` is
## meant.
func _rename(given: Dictionary, other: String, its_name: String) -> void:
	var is_file: bool = given.get(other) is String and (given[other] as String).contains("://")
	if is_file and params.has(its_name) and not params.has(other) and not given.has(its_name):
		given[its_name] = given[other]
		given.erase(other)


func _misfit_of(parameter: String, given: Dictionary) -> String:
	var type: int = params[parameter]
	var value: Variant = given[parameter]
	if type == TYPE_NIL or (type == TYPE_FLOAT and value is int):
		return ""
	if type != TYPE_INT:
		return TYPE_NAMES[type] if typeof(value) != type else _too_long(parameter, value)
	if not (value is float or value is int) or value != floor(value):
		return TYPE_NAMES[type]
	given[parameter] = int(value)
	if BOUNDS.has(parameter) and (value < BOUNDS[parameter][0] or value > BOUNDS[parameter][1]):
		return "between %d and %d" % BOUNDS[parameter]
	return ""


static func _too_long(parameter: String, value: Variant) -> String:
	var most: int = FILE_LENGTHS.get(parameter, TEXT_LENGTH)
	return "at most %d characters long" % most if value is String \
			and (value as String).length() > most else ""
