## Tells which properties of a node or resource differ from what it has without being touched.
extends RefCounted

const StoredValues := preload("../reading/stored_values.gd")


## Names of saved properties whose values are not their defaults.
static func changed_names(object: Object, infos: Dictionary) -> Array[String]:
	var names: Array[String] = []
	var stored := StoredValues.new(object)
	for name: String in infos:
		if infos[name]["usage"] & PROPERTY_USAGE_STORAGE \
				and not _is_default(object, name, stored.value(name)):
			names.append(name)
	return names


static func _is_default(object: Object, name: String, value: Variant) -> bool:
	if name == "script":
		return value == null
	var default: Variant = ClassDB.class_get_property_default_value(object.get_class(), name)
	var script: Script = object.get_script()
	while script != null and default == null:
		default = script.get_property_default_value(name)
		script = script.get_base_script()
	if typeof(value) == typeof(default):
		return is_same(value, default) or value == default
	return default == null and _is_empty(value)


## A property without a known default counts as untouched when it holds nothing.
static func _is_empty(value: Variant) -> bool:
	return value == null or value is Object and value == null or typeof(value) == TYPE_NODE_PATH \
			and (value as NodePath).is_empty()
