## Counts the changes of each open scene, whoever made them: commands, undo, redo, the person at the editor.
extends RefCounted

const UndoHistory := preload("undo_history.gd")

## A scene has another revision now.
signal changed(scene: String, revision: int)

var _history: UndoHistory
var _undo_redo: EditorUndoRedoManager
## By scene path: {root, version, saved_version, revision}. The revision survives closing.
var _scenes: Dictionary = {}
var _global_version: int = 0


func _init(undo_redo: EditorUndoRedoManager, history: UndoHistory) -> void:
	_undo_redo = undo_redo
	_history = history
	_undo_redo.history_changed.connect(_on_history_changed)
	_undo_redo.version_changed.connect(_on_history_changed)


func dispose() -> void:
	_undo_redo.history_changed.disconnect(_on_history_changed)
	_undo_redo.version_changed.disconnect(_on_history_changed)


## Revision of an open scene; 1 when nothing has happened to it yet.
func of(root: Node) -> int:
	return _entry(root)["revision"]


## Revision of a scene that is not open: the last one that it had.
func last_of(path: String) -> int:
	return _scenes[path]["revision"] if _scenes.has(path) else 1


func is_unsaved(root: Node) -> bool:
	var entry := _entry(root)
	return entry["version"] != entry["saved_version"]


func mark_saved(path: String) -> void:
	if _scenes.has(path):
		_scenes[path]["saved_version"] = _scenes[path]["version"]


func _entry(root: Node) -> Dictionary:
	var path := root.scene_file_path
	if not _scenes.has(path):
		_scenes[path] = {"root": root.get_instance_id(), "version": 1, "saved_version": 1, "revision": 1}
		if root == EditorInterface.get_edited_scene_root():
			var version := _history.history_of(root).get_version()
			_scenes[path].merge({"version": version, "saved_version": version}, true)
	var entry: Dictionary = _scenes[path]
	if entry["root"] != root.get_instance_id():
		var fresh: int = _history.history_of(root).get_version() if root == EditorInterface.get_edited_scene_root() else 1
		entry.merge({"root": root.get_instance_id(), "version": fresh, "saved_version": fresh, "revision": entry["revision"] + 1}, true)
	return entry


func _on_history_changed() -> void:
	var root := EditorInterface.get_edited_scene_root()
	if root == null:
		return
	var entry := _entry(root)
	var version := _history.history_of(root).get_version()
	var global_version := _undo_redo.get_history_undo_redo(EditorUndoRedoManager.GLOBAL_HISTORY).get_version()
	var is_elsewhere: bool = version == entry["version"] and global_version != _global_version
	_global_version = global_version
	if is_elsewhere:
		return
	entry["version"] = version
	entry["revision"] += 1
	changed.emit(root.scene_file_path, entry["revision"])
