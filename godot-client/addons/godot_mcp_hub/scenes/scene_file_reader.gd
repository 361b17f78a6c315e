## Describes a scene as its file keeps it: nodes with the values that are set, connections, what it
## inherits and depends on.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const FilePaths := preload("../files/file_paths.gd")
const NearNames := preload("../texts/near_names.gd")
const PropertyValues := preload("../values/property_values.gd")
const SceneFileReader := preload("scene_file_reader.gd")

## Flags of a connection that the engine sets by itself.
const FLAG_NAMES: Dictionary = {CONNECT_DEFERRED: "deferred", CONNECT_ONE_SHOT: "one_shot",
		CONNECT_REFERENCE_COUNTED: "reference_counted"}


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
		files.append(FilePaths.resolve(named).value_or(named))
	files.sort()
	return files


static func path_of(state: SceneState, index: int) -> String:
	return String(state.get_node_path(index)).trim_prefix("./")


static func describe_node(state: SceneState, index: int) -> Dictionary:
	var described: Dictionary = {"path": path_of(state, index),
			"name": String(state.get_node_name(index))}
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
		properties[state.get_node_property_name(index, property)] = PropertyValues.to_json(
				state.get_node_property_value(index, property), null)
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


## Tells in what two scenes differ, both as SceneFileReader describes them.
class SceneComparison extends RefCounted:
	## Members of a node that are compared as a whole.
	const WHOLES: Array[String] = ["type", "instance", "groups"]

	## `{"equal", "added", "removed", "changed", "connectionsAdded", "connectionsRemoved"}`: what
	## the second has and the first has not is added.
	static func compare(first: Dictionary, second: Dictionary) -> Dictionary:
		var before := _by_path(first["nodes"])
		var after := _by_path(second["nodes"])
		var difference: Dictionary = {
			"added": after.keys().filter(func(path: String) -> bool: return not before.has(path)),
			"removed": before.keys().filter(func(path: String) -> bool: return not after.has(path)),
			"changed": [],
			"connectionsAdded": _without(second["connections"], first["connections"]),
			"connectionsRemoved": _without(first["connections"], second["connections"]),
		}
		for path: String in after:
			var change := _changes(before[path], after[path]) if before.has(path) else {}
			if not change.is_empty():
				change["path"] = path
				difference["changed"].append(change)
		if first.get("inherits") != second.get("inherits"):
			difference["inherits"] = [first.get("inherits"), second.get("inherits")]
		if before.keys() != after.keys() and difference["added"].is_empty() \
				and difference["removed"].is_empty():
			difference["reordered"] = true
		difference["equal"] = difference.keys().all(func(member: String) -> bool:
			return member != "inherits" and member != "reordered" and difference[member].is_empty())
		return difference

	static func _by_path(nodes: Array) -> Dictionary:
		var by_path: Dictionary = {}
		for node: Dictionary in nodes:
			by_path[node["path"]] = node
		return by_path

	## Per member and property: [before, after]; null where it is not set.
	static func _changes(before: Dictionary, after: Dictionary) -> Dictionary:
		var change: Dictionary = {}
		for member: String in WHOLES:
			if before.get(member) != after.get(member):
				change[member] = [before.get(member), after.get(member)]
		var properties: Dictionary = {}
		var names: Dictionary = (before["properties"] as Dictionary).duplicate()
		names.merge(after["properties"])
		for name: String in names:
			var old: Variant = before["properties"].get(name)
			var new: Variant = after["properties"].get(name)
			if typeof(old) != typeof(new) or old != new:
				properties[name] = [old, new]
		if not properties.is_empty():
			change["properties"] = properties
		return change

	static func _without(connections: Array, others: Array) -> Array:
		return connections.filter(func(connection: Dictionary) -> bool:
			return not others.has(connection))


## A page of what a scene's file keeps: its nodes, then its connections, then the files that it
## names, as far as they are asked for.
class SceneFilePage extends RefCounted:
	const SECTIONS: Array[String] = ["nodes", "connections", "dependencies"]
	const DEFAULT_LIMIT := 1000

	var _state: SceneState
	var _path: String
	var _request: CommandRequest
	## Node below which everything is described; "." for the root.
	var _node: String
	## Levels below it; -1 for all.
	var _depth: int

	func _init(state: SceneState, path: String, request: CommandRequest) -> void:
		_state = state
		_path = path
		_request = request
		_node = request.text("node", ".").trim_prefix("./").trim_suffix("/")
		_depth = request.number("depth", -1)

	## Members of an answer: a list for each section, and `truncated` and `cursor` when there is
	## more.
	func read() -> CommandResult:
		var entries := _entries()
		if entries["nodes"].is_empty() and _node != ".":
			var paths: Array[String] = []
			for index: int in _state.get_node_count():
				paths.append(SceneFileReader.path_of(_state, index))
			var near := NearNames.of(_node, paths)
			if not paths.has(_node):
				return CommandResult.failed("NOT_FOUND", "%s has no node '%s'." % [_path, _node],
						NearNames.question(near), near)
		var sections: Array = _request.params.get("sections", SECTIONS)
		var first := _request.place()
		var end := first + _request.number("limit", DEFAULT_LIMIT)
		var answer: Dictionary = {"path": _path, "nodes": [], "connections": [], "dependencies": []}
		if _state.get_base_scene_state() != null:
			answer["inherits"] = _state.get_base_scene_state().get_path()
		var place := 0
		for section: String in SECTIONS:
			if not sections.has(section):
				continue
			var all: Array = entries[section]
			answer[section] = all.slice(maxi(0, first - place), maxi(0, end - place)) \
					.map(_describe.bind(section))
			place += all.size()
		answer["total"] = place
		if end < place:
			answer.merge({"truncated": true, "cursor": str(end)})
		return CommandResult.succeeded(answer)

	## Of nodes and connections their indexes: only those of this page are described.
	func _entries() -> Dictionary:
		var nodes: Array[int] = []
		for index: int in _state.get_node_count():
			if _is_meant(SceneFileReader.path_of(_state, index)):
				nodes.append(index)
		var connections: Array[int] = []
		for index: int in _state.get_connection_count():
			var ends: Array[NodePath] = [_state.get_connection_source(index),
					_state.get_connection_target(index)]
			if ends.any(func(end: NodePath) -> bool:
				return _is_meant(String(end).trim_prefix("./"))):
				connections.append(index)
		return {"nodes": nodes, "connections": connections,
				"dependencies": SceneFileReader.dependencies(_path)}

	func _is_meant(path: String) -> bool:
		if _node != "." and path != _node and not path.begins_with(_node + "/"):
			return false
		if _depth < 0 or path == _node:
			return true
		var below := path if _node == "." else path.trim_prefix(_node + "/")
		return below.get_slice_count("/") <= _depth

	func _describe(entry: Variant, section: String) -> Variant:
		match section:
			"nodes":
				return SceneFileReader.describe_node(_state, entry)
			"connections":
				return SceneFileReader.describe_connection(_state, entry)
		return entry
