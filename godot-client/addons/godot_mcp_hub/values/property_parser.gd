## Reads the value syntax of PROTOCOL.md by the type of the property that is meant. Nothing is
## evaluated, nothing guessed.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const ContainerTypes := preload("container_types.gd")
const EngineText := preload("engine_text.gd")
const EnumLabels := preload("enum_labels.gd")
const HeldPaths := preload("held_paths.gd")
const NodePaths := preload("node_paths.gd")
const NumberTypes := preload("number_types.gd")
const ParsedValue := preload("parsed_value.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyValues := preload("property_values.gd")
const ResourceParser := preload("resource_parser.gd")
const TextLimits := preload("../texts/text_limits.gd")
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

## What the engine made of values by its own rules.
var notes: Array[String] = []
## False where who writes the values looks himself at the paths that are relative to what other
## properties lead to.
var judges_relative_to_others: bool = true

var _resources: ResourceParser
## The scene's root, for references to nodes; null when there is none.
var _root: Node
## What the values may be; null in a game, whose own business that is.
var _rules: ValueRules = null
## The node whose properties are read; null when they are no node's.
var _base: Node
## The resource whose properties are read now, within the value; null for those of the node.
var _resource: Resource = null
## The property that is read now.
var _property: String = ""


## `permissions` are those of the request that writes the values; `base` is the node whose
## properties they are, if they are a node's.
func _init(root: Node = null, permissions: Permissions = null, base: Node = null) -> void:
	_root = root
	if permissions != null:
		_rules = ValueRules.new(permissions, root)
	_base = base
	_resources = ResourceParser.new(_parse_in_resource, notes, permissions)


## Lets values hold what can only be seen when they are in their place, and gives where that is put
## down: who writes the values looks at it then (PropertyWriter.of_parts).
func keep_unseen() -> Array:
	_resources.unseen = []
	return _resources.unseen


## Reads `given` for a property. `info` is an entry of Object.get_property_list(), `current` its
## value: typed containers stay typed.
func parse(given: Variant, info: Dictionary, current: Variant = null) -> ParsedValue:
	# Elements of a container have no name.
	_property = info.get("name", _property)
	var parsed := _parse(given, info, current)
	if _rules == null or not parsed.fits():
		return parsed
	var is_from_other := _base != null and HeldPaths.is_from_other(_base, _resource, _property)
	_rules.takes_relative_paths = is_from_other and not judges_relative_to_others
	# A ViewportTexture's path, and those in a file, are relative to the scene's root.
	return _rules.judge(parsed, info, current, null if is_from_other or _resource is ViewportTexture
			else _base)


func _parse_in_resource(given: Variant, info: Dictionary, current: Variant,
		resource: Resource) -> ParsedValue:
	var outer := _resource
	var outer_property := _property
	_resource = resource
	var parsed := parse(given, info, current)
	_resource = outer
	_property = outer_property
	return parsed


func _parse(given: Variant, info: Dictionary, current: Variant) -> ParsedValue:
	var type: int = info["type"]
	if NumberTypes.MEMBERS.has(type):
		return _or_misfit(NumberTypes.from_json(type, given), NumberTypes.example(type))
	if PACKED_ELEMENTS.has(type):
		return _packed(given, type)
	if given is Dictionary and (given as Dictionary).get("truncated") == true:
		return ParsedValue.misfit(
				"all of it: this is a short form; with whole:true a read tells all")
	match type:
		TYPE_NIL: return _free(given, current)
		TYPE_BOOL: return _bool(given)
		TYPE_INT: return _int(given, info)
		TYPE_FLOAT: return _or_misfit(NumberTypes.number(given),
				'a number, or {"type":"float","value":"inf"}')
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
	return ParsedValue.of(given == "true") if given is String and given in ["true", "false"] \
			else ParsedValue.misfit("true or false")


static func _int(given: Variant, info: Dictionary) -> ParsedValue:
	if given is String and (given as String).is_valid_int():
		return ParsedValue.of((given as String).to_int())
	if not NumberTypes.is_whole(given):
		return _labelled(given, EnumLabels.of(info))
	if absf(given) > EXACT_INT_LIMIT:
		return ParsedValue.misfit(
				"an integer; beyond 2^53 written as a string, so that no digit is lost")
	return ParsedValue.of(int(given))


static func _labelled(given: Variant, labels: EnumLabels) -> ParsedValue:
	var value: Variant = null
	if given is String:
		value = labels.value_of(given)
	elif given is Array and labels.are_flags:
		value = labels.flags_of(given)
	var form := "an integer, or an array of" if labels.are_flags else "an integer or one of"
	return _or_misfit(value, "an integer" if labels.is_empty()
			else "%s: %s" % [form, labels.shown()])


## A text that the engine reads as code has to be one that its parser can take.
static func _text(given: Variant, info: Dictionary) -> ParsedValue:
	given = _plain_text(given)
	if not given is String:
		return ParsedValue.misfit("a string")
	var problem := ""
	if info.get("hint", PROPERTY_HINT_NONE) == PROPERTY_HINT_EXPRESSION \
			or info.get("name") == "expression":
		problem = TextLimits.problem_of_script(given)
	elif info.get("name") == "code":
		problem = TextLimits.problem_of_shader(given)
	return ParsedValue.of(given) if problem.is_empty() \
			else ParsedValue.misfit("code that the engine can be given. %s" % problem)


## A text that looks like a value of another type is written as {"type":"String","value":"Vector2(1,
## 2)"}.
static func _plain_text(given: Variant) -> Variant:
	var is_marked: bool = given is Dictionary and given.get("type") == "String" \
			and given.size() == 2
	return given.get("value") if is_marked else given


static func _named(given: Variant, head: String, tail: String, type: int) -> ParsedValue:
	if not given is String:
		return ParsedValue.misfit("a string")
	var text: String = given
	if text.begins_with(head) and text.ends_with(tail) \
			and text.length() >= head.length() + tail.length():
		text = text.substr(head.length(), text.length() - head.length() - tail.length())
	return ParsedValue.of(type_convert(text, type))


## A property that takes any type: JSON as it is, typed objects as what they say. `current` is what
## is there: JSON does not say of 2 whether it is 2.0, nor of a text whether it is a name.
func _free(given: Variant, current: Variant) -> ParsedValue:
	if given is String:
		return _free_text(given, current)
	if given is Dictionary and (given as Dictionary).get("type") is String:
		var name: String = given["type"]
		if name == "String" and _plain_text(given) is String:
			return ParsedValue.of(_plain_text(given))
		if name == "float":
			return _or_misfit(NumberTypes.number(given), '{"type":"float","value":"inf"}')
		if name == "Resource" or name == "Node":
			return _object(given,
					{"hint": PROPERTY_HINT_NODE_TYPE if name == "Node"
					else PROPERTY_HINT_RESOURCE_TYPE})
		for type: int in NumberTypes.MEMBERS:
			if type_string(type) == name:
				return _or_misfit(NumberTypes.from_json(type, given), NumberTypes.example(type))
	if given is Dictionary:
		return _dictionary(given, {}, current)
	if given is Array:
		return _packed(given, typeof(current)) if PACKED_ELEMENTS.has(typeof(current)) \
				else _array(given, {}, current)
	var is_int: bool = NumberTypes.is_whole(given) and absf(given) <= EXACT_INT_LIMIT \
			and not current is float
	return ParsedValue.of(int(given) if is_int else given)


func _free_text(given: String, current: Variant) -> ParsedValue:
	if current is StringName or current is NodePath:
		return _parse(given, {"type": typeof(current)}, null)
	var value: Variant = EngineText.value_of(given)
	return ParsedValue.of(given if value == null else value)


func _object(given: Variant, info: Dictionary) -> ParsedValue:
	if given == null:
		return ParsedValue.of(null)
	var hint: String = info.get("hint_string", "")
	if info.get("hint", PROPERTY_HINT_NONE) == PROPERTY_HINT_NODE_TYPE:
		return _node(given, hint)
	return _resources.parse(given, hint)


func _node(given: Variant, hint: String) -> ParsedValue:
	var path: Variant = given.get("path") if given is Dictionary and given.get("type") == "Node" \
			else given
	var node: Node = NodePaths.find(_root, path) if path is String and _root != null else null
	if node == null or not ClassNames.is_any_of(node, hint):
		return ParsedValue.misfit("the path of a %s in this scene"
				% (hint if not hint.is_empty() else "Node"))
	return ParsedValue.of(node)


func _array(given: Variant, info: Dictionary, current: Variant) -> ParsedValue:
	if not given is Array:
		return ParsedValue.misfit("an array")
	var there: Array = current if current is Array else []
	var values := ContainerTypes.empty_array(current, info)
	var element := ContainerTypes.element_info(values, info)
	for index: int in (given as Array).size():
		var parsed := parse(given[index], element, there[index] if index < there.size() else null)
		if not parsed.fits():
			return parsed.of_part("at [%d]" % index)
		values.append(parsed.value)
	return ParsedValue.of(values)


func _packed(given: Variant, type: int) -> ParsedValue:
	var name := type_string(type)
	if given is String:
		return _or_misfit(EngineText.packed(given, type), "an array, or text such as %s" % (
				"PackedByteArray(\"AAEC\")" if type == TYPE_PACKED_BYTE_ARRAY else name + "(...)"))
	if not given is Array:
		return ParsedValue.misfit("an array, or %s(...) as text%s" % [name,
				"; this is a short form, with whole:true a read tells all" if given is Dictionary
				else ""])
	var values: Array = []
	for index: int in (given as Array).size():
		var parsed := parse(given[index], {"type": PACKED_ELEMENTS[type]})
		if parsed.fits() and type == TYPE_PACKED_BYTE_ARRAY \
				and (parsed.value < 0 or parsed.value > 255):
			parsed = ParsedValue.misfit("an integer between 0 and 255")
		if not parsed.fits():
			return parsed.of_part("at [%d]" % index)
		values.append(parsed.value)
	return ParsedValue.of(type_convert(values, type))


func _dictionary(given: Variant, info: Dictionary, current: Variant) -> ParsedValue:
	if not given is Dictionary:
		return ParsedValue.misfit("an object")
	var there: Dictionary = current if current is Dictionary else {}
	var names: Dictionary = {}
	for key: Variant in there:
		names[PropertyValues.key_text(key)] = key
	var values := ContainerTypes.empty_dictionary(current)
	var key_info := ContainerTypes.part_info(values, ContainerTypes.KEY, info)
	var value_info := ContainerTypes.part_info(values, ContainerTypes.VALUE, info)
	for key: String in given:
		# A key that is there is meant as it is: "1" is the number 1 where that is one.
		var parsed_key := ParsedValue.of(names[key]) if names.has(key) else parse(key, key_info)
		var parsed := parse(given[key], value_info, there[names[key]] if names.has(key) else null)
		for part: ParsedValue in [parsed_key, parsed]:
			if not part.fits():
				return part.of_part("at '%s'" % key)
		values[parsed_key.value] = parsed.value
	return ParsedValue.of(values)

