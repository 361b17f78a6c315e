## The project as a whole: what it is, which files it has, where something stands in them.
extends RefCounted

const Command := preload("../command.gd")
const CommandCall := preload("../command_call.gd")
const CommandResult := preload("../command_result.gd")
const FilePaths := preload("../editing/file_paths.gd")
const FileWalk := preload("../editing/file_walk.gd")
const TextSearch := preload("../editing/text_search.gd")

const DEFAULT_LIMIT := 200


func commands() -> Array[Command]:
	return [
		Command.read("project.get_info", _get_info),
		Command.read("project.list_files", _list_files, {
			"path?": TYPE_STRING, "pattern?": TYPE_STRING, "type?": TYPE_STRING, "recursive?": TYPE_BOOL, "limit?": TYPE_INT,
			"cursor?": TYPE_STRING}),
		Command.read("project.search_files", _search_files, {
			"query": TYPE_STRING, "regexp?": TYPE_BOOL, "caseSensitive?": TYPE_BOOL, "path?": TYPE_STRING, "pattern?": TYPE_STRING,
			"limit?": TYPE_INT, "cursor?": TYPE_STRING}),
	]


func _get_info(call: CommandCall) -> CommandResult:
	var autoloads: Dictionary = {}
	for info: Dictionary in ProjectSettings.get_property_list():
		var setting: String = info["name"]
		if setting.begins_with("autoload/"):
			autoloads[setting.trim_prefix("autoload/")] = str(ProjectSettings.get_setting(setting)).trim_prefix("*")
	var counts: Dictionary = {}
	for file: String in await FileWalk.files_below("res://", true, call):
		var extension := file.get_extension().to_lower()
		counts[extension] = counts.get(extension, 0) + 1
	var main_scene: String = ProjectSettings.get_setting("application/run/main_scene", "")
	return CommandResult.succeeded({
		"name": ProjectSettings.get_setting("application/config/name", ""),
		"path": ProjectSettings.globalize_path("res://").trim_suffix("/"),
		"mainScene": _plain(main_scene) if not main_scene.is_empty() else null,
		"godotVersion": Engine.get_version_info()["string"],
		"features": Array(ProjectSettings.get_setting("application/config/features", PackedStringArray())),
		"autoloads": autoloads,
		"files": counts,
	})


func _list_files(call: CommandCall) -> CommandResult:
	var folder := _folder(call)
	if folder.has("failure"):
		return folder["failure"]
	var pattern := call.text("pattern", "*")
	var wanted: Array[String] = []
	for file: String in await FileWalk.files_below(folder["path"], call.flag("recursive", true), call):
		if file.get_file().matchn(pattern) and (not call.has("type") or _is_of_type(file, call.text("type"))):
			wanted.append(file)
		await call.let_frame_pass_when_due()
	if call.is_cancelled:
		return call.cancelled()
	var page := FileWalk.page(wanted, call.text("cursor"), call.number("limit", DEFAULT_LIMIT))
	var files: Array[Dictionary] = []
	for file: String in page:
		files.append({"path": file, "type": _type_of(file), "size": _size_of(file)})
	var answer: Dictionary = {"files": files, "total": wanted.size()}
	if not page.is_empty() and page[-1] != wanted[-1]:
		answer.merge({"truncated": true, "cursor": page[-1]})
	return CommandResult.succeeded(answer)


func _search_files(call: CommandCall) -> CommandResult:
	var folder := _folder(call)
	if folder.has("failure"):
		return folder["failure"]
	var search := TextSearch.new()
	if not search.prepare(call.text("query"), call.flag("regexp", false), call.flag("caseSensitive", false)):
		return CommandResult.failed("INVALID_PARAMS", "'%s' is no regular expression." % call.text("query"))
	var start := TextSearch.position_of(call.text("cursor"))
	if start.is_empty():
		return CommandResult.failed("INVALID_PARAMS", "'cursor' must be the cursor of an answer that was cut.")
	var files: Array[String] = []
	for file: String in await FileWalk.files_below(folder["path"], true, call):
		if TextSearch.is_searched(file, call.text("pattern")) and file >= start["path"]:
			files.append(file)
	var answer := await search.run(files, start, call.number("limit", DEFAULT_LIMIT), call)
	return call.cancelled() if call.is_cancelled else CommandResult.succeeded(answer)


static func _folder(call: CommandCall) -> Dictionary:
	var resolved := FilePaths.resolve(call.text("path", "res://"))
	if not resolved.has("failure") and not DirAccess.dir_exists_absolute(resolved["path"]):
		return {"failure": CommandResult.failed("NOT_FOUND", "There is no folder %s." % call.text("path"))}
	return resolved


static func _is_of_type(file: String, type: String) -> bool:
	var actual := _type_of(file)
	return actual == type or (ClassDB.class_exists(type) and ClassDB.class_exists(actual) and ClassDB.is_parent_class(actual, type))


static func _type_of(file: String) -> String:
	var type := EditorInterface.get_resource_filesystem().get_file_type(file)
	return type if not type.is_empty() else "File"


static func _size_of(file: String) -> int:
	var opened := FileAccess.open(file, FileAccess.READ)
	return opened.get_length() if opened != null else 0


## The res:// path of a file that may be given by its id.
static func _plain(path: String) -> String:
	var resolved := FilePaths.resolve(path)
	return resolved.get("path", path)
