## Computes global values of a Node3D whose scene is in no tree: a background tab's, or a copy. The
## engine gives them in the tree only.
## Godot: 4.3 to 4.6.
## Remove when: Node3D.global_transform is right outside of the tree.
extends RefCounted


## Whether the property is computed here.
static func tells(node: Node, name: String) -> bool:
	return node is Node3D and name.begins_with("global_") and not node.is_inside_tree()


static func value(node: Node3D, name: String) -> Variant:
	var place := _transform(node)
	match name:
		"global_transform": return place
		"global_position": return place.origin
		"global_basis": return place.basis
		"global_rotation": return place.basis.get_euler()
		"global_rotation_degrees": return place.basis.get_euler() * (180.0 / PI)
	return null


static func _transform(node: Node3D) -> Transform3D:
	var place := node.transform
	var parent := node.get_parent()
	while not node.top_level and parent is Node3D:
		node = parent
		place = node.transform * place
		parent = node.get_parent()
	return place
