## What the editor is doing at the moment.
extends RefCounted

const EngineProgress := preload("../engine_progress.gd")
const FilePaths := preload("file_paths.gd")
const FileScan := preload("file_scan.gd")
const NodePaths := preload("node_paths.gd")

## The engine has said that it imports, and not yet that it has done so.
static var is_importing: bool = false


## "importing", "playing" or "ready".
static func state() -> String:
	if is_importing or FileScan.is_under_way():
		return "importing"
	return "playing" if is_playing() else "ready"


## What the engine is at while no command may begin, for those who wait; empty when one may.
static func engine_work() -> String:
	if EngineProgress.is_shown():
		return "waiting for the editor: %s" % EngineProgress.describe()
	if FileScan.is_under_way():
		return "waiting for the editor: it scans files (%d %%)" % roundi(FileScan.progress() * 100.0)
	return ""


static func is_playing() -> bool:
	return EditorInterface.is_playing_scene()


## Path of the scene that is playing; null when none is.
static func playing_scene() -> Variant:
	if is_playing():
		return FilePaths.of_id(EditorInterface.get_playing_scene())
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
