## Finds what one file of the project refers to: what its loader says, paths in its text, classes by
## name.
extends RefCounted

const EngineLog := preload("../engine/engine_log.gd")
const QuotedTexts := preload("../texts/quoted_texts.gd")

const SCRIPTS: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]
const SETTINGS: Array[String] = ["godot", "cfg", "gdextension", "json"]
const TEXT_RESOURCES: Array[String] = ["tscn", "tres"]
const TEXT_LIMIT_BYTES := 8 * 1024 * 1024
## A path in the middle of a text, such as one for a picture in formatted text.
const EMBEDDED := "(?:res|uid)://[^\\s\"'`\\[\\]<>()]+"
## Where something is put into a path, or where it means several files.
const GAP := "%[-+\\d.*]*[scdoxXfv%]|\\{\\w*\\}|[$*?]"
## Behind a quoted text that is only the beginning of one.
const JOINED := "^[\\s\\\\]*\\+"
const JOINED_WITHIN := 80
const UID := "^uid://[a-y0-8]+$"
const DECLARED_RESOURCE := "(?m)^\\[(?:ext_resource|gd_scene|gd_resource) .*$"

## The path of a file that has been moved away: what names it names a file, and puts no path
## together.
var moved: String = ""
## Whether the loader of the file that was looked at last needs that file itself.
var needs_itself: bool = false
## Path of the script by class_name.
var _classes: Dictionary = {}
var _loaded_extensions: PackedStringArray = ResourceLoader.get_recognized_extensions_for_type("")
## Finds words that may be the name of such a class; null without any.
var _class_word: RegEx = null
var _gap := RegEx.create_from_string(GAP)
var _joined := RegEx.create_from_string(JOINED)
var _uid := RegEx.create_from_string(UID)
var _embedded := RegEx.create_from_string(EMBEDDED)
var _declared := RegEx.create_from_string(DECLARED_RESOURCE)


func _init() -> void:
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		_classes[entry["class"]] = entry["path"]
	if not _classes.is_empty():
		var initials: Dictionary = {}
		for name: String in _classes:
			initials[name.left(1)] = true
		_class_word = RegEx.create_from_string("(*UCP)\\b[%s]\\w*"
				% "".join(PackedStringArray(initials.keys())))


## Edges {to, kind, uid?, pattern?} from `path`; kind is "resource" (its loader needs it), "text" (a
## path that stands in it) or "class". `to` may be a file that does not exist; with `pattern` it is
## the folder of a path that is put together.
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


func _without(path: String, edges: Dictionary) -> Array[Dictionary]:
	needs_itself = edges.get(path, {}).get("kind") == "resource"
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
		var target := dependency.get_slice("::", 2) if not uid.is_empty() \
				else dependency.get_slice("::", 0)
		var by_uid := _path_of_uid(uid) if not uid.is_empty() else ""
		var edge: Dictionary = {"to": by_uid if not by_uid.is_empty() else target,
				"kind": "resource"}
		if not uid.is_empty() and by_uid.is_empty():
			edge["uid"] = uid
		edges[edge["to"]] = edge


## The path that a quoted text of the file `path` names, without what stands behind the file's own
## (`::` a part of it, `:` a language); empty for none.
static func named_by(quoted: Dictionary, path: String) -> String:
	var written := (quoted["value"] as String).trim_prefix("*")
	if written.begins_with("res://") or written.begins_with("uid://"):
		return written.left(6) + written.substr(6).get_slice(":", 0)
	if (quoted["base"] as String).is_empty() or written.contains(":") \
			or written.get_extension().is_empty():
		return ""
	return ("res://" if quoted["base"] == QuotedTexts.ROOT else path.get_base_dir()) \
			.path_join(written).simplify_path()


func _add_text(path: String, text: String, extension: String, edges: Dictionary) -> void:
	if TEXT_RESOURCES.has(extension):
		text = _declared.sub(text, "", true)
	_add_quoted(path, text, extension, edges)
	if (extension == "gd" or extension == "cs") and _class_word != null:
		for found: RegExMatch in _class_word.search_all(
				QuotedTexts.without_comments(text, extension)):
			var script: String = _classes.get(found.get_string(), "")
			if not script.is_empty() and not edges.has(script):
				edges[script] = {"to": script, "kind": "class"}


func _add_quoted(path: String, text: String, extension: String, edges: Dictionary) -> void:
	for quoted: Dictionary in QuotedTexts.of(text, extension):
		var target := named_by(quoted, path)
		if not target.is_empty():
			_add_path(target, quoted["base"] == QuotedTexts.FOLDER, edges,
					_joined.search(text.substr(quoted["to"], JOINED_WITHIN)) != null)
		elif (quoted["value"] as String).contains("://"):
			_add_embedded(path, quoted["value"], edges)


## Paths within a quoted text: it may be code, such as that of a script in a scene, or words with a
## path among them.
func _add_embedded(path: String, text: String, edges: Dictionary) -> void:
	_add_quoted(path, text, "gdshader" if text.contains("shader_type") else "gd", edges)
	for found: RegExMatch in _embedded.search_all(text):
		if FileAccess.file_exists(found.get_string()):
			_add_path(found.get_string(), true, edges)


## `is_whole`: it is no part of a path that is put together. `goes_on`: it is the beginning of one.
func _add_path(target: String, is_whole: bool, edges: Dictionary, goes_on: bool = false) -> void:
	if target.begins_with("uid://"):
		if _uid.search(target) == null:
			return
		var by_uid := _path_of_uid(target)
		if by_uid.is_empty():
			edges[target] = {"to": target, "kind": "text", "uid": target}
			return
		target = by_uid
	if target == "res://":
		return
	var is_file := is_whole and not target.get_extension().is_empty() or target == moved \
			or FileAccess.file_exists(target)
	var gap := _gap.search(target) if not is_file else null
	var is_folder := not is_file and (target.ends_with("/")
			or DirAccess.dir_exists_absolute(target))
	if gap != null or is_folder or goes_on and not is_file:
		var folder := target
		if gap != null or not is_folder:
			folder = (target.left(gap.get_start()) if gap != null else target).get_base_dir()
		edges[folder] = {"to": folder.trim_suffix("/"), "kind": "text", "pattern": true}
	elif not edges.has(target):
		edges[target] = {"to": target, "kind": "text"}


static func _path_of_uid(uid: String) -> String:
	var id := ResourceUID.text_to_id(uid)
	return ResourceUID.get_id_path(id) if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id) \
			else ""


static func _text_of(path: String) -> String:
	var file := FileAccess.open(path, FileAccess.READ)
	if file == null or file.get_length() > TEXT_LIMIT_BYTES:
		return ""
	var bytes := file.get_buffer(file.get_length())
	return "" if bytes.has(0) else bytes.get_string_from_utf8()
