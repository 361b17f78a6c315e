## What texts refer to, as far as their checks need it: other scripts, and resources with the scripts that these may have.
extends RefCounted

const FileReferences := preload("../files/file_references.gd")

const SCRIPT := "gd"
const RESOURCES: Array[String] = ["tres", "res"]
## Scripts that are followed from one text.
const SCRIPTS_LIMIT := 64
## Files of a folder from which a path is put together.
const FOLDER_LIMIT := 200

## Paths of resources that have been met.
var resources: Dictionary = {}

var _references := FileReferences.new()
## Folder of the project: as res:// the process knows its pack's folders only.
var _root: String
var _seen: Dictionary = {}


func _init(root: String) -> void:
	_root = root


## Scripts that a text refers to. `follows`: looks into those for resources, too, and into what they refer to.
func take(path: String, text: String, follows: bool) -> Array[String]:
	var own := _take_one(path, text)
	var waiting := own.duplicate()
	var followed := 0
	while follows and not waiting.is_empty() and followed < SCRIPTS_LIMIT:
		var next: String = waiting.pop_front()
		if not _seen.has(next):
			_seen[next] = true
			followed += 1
			waiting.append_array(_take_one(next, FileAccess.get_file_as_string(next)))
	return own


func _take_one(path: String, text: String) -> Array[String]:
	var scripts: Array[String] = []
	for edge: Dictionary in _references.of_script(path, text):
		var target: String = edge["to"]
		if target.get_extension().is_empty():
			_take_folder(target)
		elif target.get_extension() == SCRIPT and FileAccess.file_exists(target):
			scripts.append(target)
		else:
			_take_resource(target)
	return scripts


func _take_folder(path: String) -> void:
	var folder := _root.path_join(path.trim_prefix("res://"))
	for file: String in Array(DirAccess.get_files_at(folder)).slice(0, FOLDER_LIMIT) if DirAccess.dir_exists_absolute(folder) else []:
		_take_resource(path.path_join(file))


func _take_resource(path: String) -> void:
	if RESOURCES.has(path.get_extension()) and FileAccess.file_exists(path):
		resources[path] = true
