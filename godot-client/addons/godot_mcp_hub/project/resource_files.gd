## Resource files: made, read and written through the engine's loader and saver, never over a file
## that is newer.
extends RefCounted

const ClassNames := preload("../scripts/class_names.gd")
const ClassRules := preload("../scripts/class_names.gd").ClassRules
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FileImports := preload("../reading/file_imports.gd")
const FilePaths := preload("../files/file_paths.gd")
const InnerResources := preload("../reading/project_resources.gd").InnerResources
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const NearNames := preload("../texts/near_names.gd")
const Permissions := preload("../requests/permissions.gd")
const ParsedValue := preload("../values/parsed_value.gd")
const ProjectResources := preload("../reading/project_resources.gd")
const PropertyInfos := preload("../values/property_infos.gd")
const PropertyParser := preload("../values/property_parser.gd")
const PropertySnapshot := preload("../undo/property_snapshot.gd")
const PropertyValues := preload("../values/property_values.gd")
const PropertyWriter := preload("../values/property_writer.gd")
const Protocol := preload("../wire/protocol.gd")
const Result := preload("../requests/result.gd")
const StoredValues := preload("../reading/stored_values.gd")

const DIGEST_DIGITS := 16
const DEPTH_LIMIT := 16
## Ending of the files by which the engine loads native code.
const LIBRARY := "gdextension"
## Commands for files that are resources to the engine, but more than that.
const OTHER_COMMANDS: Dictionary = {"PackedScene": "scene.* and node.*", "Script": "script.*"}


static func digest(path: String) -> String:
	return FileAccess.get_sha256(path).left(DIGEST_DIGITS)


## Why a file is not loaded, nor put where the editor would find it and load it; null when it is no
## native code.
static func native_code(path: String) -> CommandResult:
	if path.get_extension().to_lower() != LIBRARY:
		return null
	return CommandResult.failed("FORBIDDEN", "%s is native code: loading it would run it." % path,
			"The editor loads its extensions when it starts.")


## The resource of a file, or one that is kept in a file, to be looked at: `{resource: Resource,
## path: String, file: String, owner: Resource}`, where `owner` is the resource of the file.
static func open(path: String) -> Result:
	var resolved := FilePaths.resolve(InnerResources.file_of(path))
	if resolved.is_error():
		return resolved
	var plain: String = resolved.value
	if not ResourceLoader.exists(plain):
		return Result.err(not_found(plain))
	var unloaded := native_code(plain)
	if unloaded == null:
		unloaded = FileImports.refusal_of(plain)
	if unloaded != null:
		return Result.err(unloaded)
	var resource := load(plain) if ResourceLoader.has_cached(plain) else DormantFiles.open(plain)
	if resource == null:
		return Result.err(FileLimits.unloaded(plain, "NOT_FOUND"))
	var opened: Dictionary = {"resource": resource, "path": plain, "file": plain, "owner": resource}
	var found := _take_inner(opened, InnerResources.id_of(path))
	if found != null:
		return Result.err(found)
	for type: String in OTHER_COMMANDS:
		if opened["resource"].is_class(type):
			return Result.err(CommandResult.failed("INVALID_PARAMS",
					"%s is a %s." % [opened["path"], opened["resource"].get_class()],
					"Use %s." % OTHER_COMMANDS[type]))
	return Result.ok(opened)


## Puts the resource with that id, which the owner keeps, in the owner's place. Null when there is
## one, or no id.
static func _take_inner(opened: Dictionary, id: String) -> CommandResult:
	if id.is_empty():
		return null
	# What an open scene keeps is as it is there.
	var path: String = opened["file"] + InnerResources.MARK + id
	var inner := load(path) if ResourceLoader.has_cached(path) \
			else InnerResources.find(opened["owner"], id)
	if inner == null:
		var near := NearNames.of(id, InnerResources.all_in(opened["owner"]).keys())
		return CommandResult.failed("NOT_FOUND",
				"%s has no resource '%s' in it." % [opened["file"], id], NearNames.question(near),
				near)
	opened.merge({"resource": inner, "path": path}, true)
	return null


