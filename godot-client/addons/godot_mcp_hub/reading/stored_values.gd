## What an object holds, read without running its script.
##
## A tool script runs in the editor: its getters, `_get` and `_get_property_list` compute what the
## engine is told. Of an object with such a script only what is stored is read: the values of its
## variables, and what its class of the engine has. A game runs its scripts anyway, and is asked.
extends RefCounted

const DormantScripts := preload("dormant_scripts.gd")

const METADATA := "metadata/"
const COMPUTES_LIST: Array[String] = ["_get_property_list", "_validate_property"]
const COMPUTES_VALUES := "_get"
## A script's text, as a property of the script.
const SOURCE := "script/source"

var _object: Object
## The script, when it runs in the editor; else null.
var _script: Script = null
## Values of the script's variables by name; null as long as they are not needed.
var _variables: Variant = null
var _methods: Variant = null


func _init(object: Object) -> void:
	_object = object
	var script := object.get_script() as Script
	if script != null and script.can_instantiate() and not _is_in_game():
		_script = script


## The same of one property.
static func read(object: Object, name: StringName) -> Variant:
	return new(object).value(name)


## Infos of the properties as Object.get_property_list() gives them, without those that a script
## computes.
func infos() -> Array[Dictionary]:
	if _script == null or not COMPUTES_LIST.any(_has_method):
		return _object.get_property_list()
	var list := _infos_of_class()
	list.append_array(_script.get_script_property_list())
	for name: String in _object.get_meta_list():
		list.append({"name": METADATA + name, "type": typeof(_object.get_meta(name)),
				"hint": PROPERTY_HINT_NONE, "hint_string": "", "usage": PROPERTY_USAGE_STORAGE})
	return list


## Whether the script computes properties, or values of some, that are not read here.
func has_computed() -> bool:
	return _script != null and (COMPUTES_LIST + [COMPUTES_VALUES]).any(_has_method)


## What an object of the same class has that has no script.
func _infos_of_class() -> Array[Dictionary]:
	var twin: Object = ClassDB.instantiate(_object.get_class())
	var list := twin.get_property_list()
	if not twin is RefCounted:
		twin.free()
	return list


## The value of a property; null for one that only the script can tell.
func value(name: StringName) -> Variant:
	if _script == null:
		var plain: Variant = _object.get(name)
		return (plain as String).trim_prefix(DormantScripts.UNREADABLE) if name == SOURCE \
				and _object is GDScript and plain is String else plain
	if name == &"script":
		return _script
	if _variables == null:
		_variables = _read_variables()
	if (_variables as Dictionary).has(String(name)):
		return _variables[String(name)]
	if not _has_method(COMPUTES_VALUES):
		return _object.get(name)
	if name.begins_with(METADATA):
		var key := name.trim_prefix(METADATA)
		return _object.get_meta(key) if _object.has_meta(key) else null
	return ClassDB.class_get_property(_object, name) if _is_of_class(name) else null


## Where scripts are checked, there is no main loop yet.
static func _is_in_game() -> bool:
	return not Engine.is_editor_hint() and Engine.get_main_loop() != null


## Values of a script that is kept in a scene, and of one in another language, cannot be
## distinguished from what these compute.
func _read_variables() -> Dictionary:
	var values: Dictionary = {}
	for info: Dictionary in _script.get_script_property_list():
		values[info["name"]] = null
	if _script is GDScript and _script.resource_path.is_absolute_path() \
			and not _script.is_built_in():
		values.merge(inst_to_dict(_object), true)
	return values


func _has_method(name: String) -> bool:
	if _methods == null:
		_methods = {}
		for info: Dictionary in _script.get_script_method_list():
			_methods[info["name"]] = true
	return (_methods as Dictionary).has(name)


func _is_of_class(name: StringName) -> bool:
	return ClassDB.class_get_property_list(_object.get_class()).any(
			func(info: Dictionary) -> bool: return info["name"] == name)
