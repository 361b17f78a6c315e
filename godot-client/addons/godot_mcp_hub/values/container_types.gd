## What typed arrays and dictionaries hold: as they say themselves, or as properties and arguments
## declare it by their hints ("Vector2i", "24/17:Texture2D", "int;Item").
extends RefCounted

## PROPERTY_HINT_DICTIONARY_TYPE, which came with 4.4.
const DICTIONARY_HINT := 38
const ARRAY_HINTS: Array[int] = [PROPERTY_HINT_ARRAY_TYPE, PROPERTY_HINT_TYPE_STRING]
const KEY := "key"
const VALUE := "value"


## An empty array of the type of `current`, or else of the type of the engine that `info` declares.
static func empty_array(current: Variant, info: Dictionary) -> Array:
	if current is Array:
		var same: Array = (current as Array).duplicate()
		same.clear()
		if same.is_typed():
			return same
	var declared := _declared_elements(info)
	var type: int = declared["type"]
	var type_name := String(declared.get("hint_string", ""))
	if type == TYPE_NIL or type == TYPE_OBJECT and not ClassDB.class_exists(type_name):
		return []
	return Array([], type, StringName(type_name) if type == TYPE_OBJECT else &"", null)


## An empty dictionary of the type of `current`.
static func empty_dictionary(current: Variant) -> Dictionary:
	if not current is Dictionary:
		return {}
	var same: Dictionary = (current as Dictionary).duplicate()
	same.clear()
	return same


## Property info of an array's elements.
static func element_info(values: Array, info: Dictionary) -> Dictionary:
	if not values.is_typed():
		return _declared_elements(info)
	return _info_of(values.get_typed_builtin(), values.get_typed_class_name(),
			values.get_typed_script(), String(info.get("hint_string", "")))


## Property info of a dictionary's keys or values. Typed dictionaries came with 4.4, so they are
## asked by name.
static func part_info(values: Dictionary, part: String, info: Dictionary) -> Dictionary:
	var hint := ""
	if info.get("hint", PROPERTY_HINT_NONE) == DICTIONARY_HINT:
		hint = String(info["hint_string"]).get_slice(";", 0 if part == KEY else 1)
	var type: Variant = _ask(values, part, "builtin")
	if type == null or type == TYPE_NIL:
		return _declared(hint)
	return _info_of(type, _ask(values, part, "class_name"), _ask(values, part, "script"), hint)


static func _ask(values: Dictionary, part: String, what: String) -> Variant:
	var ask := Callable.create(values, "get_typed_%s_%s" % [part, what])
	return ask.call() if ask.is_valid() else null


static func _info_of(type: int, type_name: StringName, script: Script, hint: String) -> Dictionary:
	if type != TYPE_OBJECT:
		return {"type": type}
	var name := String(script.get_global_name()) if script != null else ""
	var is_node := ClassDB.is_parent_class(type_name, "Node") \
			or hint.begins_with("%d/%d:" % [TYPE_OBJECT, PROPERTY_HINT_NODE_TYPE])
	return {"type": type, "hint": PROPERTY_HINT_NODE_TYPE if is_node
			else PROPERTY_HINT_RESOURCE_TYPE,
			"hint_string": name if not name.is_empty() else String(type_name)}


static func _declared_elements(info: Dictionary) -> Dictionary:
	var is_declared := ARRAY_HINTS.has(info.get("hint", PROPERTY_HINT_NONE))
	return _declared(String(info.get("hint_string", "")) if is_declared else "")


## Property info of what a hint declares: a name of a type or class, or "type/hint:hint string".
static func _declared(hint: String) -> Dictionary:
	var head := hint.get_slice(":", 0)
	if hint.contains(":") and head.get_slice("/", 0).is_valid_int():
		return {"type": head.get_slice("/", 0).to_int(), "hint": head.get_slice("/", 1).to_int() \
				if head.contains("/") else PROPERTY_HINT_NONE,
				"hint_string": hint.substr(head.length() + 1)}
	for type: int in TYPE_MAX:
		if type_string(type) == hint and type != TYPE_NIL:
			return {"type": type}
	if hint.is_empty() or hint == "Variant":
		return {"type": TYPE_NIL}
	var is_node := ClassDB.class_exists(hint) and ClassDB.is_parent_class(hint, "Node")
	return {"type": TYPE_OBJECT, "hint_string": hint,
			"hint": PROPERTY_HINT_NODE_TYPE if is_node else PROPERTY_HINT_RESOURCE_TYPE}
