## Several changes of one scene as one: all of them, as one undo step, or none.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const NodeEdits := preload("../editing/node_edits.gd")
const NodePaths := preload("../editing/node_paths.gd")
const PropertyEdits := preload("../editing/property_edits.gd")
const SceneChange := preload("../editing/scene_change.gd")
const SceneEditor := preload("../editing/scene_editor.gd")

const OPERATION_LIMIT := 1000
## Members in which an operation names a node.
const NODE_MEMBERS: Array[String] = ["path", "parent"]

var _editor: SceneEditor
## By name of the operation: an entry of the table whose params it takes.
var _operations: Dictionary = _operation_table()


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.write("edit.batch", _batch, {
			"scene?": TYPE_STRING, "operations": TYPE_ARRAY, "label?": TYPE_STRING, "ifRevision?": TYPE_INT}),
	]


func _batch(request: CommandRequest) -> CommandResult:
	var operations: Array = request.params["operations"]
	if operations.is_empty() or operations.size() > OPERATION_LIMIT:
		return CommandResult.failed("INVALID_PARAMS", "edit.batch takes 1 to %d operations; given were %d." % [OPERATION_LIMIT, operations.size()])
	return await _editor.change(request, request.text("label", "Edit %d times" % operations.size()), _run_all)


func _run_all(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var named: Dictionary = {}
	var results: Array[Dictionary] = []
	for index: int in (params["operations"] as Array).size():
		var result: Variant = _run_one(change, root, params["operations"][index], named)
		if not result is CommandResult:
			return null
		var outcome: CommandResult = result
		if outcome.is_failure():
			outcome.message = "Operation %d: %s" % [index, outcome.message]
			return outcome.with("operation", index)
		results.append(outcome.value)
	return CommandResult.succeeded({"results": results})


func _run_one(change: SceneChange, root: Node, operation: Variant, named: Dictionary) -> CommandResult:
	if not operation is Dictionary or not _operations.has((operation as Dictionary).get("op")):
		return CommandResult.failed("INVALID_PARAMS", "'op' must be one of %s." % ", ".join(PackedStringArray(_operations.keys())))
	var params: Dictionary = (operation as Dictionary).duplicate()
	var command: Command = _operations[params["op"]]
	var alias: Variant = params.get("as")
	params.erase("op")
	params.erase("as")
	var refusal := command.misfit(params)
	if refusal == null:
		refusal = _resolve_names(root, params, named)
	if refusal != null:
		return refusal
	var result: CommandResult = command.handler.call(change, root, params)
	if alias is String and result != null and not result.is_failure():
		named[alias] = NodePaths.find(root, result.value["path"])
	return result


## Puts paths for `$name` and `$name/Child`.
static func _resolve_names(root: Node, params: Dictionary, named: Dictionary) -> CommandResult:
	for member: String in NODE_MEMBERS:
		if params.has(member) and (params[member] as String).begins_with("$"):
			var path := _path_of_name(root, params[member], named)
			if path.is_empty():
				return CommandResult.failed("INVALID_PARAMS", "'%s' names no earlier operation's node." % params[member],
						"Give that operation \"as\":\"%s\"." % (params[member] as String).trim_prefix("$").get_slice("/", 0))
			params[member] = path
	return null


static func _path_of_name(root: Node, text: String, named: Dictionary) -> String:
	var name := text.trim_prefix("$").get_slice("/", 0)
	var node: Node = named.get(name)
	if node == null or (node != root and not root.is_ancestor_of(node)):
		return ""
	var path := NodePaths.path_of(root, node)
	var below := text.trim_prefix("$" + name).trim_prefix("/")
	if below.is_empty():
		return path
	return below if path == "." else path.path_join(below)


static func _operation_table() -> Dictionary:
	return {
		"add": Command.write("add", NodeEdits.add, {
			"parent?": TYPE_STRING, "type?": TYPE_STRING, "instance?": TYPE_STRING, "name?": TYPE_STRING,
			"properties?": TYPE_DICTIONARY, "index?": TYPE_INT}),
		"delete": Command.write("delete", NodeEdits.delete, {"path": TYPE_STRING}),
		"rename": Command.write("rename", NodeEdits.rename, {"path": TYPE_STRING, "name": TYPE_STRING}),
		"move": Command.write("move", NodeEdits.move, {
			"path": TYPE_STRING, "parent?": TYPE_STRING, "index?": TYPE_INT, "keepTransform?": TYPE_BOOL}),
		"set_properties": Command.write("set_properties", PropertyEdits.set_at_path, {"path": TYPE_STRING, "properties": TYPE_DICTIONARY}),
		"attach_script": Command.write("attach_script", PropertyEdits.attach_script, {"path": TYPE_STRING, "script": TYPE_STRING}),
	}
