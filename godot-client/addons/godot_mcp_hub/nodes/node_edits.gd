## What can be done to the nodes of a scene. Each function does it as part of a SceneChange and says
## what came of it.
extends RefCounted

const CarriedScripts := preload("../scripts/carried_scripts.gd")
const ClassNames := preload("../scripts/class_names.gd")
const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const FileLimits := preload("../reading/file_limits.gd")
const FilePaths := preload("../files/file_paths.gd")
const HeldPaths := preload("../values/held_paths.gd")
const NodeCopies := preload("node_copies.gd")
const NodePaths := preload("../values/node_paths.gd")
const OutwardPaths := preload("node_copies.gd").OutwardPaths
const Permissions := preload("../requests/permissions.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const PropertyEdits := preload("property_edits.gd")
const Result := preload("../requests/result.gd")
const SceneChange := preload("../undo/scene_change.gd")
const SceneCycles := preload("../scenes/scene_cycles.gd")
const SceneNodeIds := preload("../engine_workarounds/scene_node_ids.gd")
const TransformKeeper := preload("../undo/property_snapshot.gd").TransformKeeper


static func add(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var parent_path: String = params.get("parent", ".")
	var parent := NodePaths.find(root, parent_path)
	if parent == null:
		return NodePaths.not_found(root, parent_path)
	var refusal := NodePaths.unchangeable(root, parent)
	if refusal != null:
		return refusal
	# Making a node may run its script: what can be refused before is refused before.
	refusal = NodePaths.unusable_name(parent, params["name"]) if params.has("name") else null
	if refusal == null and params.get("editableChildren", false) and not params.has("instance"):
		refusal = CommandResult.failed("INVALID_PARAMS",
				"'editableChildren' is for an instance of a scene.")
	if refusal != null:
		return refusal
	var made := _make(root, params, change.permissions)
	if made.is_error():
		return made.error
	var node: Node = made.value
	refusal = _place(change, root, parent, node, params)
	if refusal != null:
		if node.get_parent() == null:
			node.free()
		return refusal
	if params.get("editableChildren", false):
		root.set_editable_instance(node, true)
	if params.has("properties"):
		var outcome := PropertyEdits.set_properties(change, root, node, params["properties"])
		return outcome if outcome.is_failure() else NodeCopies.told(root, node, outcome.value)
	return NodeCopies.told(root, node)


static func delete(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var refusal := NodePaths.immovable(root, node)
	if refusal != null:
		return refusal
	var path := NodePaths.path_of(root, node)
	PropertyEdits.keep_places(change, node, [node.get_parent()])
	_take_out(change, root, node)
	change.keep_removed(node)
	return CommandResult.succeeded({"path": path})


static func rename(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var name: String = params["name"]
	var refusal := NodePaths.unchangeable(root, node) if node == root \
			else NodePaths.immovable(root, node)
	if refusal == null and node != root:
		refusal = NodePaths.unusable_name(node.get_parent(), name, node)
	if refusal == null and name.validate_node_name() != name:
		refusal = CommandResult.failed("INVALID_PARAMS", "'%s' is no node name." % name)
	if refusal != null:
		return refusal
	var references := NodeReferences.new(root)
	change.run(node, &"set_name", [name], &"set_name", [String(node.name)])
	references.follow(change)
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node),
			"name": String(node.name)})


static func move(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var refusal := NodePaths.immovable(root, node)
	if refusal != null:
		return refusal
	var parent := node.get_parent()
	if params.has("parent"):
		parent = NodePaths.find(root, params["parent"])
		if parent == null:
			return NodePaths.not_found(root, params["parent"])
	refusal = _unfit_parent(root, parent, node)
	if refusal != null:
		return refusal
	PropertyEdits.keep_places(change, node, [node.get_parent(), parent])
	if parent == node.get_parent():
		_reorder(change, parent, node, params.get("index", -1))
	else:
		var led_out := OutwardPaths.count(root, node)
		_reparent(change, root, parent, node, params)
		if OutwardPaths.count(root, node) > led_out and not ExecutionGate.is_open():
			return ExecutionGate.refusal_of_reach(
					"A path in '%s' would lead out of the scene from there." % node.name)
	return CommandResult.succeeded({"path": NodePaths.path_of(root, node)})


static func _unfit_parent(root: Node, parent: Node, node: Node) -> CommandResult:
	if parent == node or node.is_ancestor_of(parent):
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' cannot be moved into itself." % NodePaths.path_of(root, node))
	var refusal := NodePaths.unchangeable(root, parent)
	if refusal != null:
		return refusal
	return NodePaths.unusable_name(parent, node.name, node) if parent != node.get_parent() else null


## The node that `params` describes, outside of the scene yet.
static func _make(root: Node, params: Dictionary, permissions: Permissions) -> Result:
	if params.has("type") == params.has("instance"):
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"Either 'type' or 'instance' is needed, not both."))
	return ClassNames.make_node(params["type"], permissions) if params.has("type") \
			else _instance(root, params["instance"], permissions)


