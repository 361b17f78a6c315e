## Tells the hub what happens in the editor. Changes of one scene within a short time are reported
## once.
extends RefCounted

const EditorActivity := preload("editor/editor_activity.gd")
const EditorDialogs := preload("editor/editor_dialogs.gd")
const EngineLog := preload("engine/engine_log.gd")
const FileScan := preload("files/file_scan.gd")
const Protocol := preload("wire/protocol.gd")
const SceneEditor := preload("scenes/scene_editor.gd")
const SceneSessions := preload("scenes/scene_sessions.gd")

## A notification for the hub: the whole frame.
signal occurred(text: String)

const POLL_INTERVAL_MS := 50
## Dialogs are looked for less often: that is a look at each window.
const DIALOGS_INTERVAL_MS := 500
## Files of scenes within open ones are looked at less often, too, unless a command asks for the
## scene.
const PARTS_INTERVAL_MS := 1000
## How far an import is, is reported so often at most, and so much of it.
const PROGRESS_INTERVAL_MS := 1000
const MAX_PROGRESS := 200
## Log lines reported in one poll; of more, how many there were.
const LOG_LINES_TOLD := 20
## Files named of those that were imported together; of more, how many there were.
const IMPORTED_FILES_TOLD := 100

var _plugin: EditorPlugin
var _editor: SceneEditor
var _log: EngineLog
var _log_position: int = 0
var _sequence: int = 0
var _next_poll_ms: int = 0
var _state: String = ""
## How far the editor was with it when that was reported last.
var _progress: String = ""
var _next_progress_ms: int = 0
var _is_playing: bool = false
var _is_paused: bool = false
## The editor has started, and so have the project's own parts of it.
var _is_settled: bool = false
var _open_scenes: PackedStringArray = []
## Revision by scene that has changed since the last poll.
var _changed: Dictionary = {}
var _are_files_changed: bool = false
var _is_selection_changed: bool = false
var _dialogs: PackedStringArray = []
var _next_dialogs_ms: int = 0
var _next_parts_ms: int = 0


func _init(plugin: EditorPlugin, editor: SceneEditor, engine_log: EngineLog) -> void:
	_plugin = plugin
	_editor = editor
	_log = engine_log
	_plugin.scene_saved.connect(_on_scene_saved)
	_plugin.scene_changed.connect(_editor.revisions.watch)
	_editor.revisions.changed.connect(_on_scene_changed)
	EditorInterface.get_resource_filesystem().filesystem_changed.connect(_on_files_changed)
	EditorInterface.get_resource_filesystem().sources_changed.connect(_on_sources_changed)
	EditorInterface.get_resource_filesystem().resources_reimporting.connect(_on_reimporting)
	EditorInterface.get_resource_filesystem().resources_reimported.connect(_on_reimported)
	EditorInterface.get_resource_filesystem().resources_reload.connect(_on_reloaded)
	EditorInterface.get_selection().selection_changed.connect(_on_selection_changed)


func dispose() -> void:
	EditorInterface.get_selection().selection_changed.disconnect(_on_selection_changed)
	EditorInterface.get_resource_filesystem().resources_reload.disconnect(_on_reloaded)
	EditorInterface.get_resource_filesystem().resources_reimported.disconnect(_on_reimported)
	EditorInterface.get_resource_filesystem().resources_reimporting.disconnect(_on_reimporting)
	EditorInterface.get_resource_filesystem().sources_changed.disconnect(_on_sources_changed)
	EditorInterface.get_resource_filesystem().filesystem_changed.disconnect(_on_files_changed)
	_editor.revisions.changed.disconnect(_on_scene_changed)
	_plugin.scene_changed.disconnect(_editor.revisions.watch)
	_plugin.scene_saved.disconnect(_on_scene_saved)


## A paused editor takes no commands, whatever it is doing.
func set_paused(paused: bool) -> void:
	_is_paused = paused
	announce_state()


## The editor takes commands from now on.
func set_settled() -> void:
	_is_settled = true


## Says that a person wants a pause, and what agents read; an empty `reason` ends it.
func announce_pause(reason: String) -> void:
	_tell("instance.pause", {"paused": not reason.is_empty(), "reason": reason})


## Says which commands the project has registered.
func announce_commands(commands: Array[Dictionary]) -> void:
	_tell("instance.commands", {"commands": commands})


## Says what the editor is doing, whether it has changed or not.
func announce_state() -> void:
	_state = _current_state()
	_progress = EditorActivity.progress() if _state == "importing" else ""
	_next_progress_ms = Time.get_ticks_msec() + PROGRESS_INTERVAL_MS
	_tell("instance.state", {"state": _state} if _progress.is_empty()
			else {"state": _state, "detail": _progress.left(MAX_PROGRESS)})


