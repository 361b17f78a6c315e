## Describes the nodes of a scene as a tree, or a page of it.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const NodeFilter := preload("node_search.gd").NodeFilter
const NodePaths := preload("../values/node_paths.gd")

const DEFAULT_LIMIT := 1000
const ALL_LEVELS := 1 << 30

var _root: Node
var _depth: int
var _filter: NodeFilter
var _first: int
var _last: int
## Nodes counted so far, in the order of the tree.
var _count: int = 0


func _init(root: Node, request: CommandRequest) -> void:
	_root = root
	_depth = request.number("depth", ALL_LEVELS)
	_filter = NodeFilter.new(root, request)
	_first = request.text("cursor", "0").to_int()
	_last = _first + request.number("limit", DEFAULT_LIMIT)


## Members of an answer: `root`, and `truncated`, `cursor` and `total` when there is more.
func read(from: Node) -> Dictionary:
	var tree := _describe(from, _depth)
	var answer: Dictionary = {"root": tree if not tree.is_empty() else _entry(from)}
	if _count > _last:
		answer.merge({"truncated": true, "cursor": str(_last), "total": _count})
	return answer


## The node with those below it that are on this page; empty when there are none.
func _describe(node: Node, depth: int) -> Dictionary:
	var is_wanted := _filter.fits(node)
	var is_on_page := is_wanted and _count >= _first and _count < _last
	if is_wanted:
		_count += 1
	var shown: Array[Dictionary] = []
	var hidden := 0
	for child: Node in node.get_children():
		if not NodePaths.belongs_to_scene(_root, child):
			continue
		hidden += 1
		if depth > 0:
			var described := _describe(child, depth - 1)
			if not described.is_empty():
				shown.append(described)
	if not is_on_page and shown.is_empty():
		return {}
	var entry := _entry(node)
	if not shown.is_empty():
		entry["children"] = shown
	elif depth == 0 and hidden > 0:
		entry["childCount"] = hidden
	return entry


func _entry(node: Node) -> Dictionary:
	var entry: Dictionary = {"name": String(node.get_name()), "type": node.get_class(),
			"path": NodePaths.path_of(_root, node)}
	var script: Script = node.get_script()
	if script != null:
		entry["script"] = DormantFiles.path_of(script)
	if node != _root and not node.get_scene_file_path().is_empty():
		entry["instance"] = node.get_scene_file_path()
	if node.is_unique_name_in_owner():
		entry["unique"] = true
	var groups: Array[String] = []
	for group: StringName in node.get_groups():
		if not String(group).begins_with("_"):
			groups.append(String(group))
	if not groups.is_empty():
		entry["groups"] = groups
	return entry
