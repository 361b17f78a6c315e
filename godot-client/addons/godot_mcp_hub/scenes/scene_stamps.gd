## Knows what the file of each open scene was like when the editor last read or wrote it, so that a newer one is noticed.
extends RefCounted

const SceneSessions := preload("scene_sessions.gd")

## By scene path: [instance id of the root that was read, digest of the file].
var _stamps: Dictionary = {}


## Takes note of scenes that were opened or reloaded since the last time; to be called often.
func watch() -> void:
	for root: Node in SceneSessions.open_roots():
		var path := root.get_scene_file_path()
		if not path.is_empty() and (not _stamps.has(path) or _stamps[path][0] != root.get_instance_id()):
			_stamps[path] = [root.get_instance_id(), FileAccess.get_md5(path)]


## The editor has just written the scene's file.
func mark_saved(path: String) -> void:
	for root: Node in SceneSessions.open_roots():
		if root.get_scene_file_path() == path:
			_stamps[path] = [root.get_instance_id(), FileAccess.get_md5(path)]


## Whether somebody else has changed the file of an open scene, or taken it away.
func is_overtaken(path: String) -> bool:
	watch()
	return _stamps.has(path) and _stamps[path][1] != FileAccess.get_md5(path)
