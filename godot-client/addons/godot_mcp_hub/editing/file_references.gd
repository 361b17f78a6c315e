## Finds what one file of the project refers to: what its loader says, paths in its text, classes by name.
extends RefCounted

const EngineLog := preload("../engine_log.gd")

const SCRIPTS: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]
const SETTINGS: Array[String] = ["godot", "cfg", "gdextension", "json"]
const TEXT_RESOURCES: Array[String] = ["tscn", "tres"]
const TEXT_LIMIT_BYTES := 8 * 1024 * 1024
const QUOTED_PATH := "[\"'`]\\*?((?:res|uid)://[^\"'`\\n]*)[\"'`]"
const RELATIVE_PATH := "(?:load\\(\\s*|extends\\s+|#include\\s+|^script=)[\"']([^\"':\\n]+\\.\\w+)[\"']"
const CLASS_WORD := "\\b[A-Z]\\w+"
const COMMENT := "(?m)^\\s*(?:#(?!include)|//|;).*$"
const DECLARED_RESOURCE := "(?m)^\\[(?:ext_resource|gd_scene|gd_resource) .*$"

## Path of the script by class_name.
var _classes: Dictionary = {}
var _loaded_extensions: PackedStringArray = ResourceLoader.get_recognized_extensions_for_type("")
var _quoted := RegEx.create_from_string(QUOTED_PATH)
var _relative := RegEx.create_from_string("(?m)" + RELATIVE_PATH)
var _class_word := RegEx.create_from_string(CLASS_WORD)
var _comment := RegEx.create_from_string(COMMENT)
var _declared := RegEx.create_from_string(DECLARED_RESOURCE)


func _init() -> void:
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		_classes[entry["class"]] = entry["path"]


## Edges {to, kind, uid?, pattern?} from `path`; kind is "resource" (its loader needs it), "text" (a path that stands in
## it) or "class". `to` may be a file that does not exist; with `pattern` it is the folder of a path that is put together.
func of(path: String) -> Array[Dictionary]:
	var edges: Dictionary = {}
	if not FileAccess.file_exists(path):
		# Moved or deleted since it was listed.
		return _without(path, edges)
	var extension := path.get_extension().to_lower()
	var is_script := SCRIPTS.has(extension)
	if not is_script and _loaded_extensions.has(extension) and extension != "json":
		_add_dependencies(path, edges)
	if is_script or SETTINGS.has(extension) or TEXT_RESOURCES.has(extension):
		_add_text(path, _text_of(path), extension, edges)
	return _without(path, edges)


## The same for the text of a GDScript, whatever its file has.
func of_script(path: String, text: String) -> Array[Dictionary]:
	var edges: Dictionary = {}
	_add_text(path, text, "gd", edges)
	return _without(path, edges)


static func _without(path: String, edges: Dictionary) -> Array[Dictionary]:
	edges.erase(path)
	var found: Array[Dictionary] = []
	found.assign(edges.values())
	return found


static func _add_dependencies(path: String, edges: Dictionary) -> void:
	EngineLog.begin_check()
	var dependencies := ResourceLoader.get_dependencies(path)
	EngineLog.end_check()
	for dependency: String in dependencies:
		var uid := dependency.get_slice("::", 0) if dependency.begins_with("uid://") else ""
		var target := dependency.get_slice("::", 2) if not uid.is_empty() else dependency.get_slice("::", 0)
		var by_uid := _path_of_uid(uid) if not uid.is_empty() else ""
		var edge: Dictionary = {"to": by_uid if not by_uid.is_empty() else target, "kind": "resource"}
		if not uid.is_empty() and by_uid.is_empty():
			edge["uid"] = uid
		edges[edge["to"]] = edge


func _add_text(path: String, text: String, extension: String, edges: Dictionary) -> void:
	if TEXT_RESOURCES.has(extension):
		text = _declared.sub(text, "", true)
	elif extension != "json":
		text = _comment.sub(text, "", true)
	for found: RegExMatch in _quoted.search_all(text):
		_add_path(found.get_string(1), edges)
	if TEXT_RESOURCES.has(extension) or extension == "json":
		return
	for found: RegExMatch in _relative.search_all(text):
		_add_path(path.get_base_dir().path_join(found.get_string(1)).simplify_path(), edges)
	if extension == "gd" or extension == "cs":
		for found: RegExMatch in _class_word.search_all(text):
			var script: String = _classes.get(found.get_string(), "")
			if not script.is_empty() and not edges.has(script):
				edges[script] = {"to": script, "kind": "class"}


static func _add_path(written: String, edges: Dictionary) -> void:
	var target := written.get_slice("::", 0)
	if target.begins_with("uid://"):
		var by_uid := _path_of_uid(target)
		if by_uid.is_empty():
			edges[target] = {"to": target, "kind": "text", "uid": target}
			return
		target = by_uid
	if target == "res://":
		return
	if target.contains("%") or target.contains("{") or target.contains("$") or DirAccess.dir_exists_absolute(target):
		var folder := target if DirAccess.dir_exists_absolute(target) else target.get_slice("%", 0).get_slice("{", 0).get_slice("$", 0).get_base_dir()
		edges[folder] = {"to": folder.trim_suffix("/"), "kind": "text", "pattern": true}
	elif not edges.has(target):
		edges[target] = {"to": target, "kind": "text"}


static func _path_of_uid(uid: String) -> String:
	var id := ResourceUID.text_to_id(uid)
	return ResourceUID.get_id_path(id) if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id) else ""


static func _text_of(path: String) -> String:
	var file := FileAccess.open(path, FileAccess.READ)
	if file == null or file.get_length() > TEXT_LIMIT_BYTES:
		return ""
	var bytes := file.get_buffer(file.get_length())
	return "" if bytes.has(0) else bytes.get_string_from_utf8()
