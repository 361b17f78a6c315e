## What scenes refer to and no file has, or no loader of this editor reads: the editor opens such a
## scene without these parts, and saves it without them.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const EngineLog := preload("../engine/engine_log.gd")

const NESTING: Array[String] = ["tscn", "scn", "tres", "res"]
const TEXT := "tscn"
const HEADER := "^\\[(\\w+)(.*)\\]\\s*$"
const ATTRIBUTE := "\\b%s=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\d+))"
## A name with other letters than those of ASCII stands in quotes.
const PROPERTY := "^(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s=\";\\[\\]]+)) = "
const REFERENCE := "ExtResource\\(\\s*\"?([^\")\\s]+)"
## Parts that are named in a text.
const NAMED := 10


## The missing parts of a scene and of the scenes in it: [{path, usedBy, exists}]. One that exists
## has no loader in this editor.
static func below(scene: String) -> Array[Dictionary]:
	var missing: Array[Dictionary] = []
	var seen: Dictionary = {scene: true}
	var left: Array[String] = [scene]
	while not left.is_empty():
		var user: String = left.pop_back()
		for part: String in _parts_of(user):
			if not ResourceLoader.exists(part):
				missing.append({"path": part, "usedBy": user,
						"exists": FileAccess.file_exists(part)})
			elif not seen.has(part) and NESTING.has(part.get_extension().to_lower()):
				seen[part] = true
				left.append(part)
	return missing


## What an open scene's file refers to, is missing, and has nothing in its place in the open scene:
## [{path, node?, property?}].
static func lost_by_saving(root: Node) -> Array[Dictionary]:
	var scene := root.get_scene_file_path()
	var missing: Array[String] = []
	for part: String in _parts_of(scene) if FileAccess.file_exists(scene) else (
			[] as Array[String]):
		if not ResourceLoader.exists(part):
			missing.append(part)
	if missing.is_empty():
		return []
	if scene.get_extension().to_lower() != TEXT:
		var unplaced: Array[Dictionary] = []
		unplaced.assign(missing.map(func(path: String) -> Dictionary: return {"path": path}))
		return unplaced
	return _places(FileAccess.get_file_as_string(scene), missing) \
			.filter(func(place: Dictionary) -> bool:
		return _is_empty(place, root))


## Instances in an open scene whose scene has no file any more: [{path, node}].
static func instances_without_file(root: Node) -> Array[Dictionary]:
	var missing: Array[Dictionary] = []
	for node: Node in root.find_children("*", "", true, false):
		var file := node.get_scene_file_path()
		if not file.is_empty() and not ResourceLoader.exists(file):
			missing.append({"path": file, "node": String(root.get_path_to(node))})
	return missing


## The files as a text, each with where it is needed.
static func listed(parts: Array[Dictionary]) -> String:
	var names: PackedStringArray = []
	for part: Dictionary in parts:
		var place: String = part.get("node", part.get("usedBy", ""))
		if part.has("property"):
			place += ":" + part["property"]
		if part.get("exists", false):
			place += ", this editor cannot load it"
		names.append(part["path"] + (" (%s)" % place if not place.is_empty() else ""))
	var more := " and %d more" % (names.size() - NAMED) if names.size() > NAMED else ""
	return ", ".join(names.slice(0, NAMED)) + more


## Paths of the files that a file names, where those with a known uid are now.
static func _parts_of(file: String) -> Array[String]:
	EngineLog.begin_check()
	var dependencies := ResourceLoader.get_dependencies(file)
	EngineLog.end_check()
	var parts: Array[String] = []
	for dependency: String in dependencies:
		var slices := dependency.split("::")
		parts.append(_path_of(slices[0], slices[2] if slices.size() > 2 else slices[0]))
	return parts


static func _path_of(uid: String, written: String) -> String:
	var id := ResourceUID.text_to_id(uid) if uid.begins_with("uid://") else ResourceUID.INVALID_ID
	return ResourceUID.get_id_path(id) if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id) \
			else written


## Where the text of a scene refers to missing files.
static func _places(text: String, missing: Array[String]) -> Array[Dictionary]:
	var header := RegEx.create_from_string(HEADER)
	var property := RegEx.create_from_string(PROPERTY)
	var reference := RegEx.create_from_string(REFERENCE)
	var ids: Dictionary = {}
	var places: Array[Dictionary] = []
	var here: Dictionary = {}
	for line: String in text.split("\n"):
		var section := header.search(line)
		var named := property.search(line)
		if section != null:
			here = _place_of(section.get_string(1), section.get_string(2))
			if section.get_string(1) == "ext_resource":
				var path := _path_of(_attribute(line, "uid"), _attribute(line, "path"))
				if missing.has(path):
					ids[_attribute(line, "id")] = path
		elif named != null:
			here["property"] = (named.get_string(1) + named.get_string(2)).c_unescape()
		for found: RegExMatch in reference.search_all(line):
			if ids.has(found.get_string(1)):
				places.append({"path": ids[found.get_string(1)]}.merged(here))
	return places


static func _place_of(section: String, attributes: String) -> Dictionary:
	if section != "node":
		return {}
	var parent := _attribute(attributes, "parent")
	var name := _attribute(attributes, "name")
	return {"node": "." if parent.is_empty() else name if parent == "." else parent.path_join(name)}


static func _attribute(text: String, name: String) -> String:
	var found := RegEx.create_from_string(ATTRIBUTE % name).search(text)
	return (found.get_string(1) + found.get_string(2)).c_unescape() if found != null else ""


## Whether the open scene still has nothing there. What is set within a value cannot be
## distinguished.
static func _is_empty(place: Dictionary, root: Node) -> bool:
	if not place.has("node"):
		return true
	var node := root.get_node_or_null(NodePath(place["node"] as String))
	if node == null:
		return false
	if node == root and not place.has("property"):
		# What a scene inherits is loaded again when it is saved.
		return true
	if not place.has("property"):
		return node.get_scene_file_path().is_empty()
	var value: Variant = node.get(place["property"] as String)
	return value == null or not value is Object
