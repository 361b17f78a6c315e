## Writes types and signatures as GDScript would: of property infos, method infos and signal infos
## of the engine.
extends RefCounted

const PropertyValues := preload("property_values.gd")


## Type of a property or an argument, an entry of Object.get_property_list().
static func of(info: Dictionary) -> String:
	var type: int = info["type"]
	var class_text := String(info.get("class_name", ""))
	if type == TYPE_NIL:
		return "Variant" if int(info.get("usage", 0)) & PROPERTY_USAGE_NIL_IS_VARIANT else "void"
	if not class_text.is_empty() and (type == TYPE_OBJECT
			or int(info.get("usage", 0)) & PROPERTY_USAGE_CLASS_IS_ENUM):
		return class_text
	if type == TYPE_OBJECT:
		var hint := String(info.get("hint_string", ""))
		return hint if not hint.is_empty() and not hint.contains(",") else "Object"
	if type == TYPE_ARRAY and info.get("hint", 0) == PROPERTY_HINT_ARRAY_TYPE \
			and not String(info["hint_string"]).is_empty():
		return "Array[%s]" % info["hint_string"]
	return type_string(type)


## Members of a method: {name, args, returns, static?, virtual?, varargs?}.
static func method(info: Dictionary) -> Dictionary:
	var described: Dictionary = {"name": info["name"], "args": arguments(info),
			"returns": of(info["return"])}
	var flags: int = info.get("flags", 0)
	if flags & METHOD_FLAG_STATIC:
		described["static"] = true
	if flags & METHOD_FLAG_VIRTUAL:
		described["virtual"] = true
	if flags & METHOD_FLAG_VARARG:
		described["varargs"] = true
	return described


## Arguments {name, type, default?} of a method or a signal.
static func arguments(info: Dictionary) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	var given: Array = info["args"]
	var defaults: Array = info.get("default_args", [])
	for index: int in given.size():
		var argument: Dictionary = {"name": given[index]["name"],
				"type": _of_argument(given[index])}
		var at := index - (given.size() - defaults.size())
		if at >= 0:
			argument["default"] = PropertyValues.to_json(defaults[at], null)
		described.append(argument)
	return described


## An argument without a type takes everything.
static func _of_argument(info: Dictionary) -> String:
	var type := of(info)
	return "Variant" if type == "void" else type
