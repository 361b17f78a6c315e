## Makes a copy of a node and of what is below it, as the editor's own "Duplicate" does: instances stay instances, resources
## are shared, connections and references inside of the copy lead to the copy's own nodes.
##
## Node.duplicate() forgets what came with an instance, so that saving would write all of it into the scene.
extends RefCounted

const HeldPaths := preload("../values/held_paths.gd")
const LiveConnections := preload("../undo/live_connections.gd")
const Permissions := preload("../requests/permissions.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const SignalArguments := preload("../values/signal_arguments.gd")

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


## Connections of the last copy that lead to other nodes of the scene, as Object.get_signal_connection_list() has them.
func leading_out() -> Array[Dictionary]:
	return _leading_out


## To be called when the copy stands in the scene: paths that lead out of it are right again, and children of instances editable.
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
	var target := base.get_node_or_null(names) if base != null and base_of_copy != null else null
	if target == null or _copies.has(target) or base_of_copy.get_node_or_null(names) == target:
		return
	var subnames := String(path.get_concatenated_subnames())
	copy.set(property, NodePath(String(base_of_copy.get_path_to(target)) + ("" if subnames.is_empty() else ":" + subnames)))


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


## Notes the copy of a node, and copies what it has below it in this scene; what an instance brings is there already.
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
		if not info["usage"] & PROPERTY_USAGE_STORAGE or property in [&"script", &"unique_name_in_owner"]:
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
				return other["callable"].get_object() == target and other["callable"].get_method() == callable.get_method())
			if not is_there:
				var retargeted := _retargeted(callable, target)
				copy.connect(info["name"], retargeted, connection["flags"])
				if not _copies.has(callable.get_object()):
					_leading_out.append({"signal": Signal(copy, info["name"]), "callable": retargeted, "flags": connection["flags"]})


static func _retargeted(callable: Callable, target: Node) -> Callable:
	var retargeted := Callable(target, callable.get_method())
	var unbinds := SignalArguments.unbinds_of(callable)
	if unbinds > 0:
		retargeted = retargeted.unbind(unbinds)
	return retargeted.bindv(callable.get_bound_arguments()) if not callable.get_bound_arguments().is_empty() else retargeted
