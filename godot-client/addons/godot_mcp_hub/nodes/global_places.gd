## Where a Node3D is in its scene, when the scene is in no tree: a background tab's is not, nor is
## a copy. The engine tells global values of nodes in the tree only.
extends RefCounted


## Whether the property is told here.
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
