## Copies of the resources that a scene shares with nobody who only looks at it: those with a script
## that runs, those that keep such a one, and those that nodes change which have them.
extends RefCounted

const DormantScripts := preload("../reading/dormant_scripts.gd")
const PropertyDefaults := preload("../values/property_defaults.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const StoredValues := preload("../reading/stored_values.gd")

## Animations are changed through the nodes that play them; the others know the nodes that have them.
const CHANGED: Array[String] = ["Animation", "AnimationLibrary", "ButtonGroup", "CodeHighlighter",
		"GDScriptSyntaxHighlighter", "SkeletonModificationStack2D", "SyntaxHighlighter"]
const HOLDERS: Array[int] = [TYPE_OBJECT, TYPE_ARRAY, TYPE_DICTIONARY]

## The value that the copy has for one of the original: (value) -> value.
var _value_of_copy: Callable
## Whether a resource is not shared, by resource: true or false.
var _is_live: Dictionary = {}
var _copies: Dictionary = {}


func _init(value_of_copy: Callable) -> void:
	_value_of_copy = value_of_copy


## The value for a copy: a container is its own where it holds what is not shared.
func counterpart(value: Variant) -> Variant:
	if value is Resource:
		return _copy_of(value) if _is_not_shared(value) else value
	if value is Array and (value as Array).any(_holds_objects):
		return _array(value)
	if value is Dictionary and (value as Dictionary).values().any(_holds_objects):
		var values: Dictionary = (value as Dictionary).duplicate()
		for key: Variant in values:
			values[key] = _value_of_copy.call(values[key])
		return values
	return value


static func _holds_objects(value: Variant) -> bool:
	return typeof(value) in HOLDERS


## An array of a script's class takes no copies, which have another script.
func _array(array: Array) -> Array:
	var values: Array = array.duplicate() if array.get_typed_script() == null \
			else Array(array, array.get_typed_builtin(), array.get_typed_class_name(), null)
	for index: int in values.size():
		values[index] = _value_of_copy.call(values[index])
	return values


func _is_not_shared(resource: Resource) -> bool:
	if not _is_live.has(resource):
		_is_live[resource] = false
		_is_live[resource] = not resource is Script \
				and ClassDB.can_instantiate(resource.get_class()) and _has_to_be_copied(resource)
	return _is_live[resource]


func _has_to_be_copied(resource: Resource) -> bool:
	var script: Script = resource.get_script()
	if CHANGED.has(resource.get_class()) or script != null and script.can_instantiate():
		return true
	if resource is PackedScene:
		return false
	for info: Dictionary in resource.get_property_list():
		if info["usage"] & PROPERTY_USAGE_STORAGE and info["type"] in HOLDERS \
				and _is_in(resource.get(info["name"])):
			return true
	return false


func _is_in(value: Variant) -> bool:
	if value is Array:
		return (value as Array).any(_is_in)
	if value is Dictionary:
		return (value as Dictionary).values().any(_is_in)
	return value is Resource and _is_not_shared(value)


func _copy_of(resource: Resource) -> Resource:
	if _copies.has(resource):
		return _copies[resource]
	var copy: Resource = ClassDB.instantiate(resource.get_class())
	_copies[resource] = copy
	copy.set_script(DormantScripts.in_place_of(resource.get_script()))
	var stored := StoredValues.new(resource)
	for name: String in PropertyDefaults.changed_names(resource,
			PropertyInfos.all(resource, false)):
		if not name in ["script", "resource_path"]:
			copy.set(name, _value_of_copy.call(stored.value(name)))
	if copy.has_method("set_path_cache"):
		copy.call("set_path_cache", resource.get_path())
	return copy
