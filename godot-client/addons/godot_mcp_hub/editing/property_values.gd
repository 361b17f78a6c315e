## Writes the engine's values as JSON, in the object form of PROTOCOL.md.
extends RefCounted

const NodePaths := preload("node_paths.gd")
const NumberTypes := preload("number_types.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const DormantScripts := preload("../reading/dormant_scripts.gd")
const PropertyDefaults := preload("property_defaults.gd")
const PropertyInfos := preload("property_infos.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")
const StoredValues := preload("../reading/stored_values.gd")

## Deeper containers than this are cut: they are not written by people.
const DEPTH_LIMIT := 32
## The same for resources inside of resources.
const RESOURCE_DEPTH_LIMIT := 6
## Elements of an array inside of a resource.
const DATA_LIMIT := 1024


## `root` is the scene's root, which node paths are relative to; null when there is none.
static func to_json(value: Variant, root: Node, depth: int = 0) -> Variant:
	var type := typeof(value)
	if type == TYPE_NIL or type == TYPE_BOOL or type == TYPE_STRING:
		return value
	if type == TYPE_INT or type == TYPE_FLOAT or NumberTypes.MEMBERS.has(type):
		return NumberTypes.to_json(value)
	if type == TYPE_STRING_NAME or type == TYPE_NODE_PATH:
		return String(value)
	if type == TYPE_OBJECT:
		return _object(value, root, depth)
	if depth > DEPTH_LIMIT:
		return {"type": type_string(type)}
	if type == TYPE_DICTIONARY:
		return _dictionary(value, root, depth)
	if type == TYPE_ARRAY or type >= TYPE_PACKED_BYTE_ARRAY:
		return _array(value, root, depth)
	return {"type": type_string(type)}


static func _array(values: Variant, root: Node, depth: int) -> Array:
	var written: Array = []
	for value: Variant in values:
		written.append(to_json(value, root, depth + 1))
	return written


static func _dictionary(values: Dictionary, root: Node, depth: int) -> Dictionary:
	var written: Dictionary = {}
	for key: Variant in values:
		written[_key(key, root, depth)] = to_json(values[key], root, depth + 1)
	return written


## Nothing is asked how it would write itself: a script might answer.
static func _key(key: Variant, root: Node, depth: int) -> String:
	if key is Object:
		return (key as Object).get_class()
	return JSON.stringify(to_json(key, root, depth + 1)) if key is Array or key is Dictionary else str(key)


static func _object(object: Object, root: Node, depth: int) -> Variant:
	if not is_instance_valid(object):
		return null
	if object is Resource:
		return _resource(object as Resource, root, depth)
	if object is Node:
		var is_inside: bool = root != null and (object == root or root.is_ancestor_of(object))
		return {"type": "Node", "path": NodePaths.path_of(root, object) if is_inside else ""}
	return {"type": object.get_class()}


## A resource that is kept inside of the scene is written with the properties that differ from their defaults.
static func _resource(resource: Resource, root: Node, depth: int) -> Dictionary:
	var written: Dictionary = {"type": "Resource", "class": _class_of(resource),
			"path": DormantFiles.path_of(resource)}
	if not resource.is_built_in() or depth > RESOURCE_DEPTH_LIMIT or resource is Script \
			and DormantScripts.is_stand_in(resource as Script):
		return written
	var properties: Dictionary = {}
	var stored := StoredValues.new(resource)
	for name: String in PropertyDefaults.changed_names(resource,
			PropertyInfos.all(resource, false)):
		if not name in ["script", "resource_path"]:
			properties[name] = _part_of_resource(stored.value(name), root, depth)
	written["properties"] = properties
	return written


## Meshes and images keep their data in arrays of any length: of those only the size is written.
static func _part_of_resource(value: Variant, root: Node, depth: int) -> Variant:
	if typeof(value) >= TYPE_PACKED_BYTE_ARRAY and value.size() > DATA_LIMIT:
		return {"type": type_string(typeof(value)), "size": value.size(), "truncated": true}
	return to_json(value, root, depth + 1)


static func _class_of(object: Object) -> String:
	var script: Script = object.get_script()
	var name := ScriptLineage.class_of(script) if script != null else ""
	return name if not name.is_empty() else object.get_class()
