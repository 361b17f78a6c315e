## Writes the engine's values as JSON, in the object form of PROTOCOL.md.
extends RefCounted

const NodePaths := preload("node_paths.gd")
const NumberTypes := preload("number_types.gd")

## Deeper containers than this are cut: they are not written by people.
const DEPTH_LIMIT := 32


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
		return _object(value, root)
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
		written[str(key)] = to_json(values[key], root, depth + 1)
	return written


static func _object(object: Object, root: Node) -> Variant:
	if not is_instance_valid(object):
		return null
	if object is Resource:
		return {"type": "Resource", "class": _class_of(object), "path": (object as Resource).resource_path}
	if object is Node:
		var is_inside: bool = root != null and (object == root or root.is_ancestor_of(object))
		return {"type": "Node", "path": NodePaths.path_of(root, object) if is_inside else ""}
	return {"type": object.get_class()}


static func _class_of(object: Object) -> String:
	var script: Script = object.get_script()
	if script != null and not script.get_global_name().is_empty():
		return script.get_global_name()
	return object.get_class()
