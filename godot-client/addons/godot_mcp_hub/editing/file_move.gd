## Moves a file of the project so that everything that refers to it follows.
##
## In text the path alone is changed. Compressed resources that refer to it are loaded before, and saved when it has its new path.
extends RefCounted

const BrokenScripts := preload("broken_scripts.gd")
const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FileScan := preload("file_scan.gd")
const FileWriter := preload("file_writer.gd")
const LoadedScripts := preload("loaded_scripts.gd")
const ProjectFiles := preload("project_files.gd")
const ProjectGraph := preload("project_graph.gd")
const ResourceText := preload("resource_text.gd")
const SceneEditor := preload("scene_editor.gd")
const SceneSessions := preload("scene_sessions.gd")
const ScriptText := preload("script_text.gd")
const StoredSettings := preload("stored_settings.gd")

const RESOURCES: Array[String] = ["tscn", "scn", "tres", "res"]
const SCRIPTS: Array[String] = ["gd", "cs", "gdshader", "gdshaderinc"]
const RELATIVE := "((?:load\\(\\s*|extends\\s+|#include\\s+)[\"'])([^\"':\\n]+)([\"'])"

var _from: String
var _to: String
var _editor: SceneEditor
var _settings: StoredSettings
## What the file is in memory; null when nothing has loaded it.
var _moved: Resource = null
## Compressed resources that refer to the file, by their path.
var _users: Dictionary = {}
var _updated: Array[String] = []
var _unsaved: Array[String] = []
var _left: Array[String] = []


func _init(from: String, to: String, editor: SceneEditor, settings: StoredSettings) -> void:
	_from = from
	_to = to
	_editor = editor
	_settings = settings


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
	var error := _rename()
	if error != OK:
		return CommandResult.failed("INTERNAL_ERROR", "%s cannot be moved: %s." % [_from, error_string(error)])
	_make_own_references_absolute()
	for root: Node in SceneSessions.open_roots():
		_rename_instances(root)
	for user: String in users:
		await _update(user, request)
	await FileScan.run(request)
	BrokenScripts.mend(BrokenScripts.names_of(_to))
	return CommandResult.succeeded({"path": _to, "from": _from, "updated": _updated, "unsaved": _unsaved, "notFollowed": _left})


## Compressed files are written by the engine, which would lose what it cannot load.
func _load_users(users: Array[String]) -> void:
	if ResourceLoader.has_cached(_from):
		_moved = load(_from)
	for user: String in users:
		if RESOURCES.has(user.get_extension()) and not ResourceText.is_text(user) and ResourceText.missing(user).is_empty() \
				and FileLimits.refusal(user) == null:
			_users[user] = ResourceLoader.load(user, "", ResourceLoader.CACHE_MODE_IGNORE)


func _rename() -> Error:
	DirAccess.make_dir_recursive_absolute(_to.get_base_dir())
	var id := ResourceLoader.get_resource_uid(_from)
	var error := DirAccess.rename_absolute(_from, _to)
	if error != OK:
		return error
	for ending: String in ProjectFiles.SIDE_FILES:
		if FileAccess.file_exists(_from + ending):
			DirAccess.rename_absolute(_from + ending, _to + ending)
	if id != ResourceUID.INVALID_ID and ResourceUID.has_id(id):
		ResourceUID.set_id(id, _to)
	if _moved != null:
		_moved.take_over_path(_to)
	return OK


func _update(user: String, request: CommandRequest) -> void:
	var was_open := EditorInterface.get_open_scenes().has(user)
	if was_open and _is_unsaved(user):
		_unsaved.append(user)
		return
	var error := ERR_FILE_CANT_WRITE
	if user == ProjectGraph.SETTINGS:
		error = _update_settings()
	elif SCRIPTS.has(user.get_extension()) or user.get_extension() == "cfg":
		error = _update_text(_to if user == _from else user)
	elif ResourceText.is_text(user):
		error = ResourceText.repoint(user, _from, _to)
	elif _users.get(user) != null:
		error = OK if _refers_now(user) and FileWriter.save(_users[user], user) == null else ERR_SKIP
	if error == OK:
		_updated.append(user)
		if was_open:
			await _show_as_saved(user, request)
	elif error != ERR_SKIP or _names_old_path(user):
		_left.append(user)


func _is_unsaved(scene: String) -> bool:
	return _editor.describe_open_scenes().any(func(open: Dictionary) -> bool: return open["scene"] == scene and open["unsaved"])


## The scene in the editor has the new path already, and its file now too.
func _show_as_saved(scene: String, request: CommandRequest) -> void:
	if ResourceText.missing(scene).is_empty():
		var view := await _editor.scenes.activate(scene, request)
		if view.failure == null:
			_editor.save(view, true)
	else:
		_editor.stamps.mark_saved(scene)


func _names_old_path(user: String) -> bool:
	var path := _to if user == _from else user
	return RESOURCES.has(path.get_extension()) and not ResourceText.is_text(path) or FileAccess.get_file_as_string(path).contains(_from)


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


func _update_settings() -> Error:
	var values: Dictionary = {}
	for info: Dictionary in ProjectSettings.get_property_list():
		var value: Variant = ProjectSettings.get_setting(info["name"]) if ProjectSettings.has_setting(info["name"]) else null
		if value is String and (value == _from or value == "*" + _from):
			values[info["name"]] = (value as String).replace(_from, _to)
		elif value is PackedStringArray and (value as PackedStringArray).has(_from):
			var paths: PackedStringArray = value
			paths[paths.find(_from)] = _to
			values[info["name"]] = paths
	if values.is_empty():
		return ERR_SKIP
	return OK if _settings.store(values) == null else ERR_FILE_CANT_WRITE


## Puts the new path wherever a script names the old one between quotes, or relative to itself.
func _update_text(path: String) -> Error:
	var script := ScriptText.load_from(path)
	var text := script.text
	for quote: String in ['"', "'"]:
		text = text.replace(quote + _from + quote, quote + _to + quote)
	text = _with_absolute_paths(text, path.get_base_dir(), func(target: String) -> String: return _to if target == _from else "")
	if text == script.text:
		return ERR_SKIP
	script.text = text
	if script.save() != null:
		return ERR_FILE_CANT_WRITE
	LoadedScripts.refresh(path, text)
	return OK


## A script that moves takes its relative references along as absolute ones.
func _make_own_references_absolute() -> void:
	if not SCRIPTS.has(_to.get_extension()) or _from.get_base_dir() == _to.get_base_dir():
		return
	var script := ScriptText.load_from(_to)
	script.text = _with_absolute_paths(script.text, _from.get_base_dir(),
			func(target: String) -> String: return target if FileAccess.file_exists(target) else "")
	if script.text != ScriptText.load_from(_to).text:
		script.save()


## `choose` gets the absolute path of each relative reference and gives what shall stand there; empty leaves it.
static func _with_absolute_paths(text: String, folder: String, choose: Callable) -> String:
	var finder := RegEx.create_from_string(RELATIVE)
	var written := ""
	var at := 0
	for found: RegExMatch in finder.search_all(text):
		var replacement: String = choose.call(folder.path_join(found.get_string(2)).simplify_path())
		if not replacement.is_empty():
			written += text.substr(at, found.get_start() - at) + found.get_string(1) + replacement + found.get_string(3)
			at = found.get_end()
	return written + text.substr(at)
