## Gives new unique ids to nodes that are made from others.
##
## A saved scene has an id for each node. A copy, or the root of an instance, comes with the id of
## its original, and saving gives a new one to the second of two that have the same, which may be
## the one that was there before.
## Godot: 4.6; earlier versions save no ids.
## Remove when: Node.duplicate() and PackedScene.instantiate() leave a copy without the id of its
## original.
extends RefCounted


## `node` and `twin` were made alike and stand outside of the tree; `owned` and `twins_owned` are
## those of their nodes that the scene will own, in the same order. Packed second, `node` gets
## other ids than `twin`. Frees `twin`.
static func renew(node: Node, owned: Array[Node], twin: Node, twins_owned: Array[Node]) -> void:
	var name := node.name
	var holder := Node.new()
	holder.add_child(twin)
	holder.add_child(node)
	for part: Node in twins_owned + owned:
		part.owner = holder
	PackedScene.new().pack(holder)
	for part: Node in owned:
		part.owner = null
	holder.remove_child(node)
	node.name = name
	holder.free()
