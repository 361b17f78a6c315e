## What a class has, as the engine knows it: classes of the engine, and those that scripts declare.
extends RefCounted

const PropertyValues := preload("../values/property_values.gd")
const TypeNames := preload("../values/type_names.gd")

const SECTIONS: Array[String] = ["properties", "methods", "signals", "enums", "constants"]
## Marks a method that is not meant to be called from outside.
const PRIVATE_MARK := "_"


## Members of a class of the engine, those of its bases too when `inherited`.
static func of_engine(name: String, inherited: bool, sections: Array) -> Dictionary:
	var own := not inherited
	var described: Dictionary = {
		"name": name, "source": "engine", "base": ClassDB.get_parent_class(name),
		"inherits": _ancestors(name),
		"instantiable": ClassDB.can_instantiate(name),
		"inheriters": Array(ClassDB.get_inheriters_from_class(name)).size(),
	}
	for section: String in sections:
		match section:
			"properties": described[section] = _properties(
					ClassDB.class_get_property_list(name, own), name)
			"methods": described[section] = _methods(ClassDB.class_get_method_list(name, own))
			"signals": described[section] = _signals(ClassDB.class_get_signal_list(name, own))
			"enums": described[section] = _enums(name, own)
			"constants": described[section] = _constants(name, own)
	return described


## Members of a class that a script declares; its own only, or those of its base scripts too.
static func of_script(entry: Dictionary, script: Script, inherited: bool,
		sections: Array) -> Dictionary:
	var base := script.get_base_script()
	var described: Dictionary = {
		"name": entry["class"], "source": entry["path"], "base": entry["base"],
		"inherits": ([] if base == null else _script_ancestors(base))
		+ [String(script.get_instance_base_type())] + _ancestors(script.get_instance_base_type()),
		"instantiable": not script.is_abstract() if script.has_method("is_abstract") else true,
	}
	var left_out := base if not inherited else null
	for section: String in sections:
		match section:
			"properties": described[section] = _properties(
					_own(script.get_script_property_list(), left_out, "get_script_property_list"),
					"")
			"methods": described[section] = _methods(
					_own(script.get_script_method_list(), left_out, "get_script_method_list"))
			"signals": described[section] = _signals(
					_own(script.get_script_signal_list(), left_out, "get_script_signal_list"))
			"constants": described[section] = PropertyValues.to_json(
					script.get_script_constant_map(), null)
	return described


static func _ancestors(name: StringName) -> Array:
	var ancestors: Array = []
	var at := ClassDB.get_parent_class(name)
	while not at.is_empty():
		ancestors.append(String(at))
		at = ClassDB.get_parent_class(at)
	return ancestors


static func _script_ancestors(script: Script) -> Array:
	var ancestors: Array = []
	while script != null:
		ancestors.append(String(script.get_global_name()) if not script.get_global_name().is_empty()
				else script.resource_path)
		script = script.get_base_script()
	return ancestors


static func _own(list: Array[Dictionary], base: Script, asked: StringName) -> Array[Dictionary]:
	if base == null:
		return list
	var inherited: Dictionary = {}
	for info: Dictionary in base.call(asked):
		inherited[info["name"]] = true
	return list.filter(func(info: Dictionary) -> bool: return not inherited.has(info["name"]))


static func _properties(list: Array[Dictionary], type: String) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for info: Dictionary in list:
		if not info["usage"] & (
				PROPERTY_USAGE_STORAGE | PROPERTY_USAGE_EDITOR | PROPERTY_USAGE_SCRIPT_VARIABLE):
			continue
		var property: Dictionary = {"name": info["name"], "type": TypeNames.of(info)}
		var default: Variant = ClassDB.class_get_property_default_value(type, info["name"]) \
				if not type.is_empty() else null
		if default != null:
			property["default"] = PropertyValues.to_json(default, null)
		if info["hint"] == PROPERTY_HINT_ENUM or info["hint"] == PROPERTY_HINT_FLAGS:
			property["values"] = info["hint_string"]
		described.append(property)
	return described


static func _methods(list: Array[Dictionary]) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for info: Dictionary in list:
		if not (info["name"] as String).begins_with(PRIVATE_MARK) \
				or info["flags"] & METHOD_FLAG_VIRTUAL:
			described.append(TypeNames.method(info))
	return described


static func _signals(list: Array[Dictionary]) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for info: Dictionary in list:
		described.append({"name": info["name"], "args": TypeNames.arguments(info)})
	return described


static func _enums(name: String, own: bool) -> Dictionary:
	var described: Dictionary = {}
	for enumeration: String in ClassDB.class_get_enum_list(name, own):
		var values: Dictionary = {}
		for constant: String in ClassDB.class_get_enum_constants(name, enumeration, own):
			values[constant] = ClassDB.class_get_integer_constant(name, constant)
		described[enumeration] = values
	return described


## Constants that belong to no enum.
static func _constants(name: String, own: bool) -> Dictionary:
	var described: Dictionary = {}
	for constant: String in ClassDB.class_get_integer_constant_list(name, own):
		if ClassDB.class_get_integer_constant_enum(name, constant, own).is_empty():
			described[constant] = ClassDB.class_get_integer_constant(name, constant)
	return described
