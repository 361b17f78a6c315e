## Looks up what is known of an object's properties: type, hint, usage.
##
## Object.get_property_list() builds every entry anew (0.4 ms for a node): what a class of the engine declares is listed
## once, and only what is not there is asked of the object itself.
extends RefCounted

const FileValues := preload("file_values.gd")
const StoredValues := preload("../reading/stored_values.gd")

## An object may have any metadata; setting it to null takes it away.
const METADATA := "metadata/"

## Info by property name, by class name. Classes of the engine do not change while it runs.
static var _by_class: Dictionary = {}


## Info of a property that can be set, an entry of Object.get_property_list(); empty when there is
## none of that name. Where `asks_script` is false, no tool script is asked which it has.
static func find(object: Object, name: String, asks_script: bool = true) -> Dictionary:
	var type := object.get_class()
	if not _by_class.has(type):
		_by_class[type] = FileValues.hinted(type, _settable(ClassDB.class_get_property_list(type)))
	if _by_class[type].has(name):
		return _by_class[type][name]
	var script: Script = object.get_script()
	if script != null:
		var of_script := _settable(script.get_script_property_list())
		if of_script.has(name):
			return of_script[name]
	if name.begins_with(METADATA) and name.trim_prefix(METADATA).is_valid_ascii_identifier():
		return FileValues.hinted_by_name({"name": name, "type": TYPE_NIL, "usage": PROPERTY_USAGE_STORAGE}, name)
	return all(object, asks_script).get(name, {})


## Info by name of every property that can be set and is saved or shown.
static func all(object: Object, asks_script: bool = true) -> Dictionary:
	return _settable(object.get_property_list() if asks_script
			else StoredValues.new(object).infos())


static func _settable(list: Array[Dictionary]) -> Dictionary:
	var infos: Dictionary = {}
	for info: Dictionary in list:
		var usage: int = info["usage"]
		if usage & (PROPERTY_USAGE_STORAGE | PROPERTY_USAGE_EDITOR) and not usage & PROPERTY_USAGE_READ_ONLY:
			infos[info["name"]] = info
	return infos
