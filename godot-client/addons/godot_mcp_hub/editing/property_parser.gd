## Reads the value syntax of PROTOCOL.md by the type of the property that is meant. Nothing is evaluated, nothing guessed.
extends RefCounted

const ClassNames := preload("class_names.gd")
const EnumLabels := preload("enum_labels.gd")
const NodePaths := preload("node_paths.gd")
const NumberTypes := preload("number_types.gd")
const ParsedValue := preload("parsed_value.gd")
const Permissions := preload("permissions.gd")
const Protocol := preload("../protocol.gd")
const ResourceParser := preload("resource_parser.gd")
const TextLimits := preload("text_limits.gd")
const ValueRules := preload("value_rules.gd")

## Whole numbers beyond this lose their last digits in JSON: they are given as text.
const EXACT_INT_LIMIT := 9007199254740992.0
const PACKED_ELEMENTS: Dictionary = {
	TYPE_PACKED_BYTE_ARRAY: TYPE_INT,
	TYPE_PACKED_INT32_ARRAY: TYPE_INT,
	TYPE_PACKED_INT64_ARRAY: TYPE_INT,
	TYPE_PACKED_FLOAT32_ARRAY: TYPE_FLOAT,
	TYPE_PACKED_FLOAT64_ARRAY: TYPE_FLOAT,
	TYPE_PACKED_STRING_ARRAY: TYPE_STRING,
	TYPE_PACKED_VECTOR2_ARRAY: TYPE_VECTOR2,
	TYPE_PACKED_VECTOR3_ARRAY: TYPE_VECTOR3,
	TYPE_PACKED_COLOR_ARRAY: TYPE_COLOR,
	TYPE_PACKED_VECTOR4_ARRAY: TYPE_VECTOR4,
}

## What the engine made of values by rules of its own.
var notes: Array[String] = []

var _resources: ResourceParser
## The scene's root, for references to nodes; null when there is none.
var _root: Node
## What the values may be; null in a game, whose own business that is.
var _rules: ValueRules = null
## The node whose properties are read; null when they are no node's.
var _base: Node
## How deep in resources that are values the parser is: paths of nodes there are relative to the scene's root.
var _resource_depth: int = 0


## `permissions` are those of the request that writes the values; `base` is the node whose properties they are, if they are a node's.
func _init(root: Node = null, permissions: Permissions = null, base: Node = null) -> void:
	_root = root
	if permissions != null:
		_rules = ValueRules.new(permissions, root)
	_base = base
	_resources = ResourceParser.new(_parse_in_resource, notes, permissions)


## Reads `given` for a property. `info` is an entry of Object.get_property_list(), `current` its value: typed containers stay typed.
func parse(given: Variant, info: Dictionary, current: Variant = null) -> ParsedValue:
	var parsed := _parse(given, info, current)
	if _rules == null or not parsed.fits():
		return parsed
	return _rules.judge(parsed, info, current, _base if _resource_depth == 0 else null)


func _parse_in_resource(given: Variant, info: Dictionary, current: Variant) -> ParsedValue:
	_resource_depth += 1
	var parsed := parse(given, info, current)
	_resource_depth -= 1
	return parsed


func _parse(given: Variant, info: Dictionary, current: Variant) -> ParsedValue:
	var type: int = info["type"]
	if NumberTypes.MEMBERS.has(type):
		return _or_misfit(NumberTypes.from_json(type, given), _example(type))
	if PACKED_ELEMENTS.has(type):
		return _packed(given, type)
	match type:
		TYPE_NIL: return _free(given)
		TYPE_BOOL: return _bool(given)
		TYPE_INT: return _int(given, info)
		TYPE_FLOAT: return _or_misfit(NumberTypes.number(given), 'a number, or {"type":"float","value":"inf"}')
		TYPE_STRING: return _text(given, info)
		TYPE_STRING_NAME: return _named(given, '&"', '"', TYPE_STRING_NAME)
		TYPE_NODE_PATH: return _named(given, 'NodePath("', '")', TYPE_NODE_PATH)
		TYPE_OBJECT: return _object(given, info)
		TYPE_ARRAY: return _array(given, info, current)
		TYPE_DICTIONARY: return _dictionary(given, info, current)
	return ParsedValue.misfit("%s, which cannot be set from outside" % type_string(type))


