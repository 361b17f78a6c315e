## Keeps the saved state of an object, so that a change of it can be undone exactly: setting one
## property often changes others, and takes some away for good.
extends RefCounted

const PropertySnapshot := preload("property_snapshot.gd")
const SceneChange := preload("scene_change.gd")

## Set last, in this order: an anchor moves offsets, and the opposite anchor where it passes it.
const LAST: Array[StringName] = [
	&"anchor_right", &"anchor_bottom", &"anchor_left", &"anchor_top",
	&"offset_left", &"offset_top", &"offset_right", &"offset_bottom",
]
## Not set again: what they do is not kept in the object.
const LEFT_OUT: Array[StringName] = [&"script", &"resource_path", &"resource_local_to_scene"]
## Some properties are there only after others are set.
const ROUNDS := 3

var _object: Object
var _script: Script
## Saved values by name, in the order in which they are set again.
var _values: Dictionary = {}
var _metadata: Array[StringName] = []


func _init(object: Object) -> void:
	_object = object
	_script = object.get_script()
	_metadata = object.get_meta_list()
	for info: Dictionary in object.get_property_list():
		if info["usage"] & PROPERTY_USAGE_STORAGE and not LEFT_OUT.has(info["name"]):
			_values[StringName(info["name"])] = _own(object.get(info["name"]))
	for name: StringName in LAST:
		if _values.has(name):
			var value: Variant = _values[name]
			_values.erase(name)
			_values[name] = value


## Forgets what has not changed. All of a Control is kept: one part of its layout moves the others
## when it is restored.
func keep_only_changed() -> void:
	for name: StringName in _values.keys() if not _object is Control else []:
		if _is_as_before(name):
			_values.erase(name)


## Gives the object back what it had.
func restore() -> void:
	if not is_instance_valid(_object):
		return
	if _object.get_script() != _script:
		_object.set_script(_script)
	for name: StringName in _object.get_meta_list():
		if not _metadata.has(name):
			_object.remove_meta(name)
	for round: int in ROUNDS:
		var changed := _values.keys().filter(
				func(name: StringName) -> bool: return not _is_as_before(name))
		if changed.is_empty():
			return
		# What was not moved by anything else may have been moved by the first of these.
		for name: StringName in _values.keys() if changed.any(LAST.has) else changed:
			if changed.has(name) or LAST.has(name):
				_object.set(name, _own(_values[name]))


func _is_as_before(name: StringName) -> bool:
	var value: Variant = _object.get(name)
	return typeof(value) == typeof(_values[name]) \
			and (is_same(value, _values[name]) or value == _values[name])


## The engine gives some containers themselves away.
static func _own(value: Variant) -> Variant:
	return value.duplicate() if value is Array or value is Dictionary else value


## Keeps a node where it is on the screen while its parent changes.
class TransformKeeper extends RefCounted:
	## Restoring these, in this order, places a node again exactly.
	const OF_2D: Array[StringName] = [&"position", &"rotation", &"scale", &"skew"]
	const OF_3D: Array[StringName] = [&"transform"]

	var _node: Node
	var _global: Variant = null

	## Notes where the node is.
	func _init(node: Node) -> void:
		_node = node
		if node is Node2D or node is Node3D:
			_global = node.get("global_transform")
		elif node is Control:
			_global = (node as Control).global_position

	## Puts the node back to where it was, as part of `change`.
	func restore(change: SceneChange) -> void:
		if _node is Node2D:
			_set_all(change, OF_2D, &"global_transform")
		elif _node is Node3D:
			_set_all(change, OF_3D, &"global_transform")
		elif _node is Control:
			_set_all(change, PropertySnapshot.LAST, &"global_position")

	func _set_all(change: SceneChange, placing: Array[StringName], global: StringName) -> void:
		var current: Variant = _node.get(global)
		if current == _global:
			return
		var old: Dictionary = {}
		for property: StringName in placing:
			old[property] = _node.get(property)
		_node.set(global, _global)
		for property: StringName in placing:
			var kept: Variant = _node.get(property)
			if kept != old[property]:
				_node.set(property, old[property])
				change.set_property(_node, property, kept)
