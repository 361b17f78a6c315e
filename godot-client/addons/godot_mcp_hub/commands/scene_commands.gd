## Scenes as files and as open tabs.
extends RefCounted

const ClassNames := preload("../editing/class_names.gd")
const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const FilePaths := preload("../editing/file_paths.gd")
const NodePaths := preload("../editing/node_paths.gd")
const ProjectFiles := preload("../editing/project_files.gd")
const SceneEditor := preload("../editing/scene_editor.gd")
const SceneSessions := preload("../editing/scene_sessions.gd")
const SceneTreeReader := preload("../editing/scene_tree_reader.gd")
const SceneView := preload("../editing/scene_view.gd")

const SCENE_EXTENSIONS: Array[String] = ["tscn", "scn"]

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.read("scene.get_tree", _get_tree, {
			"scene?": TYPE_STRING, "path?": TYPE_STRING, "depth?": TYPE_INT, "type?": TYPE_STRING, "limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("scene.list_open", _list_open),
		Command.write("scene.create", _create, {"path": TYPE_STRING, "rootType": TYPE_STRING, "rootName?": TYPE_STRING}),
		Command.write("scene.open", _open, {"path": TYPE_STRING}),
		Command.write("scene.save", _save, {"scene?": TYPE_STRING}),
	]


func _get_tree(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_reading(request)
	if view.failure != null:
		return view.failure
	var from := NodePaths.find(view.root, request.text("path", "."))
	var result: CommandResult
	if from == null:
		result = NodePaths.not_found(view.root, request.text("path"))
	elif request.has("type") and not ClassNames.exists(request.text("type")):
		result = CommandResult.failed("INVALID_PARAMS", "There is no class '%s'." % request.text("type"))
	elif request.has("cursor") and not request.text("cursor").is_valid_int():
		result = CommandResult.failed("INVALID_PARAMS", "'cursor' must be the cursor of an answer that was cut.")
	else:
		result = CommandResult.succeeded(view.describe(SceneTreeReader.new(view.root, request).read(from)))
	view.release()
	return result


func _list_open(request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({
		"scenes": _editor.describe_open_scenes(),
		"current": _editor.scenes.current_or_null(request.client_id),
	})


func _create(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve_for_writing(request.text("path"), SCENE_EXTENSIONS)
	if resolved.has("failure"):
		return resolved["failure"]
	var path: String = resolved["path"]
	if FileAccess.file_exists(path):
		return CommandResult.failed("CONFLICT", "%s exists." % path, "Open it with scene.open, or choose another name.")
	var name := request.text("rootName", path.get_file().get_basename().to_pascal_case())
	if name.is_empty() or name.validate_node_name() != name:
		return CommandResult.failed("INVALID_PARAMS", "'%s' is no node name." % name)
	var made := ClassNames.make_node(request.text("rootType"))
	if made.has("failure"):
		return made["failure"]
	var root: Node = made["node"]
	root.name = name
	var failure := _write(root, path)
	root.free()
	if failure != null:
		return failure
	await ProjectFiles.announce(path, request)
	return await _show(request, path)


static func _write(root: Node, path: String) -> CommandResult:
	var packed := PackedScene.new()
	packed.pack(root)
	DirAccess.make_dir_recursive_absolute(path.get_base_dir())
	var error := ResourceSaver.save(packed, path)
	if error != OK:
		return CommandResult.failed("INTERNAL_ERROR", "%s cannot be written: %s." % [path, error_string(error)])
	return null


func _open(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve(request.text("path"))
	if resolved.has("failure"):
		return resolved["failure"]
	var path: String = resolved["path"]
	return await _show(request, path) if ResourceLoader.exists(path, "PackedScene") else SceneSessions.scene_not_found(path)


## Opens a scene and makes it the session's current one.
func _show(request: CommandRequest, path: String) -> CommandResult:
	var view := await _editor.scenes.activate(path, request)
	if view.failure != null:
		return view.failure
	_editor.scenes.make_current(request.client_id, path)
	return CommandResult.succeeded(view.describe({"root": {"name": String(view.root.name), "type": view.root.get_class()}}))


func _save(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.failure != null:
		return view.failure
	if view.path.is_empty():
		return CommandResult.failed("INVALID_PARAMS", "The open scene has no file yet.", "Create scenes with scene.create.")
	_editor.previews.stop_all(view.root)
	var error := EditorInterface.save_scene()
	if error != OK:
		return CommandResult.failed("INTERNAL_ERROR", "%s cannot be saved: %s." % [view.path, error_string(error)])
	_editor.revisions.mark_saved(view.path)
	return CommandResult.succeeded(view.describe({}))
