## Finds what the texts of scenes and resources say and cannot be: objects of classes that there are
## not, and connections that lead nowhere. Nothing is loaded for it. What cannot be known, such as
## the methods of a C# script or the nodes of an imported scene, is no problem.
extends RefCounted

const FilePaths := preload("../files/file_paths.gd")
const ScriptLineage := preload("../reading/script_lineage.gd")

const TEXTS: Array[String] = ["tscn", "tres"]
const SCRIPT := "gd"
const HEADER := "(?m)^\\[(node|connection|ext_resource|sub_resource|gd_resource)\\b(.*)\\][ \\t]*$"
const ATTRIBUTE := "\\b(\\w+)=(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|(?:Ext|Sub)Resource\\(\\s*\"?([^\")]*)\"?\\s*\\))"
const OWN_SCRIPT := "(?m)^script = (\\w+)(?:\\(\\s*\"?([^\")]*)\"?\\s*\\))?"
const EXTERNAL := "ExtResource"
const METHOD := "(?m)^[ \\t]*(?:@\\w+(?:\\([^)]*\\))?[ \\t]+)*(?:static[ \\t]+)?func[ \\t]+%s[ \\t]*\\("
const SIGNAL := "(?m)^[ \\t]*(?:@\\w+(?:\\([^)]*\\))?[ \\t]+)*signal[ \\t]+%s(?![\\w\\x{80}-\\x{10ffff}])"
## What no name of a member has.
const NO_NAME := "^$|[\\x00-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\x7f]"
## By which scripts declare signals while they run.
const MADE_SIGNALS := "add_user_signal"
## Instances inside one another.
const DEPTH := 32
## Scenes, and texts of scripts, that are kept; then all are forgotten.
const KEPT := 512

var _header := RegEx.create_from_string(HEADER)
var _attribute := RegEx.create_from_string(ATTRIBUTE)
var _own_script := RegEx.create_from_string(OWN_SCRIPT)
## {nodes: {type, instance, script} by path, files: path by id, connections, classes} by path.
var _scenes: Dictionary = {}
## By the path of a script.
var _texts: Dictionary = {}


## Problems {line, kind, message} of a file, in the order of its lines.
func problems_of(path: String) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	if not TEXTS.has(path.get_extension().to_lower()):
		return found
	var scene := _scene_at(path)
	for type: Dictionary in scene["classes"]:
		if not ClassDB.class_exists(type["type"]):
			found.append({"line": type["line"], "kind": "unknown_class",
					"message": "There is no class '%s' in this editor." % type["type"]})
	for connection: Dictionary in scene["connections"]:
		var why := _flaw(path, connection)
		if not why.is_empty():
			found.append({"line": connection["line"], "kind": "broken_connection", "message": why})
	return found


## Why a connection leads nowhere; empty where it leads somewhere, or that cannot be known.
func _flaw(path: String, connection: Dictionary) -> String:
	var ends: Array[Dictionary] = []
	for member: String in ["from", "to"]:
		var node := _node_at(path, connection.get(member, ""), 0)
		if node.is_empty():
			return "The connection of '%s' names '%s', which is no node of the scene." % [
					connection.get("signal", ""), connection.get(member, "")]
		ends.append(node)
	var name: String = connection.get("signal", "")
	if _lacks(ends[0], name, SIGNAL, ClassDB.class_has_signal):
		return "'%s' (%s) has no signal '%s'." % [connection["from"], _kind_of(ends[0]), name]
	name = connection.get("method", "")
	if _lacks(ends[1], name, METHOD, ClassDB.class_has_method):
		return "'%s' (%s) has no method '%s'." % [connection["to"], _kind_of(ends[1]), name]
	return ""


static func _kind_of(node: Dictionary) -> String:
	return node["script"] if not (node["script"] as String).is_empty() else node["type"]


## Whether it is sure that a node has no such member.
func _lacks(node: Dictionary, name: String, pattern: String, engine_has: Callable) -> bool:
	if node.has("unknown") or not ClassDB.class_exists(node["type"]) \
			or RegEx.create_from_string(NO_NAME).search(name) != null:
		return false
	var script: String = node["script"]
	if engine_has.call(node["type"], name):
		return false
	if script.is_empty():
		return true
	var text := _text_of(script)
	if text.is_empty() or pattern == SIGNAL and text.contains(MADE_SIGNALS):
		return false
	return RegEx.create_from_string(pattern % name).search(text) == null


