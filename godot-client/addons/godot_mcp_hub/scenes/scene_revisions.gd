## Counts the changes of each open scene, of any origin: commands, undo, redo, the person at the
## editor.
extends RefCounted

const PartStamps := preload("part_stamps.gd")
const SceneCycles := preload("scene_cycles.gd")
const SceneSessions := preload("scene_sessions.gd")
const TameFiles := preload("../reading/tame_files.gd")
const UndoHistory := preload("../undo/undo_history.gd")

## What a scene needs without telling its values.
const NOT_TOLD: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]

## A scene has another revision now.
signal changed(scene: String, revision: int)

## A version that no history has.
const NEVER := -1
## Where the engine keeps what is known while the addon is switched off and on: the scenes stay open
## meanwhile.
const KEPT_META := &"godot_mcp_hub_revisions"
## Member of an entry: the sessions that have changed the scene by what is no step of its history
## since it was saved.
const BESIDES := "changed_besides"
## Member of an entry: a scene that is a part of this one was saved, and the editor has not made
## this one anew yet. It does so when it shows the tab, and not for a part that is saved twice in
## one second.
const OUTDATED := "outdated"
## Members of an entry: steps that its history had, and the part of it that was saved last.
const STEPS := "steps"
const PART := "part"

var _history: UndoHistory
var _parts := PartStamps.new()
## By scene path: {root, history, version, saved_version, revision}; instance ids of the scene's
## root and of its own undo history, whose version goes up with a step and down with an undo. The
## revision survives closing.
var _scenes: Dictionary = {}


func _init(history: UndoHistory) -> void:
	_history = history
	_take_up_kept()
	watch(EditorInterface.get_edited_scene_root())


func dispose() -> void:
	for path: String in _scenes:
		var history := instance_from_id(_scenes[path]["history"]) as UndoRedo
		if history != null and history.version_changed.is_connected(_on_version_changed):
			history.version_changed.disconnect(_on_version_changed.bind(path))
	Engine.set_meta(KEPT_META, _scenes)


## Listens to the scene in the active tab; to be called whenever another one is shown, since only
## there it can change.
func watch(root: Node) -> void:
	if root != null and root == EditorInterface.get_edited_scene_root():
		_entry(root)


## Revision of an open scene; 1 when nothing has happened to it yet.
func of(root: Node) -> int:
	take_in_parts(root)
	return _entry(root)["revision"]


## Counts a change outside of the editor of a scene in an open one, which the editor does not take
## in before it opens that anew.
func take_in_parts(root: Node) -> void:
	var changed_parts := _parts.changed_in(root)
	if not changed_parts.is_empty():
		_count_part(root, changed_parts[0], true)


## Revision of a scene that is not open: the last one that it had.
func last_of(path: String) -> int:
	return _scenes[path]["revision"] if _scenes.has(path) else 1


## The root of an open scene that was shown once; null when it is not known.
func root_of(path: String) -> Node:
	return instance_from_id(_scenes[path]["root"]) as Node if _scenes.has(path) else null


## The undo history of an open scene that was shown once; null when it is not known.
func history_of(path: String) -> UndoRedo:
	return instance_from_id(_scenes[path]["history"]) as UndoRedo if _scenes.has(path) else null


func is_unsaved(root: Node) -> bool:
	var entry := _entry(root)
	return entry["version"] != entry["saved_version"] or entry.has(BESIDES)


## How many steps of an open scene were done since it was saved; less than 0 when saved steps were
## undone, or it is not known.
func unsaved_steps(path: String) -> int:
	var entry: Dictionary = _scenes[path]
	return entry["version"] - entry["saved_version"] if entry["saved_version"] != NEVER else NEVER


## The sessions that have changed an open scene since it was saved by what is no step of its
## history.
func changed_besides_by(path: String) -> Array:
	return _scenes[path].get(BESIDES, [])


func mark_saved(path: String) -> void:
	if _scenes.has(path):
		_scenes[path]["saved_version"] = _scenes[path]["version"]
		_scenes[path].erase(BESIDES)


## A save has failed, whatever the engine says of it.
func mark_unsaved(path: String) -> void:
	if _scenes.has(path):
		_scenes[path]["saved_version"] = NEVER


## Counts a change by a session that is no step of the undo history.
func note_change(root: Node, client_id: String) -> void:
	var entry := _entry(root)
	entry["revision"] += 1
	var sessions: Array = entry.get_or_add(BESIDES, [])
	if not sessions.has(client_id):
		sessions.append(client_id)
	changed.emit(root.get_scene_file_path(), entry["revision"])