## Tells what another part has noticed.
func report(event: String, data: Dictionary) -> void:
	_tell(event, data)


## Looks for what has no signal and tells what was collected; to be called every frame.
func poll() -> void:
	if Time.get_ticks_msec() < _next_poll_ms:
		return
	_next_poll_ms = Time.get_ticks_msec() + POLL_INTERVAL_MS
	_editor.timestamps.watch()
	_tell_open_scenes()
	_look_at_parts()
	for scene: String in _changed:
		_tell("scene.changed", {"scene": scene, "revision": _changed[scene]})
	_changed.clear()
	if _is_selection_changed:
		_is_selection_changed = false
		_tell("editor.selection_changed", {"selection": EditorActivity.selected_paths()})
	if _are_files_changed:
		_are_files_changed = false
		_tell("filesystem.changed", {})
	_tell_dialogs()
	_tell_playing()
	_tell_log()
	tell_state()


## Says what the editor is doing if that has changed, and from time to time how far it is.
func tell_state() -> void:
	var is_due := _state == "importing" and Time.get_ticks_msec() >= _next_progress_ms
	if _current_state() != _state or (is_due and EditorActivity.progress() != _progress):
		announce_state()


func _current_state() -> String:
	if _is_paused:
		return "paused"
	return EditorActivity.state() if _is_settled else "importing"


func _tell_open_scenes() -> void:
	var open := EditorInterface.get_open_scenes()
	if open == _open_scenes:
		return
	for scene: String in open:
		if not _open_scenes.has(scene):
			_tell("scene.opened", {"scene": scene})
	for scene: String in _open_scenes:
		if not open.has(scene):
			_tell("scene.closed", {"scene": scene})
	_open_scenes = open


func _look_at_parts() -> void:
	if Time.get_ticks_msec() < _next_parts_ms:
		return
	_next_parts_ms = Time.get_ticks_msec() + PARTS_INTERVAL_MS
	for root: Node in SceneSessions.open_roots():
		_editor.revisions.take_in_parts(root)


func _tell_dialogs() -> void:
	if Time.get_ticks_msec() < _next_dialogs_ms:
		return
	_next_dialogs_ms = Time.get_ticks_msec() + DIALOGS_INTERVAL_MS
	var dialogs := EditorDialogs.titles()
	if dialogs != _dialogs:
		_dialogs = dialogs
		_tell("editor.dialogs_changed", {"dialogs": EditorDialogs.described()})


func _tell_playing() -> void:
	var is_playing := EditorActivity.is_playing()
	if is_playing == _is_playing:
		return
	_is_playing = is_playing
	if is_playing:
		_tell("run.started", {"scene": EditorActivity.playing_scene()})
	else:
		_tell("run.stopped", {})


## Tells warnings and errors that the engine reported.
func _tell_log() -> void:
	var newest := _log.position()
	if newest == _log_position:
		return
	var entries := _log.since(_log_position, "warning") \
			.filter(func(entry: Dictionary) -> bool: return entry["seq"] <= newest)
	_log_position = newest
	for entry: Dictionary in entries.slice(0, LOG_LINES_TOLD):
		_tell("log.%s" % entry["level"], entry)
	if entries.size() > LOG_LINES_TOLD:
		_tell("log.cut", {"count": entries.size() - LOG_LINES_TOLD})


## The engine says so of a save that failed, too.
func _on_scene_saved(path: String) -> void:
	if not FileAccess.file_exists(path):
		return
	_editor.revisions.mark_saved(path)
	_editor.revisions.note_saved_part(path)
	_editor.timestamps.mark_saved(path)
	_tell_open_scenes()
	_tell("scene.saved", {"scene": path})


func _on_scene_changed(scene: String, revision: int) -> void:
	_changed[scene] = revision


func _on_files_changed() -> void:
	_are_files_changed = true


func _on_sources_changed(_exist: bool) -> void:
	FileScan.note_end()


## Reported at once: an editor without a window does nothing else until it has imported them.
func _on_reimporting(files: PackedStringArray) -> void:
	EditorActivity.importing = files.size()
	announce_state()


func _on_reloaded(files: PackedStringArray) -> void:
	_editor.revisions.note_reloaded(files)


func _on_reimported(files: PackedStringArray) -> void:
	EditorActivity.importing = 0
	_editor.revisions.note_reloaded(files)
	_tell("import.finished", {"files": files.slice(0, IMPORTED_FILES_TOLD), "count": files.size()})


func _on_selection_changed() -> void:
	_is_selection_changed = true


func _tell(event: String, data: Dictionary) -> void:
	_sequence += 1
	occurred.emit(Protocol.encode_notification("event",
			{"event": event, "seq": _sequence, "data": data}))
