## Writes the engine's values as JSON, in the object form of PROTOCOL.md.
extends RefCounted

const NodePaths := preload("node_paths.gd")
const NumberTypes := preload("number_types.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const DormantScripts := preload("../reading/dormant_scripts.gd")
const PropertyDefaults := preload("property_defaults.gd")
const PropertyInfos := preload("property_infos.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")
const EngineText := preload("engine_text.gd")
const StoredValues := preload("../reading/stored_values.gd")
const ValueComparison := preload("value_comparison.gd")

## Deeper containers than this are cut: they are not written by people.
const DEPTH_LIMIT := 32
## The same for resources inside of resources.
const RESOURCE_DEPTH_LIMIT := 6
## Longer arrays are written in a short form, unless all is asked for: meshes, images and maps keep
## their data in such.
const LENGTH_LIMIT := 10_000
const LENGTH_LIMIT_INSIDE := 1024
const BYTES_LIMIT := 64
## So many of their elements are written.
const SAMPLE := 8
## Values that are written at once, at most. Further ones take the short form.
const VALUES_LIMIT := 50_000
const WHOLE_LIMIT := 1_000_000
## Of a base64 text that a byte array is written as, when all of it is asked for.
const WHOLE_BYTES_LIMIT := 4_000_000

## The scene's root, which node paths are relative to; null when there is none.
var _root: Node
var _whole: bool
var _left: int


## With `whole`, long arrays are written to the end.
func _init(root: Node, whole: bool = false) -> void:
	_root = root
	_whole = whole
	_left = WHOLE_LIMIT if whole else VALUES_LIMIT


## The JSON of one value.
static func to_json(value: Variant, root: Node) -> Variant:
	return new(root).write(value)


## Whether `given` is what a value is read as: with its long arrays in the short form, or whole.
static func is_json_of(given: Variant, value: Variant, root: Node) -> bool:
	var is_container: bool = given is Dictionary or given is Array
	if not is_container and (value is Object or value is Array or value is Dictionary):
		return false
	if ValueComparison.same_json(given, to_json(value, root)):
		return true
	return (is_container or value is PackedByteArray) \
			and ValueComparison.same_json(given, new(root, true).write(value))


## A key of a dictionary. Nothing is asked how it would write itself: a script might answer.
static func key_text(key: Variant) -> String:
	if key is Object:
		return (key as Object).get_class()
	if key is Array or key is Dictionary or NumberTypes.MEMBERS.has(typeof(key)):
		return JSON.stringify(to_json(key, null)) if key is Array or key is Dictionary \
				else var_to_str(key)
	return str(key)


## The JSON of a value. All values of one answer share what may be written.
func write(value: Variant, depth: int = 0) -> Variant:
	_left -= 1
	var type := typeof(value)
	if type == TYPE_STRING:
		return _text(value)
	if type == TYPE_NIL or type == TYPE_BOOL:
		return value
	if type == TYPE_INT or type == TYPE_FLOAT or NumberTypes.MEMBERS.has(type):
		return NumberTypes.to_json(value)
	if type == TYPE_STRING_NAME or type == TYPE_NODE_PATH:
		return String(value)
	if type == TYPE_OBJECT:
		return _object(value, depth)
	if depth > DEPTH_LIMIT:
		return {"type": type_string(type)}
	if type == TYPE_DICTIONARY:
		return _dictionary(value, depth)
	if type == TYPE_ARRAY or type >= TYPE_PACKED_BYTE_ARRAY:
		return _array(value, depth)
	return {"type": type_string(type)}


## A text that would be read as a value of another type is marked as one.
static func _text(text: String) -> Variant:
	return {"type": "String", "value": text} if EngineText.value_of(text) != null else text


func _array(values: Variant, depth: int) -> Variant:
	var limit := BYTES_LIMIT if values is PackedByteArray \
			else LENGTH_LIMIT if depth == 0 else LENGTH_LIMIT_INSIDE
	if _whole and values is PackedByteArray and values.size() > limit \
			and values.size() < WHOLE_BYTES_LIMIT:
		return "PackedByteArray(\"%s\")" % Marshalls.raw_to_base64(values)
	if values.size() > _left or not _whole and values.size() > limit:
		return _short(values, depth)
	var written: Array = []
	for value: Variant in values:
		written.append(write(value, depth + 1))
	return written


## What tells one long array from another.
func _short(values: Variant, depth: int) -> Dictionary:
	var first: Array = []
	for value: Variant in values.slice(0, SAMPLE if _left > 0 else 0):
		first.append(write(value, depth + 1))
	return {"type": type_string(typeof(values)), "size": values.size(), "truncated": true,
			"first": first, "hash": "%08x" % hash(values)}


func _dictionary(values: Dictionary, depth: int) -> Dictionary:
	if values.size() > _left or not _whole and values.size() > LENGTH_LIMIT_INSIDE:
		return {"type": "Dictionary", "size": values.size(), "truncated": true}
	var written: Dictionary = {}
	for key: Variant in values:
		written[key_text(key)] = write(values[key], depth + 1)
	return written


func _object(object: Object, depth: int) -> Variant:
	if not is_instance_valid(object):
		return null
	if object is Resource:
		return _resource(object as Resource, depth)
	if object is Node:
		var is_inside: bool = _root != null and (object == _root or _root.is_ancestor_of(object))
		return {"type": "Node", "path": NodePaths.path_of(_root, object) if is_inside else ""}
	return {"type": object.get_class()}


## A resource that is kept inside of the scene is written with the properties that differ from their
## defaults.
func _resource(resource: Resource, depth: int) -> Dictionary:
	var written: Dictionary = {"type": "Resource", "class": _class_of(resource),
			"path": DormantFiles.path_of(resource)}
	if not resource.is_built_in() or depth > RESOURCE_DEPTH_LIMIT or resource is Script \
			and DormantScripts.is_stand_in(resource as Script):
		return written
	if _left <= 0:
		written["truncated"] = true
		return written
	var properties: Dictionary = {}
	var script: Script = resource.get_script()
	if script != null and ScriptLineage.class_of(script).is_empty():
		properties["script"] = DormantFiles.path_of(script)
	var stored := StoredValues.new(resource)
	for name: String in PropertyDefaults.changed_names(resource,
			PropertyInfos.all(resource, false)):
		if not name in ["script", "resource_path"]:
			properties[name] = write(stored.value(name), depth + 1)
	written["properties"] = properties
	return written


static func _class_of(object: Object) -> String:
	var script: Script = object.get_script()
	var name := ScriptLineage.class_of(script) if script != null else ""
	return name if not name.is_empty() else object.get_class()
