## Describes a scene as its file keeps it: nodes with the values that are set, connections, what it inherits and depends on.
extends RefCounted

const DormantFiles := preload("../reading/dormant_files.gd")
const FilePaths := preload("../files/file_paths.gd")
const PropertyValues := preload("../values/property_values.gd")

## Flags of a connection that the engine sets by itself.
const FLAG_NAMES: Dictionary = {CONNECT_DEFERRED: "deferred", CONNECT_ONE_SHOT: "one_shot", CONNECT_REFERENCE_COUNTED: "reference_counted"}


static func describe(state: SceneState) -> Dictionary:
	var described: Dictionary = {"nodes": [], "connections": []}
	if state.get_base_scene_state() != null:
		described["inherits"] = state.get_base_scene_state().get_path()
	for index: int in state.get_node_count():
		described["nodes"].append(describe_node(state, index))
	for index: int in state.get_connection_count():
		described["connections"].append(describe_connection(state, index))
	return described


## Files that the scene's file names, sorted.
static func dependencies(path: String) -> Array[String]:
	var files: Array[String] = []
	for dependency: String in ResourceLoader.get_dependencies(path):
		# "uid://...::::res://..." or only a path.
		var named := dependency.get_slice("::", dependency.get_slice_count("::") - 1)
		files.append(FilePaths.resolve(named).get("path", named))
	files.sort()
	return files


static func path_of(state: SceneState, index: int) -> String:
	return String(state.get_node_path(index)).trim_prefix("./")


static func describe_node(state: SceneState, index: int) -> Dictionary:
	var described: Dictionary = {"path": path_of(state, index), "name": String(state.get_node_name(index))}
	var instance := state.get_node_instance(index)
	if not String(state.get_node_type(index)).is_empty():
		described["type"] = String(state.get_node_type(index))
	elif instance != null:
		described["instance"] = DormantFiles.path_of(instance)
	else:
		# A node of an instanced or inherited scene, of which only the changes stand here.
		described["overrides"] = true
	if not state.get_node_groups(index).is_empty():
		described["groups"] = Array(state.get_node_groups(index))
	var properties: Dictionary = {}
	for property: int in state.get_node_property_count(index):
		properties[state.get_node_property_name(index, property)] = PropertyValues.to_json(state.get_node_property_value(index, property), null)
	described["properties"] = properties
	return described


static func describe_connection(state: SceneState, index: int) -> Dictionary:
	var described: Dictionary = {
		"from": String(state.get_connection_source(index)).trim_prefix("./"),
		"signal": String(state.get_connection_signal(index)),
		"to": String(state.get_connection_target(index)).trim_prefix("./"),
		"method": String(state.get_connection_method(index)),
	}
	if not state.get_connection_binds(index).is_empty():
		described["binds"] = PropertyValues.to_json(state.get_connection_binds(index), null)
	if state.get_connection_unbinds(index) > 0:
		described["unbinds"] = state.get_connection_unbinds(index)
	var flags: Array[String] = []
	for flag: int in FLAG_NAMES:
		if state.get_connection_flags(index) & flag:
			flags.append(FLAG_NAMES[flag])
	if not flags.is_empty():
		described["flags"] = flags
	return described
