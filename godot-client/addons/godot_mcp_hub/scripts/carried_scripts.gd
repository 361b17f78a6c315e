## Finds scripts that come along with a scene, a node or a resource that is copied or put into a
## scene.
extends RefCounted

const DEPTH_LIMIT := 16
const SCRIPTS: Array[String] = ["gd", "cs"]
## How a scene or resource that is kept as text begins a script that is kept in it.
const BUILT_IN := "[sub_resource type=\"GDScript\""
const TEXT: Array[String] = ["tscn", "tres"]


## Whether a file brings scripts when it is loaded, by what it and the files that it needs say of
## themselves: loading it would run some.
static func in_file(path: String, seen: Dictionary = {}) -> bool:
	seen[path] = true
	if TEXT.has(path.get_extension().to_lower()) \
			and FileAccess.get_file_as_string(path).contains(BUILT_IN):
		return true
	for dependency: String in ResourceLoader.get_dependencies(path):
		# "uid://...::::res://..." or only a path.
		var file := dependency.get_slice("::", dependency.get_slice_count("::") - 1)
		if SCRIPTS.has(file.get_extension().to_lower()) or not seen.has(file) \
				and in_file(file, seen):
			return true
	return false


## Whether a node, or one below it, has a script.
static func in_branch(node: Node) -> bool:
	return in_object(node) or node.get_children(true).any(in_branch)


## Whether a scene's file gives a script to a node, in it or in a scene that it instances or
## inherits.
static func in_scene(state: SceneState) -> bool:
	if state.get_base_scene_state() != null and in_scene(state.get_base_scene_state()):
		return true
	for index: int in state.get_node_count():
		var instance := state.get_node_instance(index)
		if instance != null and in_scene(instance.get_state()):
			return true
		for property: int in state.get_node_property_count(index):
			var value: Variant = state.get_node_property_value(index, property)
			if value is Script or value is Resource and in_object(value):
				return true
	return false


## Whether an object has a script, or a resource that is kept inside of it.
static func in_object(object: Object, depth: int = 0) -> bool:
	if object.get_script() != null:
		return true
	if depth == DEPTH_LIMIT:
		return false
	if object is PackedScene:
		return in_scene((object as PackedScene).get_state())
	for info: Dictionary in object.get_property_list():
		if info["usage"] & PROPERTY_USAGE_STORAGE \
				and info["type"] in [TYPE_OBJECT, TYPE_ARRAY, TYPE_DICTIONARY] \
				and _in_value(object.get(info["name"]), depth + 1):
			return true
	return false


static func _in_value(value: Variant, depth: int) -> bool:
	if value is Array:
		return (value as Array).any(_in_value.bind(depth))
	if value is Dictionary:
		return (value as Dictionary).values().any(_in_value.bind(depth))
	if value is Script:
		return true
	return value is Resource and ((value as Resource).resource_path.is_empty()
			or (value as Resource).is_built_in()) and in_object(value, depth)
