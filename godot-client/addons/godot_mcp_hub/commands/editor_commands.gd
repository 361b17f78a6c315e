## The editor itself: its state, selection, undo history, log and life.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const EditorActivity := preload("../editor/editor_activity.gd")
const EditorDialogs := preload("../editor/editor_dialogs.gd")
const EditorLifecycle := preload("../editor/editor_lifecycle.gd")
const EngineLog := preload("../engine/engine_log.gd")
const EngineTurns := preload("../engine/engine_turns.gd")
const FilePaths := preload("../files/file_paths.gd")
const LogReader := preload("../editor/log_reader.gd")
const NearNames := preload("../texts/near_names.gd")
const NodePaths := preload("../values/node_paths.gd")
const OpenScripts := preload("../scripts/open_scripts.gd")
const OutsideChanges := preload("../project/outside_changes.gd")
const Permissions := preload("../requests/permissions.gd")
const Leases := preload("../requests/permissions.gd").Leases
const SavedSettings := preload("../project/saved_settings.gd")
const UnsavedWork := preload("../scenes/unsaved_work.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")

const DEFAULT_LIMIT := 100
const ADDONS := "res://addons"

var _editor: SceneEditor
var _log: EngineLog
var _lifecycle: EditorLifecycle
var _settings: SavedSettings


func _init(editor: SceneEditor, engine_log: EngineLog, lifecycle: EditorLifecycle,
		settings: SavedSettings) -> void:
	_settings = settings
	_editor = editor
	_log = engine_log
	_lifecycle = lifecycle


