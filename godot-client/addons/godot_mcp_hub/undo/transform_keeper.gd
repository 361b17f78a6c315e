## Keeps a node where it is on the screen while its parent changes.
extends RefCounted

const PropertySnapshot := preload("property_snapshot.gd")
const SceneChange := preload("scene_change.gd")

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
