## The project as a whole: what it is, which files it has, where something stands in them.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileWalk := preload("../files/file_walk.gd")
const GodotMcpHub := preload("../godot_mcp_hub.gd")
const TextSearch := preload("../project/text_search.gd")
const Wildcards := preload("../texts/wildcards.gd")

const DEFAULT_LIMIT := 200
## Names of each kind that the project's own code has registered.
const OWN_SHOWN := 50
## Files that the engine keeps beside others, by extension: listed when they are asked for by name.
const COMPANIONS: Array[String] = ["uid", "import"]


func commands() -> Array[Command]:
	return [
		Command.read("project.get_info", _get_info),
		Command.read("project.list_files", _list_files, {
			"path?": TYPE_STRING, "pattern?": TYPE_STRING, "type?": TYPE_STRING,
			"recursive?": TYPE_BOOL, "limit?": TYPE_INT,
			"cursor?": TYPE_STRING}),
		Command.read("project.search_files", _search_files, {
			"query": TYPE_STRING, "regexp?": TYPE_BOOL, "caseSensitive?": TYPE_BOOL,
			"path?": TYPE_STRING, "pattern?": TYPE_STRING,
			"limit?": TYPE_INT, "cursor?": TYPE_STRING}),
	]


func _get_info(request: CommandRequest) -> CommandResult:
	var autoloads: Dictionary = {}
	for info: Dictionary in ProjectSettings.get_property_list():
		var setting: String = info["name"]
		if setting.begins_with("autoload/"):
			autoloads[setting.trim_prefix("autoload/")] = FilePaths.of_id(
					str(ProjectSettings.get_setting(setting)).trim_prefix("*"))
	var counts: Dictionary = {}
	for file: String in await FileWalk.files_below("res://", true, request):
		var extension := file.get_extension().to_lower()
		counts[extension] = counts.get(extension, 0) + 1
	var answer: Dictionary = {
		"name": ProjectSettings.get_setting("application/config/name", ""),
		"path": ProjectSettings.globalize_path("res://").trim_suffix("/"),
		"mainScene": _main_scene(),
		"godotVersion": Engine.get_version_info()["string"],
		"features": Array(ProjectSettings.get_setting("application/config/features",
		PackedStringArray())),
		"autoloads": autoloads,
		"files": counts,
	}
	var own := _own_content()
	if not own.is_empty():
		answer["custom"] = own
	return CommandResult.succeeded(answer)


## Names of what the project's own code has registered for agents, by kind.
static func _own_content() -> Dictionary:
	var described: Dictionary = {
		"commands": GodotMcpHub.registry().describe(),
		"resources": GodotMcpHub.resources().describe(),
		"prompts": GodotMcpHub.prompts().describe()}
	var own: Dictionary = {}
	for kind: String in described:
		var entries: Array[Dictionary] = described[kind]
		if not entries.is_empty():
			own[kind] = entries.slice(0, OWN_SHOWN) \
					.map(func(entry: Dictionary) -> String:
						return entry.get("uri", entry.get("uriTemplate", entry["name"])))
	return own


func _list_files(request: CommandRequest) -> CommandResult:
	var folder := FilePaths.resolve_folder(request.text("path", "res://"))
	if folder.is_error():
		return folder.error
	var pattern := request.text("pattern", "*")
	var takes_companions := COMPANIONS.has(pattern.get_extension().to_lower())
	var wanted: Array[String] = []
	for file: String in await FileWalk.files_below(folder.value, request.flag("recursive", true),
			request):
		if not takes_companions and COMPANIONS.has(file.get_extension().to_lower()):
			continue
		if Wildcards.fits(file.get_file(), pattern) \
				and (not request.has("type") or _is_of_type(file, request.text("type"))):
			wanted.append(file)
		await request.let_frame_pass_when_due()
	if request.is_cancelled:
		return request.cancelled()
	var page := FileWalk.page(wanted, request.text("cursor"),
			request.number("limit", DEFAULT_LIMIT))
	var files: Array[Dictionary] = []
	for file: String in page:
		files.append({"path": file, "type": _type_of(file), "size": _size_of(file)})
	var answer: Dictionary = {"files": files, "total": wanted.size()}
	if not page.is_empty() and page[-1] != wanted[-1]:
		answer.merge({"truncated": true, "cursor": page[-1]})
		answer.merge(_counts_of(wanted, folder.value))
	return CommandResult.succeeded(answer)


## What a list that is too long has of each kind, and in which folder of the one that was asked for.
static func _counts_of(files: Array[String], folder: String) -> Dictionary:
	var extensions: Dictionary = {}
	var folders: Dictionary = {}
	for file: String in files:
		var extension := file.get_extension().to_lower()
		extensions[extension] = extensions.get(extension, 0) + 1
		var below := file.substr(folder.length()).trim_prefix("/")
		var at := folder.path_join(below.get_slice("/", 0)) if below.contains("/") else folder
		folders[at] = folders.get(at, 0) + 1
	return {"byExtension": extensions, "byFolder": folders}


func _search_files(request: CommandRequest) -> CommandResult:
	var folder := FilePaths.resolve_folder(request.text("path", "res://"))
	if folder.is_error():
		return folder.error
	var search := TextSearch.new()
	if not search.prepare(request.text("query"), request.flag("regexp", false),
			request.flag("caseSensitive", false)):
		return CommandResult.failed("INVALID_PARAMS",
				"'%s' is no regular expression." % request.text("query"))
	var start := TextSearch.position_of(request.text("cursor"))
	if start.is_empty():
		return CommandResult.failed("INVALID_PARAMS",
				"'cursor' must be the cursor of an answer that was cut.")
	var files: Array[String] = []
	for file: String in await FileWalk.files_below(folder.value, true, request):
		if TextSearch.is_searched(file, request.text("pattern")) and file >= start["path"]:
			files.append(file)
	var answer := await search.run(files, start, request.number("limit", DEFAULT_LIMIT), request)
	return request.cancelled() if request.is_cancelled else CommandResult.succeeded(answer)


static func _is_of_type(file: String, type: String) -> bool:
	var actual := _type_of(file)
	return actual == type or (ClassDB.class_exists(type) and ClassDB.class_exists(actual)
			and ClassDB.is_parent_class(actual, type))


static func _type_of(file: String) -> String:
	var type := EditorInterface.get_resource_filesystem().get_file_type(file)
	return type if not type.is_empty() else "File"


static func _size_of(file: String) -> int:
	var opened := FileAccess.open(file, FileAccess.READ)
	return opened.get_length() if opened != null else 0


## The res:// path of the main scene, which may be given by its id; null when there is none.
static func _main_scene() -> Variant:
	var path: String = ProjectSettings.get_setting("application/run/main_scene", "")
	return null if path.is_empty() else FilePaths.of_id(path)