static func _or_misfit(value: Variant, expected: String) -> ParsedValue:
	return ParsedValue.misfit(expected) if value == null else ParsedValue.of(value)


static func _bool(given: Variant) -> ParsedValue:
	if given is bool:
		return ParsedValue.of(given)
	return ParsedValue.of(given == "true") if given is String and given in ["true", "false"] else ParsedValue.misfit("true or false")


static func _int(given: Variant, info: Dictionary) -> ParsedValue:
	var hint: String = info.get("hint_string", "")
	var is_enum: bool = info.get("hint", PROPERTY_HINT_NONE) == PROPERTY_HINT_ENUM
	var expected := "an integer" if not is_enum else "an integer or one of: %s" % hint
	if given is String:
		if is_enum and EnumLabels.value_of(given, hint) != null:
			return ParsedValue.of(EnumLabels.value_of(given, hint))
		return ParsedValue.of((given as String).to_int()) if (given as String).is_valid_int() else ParsedValue.misfit(expected)
	if given is Array and info.get("hint", PROPERTY_HINT_NONE) == PROPERTY_HINT_FLAGS:
		return _or_misfit(EnumLabels.flags_of(given, hint), "an integer, or an array of: %s" % hint)
	if not NumberTypes.is_whole(given):
		return ParsedValue.misfit(expected)
	if absf(given) > EXACT_INT_LIMIT:
		return ParsedValue.misfit("an integer; beyond 2^53 written as a string, so that no digit is lost")
	return ParsedValue.of(int(given))


## A text that the engine reads as code has to be one that its parser can take.
static func _text(given: Variant, info: Dictionary) -> ParsedValue:
	if not given is String:
		return ParsedValue.misfit("a string")
	var problem := ""
	if info.get("hint", PROPERTY_HINT_NONE) == PROPERTY_HINT_EXPRESSION or info.get("name") == "expression":
		problem = TextLimits.problem_of_script(given)
	elif info.get("name") == "code":
		problem = TextLimits.problem_of_shader(given)
	return ParsedValue.of(given) if problem.is_empty() else ParsedValue.misfit("code that the engine can be given. %s" % problem)


static func _named(given: Variant, head: String, tail: String, type: int) -> ParsedValue:
	if not given is String:
		return ParsedValue.misfit("a string")
	var text: String = given
	if text.begins_with(head) and text.ends_with(tail) and text.length() >= head.length() + tail.length():
		text = text.substr(head.length(), text.length() - head.length() - tail.length())
	return ParsedValue.of(type_convert(text, type))


## A property that takes any type: JSON as it is, typed objects as what they say.
func _free(given: Variant) -> ParsedValue:
	if given is Dictionary and (given as Dictionary).get("type") is String:
		var name: String = given["type"]
		if name == "float":
			return _or_misfit(NumberTypes.number(given), '{"type":"float","value":"inf"}')
		if name == "Resource" or name == "Node":
			return _object(given, {"hint": PROPERTY_HINT_NODE_TYPE if name == "Node" else PROPERTY_HINT_RESOURCE_TYPE})
		for type: int in NumberTypes.MEMBERS:
			if type_string(type) == name:
				return _or_misfit(NumberTypes.from_json(type, given), _example(type))
	if given is Dictionary:
		return _dictionary(given, {}, null)
	if given is Array:
		return _array(given, {}, null)
	return ParsedValue.of(int(given) if NumberTypes.is_whole(given) and absf(given) <= EXACT_INT_LIMIT else given)


func _object(given: Variant, info: Dictionary) -> ParsedValue:
	if given == null:
		return ParsedValue.of(null)
	var hint: String = info.get("hint_string", "")
	if info.get("hint", PROPERTY_HINT_NONE) == PROPERTY_HINT_NODE_TYPE:
		return _node(given, hint)
	return _resources.parse(given, hint)


