## Copies nodes of a scene with everything below them, as part of a SceneChange.
extends RefCounted

const CarriedScripts := preload("../scripts/carried_scripts.gd")
const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/execution_gate.gd")
const NodeCopier := preload("node_copier.gd")
const NodePaths := preload("../values/node_paths.gd")
const OutwardPaths := preload("outward_paths.gd")
const Permissions := preload("../requests/permissions.gd")
const PropertyEdits := preload("property_edits.gd")
const SceneChange := preload("../undo/scene_change.gd")
const SceneNodeIds := preload("../scenes/scene_node_ids.gd")


static func duplicate_node(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var refusal := NodePaths.immovable(root, node)
	if refusal != null:
		return refusal
	var parent := NodePaths.find(root, params["parent"]) if params.has("parent") else node.get_parent()
	if parent == null:
		return NodePaths.not_found(root, params["parent"])
	refusal = change.permissions.refusal(Permissions.ATTACH)
	if refusal != null and CarriedScripts.in_branch(node):
		return refusal
	refusal = NodePaths.unchangeable(root, parent)
	if refusal == null:
		refusal = NodePaths.unusable_name(parent, params["name"])
	if refusal != null:
		return refusal
	var copy := _place_copy(change, root, parent, node, params)
	if parent != node.get_parent() and not ExecutionGate.is_open() and OutwardPaths.count_below(root, copy) > OutwardPaths.count_below(root, node):
		return ExecutionGate.refusal_of_reach("A path in '%s' would lead out of the scene from there." % node.name)
	if params.has("properties"):
		var outcome := PropertyEdits.set_properties(change, root, copy, params["properties"])
		return outcome if outcome.is_failure() else told(root, copy, outcome.value)
	return told(root, copy)


## What is said of a node that was made; of what came of its properties, only what is worth a note.
static func told(root: Node, node: Node, outcome: Dictionary = {}) -> CommandResult:
	var answer: Dictionary = {
		"path": NodePaths.path_of(root, node), "name": String(node.name), "type": node.get_class()}
	if outcome.has("notes"):
		answer["notes"] = outcome["notes"]
	return CommandResult.succeeded(answer)


static func _place_copy(change: SceneChange, root: Node, parent: Node, node: Node, params: Dictionary) -> Node:
	var copier := NodeCopier.new(root, node, change.permissions)
	var twin := copier.make()
	var twins_owned := copier.owned_copies()
	var copy := copier.make()
	var owned := copier.owned_copies()
	copy.name = params["name"]
	SceneNodeIds.renew(copy, owned, twin, twins_owned)
	change.bring(copy, copier.leading_out())
	change.run(parent, &"add_child", [copy], &"remove_child", [copy])
	for part: Node in owned:
		change.also_do(part, &"set_owner", [root])
	copier.settle()
	var place: int = params.get("index", node.get_index() + 1 if parent == node.get_parent() else -1)
	if place >= 0:
		change.also_do(parent, &"move_child", [copy, mini(place, parent.get_child_count() - 1)])
	change.keep_created(copy)
	return copy