## The same, as the file says it now, to be changed and stored.
static func open_for_writing(path: String, if_hash: String) -> Result:
	var opened := open(path)
	if opened.is_error():
		return opened
	var plain: String = opened.value["file"]
	var guarded := FilePaths.guard(plain)
	if guarded != null:
		return Result.err(guarded)
	if opened.value["owner"] is PackedScene:
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"%s is kept in a scene." % opened.value["path"],
				"node.set_properties changes it, as '<property>/<name>' of the node that has it."))
	if not ResourceSaver.get_recognized_extensions(opened.value["owner"]) \
			.has(plain.get_extension()):
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"%s is imported: the engine cannot write it." % plain))
	if not if_hash.is_empty() and if_hash != digest(plain):
		return Result.err(CommandResult.failed("CONFLICT",
				"%s has the hash %s, not %s." % [plain, digest(plain), if_hash],
				"Somebody changed it: read it again.").with("hash", digest(plain)))
	var refusal := FileLimits.refusal(plain)
	if refusal != null:
		return Result.err(refusal)
	ProjectResources.freshen_scripts_of(plain)
	var held := load(plain)
	var in_file := ResourceLoader.load(plain, "", ResourceLoader.CACHE_MODE_IGNORE)
	if in_file != null and state(in_file) != state(held):
		if _is_edited(held):
			return Result.err(CommandResult.failed("CONFLICT",
					"The editor holds changes of %s that are not saved." % plain,
					"The person at the editor has to save or undo them first."))
		held = ResourceLoader.load(plain, "", ResourceLoader.CACHE_MODE_REPLACE)
	(opened.value as Dictionary).merge({"resource": held, "path": plain, "owner": held}, true)
	var lost := _take_inner(opened.value, InnerResources.id_of(path))
	return opened if lost == null else Result.err(lost)


## A new resource of a class, engine's or script's.
static func make(type: String, permissions: Permissions) -> Result:
	if ClassDB.class_exists(type):
		if not ClassDB.is_parent_class(type, "Resource") or not ClassDB.can_instantiate(type):
			return Result.err(CommandResult.failed("INVALID_PARAMS",
					"%s cannot be made as a resource." % type))
		# A client that may not write scripts must not write them as resources.
		for other: String in OTHER_COMMANDS:
			if ClassDB.is_parent_class(type, other):
				return Result.err(CommandResult.failed("INVALID_PARAMS",
						"A %s is not made as a resource." % type,
						"Use %s." % OTHER_COMMANDS[other]))
		var forbidden := ClassRules.refusal(type)
		return Result.err(forbidden) if forbidden != null else Result.ok(ClassDB.instantiate(type))
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		if entry["class"] == type:
			var refusal := permissions.refusal(Permissions.ATTACH)
			return Result.err(refusal) if refusal != null \
					else _make_scripted(type, LoadedScripts.of(entry["path"]))
	var near := NearNames.of(type, ClassDB.get_inheriters_from_class("Resource"))
	return Result.err(CommandResult.failed("NOT_FOUND", "There is no class '%s'." % type,
			NearNames.question(near), near))


static func _make_scripted(type: String, script: Script) -> Result:
	if script == null or LoadedScripts.is_broken(script):
		return Result.err(CommandResult.failed("SCRIPT_COMPILE_FAILED",
				"%s does not compile." % type, "script.validate shows why."))
	var base := script.get_instance_base_type()
	if not ClassDB.is_parent_class(base, "Resource") or not ClassDB.can_instantiate(base):
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"%s is no resource: it extends %s." % [type, base]))
	var resource: Resource = ClassDB.instantiate(base)
	resource.set_script(script)
	return Result.ok(resource)


