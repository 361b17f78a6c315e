## Where a node is placed: what the engine keeps of that, and what it only computes from it.
extends RefCounted

const SceneChange := preload("scene_change.gd")

## Restoring these, in this order, places a node again exactly. An anchor moves offsets, and the opposite anchor where it passes it.
const OF_2D: Array[StringName] = [&"position", &"rotation", &"scale", &"skew"]
const OF_3D: Array[StringName] = [&"transform"]
const OF_CONTROL: Array[StringName] = [
	&"anchor_right", &"anchor_bottom", &"anchor_left", &"anchor_top",
	&"offset_left", &"offset_top", &"offset_right", &"offset_bottom",
]
## Setting one of these changes more than what it says: a position is kept as offsets that include the least size, a
## rotation takes away what else the transform had.
const COMPUTED_3D: Array[StringName] = [&"rotation", &"rotation_degrees", &"scale", &"quaternion", &"basis"]
const COMPUTED_CONTROL: Array[StringName] = [
	&"position", &"size", &"layout_mode", &"anchors_preset",
	&"anchor_left", &"anchor_top", &"anchor_right", &"anchor_bottom",
]


## Lets undoing `change` end with the placing that `node` has now, where setting one of `properties` changes more than that one.
static func keep(change: SceneChange, node: Node, properties: Array) -> void:
	if node is Control and properties.any(COMPUTED_CONTROL.has):
		_keep_all(change, node, OF_CONTROL)
	elif node is Node3D and properties.any(COMPUTED_3D.has):
		_keep_all(change, node, OF_3D)


## What is undone comes in the reverse order of what was done.
static func _keep_all(change: SceneChange, node: Node, placing: Array[StringName]) -> void:
	for index: int in range(placing.size() - 1, -1, -1):
		change.also_undo(node, &"set", [placing[index], node.get(placing[index])])
