## What an agent may write as a value of a property, a setting, an argument or a key of an
## animation.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const FileValues := preload("file_values.gd")
const NodePaths := preload("node_paths.gd")
const ParsedValue := preload("parsed_value.gd")
const Permissions := preload("../requests/permissions.gd")
const TrackRules := preload("track_rules.gd")

const CALL := "([^\\s()\\[\\]{},+*/%<>=!&|^~.:-]*)\\s*\\("
## What an expression may call all the same: methods of the engine that only say something.
const PLAIN_CALLS: Array[String] = [
	"is_on_floor", "is_on_wall", "is_on_ceiling", "length", "length_squared", "abs", "sign", "min",
	"max", "clamp", "round", "floor", "ceil",
	"and", "or", "not", "in", "is_zero_approx", "is_equal_approx", "dot", "angle", "normalized",
	"distance_to", "is_playing", "is_visible", "is_stopped", "float", "int",
]

## Whether paths that begin nowhere absolute may be any: another one looks where they lead.
var takes_relative_paths: bool = false

var _permissions: Permissions
## The scene's root; null outside of scenes.
var _root: Node


func _init(permissions: Permissions, root: Node) -> void:
	_permissions = permissions
	_root = root


## The value that was read for the property of `info`, when it may be written. What is there already
## may be written again. `base` is the node that paths are relative to; null for what is no node's
## own: then it is the root.
func judge(parsed: ParsedValue, info: Dictionary, current: Variant, base: Node) -> ParsedValue:
	var value: Variant = parsed.value
	if typeof(value) == typeof(current) and value == current:
		return parsed
	if not FileValues.fits(value, info):
		return ParsedValue.misfit(FileValues.EXPECTED)
	var refusal := _refusal(value, info, base)
	return parsed if refusal == null else ParsedValue.refused(refusal)


func _refusal(value: Variant, info: Dictionary, base: Node) -> CommandResult:
	if value is Script:
		return _permissions.refusal(Permissions.ATTACH)
	if value == null and info.get("name") == "script":
		return _permissions.refusal(Permissions.DETACH)
	if info.get("name") == TrackRules.EXPRESSION and not ExecutionGate.is_open() \
			and _calls_something(value):
		return ExecutionGate.refusal(
				"An expression with calls, which an active AnimationTree evaluates in the editor,")
	if not value is NodePath:
		return null
	var refusal := TrackRules.refusal(value, _permissions)
	if refusal != null:
		return refusal
	var is_fine := not (value as NodePath).is_absolute() if takes_relative_paths \
			else not NodePaths.leads_out(_root, base, value)
	if ExecutionGate.is_open() or is_fine:
		return null
	return ExecutionGate.refusal_of_reach(
			"The path '%s' leads out of the scene, to what is the editor's or another scene's."
			% value)


static func _calls_something(expression: Variant) -> bool:
	for found: RegExMatch in RegEx.create_from_string(CALL).search_all(str(expression)):
		if not found.get_string(1).is_empty() and not PLAIN_CALLS.has(found.get_string(1)):
			return true
	return false