static func _instance(root: Node, path: String, permissions: Permissions) -> Result:
	var resolved := FilePaths.resolve(path)
	if resolved.is_error():
		return resolved
	var withheld := permissions.refusal(Permissions.ATTACH)
	if withheld != null and CarriedScripts.in_file(resolved.value):
		return Result.err(withheld)
	var refusal := SceneCycles.refusal_of_instance(resolved.value, root.get_scene_file_path())
	if refusal == null:
		refusal = FileLimits.refusal(resolved.value)
	if refusal != null:
		return Result.err(refusal)
	var packed := ProjectResources.scene(resolved.value, permissions) \
			if ResourceLoader.exists(resolved.value, "PackedScene") else null
	if packed == null or not packed.can_instantiate():
		return Result.err(CommandResult.failed("NOT_FOUND",
				"%s is no scene that can be instanced." % path))
	if withheld != null and CarriedScripts.in_scene(packed.get_state()):
		return Result.err(withheld)
	return Result.ok(_instance_with_own_id(packed, permissions))


static func _instance_with_own_id(packed: PackedScene, permissions: Permissions) -> Node:
	var node := ProjectResources.instance(packed, permissions)
	if permissions.only_looks:
		return node
	var twin := ProjectResources.instance(packed, permissions)
	SceneNodeIds.renew(node, [node], twin, [twin])
	return node


static func _place(change: SceneChange, root: Node, parent: Node, node: Node,
		params: Dictionary) -> CommandResult:
	var name: String = params.get("name", params.get("type", String(node.name)))
	var refusal := NodePaths.unusable_name(parent, name)
	if refusal != null:
		return refusal
	node.name = name
	change.bring(node)
	change.keep_created(node)
	PropertyEdits.keep_places(change, node, [parent])
	change.run(parent, &"add_child", [node], &"remove_child", [node])
	change.also_do(node, &"set_owner", [root])
	if params.has("index"):
		change.also_do(parent, &"move_child",
				[node, mini(params["index"], parent.get_child_count() - 1)])
	return null


## Removes a node from the tree so that undoing puts it, and the ownership of all below it, back
## where it was.
static func _take_out(change: SceneChange, root: Node, node: Node) -> void:
	var parent := node.get_parent()
	for owned: Node in _owned_below(root, node):
		change.also_undo(owned, &"set_owner", [root])
	change.also_undo(parent, &"move_child", [node, node.get_index()])
	change.run(parent, &"remove_child", [node], &"add_child", [node])


static func _owned_below(root: Node, node: Node) -> Array[Node]:
	var owned: Array[Node] = []
	if node.owner == root:
		owned.append(node)
	for child: Node in node.get_children():
		owned.append_array(_owned_below(root, child))
	return owned


static func _reorder(change: SceneChange, parent: Node, node: Node, index: int) -> void:
	var last := parent.get_child_count() - 1
	change.run(parent, &"move_child", [node, last if index < 0 else mini(index, last)],
			&"move_child", [node, node.get_index()])


static func _reparent(change: SceneChange, root: Node, parent: Node, node: Node,
		params: Dictionary) -> void:
	var references := NodeReferences.new(root)
	var transform := TransformKeeper.new(node)
	var owned := _owned_below(root, node)
	_take_out(change, root, node)
	change.run(parent, &"add_child", [node], &"remove_child", [node])
	for child: Node in owned:
		change.also_do(child, &"set_owner", [root])
	if params.has("index"):
		change.also_do(parent, &"move_child",
				[node, mini(params["index"], parent.get_child_count() - 1)])
	if params.get("keepTransform", true):
		transform.restore(change)
	references.follow(change)


## Lets node paths follow a node that is renamed or moved: properties that hold paths, and animation
## tracks.
class NodeReferences extends RefCounted:
	var _root: Node
	## Entries: [object, setter, arguments before the path, old path, node that it is relative to,
	## node that it points to].
	var _references: Array[Array] = []

	## Notes what every path in the scene points to; to be called before the change.
	func _init(root: Node) -> void:
		_root = root
		for node: Node in NodePaths.all_nodes(root):
			for held: Array in HeldPaths.of(node):
				_note(held)

	## Corrects the paths that no longer point to the same node; to be called after the change.
	func follow(change: SceneChange) -> void:
		for noted: Array in _references:
			var old: NodePath = noted[3]
			var base: Node = noted[4]
			var target: Node = noted[5]
			if not _root.is_ancestor_of(target) and target != _root \
					or base.get_node_or_null(_names_of(old)) == target:
				continue
			var corrected := NodePath(_new_names(base, target, old) + _subnames_of(old))
			var args: Array = noted[2]
			change.run(noted[0], noted[1], args + [corrected], noted[1], args + [old])

	func _note(held: Array) -> void:
		var path: NodePath = held[3]
		var base: Node = held[4]
		# Where the path is a part of a container, that would have to be set as a whole.
		if base == null or path.is_absolute() or held[1] == &"":
			return
		var target := base.get_node_or_null(_names_of(path))
		if target != null:
			_references.append(held + [target])

	static func _new_names(base: Node, target: Node, old: NodePath) -> String:
		if old.get_name_count() == 1 and String(old.get_name(0)).begins_with("%") \
				and target.unique_name_in_owner:
			return "%" + target.name
		return String(base.get_path_to(target))

	static func _names_of(path: NodePath) -> NodePath:
		return NodePath(path.get_concatenated_names())

	static func _subnames_of(path: NodePath) -> String:
		var subnames := String(path.get_concatenated_subnames())
		return "" if subnames.is_empty() else ":" + subnames
