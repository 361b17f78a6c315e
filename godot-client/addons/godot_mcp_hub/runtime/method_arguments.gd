## The arguments of a method call, read by the types that the method declares.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const NearNames := preload("../texts/near_names.gd")
const ParsedValue := preload("../values/parsed_value.gd")
const PropertyParser := preload("../values/property_parser.gd")

var values: Array = []

var _root: Node
var _node: Node
var _method: String


func _init(root: Node, node: Node, method: String) -> void:
	_root = root
	_node = node
	_method = method


## Null when `given` fits; otherwise what is wrong with it.
func read(given: Array) -> CommandResult:
	var infos := _node.get_method_list().filter(func(each: Dictionary) -> bool: return each["name"] == _method)
	if infos.is_empty():
		return _unknown_method()
	var info: Dictionary = infos[0]
	var expected: Array = info["args"]
	var least: int = expected.size() - (info["default_args"] as Array).size()
	if given.size() < least or (given.size() > expected.size() and not info["flags"] & METHOD_FLAG_VARARG):
		return CommandResult.failed("INVALID_PARAMS", "%s takes %s arguments; given were %d." % [
				_method, str(least) if least == expected.size() else "%d to %d" % [least, expected.size()], given.size()])
	for index: int in given.size():
		var parsed := _parse(given[index], expected[index] if index < expected.size() else {"type": TYPE_NIL})
		if not parsed.fits():
			return CommandResult.failed("INVALID_PARAMS", "Argument %d of %s must be %s." % [index + 1, _method, parsed.expected])
		values.append(parsed.value)
	return null


func _parse(given: Variant, info: Dictionary) -> ParsedValue:
	if info["type"] == TYPE_OBJECT:
		var is_node := ClassDB.is_parent_class(info.get("class_name", ""), "Node")
		info = info.merged({"hint": PROPERTY_HINT_NODE_TYPE if is_node else PROPERTY_HINT_RESOURCE_TYPE, "hint_string": ""}, true)
	return PropertyParser.new(_root).parse(given, info)


func _unknown_method() -> CommandResult:
	var names := _node.get_method_list().map(func(info: Dictionary) -> String: return info["name"])
	var near := NearNames.of(_method, names)
	return CommandResult.failed("NOT_FOUND", "%s '%s' has no method '%s'." % [_node.get_class(), _node.name, _method], NearNames.question(near), near)
