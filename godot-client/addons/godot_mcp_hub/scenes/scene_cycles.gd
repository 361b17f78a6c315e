## Finds scenes that would contain themselves, by instances and by inheritance. The editor dies of
## such a scene when it opens it.
##
## An open scene counts as it stands in the editor, with what is not saved yet; any other one as its
## file has it.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const SceneSessions := preload("scene_sessions.gd")

const TEXT := "tscn"
const EXTERNAL := "(?m)^\\[ext_resource .*\\]"
const ATTRIBUTE := "\\b%s=(?:\"([^\"]*)\"|(\\d+))"
const INSTANCE := "(?m)^\\[node .*\\binstance=ExtResource\\(\\s*\"?([^\")\\s]+)"
const PLACEHOLDER := "(?m)^\\[node .*\\binstance_placeholder=\"([^\"]*)\""
## Files whose contents are remembered.
const FILES_KEPT := 1024

## [digest, paths of the scenes that it contains] by path of a file.
static var _known: Dictionary = {}

## Roots of the open scenes by path.
var _open: Dictionary = {}
var _is_done: Dictionary = {}


func _init() -> void:
	for root: Node in SceneSessions.open_roots():
		_open[root.get_scene_file_path()] = root


## Why the scene `inner` must not be put into `outer`; null when it may.
static func refusal_of_instance(inner: String, outer: String) -> CommandResult:
	var chain := new()._way(inner, outer) if not outer.is_empty() else PackedStringArray()
	if chain.is_empty():
		return refusal_of(inner)
	return CommandResult.failed("INVALID_PARAMS",
			"%s contains the scene that it would be put into%s." % [inner, _told(chain)],
			"A scene cannot contain itself: put what both need into a third scene.")


## Why a scene, as it stands now, must be neither opened nor saved; null when it contains itself
## nowhere.
static func refusal_of(path: String) -> CommandResult:
	var chain := new()._cycle(path, PackedStringArray())
	if chain.is_empty():
		return null
	return CommandResult.failed("CONFLICT",
			"%s contains itself%s: the editor cannot load that." % [chain[0], _told(chain)],
			"Take the instance out of one of these scenes, by undo or in its file.")


## Whether a scene contains another one, by instances or inheritance, also through further ones.
static func contains(outer: String, inner: String) -> bool:
	return not new()._way(outer, inner).is_empty()


## Every scene that an open scene contains, also through further ones.
static func all_within(path: String) -> PackedStringArray:
	var cycles := new()
	var found: PackedStringArray = []
	var next := cycles._contents(path)
	while not next.is_empty():
		var inner := next[0]
		next.remove_at(0)
		if inner != path and not found.has(inner):
			found.append(inner)
			next.append_array(cycles._contents(inner))
	return found


## The scenes of a chain that stand between its two ends.
static func _told(chain: PackedStringArray) -> String:
	var between := chain.slice(1, maxi(1, chain.size() - 1))
	return "" if between.is_empty() else ", through %s" % ", ".join(between)


## The scenes from one to another, each containing the next; empty when the first does not contain
## the other.
func _way(from: String, to: String) -> PackedStringArray:
	if from == to:
		return [from]
	if _is_done.has(from):
		return []
	_is_done[from] = true
	for inner: String in _contents(from):
		var rest := _way(inner, to)
		if not rest.is_empty():
			rest.insert(0, from)
			return rest
	return []


## The first chain below `path` that comes back to where it began.
func _cycle(path: String, above: PackedStringArray) -> PackedStringArray:
	if above.has(path):
		return above.slice(above.find(path)) + PackedStringArray([path])
	if _is_done.has(path):
		return []
	var way := above + PackedStringArray([path])
	for inner: String in _contents(path):
		var found := _cycle(inner, way)
		if not found.is_empty():
			return found
	_is_done[path] = true
	return []


func _contents(path: String) -> PackedStringArray:
	var contents := _contents_of_file(path)
	if not _open.has(path):
		return contents[1]
	# What a scene inherits never changes: its file says it, where there is one.
	var found: Dictionary = {contents[0]: true}
	_collect(_open[path], _open[path], found)
	found.erase("")
	return PackedStringArray(found.keys())


static func _collect(node: Node, root: Node, into: Dictionary) -> void:
	# What an instance brings is its own scene's.
	if node.owner == root:
		into[node.get_scene_file_path()] = true
	for child: Node in node.get_children():
		_collect(child, root, into)


## [the scene that it inherits, all that it contains].
static func _contents_of_file(path: String) -> Array:
	var digest := FileAccess.get_md5(path) if FileAccess.file_exists(path) else ""
	if not _known.has(path) or _known[path][0] != digest:
		_known.erase(path)
		_known[path] = [digest, ["", PackedStringArray()] if digest.is_empty() else _read(path)]
		if _known.size() > FILES_KEPT:
			_known.erase(_known.keys()[0])
	return _known[path][1]


static func _read(path: String) -> Array:
	return _read_text(FileAccess.get_file_as_string(path)) \
			if path.get_extension().to_lower() == TEXT else ["", _scenes_needed_by(path)]


static func _read_text(text: String) -> Array:
	var paths: Dictionary = {}
	for found: RegExMatch in RegEx.create_from_string(EXTERNAL).search_all(text):
		paths[_attribute(found.get_string(), "id")] = _where(_attribute(found.get_string(), "uid"),
				_attribute(found.get_string(), "path"))
	var contents: Dictionary = {}
	var inherited := ""
	for found: RegExMatch in RegEx.create_from_string(INSTANCE).search_all(text):
		var inner: String = paths.get(found.get_string(1), "")
		contents[inner] = true
		if _attribute(found.get_string(), "parent").is_empty():
			inherited = inner
	for found: RegExMatch in RegEx.create_from_string(PLACEHOLDER).search_all(text):
		contents[_where("", found.get_string(1))] = true
	contents.erase("")
	return [inherited, PackedStringArray(contents.keys())]


static func _attribute(line: String, name: String) -> String:
	var found := RegEx.create_from_string(ATTRIBUTE % name).search(line)
	return found.get_string(1) + found.get_string(2) if found != null else ""


## A path where it leads today: the engine follows the uid first.
static func _where(uid: String, path: String) -> String:
	var id := ResourceUID.text_to_id(uid if not uid.is_empty() else path)
	return ResourceUID.get_id_path(id) if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id) \
			else path


## A compressed file does not say which scenes it instances and which it only refers to: all count.
static func _scenes_needed_by(path: String) -> PackedStringArray:
	var scenes: PackedStringArray = []
	var extensions := ResourceLoader.get_recognized_extensions_for_type("PackedScene")
	for dependency: String in ResourceLoader.get_dependencies(path):
		# "uid://...::::res://..." or only a path.
		var written := dependency.get_slice("::", dependency.get_slice_count("::") - 1)
		var target := _where(dependency.get_slice("::", 0) if dependency.begins_with("uid://")
				else "", written)
		if extensions.has(target.get_extension().to_lower()):
			scenes.append(target)
	return scenes
