## A page of what a scene's file keeps: its nodes, then its connections, then the files that it names, as far as they are asked for.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const NearNames := preload("../texts/near_names.gd")
const SceneFileReader := preload("scene_file_reader.gd")

const SECTIONS: Array[String] = ["nodes", "connections", "dependencies"]
const DEFAULT_LIMIT := 1000

var _state: SceneState
var _path: String
var _request: CommandRequest
## Node below which everything is told; "." for the root.
var _node: String
## Levels below it; -1 for all.
var _depth: int


func _init(state: SceneState, path: String, request: CommandRequest) -> void:
	_state = state
	_path = path
	_request = request
	_node = request.text("node", ".").trim_prefix("./").trim_suffix("/")
	_depth = request.number("depth", -1)


## Members of an answer: a list for each section, and `truncated` and `cursor` when there is more.
func read() -> CommandResult:
	var entries := _entries()
	if entries["nodes"].is_empty() and _node != ".":
		var paths: Array[String] = []
		for index: int in _state.get_node_count():
			paths.append(SceneFileReader.path_of(_state, index))
		var near := NearNames.of(_node, paths)
		if not paths.has(_node):
			return CommandResult.failed("NOT_FOUND", "%s has no node '%s'." % [_path, _node], NearNames.question(near), near)
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
		answer[section] = all.slice(maxi(0, first - place), maxi(0, end - place)).map(_describe.bind(section))
		place += all.size()
	answer["total"] = place
	if end < place:
		answer.merge({"truncated": true, "cursor": str(end)})
	return CommandResult.succeeded(answer)


## Of nodes and connections their indexes: only those that are told are described.
func _entries() -> Dictionary:
	var nodes: Array[int] = []
	for index: int in _state.get_node_count():
		if _is_meant(SceneFileReader.path_of(_state, index)):
			nodes.append(index)
	var connections: Array[int] = []
	for index: int in _state.get_connection_count():
		var ends: Array[NodePath] = [_state.get_connection_source(index), _state.get_connection_target(index)]
		if ends.any(func(end: NodePath) -> bool: return _is_meant(String(end).trim_prefix("./"))):
			connections.append(index)
	return {"nodes": nodes, "connections": connections, "dependencies": SceneFileReader.dependencies(_path)}


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