func commands() -> Array[Command]:
	return [
		Command.read("editor.get_state", _get_state),
		Command.read("editor.get_selection", _get_selection),
		Command.write("editor.set_selection", _set_selection,
		{"scene?": TYPE_STRING, "paths": TYPE_ARRAY}),
		Command.write("editor.open_script", _open_script,
		{"path": TYPE_STRING, "line?": TYPE_INT, "column?": TYPE_INT}),
		Command.write("editor.undo", _undo, {"scene?": TYPE_STRING, "force?": TYPE_BOOL}),
		Command.write("editor.redo", _redo, {"scene?": TYPE_STRING, "force?": TYPE_BOOL}),
		Command.read("editor.get_history", _get_history,
		{"scene?": TYPE_STRING, "limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("editor.get_log", _get_log,
		{"cursor?": TYPE_STRING, "level?": TYPE_STRING, "limit?": TYPE_INT}),
		Command.write("editor.clear_log", _clear_log),
		Command.write("editor.answer_dialog", _answer_dialog,
		{"button": TYPE_STRING, "dialog?": TYPE_STRING}),
		Command.write("editor.rescan", _rescan).that_takes_long(),
		Command.write("editor.reload_plugin", _reload_plugin, {"plugin?": TYPE_STRING}),
		Command.read("editor.validate_stop", _validate_stop, {"discard?": TYPE_BOOL}),
		Command.write("editor.restart", _restart, {"save?": TYPE_BOOL, "force?": TYPE_BOOL}),
	]


func _get_state(request: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({
		"state": EditorActivity.state(),
		"scenes": _editor.describe_open_scenes(),
		"current": _editor.scenes.current_or_null(request.client_id),
		"playing": EditorActivity.is_playing(),
		"playingScene": EditorActivity.playing_scene(),
		"selection": EditorActivity.selected_paths(),
		"dialogs": EditorDialogs.described(),
	})


func _get_selection(_call: CommandRequest) -> CommandResult:
	var root := EditorInterface.get_edited_scene_root()
	if root == null:
		return CommandResult.succeeded({"scene": null, "nodes": []})
	var nodes: Array[Dictionary] = []
	for path: String in EditorActivity.selected_paths():
		nodes.append({"path": path, "type": NodePaths.find(root, path).get_class()})
	return CommandResult.succeeded({"scene": root.get_scene_file_path(), "nodes": nodes})


## Selects these nodes and no others. No undo step: it changes nothing of the scene.
func _set_selection(request: CommandRequest) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	var nodes: Array[Node] = []
	for path: Variant in request.params["paths"]:
		var node := NodePaths.find(view.root, path) if path is String else null
		if node == null:
			return NodePaths.not_found(view.root, str(path))
		nodes.append(node)
	var selection := EditorInterface.get_selection()
	selection.clear()
	for node: Node in nodes:
		selection.add_node(node)
	return CommandResult.succeeded(view.describe({"selection": EditorActivity.selected_paths()}))


func _open_script(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve(request.text("path"))
	if resolved.is_error():
		return resolved.error
	var path: String = resolved.value
	if not ResourceLoader.exists(path, "Script"):
		return CommandResult.failed("NOT_FOUND", "There is no script %s." % path)
	return OpenScripts.show(path, request.number("line", 1), request.number("column", 1))


func _undo(request: CommandRequest) -> CommandResult:
	return await _step(request, _editor.history.undo)


func _redo(request: CommandRequest) -> CommandResult:
	return await _step(request, _editor.history.redo)


func _step(request: CommandRequest, direction: Callable) -> CommandResult:
	var view := await _editor.scenes.for_writing(request)
	if view.is_error():
		return view.error
	# What others have undone may have been the setting of a script.
	var refusal := request.permissions.refusal(Permissions.ATTACH) if request.flag("force", false) \
			else null
	if refusal != null:
		return refusal
	var result: CommandResult = _editor.live_in(view.root).mute(
			direction.bind(view.root, request.client_id, request.flag("force", false)))
	if result.is_failure():
		var why := _editor.revisions.why_emptied(view.root) if result.kind == "NOT_FOUND" else ""
		return result if why.is_empty() else result.with("hint", why)
	view.revision = _editor.revisions.of(view.root)
	return CommandResult.succeeded(view.describe(result.value))


## A scene that is not open has none.
func _get_history(request: CommandRequest) -> CommandResult:
	var view := _editor.scenes.meant(request)
	if view.is_error():
		return view.error
	var history := _editor.revisions.history_of(view.path) \
			if EditorInterface.get_open_scenes().has(view.path) else null
	var steps: Array[Dictionary] = []
	if history != null:
		steps = _editor.history.steps(history, request.client_id)
	var end := request.place(steps.size())
	if end < 0:
		return request.not_a_cursor()
	# The newest come first, page by page: a cursor is the place of the oldest that was told.
	var start := maxi(0, end - request.number("limit", DEFAULT_LIMIT))
	var answer: Dictionary = {"steps": steps.slice(start, end), "total": steps.size()}
	if start > 0:
		answer.merge({"truncated": true, "cursor": str(start)})
	var why := _editor.revisions.why_emptied(view.root) if view.root != null else ""
	if not why.is_empty():
		answer["note"] = why
	return CommandResult.succeeded(view.describe(answer))


func _get_log(request: CommandRequest) -> CommandResult:
	var level := request.text("level", "info")
	if not EngineLog.LEVELS.has(level):
		return CommandResult.failed("INVALID_PARAMS",
				"'level' must be one of %s." % ", ".join(PackedStringArray(EngineLog.LEVELS)))
	return LogReader.page(_log, request.text("cursor"), level,
			request.number("limit", DEFAULT_LIMIT))


func _clear_log(_call: CommandRequest) -> CommandResult:
	return CommandResult.succeeded({"cleared": _log.clear()})


## Presses a button, between two turns: what it does may take scenes away.
func _answer_dialog(request: CommandRequest) -> CommandResult:
	var found := EditorDialogs.find(request.text("dialog"))
	if found.is_error():
		return found.error
	var dialog: AcceptDialog = found.value
	var named := EditorDialogs.find_button(dialog, request.text("button"))
	if named.is_error():
		return named.error
	var button: Button = named.value
	var answered := EditorDialogs.describe(dialog)
	await EngineTurns.between(button.pressed.emit)
	return CommandResult.succeeded({"answered": answered,
			"button": answered["buttons"].filter(func(text: String) -> bool:
		return text.to_lower() == request.text("button").to_lower())[
				0], "dialogs": EditorDialogs.described()})


func _rescan(request: CommandRequest) -> CommandResult:
	var started := Time.get_ticks_msec()
	var taken := await OutsideChanges.new().take_in(request)
	if taken.is_empty():
		return request.cancelled()
	taken.merge({"state": EditorActivity.state(), "durationMs": Time.get_ticks_msec() - started})
	return CommandResult.succeeded(taken)


func _reload_plugin(request: CommandRequest) -> CommandResult:
	var addon := request.text("plugin", EditorLifecycle.own_addon())
	var addons := Array(DirAccess.get_directories_at(ADDONS))
	if not addons.has(addon):
		var near := NearNames.of(addon, addons)
		return CommandResult.failed("NOT_FOUND", "There is no addon '%s' in %s." % [addon, ADDONS],
				NearNames.question(near), near)
	if not EditorInterface.is_plugin_enabled(addon):
		return CommandResult.failed("CONFLICT", "The addon '%s' is switched off." % addon)
	# The engine writes the project's settings at each switch.
	var refusal := request.leases.refusal(Leases.SETTINGS)
	if refusal == null:
		refusal = _settings.newer_file()
	if refusal != null:
		return refusal
	_lifecycle.reload_addon(addon)
	return CommandResult.succeeded({"plugin": addon, "reloading": true})


func _validate_stop(request: CommandRequest) -> CommandResult:
	var work := UnsavedWork.new(_editor)
	var refusal := work.refusal_of_loss(request, "discard:true") \
			if not request.flag("discard", false) else null
	return refusal if refusal != null \
			else CommandResult.succeeded({"lost": work.scenes() + OpenScripts.unsaved()})


func _restart(request: CommandRequest) -> CommandResult:
	var work := UnsavedWork.new(_editor)
	var unsaved := work.scenes()
	var is_forced := request.flag("force", false)
	if not unsaved.is_empty() and not request.has("save"):
		return CommandResult.failed("CONFLICT",
				"%s %s unsaved changes." % [", ".join(PackedStringArray(unsaved)),
				"has" if unsaved.size() == 1 else "have"],
				"Say save:true to keep them, or save:false to lose them.").with("unsaved", unsaved)
	var saved: Array = []
	if request.flag("save", false):
		var done := await work.save(UnsavedWork.ALL, false, request)
		saved = done["saved"]
		if not done["skipped"].is_empty() and not is_forced:
			var left: Dictionary = done["skipped"][0]
			return CommandResult.failed(left["kind"],
					"%s is not saved, and the editor goes on: %s"
					% [left["scene"], left["message"]],
					"force:true restarts all the same, and loses what is not saved.").with(
					"skipped", done["skipped"]).with("saved", saved)
	if not is_forced:
		var refusal := work.refusal_of_loss(request, "force:true")
		if refusal != null:
			return refusal.with("saved", saved)
	_lifecycle.restart()
	return CommandResult.succeeded({"restarting": true, "saved": saved})
