## Moves a file of the project so that everything that refers to it follows.
##
## In text the path alone is changed. Compressed resources that refer to it are loaded before, and
## saved when it has its new path.
extends RefCounted

const BrokenScripts := preload("../scripts/broken_scripts.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileReferences := preload("../files/file_references.gd")
const FileScan := preload("../files/file_scan.gd")
const FileWriter := preload("../files/file_writer.gd")
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const ProjectFiles := preload("../files/file_scan.gd").ProjectFiles
const ProjectGraph := preload("project_graph.gd")
const QuotedTexts := preload("../texts/quoted_texts.gd")
const ResourceText := preload("resource_text.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const SceneSessions := preload("../scenes/scene_sessions.gd")
const ScriptText := preload("../files/script_text.gd")
const SavedSettings := preload("saved_settings.gd")

const RESOURCES: Array[String] = ["tscn", "scn", "tres", "res"]
const SCRIPTS: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]

var _from: String
var _to: String
var _editor: SceneEditor
var _settings: SavedSettings
var _references := FileReferences.new()
## What the file is in memory; null when nothing has loaded it.
var _moved: Resource = null
## Compressed resources that refer to the file, by their path.
var _users: Dictionary = {}
var _updated: Array[String] = []
var _unsaved: Array[String] = []
var _left: Array[String] = []


func _init(from: String, to: String, editor: SceneEditor, settings: SavedSettings) -> void:
	_from = from
	_to = to
	_editor = editor
	_settings = settings
	_references.moved = from


## Moves the file. The answer tells what followed, and what did not.
func run(request: CommandRequest) -> CommandResult:
	var unfit := FileLimits.refusal(_from)
	if unfit != null:
		return unfit
	var graph := await ProjectGraph.read(request)
	if graph == null:
		return request.cancelled()
	var users := graph.users(_from)
	# The editor reads the files that it has listed: none of them goes away under it.
	await FileScan.let_end(ProjectFiles.SCAN_TIMEOUT_MS)
	for file: String in users + ([_from, _to] as Array[String]):
		var held := request.leases.refusal_of_file(file)
		if held != null:
			return held
	_load_users(users)
	var failure := _rename_all()
	if failure != null:
		return failure
	_make_own_references_absolute()
	for root: Node in SceneSessions.open_roots():
		_rename_instances(root)
	for user: String in users:
		await _update(user, request)
	await FileScan.run(request)
	BrokenScripts.mend(BrokenScripts.names_of(_to))
	var answer: Dictionary = {"path": _to, "from": _from, "updated": _updated, "unsaved": _unsaved,
			"notFollowed": _left}
	if not graph.not_looked_at.is_empty():
		answer["notLookedAt"] = graph.not_looked_at
	var loaders := graph.users(_from.get_base_dir())
	if not loaders.is_empty():
		answer["mayBeLoadedBy"] = loaders
	return CommandResult.succeeded(answer)


## Compressed files are written by the engine, which would lose what it cannot load.
func _load_users(users: Array[String]) -> void:
	if ResourceLoader.has_cached(_from):
		_moved = load(_from)
	for user: String in users:
		if RESOURCES.has(user.get_extension()) and not ResourceText.is_text(user) \
				and ResourceText.missing(user).is_empty() \
				and FileLimits.refusal(user) == null:
			_users[user] = ResourceLoader.load(user, "", ResourceLoader.CACHE_MODE_IGNORE)


## Renames the file and those that the engine keeps beside it: all of them, or none.
func _rename_all() -> CommandResult:
	DirAccess.make_dir_recursive_absolute(_to.get_base_dir())
	var id := ResourceLoader.get_resource_uid(_from)
	var done: Array[String] = []
	for ending: String in [""] + ProjectFiles.SIDE_FILES:
		if not FileAccess.file_exists(_from + ending):
			continue
		var error := _rename(_from + ending, _to + ending)
		if error != OK:
			return _taken_back(done, ending, error)
		done.append(ending)
	if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id):
		ResourceUID.set_id(id, _to)
	if _moved != null:
		_moved.take_over_path(_to)
	return null


static func _rename(from: String, to: String) -> Error:
	var digest := FileAccess.get_md5(from)
	var error := DirAccess.rename_absolute(from, to)
	if error == OK and (FileAccess.file_exists(from) or FileAccess.get_md5(to) != digest):
		return ERR_FILE_CORRUPT
	return error


## Moves back what has been moved before the file with `ending` could not be.
func _taken_back(done: Array[String], ending: String, error: Error) -> CommandResult:
	var left: Array[String] = []
	done.reverse()
	for moved: String in done:
		if _rename(_to + moved, _from + moved) != OK:
			left.append(_to + moved)
	var failure := CommandResult.failed("INTERNAL_ERROR", "%s cannot be moved to %s: %s. %s" % [
			_from + ending, _to + ending, error_string(error),
			"Nothing was moved." if left.is_empty()
			else "These could not be moved back: %s." % ", ".join(PackedStringArray(left))],
			"Look what stands at %s, and whether its folder is write-protected." % (_to + ending))
	return failure if left.is_empty() else failure.with("left", left)


