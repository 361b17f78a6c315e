## The operations of edit.batch: each with the params that it takes, and running a list of them as
## part of one SceneChange.
extends RefCounted

const AnimationEdits := preload("animation_edits.gd")
const Command := preload("../requests/command.gd")
const CommandResult := preload("../requests/command_result.gd")
const GroupEdits := preload("group_edits.gd")
const NodeCopies := preload("node_copies.gd")
const NodeEdits := preload("node_edits.gd")
const NodePaths := preload("../values/node_paths.gd")
const PropertyEdits := preload("property_edits.gd")
const SceneChange := preload("../undo/scene_change.gd")
const SignalEdits := preload("signal_edits.gd")

const LIMIT := 1000
## Members in which an operation names a node.
const NODE_MEMBERS: Array[String] = ["path", "parent", "to", "node"]

## By name of the operation: an entry of the table whose params it takes.
var _table: Dictionary = {}
## Node by alias.
var _named: Dictionary = {}


func _init() -> void:
	_add("add", NodeEdits.add, {
		"parent?": TYPE_STRING, "type?": TYPE_STRING, "instance?": TYPE_STRING,
		"name?": TYPE_STRING, "properties?": TYPE_DICTIONARY,
		"index?": TYPE_INT, "editableChildren?": TYPE_BOOL})
	_add("delete", NodeEdits.delete, {"path": TYPE_STRING})
	_add("rename", NodeEdits.rename, {"path": TYPE_STRING, "name": TYPE_STRING})
	_add("move", NodeEdits.move,
			{"path": TYPE_STRING, "parent?": TYPE_STRING, "index?": TYPE_INT,
			"keepTransform?": TYPE_BOOL})
	_add("duplicate", NodeCopies.duplicate_node, {
		"path": TYPE_STRING, "name": TYPE_STRING, "parent?": TYPE_STRING,
		"properties?": TYPE_DICTIONARY, "index?": TYPE_INT})
	_add("set_properties", PropertyEdits.set_at_path,
			{"path": TYPE_STRING, "properties": TYPE_DICTIONARY})
	_add("set_reference", PropertyEdits.set_reference,
			{"path": TYPE_STRING, "property": TYPE_STRING, "to?": TYPE_STRING})
	_add("attach_script", PropertyEdits.attach_script, {"path": TYPE_STRING, "script": TYPE_STRING})
	_add("set_groups", GroupEdits.set_groups, {
		"path": TYPE_STRING, "groups?": TYPE_ARRAY, "add?": TYPE_ARRAY, "remove?": TYPE_ARRAY})
	_add("connect_signal", SignalEdits.connect_signal, {
		"path": TYPE_STRING, "signal": TYPE_STRING, "to": TYPE_STRING, "method": TYPE_STRING,
		"flags?": TYPE_ARRAY,
		"binds?": TYPE_ARRAY, "unbinds?": TYPE_INT})
	_add("disconnect_signal", SignalEdits.disconnect_signal, {
		"path": TYPE_STRING, "signal": TYPE_STRING, "to": TYPE_STRING, "method": TYPE_STRING})
	_add("create_animation", AnimationEdits.create, AnimationEdits.CREATE_PARAMS)
	_add("add_track", AnimationEdits.add_track, AnimationEdits.ADD_TRACK_PARAMS)
	_add("set_key", AnimationEdits.set_key, AnimationEdits.SET_KEY_PARAMS)
	_add("remove_animation", AnimationEdits.remove, AnimationEdits.REMOVE_PARAMS)


## Null when so many operations may be run at once.
static func refusal(operations: Array) -> CommandResult:
	if operations.is_empty() or operations.size() > LIMIT:
		return CommandResult.failed("INVALID_PARAMS",
				"1 to %d operations are taken; given were %d." % [LIMIT, operations.size()])
	return null


## Runs all of `params["operations"]`; the first that fails ends it. Null when one broke off inside
## the addon.
func run_all(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	_named.clear()
	var results: Array[Dictionary] = []
	for index: int in (params["operations"] as Array).size():
		var result: Variant = _run_one(change, root, params["operations"][index])
		if not result is CommandResult:
			return null
		var outcome: CommandResult = result
		if outcome.is_failure():
			outcome.message = "Operation %d: %s" % [index, outcome.message]
			return outcome.with("operation", index)
		results.append(outcome.value)
	return CommandResult.succeeded({"results": results})


func _add(operation: String, edit: Callable, params: Dictionary) -> void:
	_table[operation] = Command.write(operation, edit, params)


func _run_one(change: SceneChange, root: Node, operation: Variant) -> CommandResult:
	if not operation is Dictionary or not _table.has((operation as Dictionary).get("op")):
		return CommandResult.failed("INVALID_PARAMS",
				"'op' must be one of %s." % ", ".join(PackedStringArray(_table.keys())))
	var params: Dictionary = (operation as Dictionary).duplicate()
	var command: Command = _table[params["op"]]
	var alias: Variant = params.get("as")
	params.erase("op")
	params.erase("as")
	var problem := command.misfit(params)
	if problem == null:
		problem = _resolve_names(root, params)
	if problem != null:
		return problem
	var result: CommandResult = command.handler.call(change, root, params)
	if alias is String and result != null and not result.is_failure():
		_named[alias] = NodePaths.find(root, result.value["path"])
	return result


## Puts paths for `$name` and `$name/Child`.
func _resolve_names(root: Node, params: Dictionary) -> CommandResult:
	for member: String in NODE_MEMBERS:
		if params.has(member) and (params[member] as String).begins_with("$"):
			var path := _path_of_name(root, params[member])
			if path.is_empty():
				return CommandResult.failed("INVALID_PARAMS",
						"'%s' names no earlier operation's node." % params[member],
						"Give that operation \"as\":\"%s\"."
						% (params[member] as String).trim_prefix("$").get_slice("/", 0))
			params[member] = path
	return null


func _path_of_name(root: Node, text: String) -> String:
	var name := text.trim_prefix("$").get_slice("/", 0)
	var node: Node = _named.get(name)
	if node == null or (node != root and not root.is_ancestor_of(node)):
		return ""
	var path := NodePaths.path_of(root, node)
	var below := text.trim_prefix("$" + name).trim_prefix("/")
	if below.is_empty():
		return path
	return below if path == "." else path.path_join(below)
