## A copy of an open scene for being looked at and for trying out changes: nothing of its scripts
## runs, and it is in no tree.
##
## It has what its file would keep, read without running a script. A resource is shared with the
## scene unless it has a script that runs, or can be changed through the nodes that have it, as
## animations can.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const DormantScripts := preload("../reading/dormant_scripts.gd")
const NodePaths := preload("../values/node_paths.gd")
const PropertyDefaults := preload("../values/property_defaults.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const SignalArguments := preload("../engine_workarounds/signal_arguments.gd")
const StoredValues := preload("../reading/stored_values.gd")

var _root: Node
## Copy by node, and by resource.
var _nodes: Dictionary = {}
var _resources := LiveResources.new(_counterpart)


func _init(root: Node) -> void:
	_root = root


## Finds out what has to be known of the scripts before a copy is made. To be awaited: the scene may
## be another one afterwards.
static func prepare(root: Node, request: CommandRequest) -> void:
	var paths: Dictionary = {}
	for node: Node in NodePaths.all_nodes(root):
		var script: Script = node.get_script()
		if script != null:
			paths[script.get_path()] = null
		if not node.get_scene_file_path().is_empty():
			paths[node.get_scene_file_path()] = null
	await DormantFiles.prepare(paths.keys(), request)


## The copy's root. To be freed by the caller.
static func of(root: Node) -> Node:
	return new(root)._make()


func _make() -> Node:
	var twin := _new_root()
	_take(_root, twin)
	for node: Node in _nodes:
		if NodePaths.belongs_to_scene(_root, node):
			_copy_values(node, _nodes[node])
			_copy_groups(node, _nodes[node])
		_copy_connections(node, _nodes[node])
	return twin


## As the file has it, so that what an inherited scene brings is distinguished from its own.
func _new_root() -> Node:
	var path := _root.get_scene_file_path()
	var twin := DormantFiles.instantiate(DormantFiles.open(path, "PackedScene") as PackedScene,
			PackedScene.GEN_EDIT_STATE_MAIN) \
			if FileAccess.file_exists(path) else null
	if twin != null and twin.get_class() != _root.get_class():
		twin.free()
		twin = null
	if twin == null:
		twin = DormantFiles.quiet(ClassDB.instantiate(_root.get_class()))
	twin.set_name(_root.get_name())
	twin.set_scene_file_path(path)
	return twin


## Notes the copy of a node, and makes its descendants the same.
func _take(node: Node, twin: Node) -> void:
	_nodes[node] = twin
	_give_script(node, twin)
	var last := 0
	for child: Node in node.get_children():
		var copy := _child_of(twin, child)
		if copy == null:
			continue
		_take(child, copy)
		if copy.get_index() != last:
			twin.move_child(copy, last)
		last += 1
	for left: Node in twin.get_children().slice(last):
		if left.get_owner() == _nodes[_root]:
			twin.remove_child(left)
			left.free()


## The copy of a child: what an instance brings is there already. Null for a node that no file
## keeps.
func _child_of(twin: Node, child: Node) -> Node:
	var there := twin.get_node_or_null(NodePath(child.get_name()))
	if child.get_owner() != _root or there != null and _is_alike(child, there):
		return there
	if there != null:
		twin.remove_child(there)
		there.free()
	var copy := _new_node(child)
	copy.set_name(child.get_name())
	twin.add_child(copy)
	copy.set_owner(_nodes[_root])
	return copy


static func _is_alike(node: Node, twin: Node) -> bool:
	return node.get_class() == twin.get_class() \
			and node.get_scene_file_path() == twin.get_scene_file_path()


static func _new_node(node: Node) -> Node:
	var path := node.get_scene_file_path()
	var copy := DormantFiles.instantiate(DormantFiles.open(path, "PackedScene") as PackedScene) \
			if FileAccess.file_exists(path) else null
	return copy if copy != null else DormantFiles.quiet(ClassDB.instantiate(node.get_class()))


func _give_script(node: Node, twin: Node) -> void:
	var script: Script = node.get_script()
	var had: Script = twin.get_script()
	if script == null or had == null or script.is_built_in() \
			or DormantFiles.path_of(had) != script.get_path():
		if script != had:
			twin.set_script(DormantScripts.in_place_of(script))


func _copy_values(node: Node, twin: Node) -> void:
	var root: Node = _nodes[_root]
	if node != _root and not node.get_scene_file_path().is_empty():
		root.set_editable_instance(twin, _root.is_editable_instance(node))
		twin.set_scene_instance_load_placeholder(node.get_scene_instance_load_placeholder())
	var stored := StoredValues.new(node)
	for info: Dictionary in stored.infos():
		var property: StringName = info["name"]
		if not info["usage"] & PROPERTY_USAGE_STORAGE or property == &"script":
			continue
		var value: Variant = _counterpart(stored.value(property))
		var current: Variant = twin.get(property)
		if typeof(value) != typeof(current) or value != current:
			twin.set(property, value)


## A value as the copy has it.
func _counterpart(value: Variant) -> Variant:
	return _nodes.get(value) if value is Node else _resources.counterpart(value)


func _copy_groups(node: Node, twin: Node) -> void:
	for group: StringName in twin.get_groups():
		if not node.is_in_group(group):
			twin.remove_from_group(group)
	for group: StringName in node.get_groups():
		if not String(group).begins_with("_") and not twin.is_in_group(group):
			twin.add_to_group(group, true)


func _copy_connections(node: Node, twin: Node) -> void:
	for info: Dictionary in twin.get_signal_list():
		var its_signal: StringName = info["name"]
		var wanted := _connections(node, its_signal) if node.has_signal(its_signal) else {}
		var there := _connections(twin, its_signal)
		for key: String in there:
			if not wanted.has(key) or not _are_alike(there[key], wanted[key]):
				twin.disconnect(its_signal, there[key]["callable"])
		for key: String in wanted:
			var callable: Callable = wanted[key]["callable"]
			if not there.has(key) or not _are_alike(there[key], wanted[key]):
				twin.connect(its_signal, _retargeted(callable), wanted[key]["flags"])


## Connections that the scene's file keeps, by the node and the method that they lead to.
func _connections(node: Node, its_signal: StringName) -> Dictionary:
	var root: Node = _nodes[_root]
	var found: Dictionary = {}
	for connection: Dictionary in node.get_signal_connection_list(its_signal):
		var callable: Callable = connection["callable"]
		var target := callable.get_object() as Node
		var twin: Node = _nodes.get(target, target)
		if connection["flags"] & CONNECT_PERSIST and twin != null \
				and (twin == root or root.is_ancestor_of(twin)):
			found["%d %s" % [twin.get_instance_id(), callable.get_method()]] = connection
	return found


static func _are_alike(one: Dictionary, other: Dictionary) -> bool:
	var first: Callable = one["callable"]
	var second: Callable = other["callable"]
	return one["flags"] == other["flags"] \
			and first.get_bound_arguments() == second.get_bound_arguments() \
			and SignalArguments.unbinds_of(first) == SignalArguments.unbinds_of(second)


func _retargeted(callable: Callable) -> Callable:
	var retargeted := Callable(_nodes[callable.get_object()], callable.get_method())
	var unbinds := SignalArguments.unbinds_of(callable)
	if unbinds > 0:
		retargeted = retargeted.unbind(unbinds)
	var binds: Array = callable.get_bound_arguments()
	return retargeted if binds.is_empty() else retargeted.bindv(_counterpart(binds))


## Copies of the resources that a scene does not share with a copy for looking: those with a script
## that runs, those that keep such a one, and those that nodes change which have them.
class LiveResources extends RefCounted:
	## Animations are changed through the nodes that play them; the others know the nodes that have
	## them.
	const CHANGED: Array[String] = ["Animation", "AnimationLibrary", "ButtonGroup",
			"CodeHighlighter",
			"GDScriptSyntaxHighlighter", "SkeletonModificationStack2D", "SyntaxHighlighter"]
	const HOLDERS: Array[int] = [TYPE_OBJECT, TYPE_ARRAY, TYPE_DICTIONARY]

	## The value that the copy has for one of the original: (value) -> value.
	var _value_of_copy: Callable
	## Whether a resource is not shared, by resource: true or false.
	var _is_live: Dictionary = {}
	var _copies: Dictionary = {}

	func _init(value_of_copy: Callable) -> void:
		_value_of_copy = value_of_copy

	## The value for a copy: a container is its own where it holds what is not shared.
	func counterpart(value: Variant) -> Variant:
		if value is Resource:
			return _copy_of(value) if _is_not_shared(value) else value
		if value is Array and (value as Array).any(_holds_objects):
			return _array(value)
		if value is Dictionary and (value as Dictionary).values().any(_holds_objects):
			var values: Dictionary = (value as Dictionary).duplicate()
			for key: Variant in values:
				values[key] = _value_of_copy.call(values[key])
			return values
		return value

	static func _holds_objects(value: Variant) -> bool:
		return typeof(value) in HOLDERS

	## An array of a script's class takes no copies, which have another script.
	func _array(array: Array) -> Array:
		var values: Array = array.duplicate() if array.get_typed_script() == null \
				else Array(array, array.get_typed_builtin(), array.get_typed_class_name(), null)
		for index: int in values.size():
			values[index] = _value_of_copy.call(values[index])
		return values

	func _is_not_shared(resource: Resource) -> bool:
		if not _is_live.has(resource):
			_is_live[resource] = false
			_is_live[resource] = not resource is Script \
					and ClassDB.can_instantiate(resource.get_class()) \
							and _has_to_be_copied(resource)
		return _is_live[resource]

	func _has_to_be_copied(resource: Resource) -> bool:
		var script: Script = resource.get_script()
		if CHANGED.has(resource.get_class()) or script != null and script.can_instantiate():
			return true
		if resource is PackedScene:
			return false
		for info: Dictionary in resource.get_property_list():
			if info["usage"] & PROPERTY_USAGE_STORAGE and info["type"] in HOLDERS \
					and _is_in(resource.get(info["name"])):
				return true
		return false

	func _is_in(value: Variant) -> bool:
		if value is Array:
			return (value as Array).any(_is_in)
		if value is Dictionary:
			return (value as Dictionary).values().any(_is_in)
		return value is Resource and _is_not_shared(value)

	func _copy_of(resource: Resource) -> Resource:
		if _copies.has(resource):
			return _copies[resource]
		var copy: Resource = ClassDB.instantiate(resource.get_class())
		_copies[resource] = copy
		copy.set_script(DormantScripts.in_place_of(resource.get_script()))
		var stored := StoredValues.new(resource)
		for name: String in PropertyDefaults.changed_names(resource,
				PropertyInfos.all(resource, false)):
			if not name in ["script", "resource_path"]:
				copy.set(name, _value_of_copy.call(stored.value(name)))
		if copy.has_method("set_path_cache"):
			copy.call("set_path_cache", resource.get_path())
		return copy
