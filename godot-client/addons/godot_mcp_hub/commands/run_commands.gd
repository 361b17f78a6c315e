## Running the game from the editor.
extends RefCounted

const Command := preload("../command.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const EditorActivity := preload("../editing/editor_activity.gd")
const FilePaths := preload("../editing/file_paths.gd")
const SceneEditor := preload("../editing/scene_editor.gd")
const SceneSessions := preload("../editing/scene_sessions.gd")

const START_TIMEOUT_MS := 10000
const KINDS: Array[String] = ["main", "current", "custom"]

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.write("run.play", _play, {"which?": TYPE_STRING, "scene?": TYPE_STRING}).that_takes_long(),
		Command.write("run.stop", _stop),
		Command.read("run.status", _status),
	]


func _play(request: CommandRequest) -> CommandResult:
	var which := request.text("which", "custom" if request.has("scene") else "main")
	if not KINDS.has(which) or request.has("scene") != (which == "custom"):
		return CommandResult.failed("INVALID_PARAMS", "'which' must be one of %s, and 'scene' goes with \"custom\"." % ", ".join(PackedStringArray(KINDS)))
	if EditorInterface.is_playing_scene():
		return CommandResult.failed("CONFLICT", "%s is already playing." % EditorInterface.get_playing_scene(), "Stop it with run.stop first.")
	var chosen := _scene_to_play(which, request)
	if chosen.has("failure"):
		return chosen["failure"]
	if which == "main":
		EditorInterface.play_main_scene()
	else:
		EditorInterface.play_custom_scene(chosen["path"])
	var deadline := Time.get_ticks_msec() + START_TIMEOUT_MS
	while not EditorInterface.is_playing_scene():
		if request.is_cancelled:
			return request.cancelled()
		if Time.get_ticks_msec() > deadline:
			return CommandResult.failed("TIMEOUT", "The editor did not start the game.", "A dialog may wait for an answer in the editor.").with("dispatched", true)
		await (Engine.get_main_loop() as SceneTree).process_frame
	return _state()


func _scene_to_play(which: String, request: CommandRequest) -> Dictionary:
	var path: String = ProjectSettings.get_setting("application/run/main_scene", "")
	if which == "current":
		path = _editor.scenes.current_of(request.client_id)
	elif which == "custom":
		path = request.text("scene")
	if path.is_empty():
		var what := "The project has no main scene." if which == "main" else "No scene is open."
		return {"failure": CommandResult.failed("NO_SCENE_OPEN", what, "Name one with 'scene'.")}
	var resolved := FilePaths.resolve(path)
	if not resolved.has("failure") and not ResourceLoader.exists(resolved["path"], "PackedScene"):
		return {"failure": SceneSessions.scene_not_found(path)}
	return resolved


func _stop(_call: CommandRequest) -> CommandResult:
	if EditorInterface.is_playing_scene():
		EditorInterface.stop_playing_scene()
	return _state()


func _status(_call: CommandRequest) -> CommandResult:
	return _state()


static func _state() -> CommandResult:
	var playing := EditorInterface.is_playing_scene()
	return CommandResult.succeeded({"playing": playing, "scene": EditorActivity.playing_scene()})
