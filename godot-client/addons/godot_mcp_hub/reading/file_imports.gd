## Waits until the editor has imported what a request is about to use: a file that was only just put
## into the project.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FileScan := preload("../files/file_scan.gd")
const MissingParts := preload("missing_parts.gd")
const Wait := preload("../engine/wait.gd")

const SCHEME := "res://"
## Longer texts name no file.
const NAME_LENGTH := 1024
## How long it is waited for where the request has no deadline.
const PATIENCE_MS := 20000
## The answer to one that has waited in vain leaves this long before it is waited for no more.
const ANSWER_MARGIN_MS := 500
## What lies beside a file that the engine imports: how, and what came of it.
const SIDE_FILE := ".import"
## Beginning of the keys that say where that is.
const MADE := "path"
const IGNORED := ".gdignore"
## Settings that say how files are imported which have no side file yet.
const DEFAULTS := "importer_defaults/"
## Importers that leave a file as it is.
const NO_IMPORTERS: Array[String] = ["keep", "skip"]


## Waits for the files that the params name. Null when the command can begin. To be awaited.
static func await_named(request: CommandRequest) -> CommandResult:
	var named: Array[String] = []
	_collect(request.params.values(), named)
	return await _await_files(named, request)


## Waits for the parts of a scene that is about to be opened. Null when it can be. To be awaited.
static func await_parts(scene: String, request: CommandRequest) -> CommandResult:
	var parts: Array[String] = []
	for part: Dictionary in MissingParts.below(scene):
		parts.append(part["path"])
	return await _await_files(parts, request)


## Why the engine cannot load a file that is there; null where it can, and for one that it never
## imports.
static func refusal_of(path: String) -> CommandResult:
	if not FileAccess.file_exists(path):
		return null
	var about := _about(path)
	if _can_load(path, about):
		return null
	if NO_IMPORTERS.has(about.get("importer")):
		return CommandResult.failed("NOT_FOUND",
				"%s is not imported: its importer is \"%s\"." % [path, about["importer"]],
				"Choose another importer in its %s file." % SIDE_FILE)
	if _has_failed(path, about):
		return CommandResult.failed("NOT_FOUND", "%s could not be imported." % path,
				"editor.get_log says why. Mend the file, then editor.rescan imports it again.")
	if _is_ignored(path):
		return CommandResult.failed("NOT_FOUND",
				"%s is not imported: a %s keeps the editor out of its folder." % [path, IGNORED],
				"Move it to another folder.")
	return CommandResult.failed("NOT_FOUND",
			"%s is there, but the editor has not imported it." % path,
			"editor.rescan imports it, waits until it is done, and says what failed.")


static func _collect(values: Array, into: Array[String]) -> void:
	for value: Variant in values:
		if value is Array:
			_collect(value, into)
		elif value is Dictionary:
			_collect((value as Dictionary).values(), into)
		elif value is String and (value as String).length() <= NAME_LENGTH \
				and (value as String).begins_with(SCHEME):
			into.append((value as String).get_slice("::", 0))


static func _await_files(files: Array[String], request: CommandRequest) -> CommandResult:
	var waiting := files.filter(_is_waiting)
	if waiting.is_empty():
		return null
	var until_ms := request.expires_at_ms - ANSWER_MARGIN_MS if request.expires_at_ms > 0 \
			else Time.get_ticks_msec() + PATIENCE_MS
	await _let_scan_end(waiting, until_ms, request)
	waiting = waiting.filter(_is_waiting)
	if not waiting.is_empty() and not FileScan.is_under_way() \
			and waiting.all(_may_be_begun_by.bind(request)):
		FileScan.begin()
		await _let_scan_end(waiting, until_ms, request)
	request.begin_slice()
	if request.is_cancelled:
		return request.cancelled()
	waiting = waiting.filter(_is_waiting)
	if waiting.is_empty() or not FileScan.is_under_way():
		return null
	return CommandResult.failed("TIMEOUT",
			"The editor is still importing %s (searched: %d %%)."
			% [", ".join(PackedStringArray(waiting)), roundi(FileScan.progress() * 100.0)],
			"Nothing was done. Repeat it: it waits again.").with("dispatched",
			false).with("importing", waiting)


static func _let_scan_end(waiting: Array, until_ms: int, request: CommandRequest) -> void:
	var is_over := func() -> bool: return request.is_cancelled or not FileScan.is_under_way()
	await Wait.until(is_over, maxi(0, until_ms - Time.get_ticks_msec()), func() -> void:
		request.report_waiting("importing %s" % ", ".join(PackedStringArray(waiting)))
		await request.let_frame_pass())


## Whether a search of the editor would import the file.
static func _is_waiting(path: String) -> bool:
	if not FileAccess.file_exists(path) or not _importable().has(path.get_extension().to_lower()):
		return false
	var about := _about(path)
	return not _can_load(path, about) and not NO_IMPORTERS.has(about.get("importer")) \
			and not _has_failed(path, about) and not _is_ignored(path)


## Whether the engine can load the file as it is, or what it has made of it: one file, one for each
## kind of device, or some that it names elsewhere.
static func _can_load(path: String, about: Dictionary) -> bool:
	if about.is_empty():
		return ResourceLoader.exists(path)
	var made := about.keys().filter(func(key: String) -> bool: return key.begins_with(MADE))
	if made.is_empty():
		return about.get("valid", true) and not NO_IMPORTERS.has(about.get("importer"))
	return made.any(func(key: String) -> bool: return FileAccess.file_exists(str(about[key])))


## How a file is imported may be code of the project, which a command that only reads does not run.
static func _may_be_begun_by(path: String, request: CommandRequest) -> bool:
	if not request.command.read_only:
		return true
	return not FileAccess.file_exists(path + SIDE_FILE) \
			and not ProjectSettings.get_property_list().any(
			func(info: Dictionary) -> bool: return (info["name"] as String).begins_with(DEFAULTS))


static func _importable() -> PackedStringArray:
	return ResourceLoader.get_recognized_extensions_for_type("Resource")


## What the side file says; empty where there is none.
static func _about(path: String) -> Dictionary:
	var file := ConfigFile.new()
	var about: Dictionary = {}
	if file.load(path + SIDE_FILE) != OK or not file.has_section("remap"):
		return about
	for key: String in file.get_section_keys("remap"):
		about[key] = file.get_value("remap", key)
	return about


static func _has_failed(path: String, about: Dictionary) -> bool:
	return not about.get("valid", true) \
			and FileAccess.get_modified_time(path) <= FileAccess.get_modified_time(path + SIDE_FILE)


static func _is_ignored(path: String) -> bool:
	var folder := path.get_base_dir()
	while folder.length() > SCHEME.length():
		if FileAccess.file_exists(folder.path_join(IGNORED)):
			return true
		folder = folder.get_base_dir()
	return false
