## Looks up the facts about an object's properties: type, hint, usage.
##
## Object.get_property_list() builds every entry anew (0.4 ms for a node): what a class of the
## engine declares is listed once, and only what is not there is asked of the object itself.
extends RefCounted

const FileValues := preload("file_values.gd")
const NumberTypes := preload("number_types.gd")
const StoredValues := preload("../reading/stored_values.gd")

## An object may have any metadata; setting it to null takes it away.
const METADATA := "metadata/"

## Properties that are real, but neither saved nor shown, and no part of how the object is shown in
## the editor: such as global_position, rotation_degrees and time_left. Those that name nodes or
## files are others.
const PLAIN: Array[int] = [TYPE_BOOL, TYPE_INT, TYPE_FLOAT]
const NUMBERS: Array[int] = [TYPE_INT, TYPE_FLOAT]
const NO_VALUES := PROPERTY_USAGE_GROUP | PROPERTY_USAGE_SUBGROUP | PROPERTY_USAGE_CATEGORY \
		| PROPERTY_USAGE_INTERNAL | PROPERTY_USAGE_READ_ONLY

## Info by property name, by class name. Classes of the engine do not change while it runs.
static var _by_class: Dictionary = {}


## Info of a property that can be set, an entry of Object.get_property_list(); empty when there is
## none of that name. Where `asks_script` is false, no tool script is asked which it has.
static func find(object: Object, name: String, asks_script: bool = true) -> Dictionary:
	var info := _declared(object, name)
	return info if not info.is_empty() else all(object, asks_script).get(name, {})


## The same of several properties at once, by name, without those that the object does not have.
static func find_all(object: Object, names: Array) -> Dictionary:
	var found: Dictionary = {}
	var listed: Variant = null
	for name: String in names:
		var info := _declared(object, name)
		if info.is_empty():
			listed = all(object) if listed == null else listed
			info = listed.get(name, {})
		if not info.is_empty():
			found[name] = info
	return found


## What the object's class or script says of a property, without asking the object.
static func _declared(object: Object, name: String) -> Dictionary:
	var type := object.get_class()
	if not _by_class.has(type):
		var list := ClassDB.class_get_property_list(type)
		_by_class[type] = FileValues.hinted(type, _settable(list).merged(_unlisted(list)))
	if _by_class[type].has(name):
		return _by_class[type][name]
	var script: Script = object.get_script()
	if script != null:
		var of_script := _settable(script.get_script_property_list())
		if of_script.has(name):
			return of_script[name]
	if name.begins_with(METADATA) and name.trim_prefix(METADATA).is_valid_ascii_identifier():
		return FileValues.hinted_by_name({"name": name, "type": TYPE_NIL,
				"usage": PROPERTY_USAGE_STORAGE}, name)
	return {}


## Info by name of every property that can be set and is saved or shown.
static func all(object: Object, asks_script: bool = true) -> Dictionary:
	return _settable(object.get_property_list() if asks_script
			else StoredValues.new(object).infos())


## Whether the object's script declares the property.
static func is_of_script(object: Object, name: String) -> bool:
	var script: Script = object.get_script()
	return script != null and script.get_script_property_list().any(
			func(info: Dictionary) -> bool: return info["name"] == name)


## The same info with the type that the value has. The engine declares some with another one: a
## Curve's "_data", an AudioBusLayout's "bus/1/send", the project's "application/config/tags".
static func with_type_of(value: Variant, info: Dictionary) -> Dictionary:
	var type := typeof(value)
	if value == null or info["type"] in [TYPE_NIL, type] or type in NUMBERS \
			and info["type"] in NUMBERS:
		return info
	return info.merged({"type": type}, true)


## Info by name of the plain values of a class that are neither saved nor shown.
static func unlisted(object: Object) -> Dictionary:
	return _unlisted(ClassDB.class_get_property_list(object.get_class()))


static func _unlisted(list: Array[Dictionary]) -> Dictionary:
	var infos: Dictionary = {}
	for info: Dictionary in list:
		var is_plain: bool = PLAIN.has(info["type"]) or NumberTypes.MEMBERS.has(info["type"])
		if is_plain and not info["usage"] & (PROPERTY_USAGE_DEFAULT | NO_VALUES):
			infos[info["name"]] = info
	return infos


static func _settable(list: Array[Dictionary]) -> Dictionary:
	var infos: Dictionary = {}
	for info: Dictionary in list:
		var usage: int = info["usage"]
		# What stands for a list of elements in the inspector has no separate value.
		var is_heading: bool = usage & PROPERTY_USAGE_ARRAY and info["type"] == TYPE_NIL
		if usage & PROPERTY_USAGE_DEFAULT and not usage & PROPERTY_USAGE_READ_ONLY \
				and not is_heading:
			infos[info["name"]] = info
	return infos
