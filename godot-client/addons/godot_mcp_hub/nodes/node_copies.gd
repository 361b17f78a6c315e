## Copies nodes of a scene with everything below them, as part of a SceneChange.
extends RefCounted

const CarriedScripts := preload("../scripts/carried_scripts.gd")
const CommandResult := preload("../requests/command_result.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const HeldPaths := preload("../values/held_paths.gd")
const LiveConnections := preload("../undo/live_connections.gd")
const NodePaths := preload("../values/node_paths.gd")
const Permissions := preload("../requests/permissions.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const PropertyEdits := preload("property_edits.gd")
const SceneChange := preload("../undo/scene_change.gd")
const SceneNodeIds := preload("../engine_workarounds/scene_node_ids.gd")
const SignalArguments := preload("../engine_workarounds/signal_arguments.gd")


static func duplicate_node(change: SceneChange, root: Node, params: Dictionary) -> CommandResult:
	var node := NodePaths.find(root, params["path"])
	if node == null:
		return NodePaths.not_found(root, params["path"])
	var refusal := NodePaths.immovable(root, node)
	if refusal != null:
		return refusal
	var parent := NodePaths.find(root, params["parent"]) if params.has("parent") \
			else node.get_parent()
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
	if parent != node.get_parent() and not ExecutionGate.is_open() \
			and OutwardPaths.count_below(root, copy) > OutwardPaths.count_below(root, node):
		return ExecutionGate.refusal_of_reach(
				"A path in '%s' would lead out of the scene from there." % node.name)
	if params.has("properties"):
		var outcome := PropertyEdits.set_properties(change, root, copy, params["properties"])
		return outcome if outcome.is_failure() else told(root, copy, outcome.value)
	return told(root, copy)


## The answer about a node that was made; of what came of its properties, only what is worth a note.
static func told(root: Node, node: Node, outcome: Dictionary = {}) -> CommandResult:
	var answer: Dictionary = {
		"path": NodePaths.path_of(root, node), "name": String(node.name), "type": node.get_class()}
	if outcome.has("notes"):
		answer["notes"] = outcome["notes"]
	return CommandResult.succeeded(answer)


static func _place_copy(change: SceneChange, root: Node, parent: Node, node: Node,
		params: Dictionary) -> Node:
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
	var place: int = params.get("index", node.get_index() + 1 if parent == node.get_parent()
			else -1)
	if place >= 0:
		change.also_do(parent, &"move_child", [copy, mini(place, parent.get_child_count() - 1)])
	change.keep_created(copy)
	return copy


## Makes a copy of a node and of its descendants, as the editor's own "Duplicate" does: instances
## stay instances, resources are shared, connections and references inside of the copy lead to the
## copy's own nodes.
##
## Node.duplicate() forgets what came with an instance, so that saving would write all of it into
## the scene.
class NodeCopier extends RefCounted:
	var _root: Node
	var _original: Node
	## Of the request that copies it.
	var _permissions: Permissions
	## Copy by node.
	var _copies: Dictionary = {}
	## Connections of the last copy that lead to other nodes of the scene.
	var _leading_out: Array[Dictionary] = []
	## The originals that the scene owns, in the order of the tree.
	var _owned: Array[Node] = []

	func _init(root: Node, original: Node, permissions: Permissions) -> void:
		_root = root
		_original = original
		_permissions = permissions

	## The copy, outside of the tree and without an owner.
	func make() -> Node:
		_copies.clear()
		_owned.clear()
		_leading_out.clear()
		var copy := _copy_of(_original)
		# What an instance brings is connected already.
		var live := LiveConnections.below(copy)
		live.hold()
		for node: Node in _copies:
			_copy_values(node, _copies[node])
		live.release()
		for node: Node in _copies:
			_copy_connections(node, _copies[node])
		return copy

	## The nodes of the last copy that the scene will own, in the order of the tree.
	func owned_copies() -> Array[Node]:
		var copies: Array[Node] = []
		for node: Node in _owned:
			copies.append(_copies[node])
		return copies

	## Connections of the last copy that lead to other nodes of the scene, as
	## Object.get_signal_connection_list() has them.
	func leading_out() -> Array[Dictionary]:
		return _leading_out

	## To be called when the copy stands in the scene: paths that lead out of it are right again,
	## and children of instances editable.
	func settle() -> void:
		for node: Node in _copies:
			var copy: Node = _copies[node]
			if node.owner == _root and _root.is_editable_instance(node):
				_root.set_editable_instance(copy, true)
			for info: Dictionary in node.get_property_list():
				if info["type"] == TYPE_NODE_PATH and info["usage"] & PROPERTY_USAGE_STORAGE:
					_settle_path(node, copy, info["name"])

	func _settle_path(node: Node, copy: Node, property: StringName) -> void:
		var path: NodePath = node.get(property)
		if path.is_empty() or path.is_absolute():
			return
		var names := NodePath(path.get_concatenated_names())
		var base := HeldPaths.base_of(node, property)
		var base_of_copy := HeldPaths.base_of(copy, property)
		var target := base.get_node_or_null(names) if base != null and base_of_copy != null \
				else null
		if target == null or _copies.has(target) or base_of_copy.get_node_or_null(names) == target:
			return
		var subnames := String(path.get_concatenated_subnames())
		copy.set(property,
				NodePath(String(base_of_copy.get_path_to(target))
				+ ("" if subnames.is_empty() else ":" + subnames)))

	func _copy_of(node: Node) -> Node:
		var copy: Node
		if node.scene_file_path.is_empty():
			copy = ClassDB.instantiate(node.get_class())
			copy.set_script(node.get_script())
		else:
			copy = ProjectResources.instance(
					ProjectResources.scene(node.scene_file_path, _permissions), _permissions)
		copy.name = node.name
		_take(node, copy)
		return copy

	## Notes the copy of a node, and copies what it has below it in this scene; what an instance
	## brings is there already.
	func _take(node: Node, copy: Node) -> void:
		_copies[node] = copy
		if node.owner == _root:
			_owned.append(node)
		for child: Node in node.get_children():
			if child.owner == _root:
				copy.add_child(_copy_of(child))
			elif copy.has_node(NodePath(child.name)):
				_take(child, copy.get_node(NodePath(child.name)))

	func _copy_values(node: Node, copy: Node) -> void:
		for info: Dictionary in node.get_property_list():
			var property: StringName = info["name"]
			if not info["usage"] & PROPERTY_USAGE_STORAGE \
					or property in [&"script", &"unique_name_in_owner"]:
				continue
			var value: Variant = _counterpart(node.get(property))
			var current: Variant = copy.get(property)
			if typeof(value) != typeof(current) or value != current:
				copy.set(property, value)
		for group: StringName in node.get_groups():
			if not String(group).begins_with("_") and not copy.is_in_group(group):
				copy.add_to_group(group, true)

	## A value as the copy has it: a node of the original is its copy, a container is its own.
	func _counterpart(value: Variant) -> Variant:
		if value is Node:
			return _copies.get(value, value)
		if value is Array:
			var values: Array = (value as Array).duplicate(true)
			for index: int in values.size():
				values[index] = _counterpart(values[index])
			return values
		return (value as Dictionary).duplicate(true) if value is Dictionary else value

	func _copy_connections(node: Node, copy: Node) -> void:
		for info: Dictionary in node.get_signal_list():
			var existing := copy.get_signal_connection_list(info["name"])
			for connection: Dictionary in node.get_signal_connection_list(info["name"]):
				var callable: Callable = connection["callable"]
				if not connection["flags"] & CONNECT_PERSIST or not callable.get_object() is Node:
					continue
				var target: Node = _copies.get(callable.get_object(), callable.get_object())
				var is_there := existing.any(func(other: Dictionary) -> bool:
					return other["callable"].get_object() == target \
							and other["callable"].get_method() == callable.get_method())
				if not is_there:
					var retargeted := _retargeted(callable, target)
					copy.connect(info["name"], retargeted, connection["flags"])
					if not _copies.has(callable.get_object()):
						_leading_out.append({"signal": Signal(copy, info["name"]),
								"callable": retargeted, "flags": connection["flags"]})

	static func _retargeted(callable: Callable, target: Node) -> Callable:
		var retargeted := Callable(target, callable.get_method())
		var unbinds := SignalArguments.unbinds_of(callable)
		if unbinds > 0:
			retargeted = retargeted.unbind(unbinds)
		return retargeted.bindv(callable.get_bound_arguments()) \
				if not callable.get_bound_arguments().is_empty() else retargeted


## Finds paths of nodes that lead out of their scene: a path to something that is not there does so
## when its node comes nearer to the root.
class OutwardPaths extends RefCounted:
	## How many there are of a node and its descendants.
	static func count_below(root: Node, node: Node) -> int:
		var found := _of(root, HeldPaths.of(node))
		for child: Node in node.get_children():
			found += count_below(root, child)
		return found

	## The same, and of nodes elsewhere with paths that are relative to one of these.
	static func count(root: Node, node: Node) -> int:
		var found := count_below(root, node)
		for other: Node in HeldPaths.leaning_on(root, node):
			found += _of(root, HeldPaths.of(other))
		return found

	## How many of those there are that a node holds for the engine to resolve them from elsewhere,
	## but for the tracks of a mixer.
	static func count_elsewhere(root: Node, node: Node) -> int:
		return _of(root, HeldPaths.elsewhere(node))

	static func _of(root: Node, held: Array[Array]) -> int:
		return held.filter(
				func(entry: Array) -> bool: return NodePaths.leads_out(root, entry[4], entry[3])) \
				.size()
