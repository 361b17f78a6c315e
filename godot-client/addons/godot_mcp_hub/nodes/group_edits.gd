## Groups of nodes: which there are, who is in them, and putting nodes into them as part of a
## SceneChange.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const NodePaths := preload("../values/node_paths.gd")
const SceneChange := preload("../undo/scene_change.gd")


## Groups of a node without the engine's own, which begin with an underscore.
static func groups_of(node: Node) -> Array[String]:
	var groups: Array[String] = []
	for group: StringName in node.get_groups():
		if not String(group).begins_with("_"):
			groups.append(String(group))
	groups.sort()
	return groups


## How many nodes of the scene are in each group.
static func counts_in(root: Node) -> Dictionary:
	var counts: Dictionary = {}
	for node: Node in NodePaths.all_nodes(root):
		for group: String in groups_of(node):
			counts[group] = counts.get(group, 0) + 1
	return counts


## node.set_groups: either `groups`, all that the node shall be in, or `add` and `remove`.
static func set_groups(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var refusal := NodePaths.unchangeable(root, node)
	if refusal == null:
		refusal = _misfit(params)
	if refusal != null:
		return refusal
	var before := groups_of(node)
	var after := _wanted(before, params)
	var inherited := _inherited_groups(root, node)
	for group: String in before:
		if not after.has(group) and inherited.has(group):
			return CommandResult.failed("INVALID_PARAMS",
					"'%s' has the group '%s' from the scene that it comes from."
					% [params["path"], group],
					"Take it out of the group in that scene.")
	for group: String in before:
		if not after.has(group):
			change.run(node, &"remove_from_group", [group], &"add_to_group", [group, true])
	for group: String in after:
		if not before.has(group):
			change.run(node, &"add_to_group", [group, true], &"remove_from_group", [group])
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node),
			"groups": groups_of(node)})


static func _misfit(params: Dictionary) -> CommandResult:
	if params.has("groups") == (params.has("add") or params.has("remove")):
		return CommandResult.failed("INVALID_PARAMS",
				"Either 'groups' is needed, or 'add' and 'remove'.")
	for member: String in ["groups", "add", "remove"]:
		for group: Variant in params.get(member, []):
			if not group is String or (group as String).strip_edges().is_empty() \
					or (group as String).begins_with("_"):
				return CommandResult.failed("INVALID_PARAMS",
						"%s in '%s' is no name of a group." % [JSON.stringify(group), member])
	return null


static func _wanted(before: Array[String], params: Dictionary) -> Array[String]:
	var wanted: Array[String] = []
	if params.has("groups"):
		wanted.assign(params["groups"])
		return wanted
	wanted.assign(before.filter(func(group: String) -> bool:
		return not params.get("remove", []).has(group)))
	for group: String in params.get("add", []):
		if not wanted.has(group):
			wanted.append(group)
	return wanted


## Groups that a node has from an instanced or inherited scene: that it was taken out of them could
## not be saved here.
static func _inherited_groups(root: Node, node: Node) -> Array[String]:
	var groups: Array[String] = []
	var at := node
	while at != null:
		var state := NodePaths.foreign_state(root, at)
		if state != null:
			_collect_groups(state, NodePaths.path_of(at, node), groups)
		at = null if at == root else at.get_parent()
	return groups


static func _collect_groups(state: SceneState, path: String, into: Array[String]) -> void:
	if state.get_base_scene_state() != null:
		_collect_groups(state.get_base_scene_state(), path, into)
	var index := NodePaths.index_in(state, path)
	for group: String in state.get_node_groups(index) if index >= 0 else PackedStringArray():
		into.append(group)
