## Tells which files the editor can load without running anything of the project: none of what they
## need has a tool script.
##
## In an editor only tool scripts run. So a file is tame when no text that the engine compiles with
## it has the mark of one. What a text needs is taken wide: each class and autoload whose name
## stands anywhere in it. Where it cannot be seen (a path that is put together, a script in a
## compressed file), the file is not tame.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const BinaryResource := preload("binary_resource.gd")
const TameFiles := preload("tame_files.gd")
const TextLimits := preload("../texts/text_limits.gd")

const TOOL_MARK := "@tool"
const SCRIPT := "gd"
## Compiled scripts, and native code.
const UNTAMED: Array[String] = ["gdc", "gdextension"]
const TEXTS: Array[String] = ["tscn", "tres"]
const BINARIES: Array[String] = ["scn", "res"]
const BUILT_IN := "type=\"GDScript\""
## A resource by its path, or any object, in the middle of a value.
const HIDDEN := "\\b(?:Resource|Object)\\s*\\("
const COMMENTS := "(%s)|#[^\\n]*" % TextLimits.STRINGS
const PRELOAD := "\\bpreload\\b(?:\\s*\\(\\s*[\"']([^\"'\\\\]*)[\"']\\s*\\))?"
const EXTENDS := "\\bextends\\b(?:[ \\t]+(?:[\"']([^\"'\\\\]*)[\"']|[A-Za-z_]))?"
const AUTOLOAD := "autoload/"

## [digest, what it needs] by path; no needs where the file itself is not tame.
static var _known: Dictionary = {}
static var _mutex := Mutex.new()

var _seen: Dictionary = {}
## Path by name, of classes and autoloads.
var _named: Dictionary = {}


## Whether loading `path` runs nothing.
static func is_tame(path: String) -> bool:
	return TameFiles.new()._is_tame(path)


## The same for a scene or resource with scripts kept in it, by its text.
static func has_tame_text(path: String, text: String) -> bool:
	var files := TameFiles.new()
	files._seen[path] = true
	# In a quoted text anything may stand for a sign.
	if text.contains("\\u") or text.contains("\\U") \
			or RegEx.create_from_string(HIDDEN).search(text) != null:
		return false
	var needs: Variant = files._needs_of_script(path, text)
	return needs is Array and (needs as Array + dependencies_of(path)).all(files._is_tame)


func _init() -> void:
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		_named[entry["class"]] = entry["path"]
	for info: Dictionary in ProjectSettings.get_property_list():
		if (info["name"] as String).begins_with(AUTOLOAD):
			var path := str(ProjectSettings.get_setting(info["name"])).trim_prefix("*")
			_named[(info["name"] as String).trim_prefix(AUTOLOAD)] = path


func _is_tame(path: String) -> bool:
	if _seen.has(path):
		return true
	_seen[path] = true
	if path.get_extension() == SCRIPT and _is_compiled(path):
		return true
	var needs: Variant = _needs_of(path)
	return needs is Array and (needs as Array).all(_is_tame)


## What has been compiled is not compiled again with something else. A tool script would run with a
## resource that has it.
static func _is_compiled(path: String) -> bool:
	if not ResourceLoader.has_cached(path):
		return false
	var script := load(path) as GDScript
	return script != null and not script.get_instance_base_type().is_empty() \
			and not script.is_tool()


## Paths that loading the file loads or compiles; null when the file itself is not tame.
func _needs_of(path: String) -> Variant:
	var digest := FileAccess.get_md5(path) if FileAccess.file_exists(path) else ""
	_mutex.lock()
	var known: Array = _known.get(path, [null])
	_mutex.unlock()
	if not known[0] is String or known[0] != digest:
		known = [digest, _read_needs(path)]
		_mutex.lock()
		_known[path] = known
		_mutex.unlock()
	return known[1]


func _read_needs(path: String) -> Variant:
	if not path.begins_with("res://") or not FileAccess.file_exists(path):
		return null
	var extension := path.get_extension().to_lower()
	if UNTAMED.has(extension):
		return null
	if extension == SCRIPT:
		return _needs_of_script(path, FileAccess.get_file_as_string(path))
	if TEXTS.has(extension) and not _is_plain(FileAccess.get_file_as_string(path)):
		return null
	if BINARIES.has(extension) and BinaryResource.has_scripts(path):
		return null
	return dependencies_of(path)


## Whether a text has nothing in it that would be compiled or loaded beside what it says that it
## needs.
static func _is_plain(text: String) -> bool:
	return not text.contains(BUILT_IN) and RegEx.create_from_string(HIDDEN).search(text) == null


func _needs_of_script(path: String, text: String) -> Variant:
	var code := RegEx.create_from_string(COMMENTS).sub(text, "$1", true)
	if code.contains(TOOL_MARK) or not TextLimits.problem_of_script(text).is_empty():
		return null
	var needs: Array = []
	for pattern: String in [PRELOAD, EXTENDS]:
		for found: RegExMatch in RegEx.create_from_string(pattern).search_all(code):
			if found.get_string(1).is_empty() \
					and (pattern == PRELOAD or found.get_string().ends_with("extends")):
				return null
			if not found.get_string(1).is_empty():
				needs.append(_whole(path, found.get_string(1)))
	for name: String in _named:
		if code.contains(name) and not needs.has(_named[name]):
			needs.append(_named[name])
	needs.erase(path)
	return needs


static func _whole(from: String, written: String) -> String:
	if written.begins_with("uid://"):
		return _path_of_uid(written)
	return written if written.contains("://") \
			else from.get_base_dir().path_join(written).simplify_path()


## Empty for a uid that no file has: that is not tame.
static func _path_of_uid(uid: String) -> String:
	var id := ResourceUID.text_to_id(uid)
	return ResourceUID.get_id_path(id) if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id) \
			else ""


## Paths of the files that the loader of a scene or resource needs, and that there are.
static func dependencies_of(path: String) -> Array:
	var needs: Array = []
	for dependency: String in ResourceLoader.get_dependencies(path):
		# "uid://...::::res://..." or only a path.
		var by_uid := _path_of_uid(dependency.get_slice("::", 0)) \
				if dependency.begins_with("uid://") else ""
		needs.append(by_uid if not by_uid.is_empty()
				else dependency.get_slice("::", dependency.get_slice_count("::") - 1))
	return needs.filter(func(need: String) -> bool:
		return not need.is_empty() and FileAccess.file_exists(need))
