## The editor itself: its state and its undo history.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const EditorActivity := preload("../editing/editor_activity.gd")
const NodePaths := preload("../editing/node_paths.gd")
const SceneEditor := preload("../editing/scene_editor.gd")

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.read("editor.get_state", _get_state),
		Command.write("editor.undo", _undo, {"scene?": TYPE_STRING, "force?": TYPE_BOOL}),
		Command.write("editor.redo", _redo, {"scene?": TYPE_STRING, "force?": TYPE_BOOL}),
	]


func _get_state(request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({
		"state": EditorActivity.state(),
		"scenes": _editor.describe_open_scenes(),
		"current": _editor.scenes.current_or_null(request.client_id),
		"playing": EditorActivity.is_playing(),
		"playingScene": EditorActivity.playing_scene(),
		"selection": EditorActivity.selected_paths(),
	})


func _undo(request: CommandRequest) -> CommandResult:
	return await _step(request, _editor.history.undo)


func _redo(request: CommandRequest) -> CommandResult:
	return await _step(request, _editor.history.redo)


func _step(request: CommandRequest, direction: Callable) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.failure != null:
		return view.failure
	var result: CommandResult = direction.call(view.root, request.client_id, request.flag("force", false))
	if result.is_failure():
		return result
	view.revision = _editor.revisions.of(view.root)
	return CommandResult.succeeded(view.describe(result.value))
