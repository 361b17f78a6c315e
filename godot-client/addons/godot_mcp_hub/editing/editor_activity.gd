## What the editor is doing at the moment.
extends RefCounted

const NodePaths := preload("node_paths.gd")


## "importing", "playing" or "ready".
static func state() -> String:
	if EditorInterface.get_resource_filesystem().is_scanning():
		return "importing"
	return "playing" if is_playing() else "ready"


static func is_playing() -> bool:
	return EditorInterface.is_playing_scene()


## Path of the scene that is playing; null when none is.
static func playing_scene() -> Variant:
	if is_playing():
		return EditorInterface.get_playing_scene()
	return null


## Paths of the selected nodes, relative to the root of the active scene.
static func selected_paths() -> Array[String]:
	var paths: Array[String] = []
	var root := EditorInterface.get_edited_scene_root()
	if root == null:
		return paths
	for node: Node in EditorInterface.get_selection().get_selected_nodes():
		if node == root or root.is_ancestor_of(node):
			paths.append(NodePaths.path_of(root, node))
	return paths
