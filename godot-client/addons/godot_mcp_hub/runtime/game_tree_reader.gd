## Describes the nodes of a running game as a tree, or a page of it.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const GameNodes := preload("game_nodes.gd")

const DEFAULT_LIMIT := 500
const DEFAULT_DEPTH := 64

var _root: Node
var _type: String
var _first: int
var _last: int
## Nodes counted so far, in the order of the tree.
var _count: int = 0


func _init(root: Node, request: CommandRequest) -> void:
	_root = root
	_type = request.text("type")
	_first = request.text("cursor", "0").to_int()
	_last = _first + request.number("limit", DEFAULT_LIMIT)


## Members of an answer: `root`, and `truncated`, `cursor` and `total` when there is more.
func read(from: Node, depth: int = DEFAULT_DEPTH) -> Dictionary:
	var tree := _describe(from, depth)
	var answer: Dictionary = {"root": tree if not tree.is_empty() else GameNodes.describe(_root, from)}
	if _count > _last:
		answer.merge({"truncated": true, "cursor": str(_last), "total": _count})
	return answer


## The node with those below it that are on this page; empty when there are none.
func _describe(node: Node, depth: int) -> Dictionary:
	var is_wanted := _type.is_empty() or GameNodes.is_a(node, _type)
	var is_on_page := is_wanted and _count >= _first and _count < _last
	if is_wanted:
		_count += 1
	var shown: Array[Dictionary] = []
	if depth > 0:
		for child: Node in node.get_children():
			var described := _describe(child, depth - 1)
			if not described.is_empty():
				shown.append(described)
	if not is_on_page and shown.is_empty():
		return {}
	var entry := GameNodes.describe(_root, node)
	if not shown.is_empty():
		entry["children"] = shown
	elif depth == 0 and node.get_child_count() > 0:
		entry["childCount"] = node.get_child_count()
	return entry
