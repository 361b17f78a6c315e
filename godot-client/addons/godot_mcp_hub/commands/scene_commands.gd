## Scenes as files and as open tabs.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const NodeEdits := preload("../nodes/node_edits.gd")
const NodePaths := preload("../values/node_paths.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const SceneFiles := preload("../scenes/scene_files.gd")
const SceneTreeReader := preload("../nodes/scene_tree_reader.gd")

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.read("scene.get_tree", _get_tree, {
			"scene?": TYPE_STRING, "path?": TYPE_STRING, "depth?": TYPE_INT, "type?": TYPE_STRING,
			"name?": TYPE_STRING, "group?": TYPE_STRING,
			"script?": TYPE_STRING, "limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("scene.list_open", _list_open),
		Command.write("scene.create", _create,
		{"path": TYPE_STRING, "rootType": TYPE_STRING, "rootName?": TYPE_STRING}),
		Command.write("scene.open", _open, {"path": TYPE_STRING}),
		Command.write("scene.save", _save, {"scene?": TYPE_STRING, "force?": TYPE_BOOL}),
		Command.write("scene.instance", _instance, {
			"scene?": TYPE_STRING, "instance": TYPE_STRING, "parent?": TYPE_STRING,
			"name?": TYPE_STRING, "properties?": TYPE_DICTIONARY,
			"index?": TYPE_INT, "editableChildren?": TYPE_BOOL, "ifRevision?": TYPE_INT}),
	]


func _get_tree(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_reading(request)
	if view.is_error():
		return view.error
	var from := NodePaths.find(view.root, request.text("path", "."))
	var result: CommandResult
	if from == null:
		result = NodePaths.not_found(view.root, request.text("path"))
	elif request.has("type") and not ClassNames.exists(request.text("type")):
		result = CommandResult.failed("INVALID_PARAMS",
				"There is no class '%s'." % request.text("type"))
	elif request.has("cursor") and not request.text("cursor").is_valid_int():
		result = CommandResult.failed("INVALID_PARAMS",
				"'cursor' must be the cursor of an answer that was cut.")
	else:
		result = CommandResult.succeeded(
				view.describe(SceneTreeReader.new(view.root, request).read(from)))
	view.release()
	return result


func _list_open(request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({
		"scenes": _editor.describe_open_scenes(),
		"current": _editor.scenes.current_or_null(request.client_id),
	})


func _create(request: CommandRequest) -> CommandResult:
	var name := request.text("rootName",
			request.text("path").get_file().get_basename().to_pascal_case())
	var target := SceneFiles.target(request.text("path"), name)
	# Making a node may run its script: what can be refused before is refused before.
	var made := ClassNames.make_node(request.text("rootType"), request.permissions) \
			if not target.is_error() else target
	if made.is_error():
		return made.error
	var root: Node = made.value
	var result := await SceneFiles.write_new(root, name, request)
	root.free()
	return result if result.is_failure() else await _editor.show(request, result.value["path"])


func _instance(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Instance %s" % request.text("instance").get_file(),
			NodeEdits.add)


func _open(request: CommandRequest) -> CommandResult:
	var found := SceneFiles.existing(request.text("path"))
	return found.error if found.is_error() else await _editor.show(request, found.value)


func _save(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var failure := _editor.save(view, request.flag("force", false))
	return failure if failure != null else CommandResult.succeeded(view.describe({}))
