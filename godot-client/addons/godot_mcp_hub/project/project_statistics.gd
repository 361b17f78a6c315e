## Counts what the project consists of.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const FileWalk := preload("../files/file_walk.gd")

const SCRIPTS: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]
const SIDE_FILES: Array[String] = ["import", "uid"]
const LARGEST_TOLD := 10
const NODE_LINE := "\n[node "

var _kinds: Dictionary = {}
var _scripts: Dictionary = {"files": 0, "lines": 0, "blank": 0, "comments": 0}
var _scenes: Dictionary = {"files": 0, "nodes": 0}
var _files: int = 0
var _bytes: int = 0
## [bytes, path] of the largest files.
var _largest: Array[Array] = []


## The members of the answer; empty when the request was cancelled.
static func of(folder: String, request: CommandRequest) -> Dictionary:
	var statistics := new()
	var files := await FileWalk.files_below(folder, true, request)
	for index: int in files.size():
		if request.is_cancelled:
			return {}
		statistics._count(files[index])
		request.report_progress(index, files.size(), "counting")
		await request.let_frame_pass_when_due()
	return statistics._describe()


func _count(path: String) -> void:
	var extension := path.get_extension().to_lower()
	var file := FileAccess.open(path, FileAccess.READ)
	if file == null or SIDE_FILES.has(extension):
		return
	var size := file.get_length()
	_files += 1
	_bytes += size
	if not _kinds.has(extension):
		_kinds[extension] = {"files": 0, "bytes": 0}
	_kinds[extension]["files"] += 1
	_kinds[extension]["bytes"] += size
	_note_size(size, path)
	if SCRIPTS.has(extension):
		_count_lines(file.get_as_text(), "#" if extension == "gd" else "//")
	elif extension == "tscn":
		_scenes["files"] += 1
		_scenes["nodes"] += file.get_as_text().count(NODE_LINE)
	elif extension == "scn":
		_scenes["files"] += 1


func _count_lines(text: String, comment_mark: String) -> void:
	var lines := text.trim_suffix("\n").split("\n") if not text.is_empty() else PackedStringArray()
	_scripts["files"] += 1
	_scripts["lines"] += lines.size()
	for line: String in lines:
		var inner := line.strip_edges()
		if inner.is_empty():
			_scripts["blank"] += 1
		elif inner.begins_with(comment_mark):
			_scripts["comments"] += 1


func _note_size(size: int, path: String) -> void:
	if _largest.size() == LARGEST_TOLD and size <= _largest[-1][0]:
		return
	_largest.append([size, path])
	_largest.sort_custom(func(a: Array, b: Array) -> bool: return a[0] > b[0])
	_largest.resize(mini(_largest.size(), LARGEST_TOLD))


func _describe() -> Dictionary:
	var largest: Array[Dictionary] = []
	for entry: Array in _largest:
		largest.append({"path": entry[1], "bytes": entry[0]})
	return {
		"files": _files, "bytes": _bytes, "kinds": _kinds, "scripts": _scripts, "scenes": _scenes,
		"classes": ProjectSettings.get_global_class_list().size(), "largest": largest,
	}
