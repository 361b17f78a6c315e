## Writes down values of the running game frame by frame: a table with a row for each moment.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const GameNodes := preload("game_nodes.gd")
const NumberTypes := preload("../values/number_types.gd")
const PropertyValues := preload("../values/property_values.gd")

const MOST_COLUMNS := 32
const MOST_CELLS := 20_000
## Heads the column that numbers the rows: frames since the beginning.
const FRAME_COLUMN := "frame"

## Rows {frame, value of each column}.
var rows: Array[Array] = []

var _root: Window
## Names as given, "Level/Player:position:x".
var _names: Array = []
var _every: int
## Type of each column's values, as first seen.
var _types: Array[String] = []


func _init(root: Window, request: CommandRequest) -> void:
	_root = root
	_names = request.params["columns"]
	_every = request.number("every", 1)
	_types.resize(_names.size())


## Null when a recording of so many frames can be made.
func refusal(frames: int) -> CommandResult:
	if _names.is_empty() or _names.size() > MOST_COLUMNS or _every < 1:
		return CommandResult.failed("INVALID_PARAMS",
				"'columns' must name 1 to %d properties, and 'every' be at least 1." % MOST_COLUMNS)
	@warning_ignore("integer_division")
	var cells := (frames / _every + 1) * _names.size()
	if cells > MOST_CELLS:
		return CommandResult.failed("INVALID_PARAMS",
				"That would be %d values; at most %d can be recorded." % [cells, MOST_CELLS],
				"Take fewer frames or columns, or only one frame in several with 'every'.")
	for name: Variant in _names:
		var misfit := _misfit_of(name)
		if misfit != null:
			return misfit
	return null


## Adds a row when it is due. A node that is not there has null for its values.
func take(frame: int) -> void:
	if frame % _every != 0:
		return
	var row: Array = [frame]
	for index: int in _names.size():
		var value: Variant = _value_of(_names[index])
		if value != null and _types[index].is_empty():
			_types[index] = type_string(typeof(value))
		row.append(_compact(value))
	rows.append(row)


## The table, as an answer has it.
func table() -> Dictionary:
	return {"columns": [FRAME_COLUMN] + _names, "types": ["int"] + _types, "rows": rows}


func _misfit_of(name: Variant) -> CommandResult:
	var parts := str(name).split(":", true, 1)
	if not name is String or parts.size() < 2 or parts[1].is_empty():
		return CommandResult.failed("INVALID_PARAMS",
				"A column is a node's path, a colon and a property, such as \"Level/Player:position\" or \"Level/Player:position:x\"; given was %s." % JSON.stringify(name))
	var node := GameNodes.find(_root, parts[0])
	if node == null:
		return GameNodes.not_found(_root, parts[0])
	var infos := GameNodes.property_infos(node)
	var property := parts[1].get_slice(":", 0)
	return null if infos.has(property) else GameNodes.unknown_property(node, property, infos)


func _value_of(name: String) -> Variant:
	var parts := name.split(":", true, 1)
	var node := GameNodes.find(_root, parts[0])
	return node.get_indexed(NodePath(parts[1])) if node != null else null


## A vector is the list of its numbers: the type stands once, above its column.
func _compact(value: Variant) -> Variant:
	var form: Variant = PropertyValues.to_json(value, _root)
	return _numbers(form) if NumberTypes.MEMBERS.has(typeof(value)) else form


static func _numbers(form: Dictionary) -> Array:
	var numbers: Array = []
	for member: String in form:
		if form[member] is Dictionary and not form[member].has("value"):
			numbers.append_array(_numbers(form[member]))
		elif member != "type":
			numbers.append(form[member])
	return numbers
