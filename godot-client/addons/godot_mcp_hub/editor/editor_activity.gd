## What the editor is doing at the moment.
extends RefCounted

const EngineProgress := preload("../engine_workarounds/engine_progress.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileScan := preload("../files/file_scan.gd")
const NodePaths := preload("../values/node_paths.gd")

## How many files the engine has said that it imports; 0 once it has done so.
static var importing: int = 0


## "importing", "playing" or "ready".
static func state() -> String:
	if importing > 0 or FileScan.is_under_way():
		return "importing"
	return "playing" if is_playing() else "ready"


## How far that is, for people; empty where there is nothing to say.
static func progress() -> String:
	if EngineProgress.is_shown():
		return EngineProgress.describe()
	if importing > 0:
		return "it imports %d files" % importing
	if FileScan.is_under_way():
		return "it scans files (%d %%)" % roundi(FileScan.progress() * 100.0)
	return ""


## What the engine is at while no command may begin, for those who wait; empty when one may.
static func engine_work() -> String:
	if EngineProgress.is_shown() or FileScan.is_under_way():
		return "waiting for the editor: %s" % progress()
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
