## Finds the project's files that the params of a request name, by path or by the class that a
## script declares.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const DormantFiles := preload("dormant_files.gd")
const FilePaths := preload("../files/file_paths.gd")

const SCHEME := "://"


## Finds out what has to be known of their scripts before they are looked at. To be awaited.
static func prepare(request: CommandRequest) -> void:
	var texts: Dictionary = {}
	_collect_texts(request.params.values(), texts)
	var paths: Array[String] = []
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if texts.has(entry["class"]):
			paths.append(entry["path"])
	for text: String in texts:
		var path: String = FilePaths.resolve(text.get_slice("::", 0)).value_or("") \
				if text.contains(SCHEME) else ""
		if FileAccess.file_exists(path):
			paths.append(path)
	await DormantFiles.prepare(paths, request)


static func _collect_texts(values: Array, into: Dictionary) -> void:
	for value: Variant in values:
		if value is Array:
			_collect_texts(value, into)
		elif value is Dictionary:
			_collect_texts((value as Dictionary).values(), into)
		elif value is String:
			into[value] = null
