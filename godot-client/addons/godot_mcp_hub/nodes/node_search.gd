## Finds nodes of a scene by what they are and have.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const GroupEdits := preload("group_edits.gd")
const NodePaths := preload("../values/node_paths.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")
const StoredValues := preload("../reading/stored_values.gd")
const Wildcards := preload("../texts/wildcards.gd")

const DEFAULT_LIMIT := 200

var _root: Node
var _request: CommandRequest


func _init(root: Node, request: CommandRequest) -> void:
	_root = root
	_request = request


## Members of an answer: `nodes`, and `truncated`, `cursor` and `total` when there are more.
func run() -> CommandResult:
	var from := NodePaths.find(_root, _request.text("path", "."))
	if from == null:
		return NodePaths.not_found(_root, _request.text("path"))
	if _request.has("type") and not ClassNames.exists(_request.text("type")):
		return CommandResult.failed("INVALID_PARAMS",
				"There is no class '%s'." % _request.text("type"))
	if _request.has("value") and not _request.has("property"):
		return CommandResult.failed("INVALID_PARAMS",
				"'value' needs 'property', the property that has it.")
	if _request.place() < 0:
		return _request.not_a_cursor()
	var filter := NodeFilter.new(_root, _request)
	var found: Array[Node] = []
	for node: Node in NodePaths.all_nodes(_root):
		if (node == from or from.is_ancestor_of(node)) and filter.fits(node):
			found.append(node)
	return CommandResult.succeeded(_page(found))


func _page(found: Array[Node]) -> Dictionary:
	var first := _request.place()
	var end := first + _request.number("limit", DEFAULT_LIMIT)
	var nodes: Array[Dictionary] = []
	for node: Node in found.slice(first, end):
		nodes.append(describe(_root, node))
	var answer: Dictionary = {"nodes": nodes, "total": found.size()}
	if end < found.size():
		answer.merge({"truncated": true, "cursor": str(end)})
	return answer


## One line about a node.
static func describe(root: Node, node: Node) -> Dictionary:
	var described: Dictionary = {"path": NodePaths.path_of(root, node),
			"name": String(node.get_name()), "type": node.get_class()}
	var script: Script = node.get_script()
	if script != null:
		described["script"] = DormantFiles.path_of(script)
	if node != root and not node.get_scene_file_path().is_empty():
		described["instance"] = node.get_scene_file_path()
	var groups := GroupEdits.groups_of(node)
	if not groups.is_empty():
		described["groups"] = groups
	return described


## Which nodes a request asks for: by `name`, `type`, `group`, `script`, `property` and `value`,
## those of them that it gives.
class NodeFilter extends RefCounted:
	var _root: Node
	var _request: CommandRequest

	func _init(root: Node, request: CommandRequest) -> void:
		_root = root
		_request = request

	## Whether a node is what the request asks for.
	func fits(node: Node) -> bool:
		if _request.has("name") and not Wildcards.fits(String(node.get_name()),
				_request.text("name")):
			return false
		if _request.has("type") and not ClassNames.is_a(node, _request.text("type")):
			return false
		if _request.has("group") and not node.is_in_group(_request.text("group")):
			return false
		return _fits_script(node) and _fits_property(node)

	func _fits_script(node: Node) -> bool:
		if not _request.has("script"):
			return true
		var script: Script = node.get_script()
		return script != null and ScriptLineage.has(script, "path", _request.text("script"))

	func _fits_property(node: Node) -> bool:
		if not _request.has("property"):
			return true
		var name := _request.text("property")
		var info := PropertyInfos.find(node, name, false)
		if info.is_empty():
			return false
		if not _request.has("value"):
			return true
		var value: Variant = StoredValues.read(node, name)
		var parser := PropertyParser.new(_root, Permissions.for_reading())
		var parsed := parser.parse(_request.params["value"], info, value)
		return parsed.fits() and _is_same(parsed.value, value)

	## A resource is the same wherever it was loaded.
	static func _is_same(wanted: Variant, value: Variant) -> bool:
		if wanted is Resource and value is Resource and not DormantFiles.path_of(wanted).is_empty():
			return DormantFiles.path_of(wanted) == DormantFiles.path_of(value)
		return type_convert(wanted, typeof(value)) == value \
				and (typeof(wanted) == typeof(value) or not wanted is Object)
