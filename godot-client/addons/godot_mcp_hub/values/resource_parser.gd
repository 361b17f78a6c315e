## Reads resources in the value syntax of PROTOCOL.md: a file's, one that an open scene keeps, or a
## new one with its properties.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const ClassRules := preload("../scripts/class_names.gd").ClassRules
const CommandResult := preload("../requests/command_result.gd")
const FileImports := preload("../reading/file_imports.gd")
const FilePaths := preload("../files/file_paths.gd")
const NearNames := preload("../texts/near_names.gd")
const ParsedValue := preload("parsed_value.gd")
const Permissions := preload("../requests/permissions.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const PropertyInfos := preload("property_infos.gd")
const PropertyValues := preload("property_values.gd")
const PropertyWriter := preload("property_writer.gd")
const StoredValues := preload("../reading/stored_values.gd")

## Ending of the files by which the engine loads native code: loading one would run it.
const LIBRARY := "gdextension"
## Where a resource is kept is no value.
const PATH := "resource_path"

## Reads a value for a property: (given, info, current, resource that has the property) ->
## ParsedValue.
var _parse_value: Callable
## What the engine made of values by its own rules.
var _notes: Array[String]
## Of the request that writes the values; null in a game.
var _permissions: Permissions
## See PropertyWriter.unseen.
var unseen: Variant = null


func _init(parse_value: Callable, notes: Array[String], permissions: Permissions = null) -> void:
	_parse_value = parse_value
	_notes = notes
	_permissions = permissions


## `hint` names the classes that fit, separated by commas; empty for any.
func parse(given: Variant, hint: String) -> ParsedValue:
	var expected := "a %s: its res:// path, or a new one as {\"type\":\"Resource\",\"class\":\"%s\",\"properties\":{...}}" % [
		hint if not hint.is_empty() else "Resource", _likely_class(given, hint)]
	var is_object: bool = given is Dictionary and given.get("type") == "Resource"
	var path: Variant = given.get("path", "") if is_object else given
	if not path is String:
		return ParsedValue.misfit(expected)
	if is_object \
			and ((path as String).is_empty()
			or ((path as String).contains("::") and (given as Dictionary).has("properties"))):
		if ClassNames.is_script(given.get("class")):
			return _known_script(path, given.get("properties"), expected)
		var known := ProjectResources.resource(path, _permissions) \
				if ResourceLoader.has_cached(path) and _is_there(path) else null
		return ParsedValue.of(known) if known != null and ClassNames.is_any_of(known, hint) \
				and _is_described_by(known, given) else _new_resource(given, hint, expected)
	var not_imported := FileImports.refusal_of(FilePaths.resolve(path).value_or(""))
	if not_imported != null:
		return ParsedValue.refused(not_imported)
	if not _is_there(path):
		return ParsedValue.misfit("%s; there is no such file" % expected)
	var resource := ProjectResources.resource(FilePaths.resolve(path).value
			if not (path as String).contains("::") else path, _permissions)
	return ParsedValue.of(resource) if resource != null and ClassNames.is_any_of(resource, hint) \
			else ParsedValue.misfit(expected)


## A class that was meant perhaps, in another form: {"type":"CircleShape2D"}.
static func _likely_class(given: Variant, hint: String) -> String:
	var type: Variant = given.get("type") if given is Dictionary else null
	var is_class: bool = type is String and type != "Resource" and ClassDB.class_exists(type) \
			and ClassDB.is_parent_class(type, "Resource")
	return type if is_class else hint.get_slice(",", 0)


## A file, or one with a resource inside of it: "res://level.tscn::Shape_1".
static func _is_there(path: String) -> bool:
	var resolved := FilePaths.resolve(path.get_slice("::", 0))
	if path.is_empty() or resolved.is_error() or (resolved.value as String).get_extension() \
			.to_lower() == LIBRARY:
		return false
	return ResourceLoader.has_cached(path) or ResourceLoader.exists(resolved.value)


## What was read and is written back unchanged is the same resource, not a copy of it.
static func _is_described_by(resource: Resource, given: Dictionary) -> bool:
	return given.get("properties") is Dictionary \
			and PropertyValues.is_json_of(given, resource, null)


## A script inside of a scene, as it was read: a new one would be code, which only script.create
## writes.
func _known_script(path: String, properties: Variant, expected: String) -> ParsedValue:
	var script := ProjectResources.resource(path, _permissions) as Script \
			if ResourceLoader.has_cached(path) and _is_there(path) else null
	var is_same: bool = script != null and properties is Dictionary \
			and (properties as Dictionary).keys().all(func(name: String) -> bool:
				return StoredValues.read(script, name) == properties[name])
	return ParsedValue.of(script) if is_same \
			else ParsedValue.misfit("%s; a new one is made by script.create" % expected)


## A resource that is kept inside of the scene:
## `{"type":"Resource","class":"CircleShape2D","properties":{"radius":8}}`.
func _new_resource(given: Dictionary, hint: String, expected: String) -> ParsedValue:
	var refusal := _refusal(given.get("class"))
	if refusal != null:
		return ParsedValue.refused(refusal)
	var resource := _make(given.get("class"))
	if resource == null or not ClassNames.is_any_of(resource, hint):
		return ParsedValue.misfit(expected)
	var properties: Variant = given.get("properties", {})
	if not properties is Dictionary:
		return ParsedValue.misfit("an object in 'properties'")
	var writer := PropertyWriter.new(resource, null, _parse_value.bind(resource),
			_put.bind(resource), _permissions)
	writer.unseen = unseen
	var problem := writer.write(properties) if not properties.has(PATH) else ParsedValue.unknown()
	_notes.append_array(writer.notes)
	if problem == null:
		return ParsedValue.of(resource)
	var name := writer.failed_name if not properties.has(PATH) else PATH
	if not problem.is_unknown:
		return problem.of_part("for '%s' of the %s" % [name, given["class"]])
	var near := NearNames.of(name, PropertyInfos.all(resource).keys())
	return ParsedValue.misfit("a property of %s instead of '%s'%s" % [
			given["class"], name, ": '%s'" % near[0] if not near.is_empty() else ""])


static func _put(name: String, value: Variant, _was_there: bool, resource: Resource) -> void:
	resource.set(name, value)


## Why no resource of that class may be made here; null when it may, or when there is none.
func _refusal(type: Variant) -> CommandResult:
	if _permissions == null or not type is String or not ClassNames.exists(type):
		return null
	return ClassRules.refusal_in_value(type) if ClassDB.class_exists(type) \
			else _permissions.refusal(Permissions.ATTACH)


## A new resource of one of the engine's classes or of a script's; null when there is no such class.
func _make(type: Variant) -> Resource:
	if not type is String:
		return null
	if ClassDB.class_exists(type):
		return ClassDB.instantiate(type) if ClassDB.is_parent_class(type, "Resource") \
				and ClassDB.can_instantiate(type) else null
	var script := ClassNames.script_of(type, _permissions)
	if script == null or not ClassDB.is_parent_class(script.get_instance_base_type(), "Resource"):
		return null
	var resource: Resource = ClassDB.instantiate(script.get_instance_base_type())
	resource.set_script(script)
	return resource