## The texts of a script and of those that it extends; empty where not all of them are known.
func _text_of(script: String) -> String:
	if not _texts.has(script):
		if _texts.size() >= KEPT:
			_texts.clear()
		var texts: PackedStringArray = []
		for entry: Dictionary in ScriptLineage.of_file(script) if script.get_extension() \
				.to_lower() == SCRIPT else [] as Array[Dictionary]:
			texts.append(FileAccess.get_file_as_string(entry["path"]))
		_texts[script] = "\n".join(texts) if not ScriptLineage.native_base(script).is_empty() \
				else ""
	return _texts[script]


## {type, script} of the node at a path below the root of a scene, with `unknown` where no more is
## known; empty when there is none.
func _node_at(path: String, at: String, depth: int) -> Dictionary:
	if depth > DEPTH or path.get_extension().to_lower() != "tscn" \
			or not FileAccess.file_exists(path):
		return {"unknown": true}
	var nodes: Dictionary = _scene_at(path)["nodes"]
	var own: Dictionary = nodes.get(at, {})
	if own.has("type"):
		return {"type": own["type"], "script": own["script"]}
	var below := _below_instance(nodes, at)
	if below.is_empty():
		return {}
	var node := _node_at(below["instance"], below["rest"], depth + 1)
	if not node.is_empty() and own.get("script", "") != "":
		node["script"] = own["script"]
	return node


## The instance that a node without a type stands in, and its path in there; empty when it stands in
## none.
static func _below_instance(nodes: Dictionary, at: String) -> Dictionary:
	var above := at
	while true:
		var instance: String = nodes.get(above, {}).get("instance", "")
		if not instance.is_empty():
			var rest := "." if above == at else at if above == "." else at.trim_prefix(above + "/")
			return {"instance": instance, "rest": rest}
		if above == ".":
			return {}
		above = above.get_base_dir() if above.contains("/") else "."
	return {}


func _scene_at(path: String) -> Dictionary:
	if not _scenes.has(path):
		if _scenes.size() >= KEPT:
			_scenes.clear()
		_scenes[path] = _read(FileAccess.get_file_as_string(path))
	return _scenes[path]


func _read(text: String) -> Dictionary:
	var scene: Dictionary = {"nodes": {}, "connections": [], "classes": []}
	var files: Dictionary = {}
	var headers := _header.search_all(text)
	var line := 1
	var counted := 0
	for index: int in headers.size():
		var found := headers[index]
		line += text.substr(counted, found.get_start() - counted).count("\n")
		counted = found.get_start()
		var values: Dictionary = {"line": line}
		for attribute: RegExMatch in _attribute.search_all(found.get_string(2)):
			values[attribute.get_string(1)] = (attribute.get_string(2) if attribute.get_start(3) < 0
					else attribute.get_string(3)).c_unescape()
		match found.get_string(1):
			"ext_resource":
				files[values.get("id", "")] = _file_of(values)
			"connection":
				(scene["connections"] as Array).append(values)
			"node":
				var end := headers[index + 1].get_start() if index + 1 < headers.size() \
						else text.length()
				_add_node(scene, values, files, text.substr(found.get_end(), end - found.get_end()))
			_:
				(scene["classes"] as Array).append(
						{"type": values.get("type", "Object"), "line": line})
	return scene


func _add_node(scene: Dictionary, values: Dictionary, files: Dictionary,
		properties: String) -> void:
	var parent: String = values.get("parent", "")
	var name: String = values.get("name", "")
	var at := "." if not values.has("parent") else name if parent == "." else parent.path_join(name)
	var node: Dictionary = {"script": ""}
	if values.has("type"):
		node["type"] = values["type"]
		(scene["classes"] as Array).append({"type": values["type"], "line": values["line"]})
	if values.has("instance"):
		node["instance"] = files.get(values["instance"], "?")
	elif values.has("instance_placeholder"):
		node["instance"] = values["instance_placeholder"]
	var script := _own_script.search(properties)
	if script != null:
		# What is kept in the scene itself is not looked at.
		node["script"] = files.get(script.get_string(2), "?") if script.get_string(1) == EXTERNAL \
				else "?"
	scene["nodes"][at] = node


static func _file_of(values: Dictionary) -> String:
	var by_uid: String = FilePaths.resolve(values["uid"]).value_or("") if values.has("uid") else ""
	return by_uid if not by_uid.is_empty() else values.get("path", "")
