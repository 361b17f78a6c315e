## Knows what the files of the scenes in each open scene were like, so that one that was changed
## outside of the editor is noticed.
extends RefCounted

const SceneCycles := preload("scene_cycles.gd")

## Times of files are whole seconds: a file may change again without showing it for so long.
const TIME_STEP_S := 2

## {root, files} by path of an open scene: instance id of the root that was looked at, and for each
## file in it
## {time, digest, is_recent}.
var _known: Dictionary = {}
## Files that have changed and that the editor has not loaded anew since: it makes even new
## instances of them as they were.
var _not_loaded: Dictionary = {}


## Files in an open scene that have changed since the last look; none at the first one.
func changed_in(root: Node) -> PackedStringArray:
	var path := root.get_scene_file_path()
	var known: Dictionary = _known.get_or_add(path, {"root": 0, "files": {}})
	var files: Dictionary = known["files"]
	var changed: PackedStringArray = []
	for file: String in files:
		if _has_changed(files[file] as Dictionary, file):
			changed.append(file)
			_not_loaded[file] = true
	if not changed.is_empty() or known["root"] != root.get_instance_id():
		known["root"] = root.get_instance_id()
		known["files"] = _files_within(path, files)
	return changed


## Whether an open scene contains one that the editor still has as it was.
func has_former(path: String) -> bool:
	if not _known.has(path):
		return false
	for file: String in _known[path]["files"]:
		if _not_loaded.has(file):
			return true
	return false


## The editor has loaded these files anew.
func note_loaded(files: PackedStringArray) -> void:
	for file: String in files:
		_not_loaded.erase(file)


## The editor itself has written a scene: what its file is like is no news, and what it contains may
## be other scenes.
func note_saved(path: String) -> void:
	_not_loaded.erase(path)
	for scene: String in _known:
		var files: Dictionary = _known[scene]["files"]
		if scene == path or files.erase(path):
			_known[scene]["files"] = _files_within(scene, files)


## The facts about a file already stays.
static func _files_within(path: String, known: Dictionary) -> Dictionary:
	var files: Dictionary = {}
	for file: String in SceneCycles.all_within(path):
		files[file] = known[file] if known.has(file) else _stamp(file)
	return files


static func _stamp(file: String) -> Dictionary:
	var time := FileAccess.get_modified_time(file)
	var is_recent := Time.get_unix_time_from_system() - time <= TIME_STEP_S
	return {"time": time, "digest": FileAccess.get_md5(file), "is_recent": is_recent}


static func _has_changed(stamp: Dictionary, file: String) -> bool:
	var time := FileAccess.get_modified_time(file)
	if time == stamp["time"] and not stamp["is_recent"]:
		return false
	var now := _stamp(file)
	var is_other: bool = now["digest"] != stamp["digest"]
	stamp.merge(now, true)
	return is_other
