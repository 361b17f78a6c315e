## Finds nodes of a running game by what they are, say and where they are.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const GameNodes := preload("game_nodes.gd")
const GameTexts := preload("game_texts.gd")
const ParsedValue := preload("../values/parsed_value.gd")
const PropertyParser := preload("../values/property_parser.gd")
const Wildcards := preload("../texts/wildcards.gd")

const DEFAULT_LIMIT := 100
## Pixels in 2D, metres in 3D.
const DEFAULT_DISTANCE := {TYPE_VECTOR2: 64.0, TYPE_VECTOR3: 2.0}
const FILTERS: Array[String] = ["type", "name", "group", "script", "text", "near"]

var _root: Node
var _request: CommandRequest
## Vector2 or Vector3 to be near to; null when the place does not matter.
var _near: Variant = null
var _distance: float = 0.0


func _init(root: Node, request: CommandRequest) -> void:
	_root = root
	_request = request


func run() -> CommandResult:
	if not FILTERS.any(_request.has):
		return CommandResult.failed("INVALID_PARAMS",
				"Say what to look for: at least one of %s." % ", ".join(PackedStringArray(FILTERS)))
	if _request.has("near"):
		var refusal := _read_place()
		if refusal != null:
			return refusal
	var first := _request.place()
	if first < 0:
		return _request.not_a_cursor()
	var end := first + _request.number("limit", DEFAULT_LIMIT)
	var found := GameNodes.all(_root, _request.has("text")).filter(_fits)
	var nodes: Array[Dictionary] = []
	for node: Node in found.slice(first, end):
		nodes.append(GameNodes.describe_with_place(_root, node))
	var answer: Dictionary = {"nodes": nodes, "total": found.size()}
	if end < found.size():
		answer.merge({"truncated": true, "cursor": str(end)})
	return CommandResult.succeeded(answer)


func _read_place() -> CommandResult:
	var given: Dictionary = _request.params["near"]
	var type := TYPE_VECTOR3 if given.has("z") else TYPE_VECTOR2
	var parsed: ParsedValue = PropertyParser.new(_root) \
			.parse({"type": type_string(type)}.merged(given), {"type": type})
	if not parsed.fits():
		return CommandResult.failed("INVALID_PARAMS", "'near' must be %s." % parsed.expected)
	_near = parsed.value
	_distance = _request.params.get("within", DEFAULT_DISTANCE[type])
	return null


func _fits(node: Node) -> bool:
	if _request.has("type") and not GameNodes.is_a(node, _request.text("type")):
		return false
	if _request.has("name") and not Wildcards.fits(String(node.name), _request.text("name")):
		return false
	if _request.has("group") and not node.is_in_group(_request.text("group")):
		return false
	if _request.has("text") and not GameTexts.says(node, _request.text("text")):
		return false
	return _fits_script(node) and _fits_place(node) and _fits_visibility(node)


func _fits_script(node: Node) -> bool:
	var script: Script = node.get_script()
	while _request.has("script") and script != null \
			and script.resource_path != _request.text("script"):
		script = script.get_base_script()
	return not _request.has("script") or script != null


func _fits_place(node: Node) -> bool:
	if _near == null:
		return true
	if _near is Vector3:
		return node is Node3D and (node as Node3D).global_position.distance_to(_near) <= _distance
	if node is Control:
		return GameNodes.screen_rect(node).grow(_distance).has_point(_near)
	return node is Node2D and (node as Node2D).global_position.distance_to(_near) <= _distance


func _fits_visibility(node: Node) -> bool:
	if not _request.has("visible"):
		return true
	var is_visible := node is CanvasItem and (node as CanvasItem).is_visible_in_tree() \
			or node is Node3D and (node as Node3D).is_visible_in_tree()
	return is_visible == _request.flag("visible", true)


## Describes the nodes of a running game as a tree, or a page of it.
class GameTreeReader extends RefCounted:
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
		var answer: Dictionary = {"root": tree if not tree.is_empty()
				else GameNodes.describe(_root, from)}
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
