## The editor itself: its state and its undo history.
extends RefCounted

const Command := preload("../command.gd")
const CommandCall := preload("../command_call.gd")
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


func _get_state(call: CommandCall) -> CommandResult:
	var current := _editor.scenes.current_of(call.client_id)
	var playing := EditorActivity.is_playing()
	return CommandResult.succeeded({
		"state": EditorActivity.state(),
		"scenes": _editor.describe_open_scenes(),
		"current": current if not current.is_empty() else null,
		"playing": playing,
		"playingScene": EditorInterface.get_playing_scene() if playing else null,
		"selection": EditorActivity.selected_paths(),
	})


func _undo(call: CommandCall) -> CommandResult:
	return await _step(call, _editor.history.undo)


func _redo(call: CommandCall) -> CommandResult:
	return await _step(call, _editor.history.redo)


func _step(call: CommandCall, direction: Callable) -> CommandResult:
	var view := await _editor.scenes.for_writing(call)
	if view.failure != null:
		return view.failure
	var result: CommandResult = direction.call(view.root, call.client_id, call.flag("force", false))
	if result.is_failure():
		return result
	view.revision = _editor.revisions.of(view.root)
	return CommandResult.succeeded(view.describe(result.value))