## Notes that a scene was saved. What contains it is another one now: the editor takes that in when
## it shows the tab, and empties the scene's undo history then.
func note_saved_part(part: String) -> void:
	_parts.note_saved(part)
	for root: Node in SceneSessions.open_roots():
		var path := root.get_scene_file_path()
		if path != part and SceneCycles.contains(path, part):
			_count_part(root, part, root != EditorInterface.get_edited_scene_root())


## Counts a change of resources, whose values the editor has taken in, for the open scenes that need
## them.
func note_reloaded(files: PackedStringArray) -> void:
	_parts.note_loaded(files)
	for root: Node in SceneSessions.open_roots():
		for file: String in _needs_of(root.get_scene_file_path()):
			if files.has(file):
				_count_part(root, file, is_outdated(root))
				break


## The resources that a scene's file needs, also through further ones. Scenes in it are looked after
## by their files, scripts are no part of what is told of it.
static func _needs_of(path: String) -> Array:
	var found: Array = []
	var next := TameFiles.dependencies_of(path)
	while not next.is_empty():
		var file: String = next.pop_back()
		if not found.has(file) and not NOT_TOLD.has(file.get_extension().to_lower()):
			found.append(file)
			next.append_array(TameFiles.dependencies_of(file))
	return found


func _count_part(root: Node, part: String, is_left_behind: bool) -> void:
	var entry := _entry(root)
	entry[OUTDATED] = is_left_behind or entry.get(OUTDATED, false)
	entry[PART] = part
	entry["revision"] += 1
	changed.emit(root.get_scene_file_path(), entry["revision"])


## Whether an open scene lacks what has been saved of its parts.
func is_outdated(root: Node) -> bool:
	return _entry(root).get(OUTDATED, false)


## Why there is no step in the history of a scene that had some; empty where it has some, or never
## had one.
func why_emptied(root: Node) -> String:
	var entry := _entry(root)
	var history := history_of(root.get_scene_file_path())
	if not entry.has(STEPS) or history == null or history.get_history_count() > 0:
		return ""
	return "The editor has emptied its undo history of %d steps: %s." % [entry[STEPS],
			"%s, which is a part of it, was saved" % entry[PART] if entry.has(PART)
			else "it was opened or loaded anew"]


func _take_up_kept() -> void:
	_scenes = Engine.get_meta(KEPT_META, {})
	for path: String in _scenes:
		var entry: Dictionary = _scenes[path]
		var history := instance_from_id(entry["history"]) as UndoRedo
		if history == null:
			entry["history"] = 0
			continue
		history.version_changed.connect(_on_version_changed.bind(path))
		if history.get_version() != entry["version"]:
			entry["version"] = history.get_version()
			entry["revision"] += 1


func _entry(root: Node) -> Dictionary:
	var path := root.get_scene_file_path()
	if not _scenes.has(path):
		_scenes[path] = {"root": root.get_instance_id(), "history": 0, "version": 1,
				"saved_version": 1, "revision": 1}
	var entry: Dictionary = _scenes[path]
	if entry["root"] != root.get_instance_id():
		entry["root"] = root.get_instance_id()
		entry.erase(BESIDES)
		# That a part was saved has been counted.
		entry["revision"] += 0 if entry.get(OUTDATED, false) else 1
		if not _parts.has_former(path):
			entry.erase(OUTDATED)
	if root == EditorInterface.get_edited_scene_root():
		_listen(entry, path, _history.history_of(root))
	return entry


func _listen(entry: Dictionary, path: String, history: UndoRedo) -> void:
	if entry["history"] == history.get_instance_id():
		return
	if history.version_changed.is_connected(_on_version_changed):
		_leave_former_name(history)
	history.version_changed.connect(_on_version_changed.bind(path))
	entry["history"] = history.get_instance_id()
	entry["version"] = history.get_version()
	entry["saved_version"] = history.get_version()


## The scene of this history was saved under another name.
func _leave_former_name(history: UndoRedo) -> void:
	history.version_changed.disconnect(_on_version_changed)
	for path: String in _scenes:
		if _scenes[path]["history"] == history.get_instance_id():
			_scenes[path]["history"] = 0


func _on_version_changed(path: String) -> void:
	var entry: Dictionary = _scenes[path]
	var history := instance_from_id(entry["history"]) as UndoRedo
	entry["version"] = history.get_version()
	if history.get_history_count() > 0:
		entry[STEPS] = history.get_history_count()
	if history.is_committing_action() and entry["saved_version"] >= entry["version"]:
		# A new step stands where the saved one was undone: its number says nothing any more.
		entry["saved_version"] = NEVER
	entry["revision"] += 1
	changed.emit(path, entry["revision"])
