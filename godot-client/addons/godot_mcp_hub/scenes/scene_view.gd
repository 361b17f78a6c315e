## A scene as one command sees it: its root and revision, or the error that there is instead.
extends "../requests/result.gd"

const SceneView := preload("scene_view.gd")

var root: Node = null
var path: String = ""
var revision: int = 0

var _is_own_copy: bool = false


static func of(scene_root: Node, its_revision: int) -> SceneView:
	var view := named(scene_root.get_scene_file_path())
	view.root = scene_root
	view.revision = its_revision
	return view


## A copy that was made for this command only.
static func of_copy(scene_root: Node, its_revision: int) -> SceneView:
	var view := of(scene_root, its_revision)
	view._is_own_copy = true
	return view


static func named(scene_path: String) -> SceneView:
	var view := SceneView.new()
	view.path = scene_path
	return view


static func failed(result: CommandResult) -> SceneView:
	var view := SceneView.new()
	view.error = result
	return view


## `members` with what every answer about a scene says.
func describe(members: Dictionary) -> Dictionary:
	var described: Dictionary = {"scene": path, "revision": revision}
	described.merge(members)
	return described


## Frees a copy.
func release() -> void:
	if _is_own_copy and is_instance_valid(root):
		root.free()
