## Resource files: materials, themes, curves and whatever else the engine loads, but scenes and
## scripts.
extends RefCounted

const CarriedScripts := preload("../scripts/carried_scripts.gd")
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const FileMove := preload("../project/file_move.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileWriter := preload("../files/file_writer.gd")
const FileWalk := preload("../files/file_walk.gd")
const InnerResources := preload("../reading/project_resources.gd").InnerResources
const NearNames := preload("../texts/near_names.gd")
const Permissions := preload("../requests/permissions.gd")
const ProjectFiles := preload("../files/file_scan.gd").ProjectFiles
const PropertyDefaults := preload("../values/property_defaults.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const ResourceFiles := preload("../project/resource_files.gd")
const ResourceText := preload("../project/resource_text.gd")
const Result := preload("../requests/result.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const SavedSettings := preload("../project/saved_settings.gd")

const DEFAULT_LIMIT := 200
const SCRIPT_EXTENSIONS: Array[String] = ["gd", "cs"]
## What the engine copies by loading and saving, so that the copy gets an id of its own.
const SAVED_EXTENSIONS: Array[String] = ["tscn", "scn", "tres", "res"]

var _editor: SceneEditor
var _settings: SavedSettings


func _init(editor: SceneEditor, settings: SavedSettings) -> void:
	_editor = editor
	_settings = settings


func commands() -> Array[Command]:
	return [
		Command.read("resource.list", _list,
		{"path?": TYPE_STRING, "type?": TYPE_STRING, "limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("resource.get", _get_properties, {
			"path": TYPE_STRING, "names?": TYPE_ARRAY, "all?": TYPE_BOOL, "whole?": TYPE_BOOL}),
		Command.write("resource.create", _create,
		{"path": TYPE_STRING, "type": TYPE_STRING, "properties?": TYPE_DICTIONARY}),
		Command.write("resource.set_properties", _set_properties, {
			"path": TYPE_STRING, "properties": TYPE_DICTIONARY, "ifHash?": TYPE_STRING}),
		Command.write("resource.duplicate", _duplicate, {"path": TYPE_STRING, "to": TYPE_STRING}),
		Command.write("resource.move", _move,
		{"path": TYPE_STRING, "to": TYPE_STRING}).that_takes_long(),
	]


func _list(request: CommandRequest) -> CommandResult:
	var folder := FilePaths.resolve_folder(request.text("path", "res://"))
	if folder.is_error():
		return folder.error
	var type := request.text("type", "Resource")
	var files := EditorInterface.get_resource_filesystem()
	var wanted: Array[String] = []
	for file: String in await FileWalk.files_below(folder.value, true, request):
		var actual := files.get_file_type(file)
		if actual == type or (ClassDB.class_exists(actual)
				and ClassDB.is_parent_class(actual, type)):
			wanted.append(file)
		await request.let_frame_pass_when_due()
	if request.is_cancelled:
		return request.cancelled()
	var page := FileWalk.page(wanted, request.text("cursor"),
			request.number("limit", DEFAULT_LIMIT))
	var resources: Array[Dictionary] = []
	for file: String in page:
		var id := ResourceLoader.get_resource_uid(file)
		resources.append({"path": file, "type": files.get_file_type(file),
				"uid": ResourceUID.id_to_text(id) if id != ResourceUID.INVALID_ID else ""})
	var answer: Dictionary = {"resources": resources, "total": wanted.size()}
	if not page.is_empty() and page[-1] != wanted[-1]:
		answer.merge({"truncated": true, "cursor": page[-1]})
	return CommandResult.succeeded(answer)


func _get_properties(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve(InnerResources.file_of(request.text("path")))
	if not resolved.is_error():
		await DormantFiles.prepare([resolved.value], request)
	var opened := ResourceFiles.open(request.text("path"))
	if opened.is_error():
		return opened.error
	var resource: Resource = opened.value["resource"]
	var names: Array = request.params.get("names", [])
	for name: Variant in names:
		if not name is String or PropertyInfos.find(resource, name, false).is_empty():
			return ResourceFiles.unknown_property(resource, str(name), false)
	if names.is_empty():
		var infos := PropertyInfos.all(resource, false)
		names = infos.keys() if request.flag("all", false) \
				else PropertyDefaults.changed_names(resource, infos)
	return CommandResult.succeeded(_describe(opened.value["path"], resource,
			{"properties": ResourceFiles.read(
			resource, names, request.flag("whole", false))}))


func _create(request: CommandRequest) -> CommandResult:
	var target := _new_file(request.text("path"), [request.text("path").get_extension()])
	# Making a resource may run its script: what can be refused before is refused before.
	var made := ResourceFiles.make(request.text("type"), request.permissions) \
			if not target.is_error() else target
	if made.is_error():
		return made.error
	var resource: Resource = made.value
	var extensions: Array[String] = []
	extensions.assign(ResourceSaver.get_recognized_extensions(resource))
	target = _new_file(request.text("path"), extensions)
	if target.is_error():
		return target.error
	var path: String = target.value
	var result := ResourceFiles.set_properties(resource, request.params.get("properties", {}),
			request.permissions)
	var failure := result if result.is_failure() else FileWriter.save(resource, path)
	if failure != null:
		return failure
	resource.take_over_path(path)
	await ProjectFiles.announce(path, request)
	result.value.erase("previous")
	return CommandResult.succeeded(_describe(path, resource, result.value))


func _set_properties(request: CommandRequest) -> CommandResult:
	var opened := ResourceFiles.open_for_writing(request.text("path"), request.text("ifHash"))
	if opened.is_error():
		return opened.error
	var file: String = opened.value["file"]
	var incomplete := _incomplete(file)
	if incomplete != null:
		return incomplete
	var resource: Resource = opened.value["resource"]
	var result := ResourceFiles.set_properties(resource, request.params["properties"],
			request.permissions)
	if result.is_failure():
		return result
	var failure := FileWriter.save(opened.value["owner"], file)
	if failure != null:
		ResourceLoader.load(file, "", ResourceLoader.CACHE_MODE_REPLACE)
		return failure
	EditorInterface.get_resource_filesystem().update_file(file)
	return CommandResult.succeeded(_describe(opened.value["path"], resource, result.value))


## In text only the id differs. A compressed file is written by the engine, which would lose what it
## cannot load.
static func _write_copy(path: String, resource: Resource, to: String) -> CommandResult:
	if ResourceText.is_text(path):
		return FileWriter.write(to, ResourceText.with_new_id(path))
	var failure := _incomplete(path)
	return failure if failure != null else FileWriter.save(resource, to)


## Why the engine must not write a file anew; null when it has all that the file needs.
static func _incomplete(path: String) -> CommandResult:
	var missing := ResourceText.missing(path)
	if missing.is_empty():
		return null
	return CommandResult.failed("CONFLICT",
			"%s needs files that are not there: %s. Written anew, it would lose them."
			% [path, ", ".join(PackedStringArray(missing))],
			"Bring them back, or change the file by hand.").with("missing", missing)


## A copy with a new uid.
func _duplicate(request: CommandRequest) -> CommandResult:
	var source := _movable(request.text("path"))
	if source.is_error():
		return source.error
	var path: String = source.value
	if SCRIPT_EXTENSIONS.has(path.get_extension()):
		return CommandResult.failed("INVALID_PARAMS", "%s is a script." % path,
				"Use script.read and script.create: two scripts cannot have one class_name.")
	var target := _new_file(request.text("to"), [path.get_extension()])
	if target.is_error():
		return target.error
	var to: String = target.value
	var failure: CommandResult = null
	if SAVED_EXTENSIONS.has(path.get_extension()):
		failure = _store_copy(path, to, request.permissions)
	else:
		failure = FileWriter.copy(path, to)
	if failure != null:
		return failure
	await ProjectFiles.announce(to, request)
	return CommandResult.succeeded({"path": to, "from": path, "hash": ResourceFiles.digest(to)})


static func _store_copy(path: String, to: String, permissions: Permissions) -> CommandResult:
	var refusal := permissions.refusal(Permissions.ATTACH)
	if refusal != null and CarriedScripts.in_file(path):
		return refusal
	var unfit := FileLimits.refusal(path)
	if unfit != null:
		return unfit
	var resource := ResourceLoader.load(path, "", ResourceLoader.CACHE_MODE_IGNORE)
	return refusal if refusal != null and CarriedScripts.in_object(resource) \
			else _write_copy(path, resource, to)


func _move(request: CommandRequest) -> CommandResult:
	var source := _movable(request.text("path"))
	if source.is_error():
		return source.error
	var path: String = source.value
	var target := _new_file(request.text("to"), [path.get_extension()])
	if target.is_error():
		return target.error
	if EditorInterface.get_open_scenes().has(path):
		return CommandResult.failed("CONFLICT", "%s is open in the editor." % path,
				"Close it first with scene.close.")
	return await FileMove.new(path, target.value, _editor, _settings).run(request)


static func _movable(path: String) -> Result:
	var resolved := FilePaths.resolve(path)
	if resolved.is_error():
		return resolved
	var plain: String = resolved.value
	var guarded := FilePaths.guard(plain)
	if guarded != null:
		return Result.err(guarded)
	if not FileAccess.file_exists(plain):
		return Result.err(ResourceFiles.not_found(plain))
	if not ResourceLoader.exists(plain):
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"%s is no resource of the engine." % plain))
	var unloaded := ResourceFiles.native_code(plain)
	return Result.err(unloaded) if unloaded != null else resolved


static func _new_file(path: String, extensions: Array[String]) -> Result:
	var resolved := FilePaths.resolve_for_writing(path, extensions)
	if not resolved.is_error() and FileAccess.file_exists(resolved.value):
		return Result.err(CommandResult.failed("CONFLICT", "%s exists." % resolved.value,
				"Choose another name."))
	return resolved


static func _describe(path: String, resource: Resource, members: Dictionary) -> Dictionary:
	var described: Dictionary = {"path": path, "class": resource.get_class(),
			"hash": ResourceFiles.digest(InnerResources.file_of(path))}
	described.merge(members)
	return described