func _node(given: Variant, hint: String) -> ParsedValue:
	var path: Variant = given.get("path") if given is Dictionary and given.get("type") == "Node" else given
	var node: Node = NodePaths.find(_root, path) if path is String and _root != null else null
	if node == null or not ClassNames.is_any_of(node, hint):
		return ParsedValue.misfit("the path of a %s in this scene" % (hint if not hint.is_empty() else "Node"))
	return ParsedValue.of(node)


func _array(given: Variant, info: Dictionary, current: Variant) -> ParsedValue:
	if not given is Array:
		return ParsedValue.misfit("an array")
	var values: Array = []
	if current is Array:
		values = (current as Array).duplicate()
		values.clear()
	var element := _element_info(values, info)
	for index: int in (given as Array).size():
		var parsed := parse(given[index], element)
		if not parsed.fits():
			return parsed.of_part("at [%d]" % index)
		values.append(parsed.value)
	return ParsedValue.of(values)


static func _element_info(values: Array, info: Dictionary) -> Dictionary:
	if not values.is_typed():
		return {"type": TYPE_NIL}
	return _info_of(values.get_typed_builtin(), values.get_typed_class_name(), values.get_typed_script(), info.get("hint_string", ""))


## Property info of an element of a typed container.
static func _info_of(type: int, type_name: StringName, script: Script, element_hint: String) -> Dictionary:
	if type != TYPE_OBJECT:
		return {"type": type}
	var hint := String(script.get_global_name()) if script != null and not script.get_global_name().is_empty() else String(type_name)
	var is_node := ClassDB.is_parent_class(type_name, "Node") or element_hint.begins_with("%d/%d:" % [TYPE_OBJECT, PROPERTY_HINT_NODE_TYPE])
	return {"type": type, "hint": PROPERTY_HINT_NODE_TYPE if is_node else PROPERTY_HINT_RESOURCE_TYPE, "hint_string": hint}


func _packed(given: Variant, type: int) -> ParsedValue:
	if not given is Array:
		return ParsedValue.misfit("an array")
	var values: Array = []
	for index: int in (given as Array).size():
		var parsed := parse(given[index], {"type": PACKED_ELEMENTS[type]})
		if parsed.fits() and type == TYPE_PACKED_BYTE_ARRAY and (parsed.value < 0 or parsed.value > 255):
			parsed = ParsedValue.misfit("an integer between 0 and 255")
		if not parsed.fits():
			return parsed.of_part("at [%d]" % index)
		values.append(parsed.value)
	return ParsedValue.of(type_convert(values, type))


func _dictionary(given: Variant, _info: Dictionary, current: Variant) -> ParsedValue:
	if not given is Dictionary:
		return ParsedValue.misfit("an object")
	var values: Dictionary = {}
	if current is Dictionary:
		values = (current as Dictionary).duplicate()
		values.clear()
	for key: String in given:
		var parsed_key := parse(key, {"type": _typed_of(values, "key")})
		var parsed := parse(given[key], {"type": _typed_of(values, "value"), "hint": PROPERTY_HINT_RESOURCE_TYPE})
		for part: ParsedValue in [parsed_key, parsed]:
			if not part.fits():
				return part.of_part("at '%s'" % key)
		values[parsed_key.value] = parsed.value
	return ParsedValue.of(values)


## Variant.Type of a typed dictionary's keys or values. Typed dictionaries came with 4.4, so they are asked by name.
static func _typed_of(values: Dictionary, part: String) -> int:
	var ask := Callable.create(values, "get_typed_%s_builtin" % part)
	return ask.call() if ask.is_valid() else TYPE_NIL


static func _example(type: int) -> String:
	var example: Variant = NumberTypes.to_json(type_convert(null, type))
	return "%s such as %s" % [type_string(type), Protocol.encode_value(example)]