## Sets all of `given`, or none when one does not fit. The value has `properties` as read back and
## `previous`.
static func set_properties(resource: Resource, given: Dictionary,
		permissions: Permissions) -> CommandResult:
	for name: String in given:
		if name.begins_with("resource_") and name != "resource_name":
			return unknown_property(resource, name)
	var parser := PropertyParser.new(null, permissions)
	var snapshot := PropertySnapshot.new(resource)
	# Some resources complain when they are asked for what they do not have.
	var previous := read(resource, PropertyInfos.find_all(resource, given.keys()).keys())
	for name: String in given:
		previous[name] = previous.get(name)
	var writer := PropertyWriter.new(resource, null, parser.parse, _put.bind(resource), permissions)
	writer.of_parts = parser.keep_unseen()
	var problem := writer.write(given)
	if problem != null:
		snapshot.restore()
		return _misfit(resource, writer.failed_name, problem, given[writer.failed_name])
	var answer: Dictionary = {"properties": read(resource, given.keys()), "previous": previous}
	if not (parser.notes + writer.notes).is_empty():
		answer["notes"] = parser.notes + writer.notes
	return CommandResult.succeeded(answer)


static func _put(name: String, value: Variant, _was_there: bool, resource: Resource) -> void:
	resource.set(name, value)


static func _misfit(resource: Resource, name: String, parsed: ParsedValue,
		given: Variant) -> CommandResult:
	if parsed.is_unknown:
		return unknown_property(resource, name)
	if parsed.refusal != null:
		return parsed.refusal
	return CommandResult.failed("INVALID_PARAMS",
			"Property '%s' of the %s must be %s; given was %s." % [
			name, resource.get_class(), parsed.expected, Protocol.encode_value(given).left(120)]) \
			.with("property", name).with("expected", parsed.expected)


static func read(resource: Resource, names: Array, whole: bool = false) -> Dictionary:
	var properties: Dictionary = {}
	var stored := StoredValues.new(resource)
	var written := PropertyValues.new(null, whole)
	for name: String in names:
		properties[name] = written.write(stored.value(name))
	return properties


static func unknown_property(resource: Resource, name: String,
		asks_script: bool = true) -> CommandResult:
	var near := NearNames.of(name, PropertyInfos.all(resource, asks_script).keys())
	return CommandResult.failed("NOT_FOUND",
			"%s has no property '%s'." % [resource.get_class(), name], NearNames.question(near),
			near)


static func not_found(path: String) -> CommandResult:
	var not_imported := FileImports.refusal_of(path)
	if not_imported != null:
		return not_imported
	var neighbours: Array[String] = []
	var folder := path.get_base_dir()
	for file: String in DirAccess.get_files_at(folder) if DirAccess.dir_exists_absolute(
			folder) else PackedStringArray():
		if file.get_extension() == path.get_extension():
			neighbours.append(folder.path_join(file))
	var near := NearNames.of(path, neighbours)
	return CommandResult.failed("NOT_FOUND", "There is no resource %s." % path,
			NearNames.question(near), near)


## Everything that is saved of a resource, with the resources inside of it: equal for two that would
## be the same file.
static func state(resource: Resource, depth: int = 0) -> Dictionary:
	var saved: Dictionary = {"class": resource.get_class()}
	for info: Dictionary in resource.get_property_list():
		if info["usage"] & PROPERTY_USAGE_STORAGE and info["name"] != "resource_path":
			saved[info["name"]] = _state_of(resource.get(info["name"]), depth)
	return saved


static func _state_of(value: Variant, depth: int) -> Variant:
	if value is Resource and depth < DEPTH_LIMIT and _is_inside(value):
		return state(value, depth + 1)
	if value is Array and depth < DEPTH_LIMIT:
		return (value as Array).map(func(element: Variant) -> Variant:
			return _state_of(element, depth + 1))
	return PropertyValues.to_json(value, null)


static func _is_inside(resource: Resource) -> bool:
	return resource.resource_path.is_empty() or resource.resource_path.contains("::")


## Whether a person changed it in the editor. Before Godot 4.6 the editor does not say: then it may
## be.
static func _is_edited(resource: Resource) -> bool:
	var editor: Object = EditorInterface
	return not editor.has_method("is_object_edited") \
			or bool(editor.call("is_object_edited", resource))