func _update(user: String, request: CommandRequest) -> void:
	var was_open := EditorInterface.get_open_scenes().has(user)
	if was_open and _is_unsaved(user):
		_unsaved.append(user)
		return
	var error := ERR_FILE_CANT_WRITE
	if FilePaths.guard(_to if user == _from else user) != null:
		# A person's own, or outside of the project.
		error = ERR_SKIP
	elif user == ProjectGraph.SETTINGS:
		error = _update_settings()
	elif SCRIPTS.has(user.get_extension()) or user.get_extension() == "cfg":
		error = _update_text(_to if user == _from else user)
	elif ResourceText.is_text(user):
		error = ResourceText.repoint(user, _from, _to)
	elif _users.get(user) != null:
		error = OK if _refers_now(user) and FileWriter.save(_users[user], user) == null \
				else ERR_SKIP
	if error == OK:
		_updated.append(user)
		if was_open:
			await _show_as_saved(user, request)
	if error != OK and error != ERR_SKIP or _names_old_path(user):
		_left.append(user)


func _is_unsaved(scene: String) -> bool:
	return _editor.describe_open_scenes().any(func(open: Dictionary) -> bool:
		return open["scene"] == scene and open["unsaved"])


## The scene in the editor has the new path already, and its file now too.
func _show_as_saved(scene: String, request: CommandRequest) -> void:
	if ResourceText.missing(scene).is_empty():
		var view := await _editor.scenes.activate(scene, request)
		if not view.is_error():
			_editor.save(view, true)
	else:
		_editor.timestamps.mark_saved(scene)


## Whether a file still refers to the old place.
func _names_old_path(user: String) -> bool:
	return _references.of(_to if user == _from else user).any(func(edge: Dictionary) -> bool:
		return edge["to"] == _from and edge["kind"] != "class")


## Whether a compressed file says the old path where its loader needs it.
func _refers_now(user: String) -> bool:
	for dependency: String in ResourceLoader.get_dependencies(user):
		if dependency.contains(_from):
			return true
	return false


## An instance in an open scene knows its own scene by the path.
func _rename_instances(node: Node) -> void:
	if node.scene_file_path == _from:
		node.scene_file_path = _to
	for child: Node in node.get_children():
		_rename_instances(child)


## OK when the file of the settings has changed.
func _update_settings() -> Error:
	var values: Dictionary = {}
	for info: Dictionary in ProjectSettings.get_property_list():
		var value: Variant = ProjectSettings.get_setting(info["name"]) \
				if ProjectSettings.has_setting(info["name"]) else null
		var renamed: Variant = _renamed(value)
		if not is_same(renamed, value):
			values[info["name"]] = renamed
	if values.is_empty():
		return ERR_SKIP
	var before := FileAccess.get_md5(ProjectGraph.SETTINGS)
	if _settings.store(values) != null:
		return ERR_FILE_CANT_WRITE
	return OK if FileAccess.get_md5(ProjectGraph.SETTINGS) != before else ERR_SKIP


## A setting's value with the new path: a copy where it names the old one, also deep in it; the
## value itself elsewhere.
func _renamed(value: Variant) -> Variant:
	if value is String:
		var path := (value as String).trim_prefix("*")
		return (value as String).replace(_from, _to) if path == _from \
				or path.begins_with(_from + ":") else value
	if value is Dictionary:
		var copy: Dictionary = (value as Dictionary).duplicate()
		copy.clear()
		var is_changed := false
		for key: Variant in value:
			var name: Variant = _renamed(key)
			copy[name] = _renamed(value[key])
			is_changed = is_changed or not is_same(name, key) or not is_same(copy[name], value[key])
		return copy if is_changed else value
	if not value is Array and not value is PackedStringArray:
		return value
	var entries: Variant = value.duplicate()
	var is_other := false
	for index: int in value.size():
		entries[index] = _renamed(value[index])
		is_other = is_other or not is_same(entries[index], value[index])
	return entries if is_other else value


## Puts the new path wherever a file's text names the old one, in whatever quotes, or relative to
## itself.
func _update_text(path: String) -> Error:
	return _rewrite(path, func(quoted: Dictionary) -> String:
		return _moved_name(quoted, path) if FileReferences.named_by(quoted, path) == _from else "")


## A script that moves takes its relative references along as absolute ones, and those to itself.
func _make_own_references_absolute() -> void:
	if not SCRIPTS.has(_to.get_extension()):
		return
	var is_elsewhere := _from.get_base_dir() != _to.get_base_dir()
	_rewrite(_to, func(quoted: Dictionary) -> String:
		var target := FileReferences.named_by(quoted, _from)
		if target == _from:
			return _moved_name(quoted, _to)
		return target if quoted["base"] == QuotedTexts.FOLDER and is_elsewhere \
				and FileAccess.file_exists(target) else "")


## The new path as the quoted text of the file `path` is to name it; empty where it cannot.
func _moved_name(quoted: Dictionary, path: String) -> String:
	var written: String = quoted["value"]
	if written.contains("://"):
		return written.replace(_from, _to)
	if SCRIPTS.has(path.get_extension()):
		return _to
	# A file of settings names its script from its own folder on.
	var folder := path.get_base_dir().trim_suffix("/") + "/"
	return _to.trim_prefix(folder) if _to.begins_with(folder) else ""


## ERR_SKIP when nothing has changed.
func _rewrite(path: String, choose: Callable) -> Error:
	var script := ScriptText.load_from(path)
	var text := QuotedTexts.replaced(script.text, path.get_extension(), choose)
	if text == script.text:
		return ERR_SKIP
	script.text = text
	if script.save() != null:
		return ERR_FILE_CANT_WRITE
	LoadedScripts.refresh(path, text)
	return OK
