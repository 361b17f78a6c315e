## Script files, and which node has which.
extends RefCounted

const BrokenScripts := preload("../scripts/broken_scripts.gd")
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FilePaths := preload("../files/file_paths.gd")
const FileWalk := preload("../files/file_walk.gd")
const LoadedScripts := preload("../reading/loaded_scripts.gd")
const NearNames := preload("../texts/near_names.gd")
const OpenScripts := preload("../scripts/open_scripts.gd")
const ProjectFiles := preload("../files/file_scan.gd").ProjectFiles
const ProjectGraph := preload("../project/project_graph.gd")
const PropertyEdits := preload("../nodes/property_edits.gd")
const SceneEditor := preload("../scenes/scene_editor.gd")
const ScriptCheck := preload("../checking/script_check.gd")
const CheckJobs := preload("../checking/check_jobs.gd")
const Result := preload("../requests/result.gd")
const ScriptText := preload("../files/script_text.gd")

const LANGUAGES: Dictionary = {"gd": "GDScript", "cs": "C#", "gdshader": "Shader",
		"gdshaderinc": "Shader"}
const DEFAULT_LIMIT := 200

var _editor: SceneEditor


func _init(editor: SceneEditor) -> void:
	_editor = editor


func commands() -> Array[Command]:
	return [
		Command.read("script.list", _list,
		{"path?": TYPE_STRING, "limit?": TYPE_INT, "cursor?": TYPE_STRING}),
		Command.read("script.read", _read,
		{"path": TYPE_STRING, "from?": TYPE_INT, "to?": TYPE_INT}),
		Command.read("script.validate", _validate, {"path?": TYPE_STRING, "source?": TYPE_STRING}),
		Command.write("script.create", _create, {"path": TYPE_STRING, "source": TYPE_STRING}),
		Command.write("script.edit", _edit, {
			"path": TYPE_STRING, "edits?": TYPE_ARRAY, "source?": TYPE_STRING,
			"ifHash?": TYPE_STRING}),
		Command.write("script.attach", _attach, {
			"scene?": TYPE_STRING, "path": TYPE_STRING, "script": TYPE_STRING,
			"ifRevision?": TYPE_INT}),
		Command.write("script.detach", _detach,
		{"scene?": TYPE_STRING, "path": TYPE_STRING, "ifRevision?": TYPE_INT}),
		Command.write("script.delete", _delete,
		{"path": TYPE_STRING, "ifHash?": TYPE_STRING}).that_needs_confirmation().that_takes_long(),
		Command.read("script.outline", _outline, {"path": TYPE_STRING}),
	]


func _list(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve(request.text("path", "res://"))
	if resolved.is_error():
		return resolved.error
	if not DirAccess.dir_exists_absolute(resolved.value):
		return CommandResult.failed("NOT_FOUND", "There is no folder %s." % request.text("path"))
	var paths: Array[String] = []
	for file: String in await FileWalk.files_below(resolved.value, true, request):
		if LANGUAGES.has(file.get_extension().to_lower()):
			paths.append(file)
	if request.is_cancelled:
		return request.cancelled()
	var classes: Dictionary = {}
	for entry: Dictionary in ProjectSettings.get_global_class_list():
		classes[entry["path"]] = entry
	var page := FileWalk.page(paths, request.text("cursor"), request.number("limit", DEFAULT_LIMIT))
	var scripts: Array[Dictionary] = []
	for path: String in page:
		scripts.append(_describe(path, classes.get(path, {})))
	var answer: Dictionary = {"scripts": scripts, "total": paths.size()}
	if not page.is_empty() and page[-1] != paths[-1]:
		answer.merge({"truncated": true, "cursor": page[-1]})
	return CommandResult.succeeded(answer)


static func _describe(path: String, global_class: Dictionary) -> Dictionary:
	var described: Dictionary = {"path": path,
			"language": LANGUAGES[path.get_extension().to_lower()]}
	if not global_class.is_empty():
		described["className"] = global_class["class"]
		described["base"] = global_class["base"]
	elif path.get_extension().to_lower() == "gd":
		described["base"] = ScriptText.base_class(path)
	return described


func _read(request: CommandRequest) -> CommandResult:
	var found := _existing(request)
	if found.is_error():
		return found.error
	var script: ScriptText = found.value
	var from := request.number("from", 1)
	var to := mini(request.number("to", script.line_count()), script.line_count())
	if request.has("from") and (from > script.line_count() or from > request.number("to", from)):
		return CommandResult.failed("INVALID_PARAMS",
				"Lines %d to %d: %s has %d lines."
				% [from, request.number("to", from), script.path, script.line_count()])
	var answer := script.describe()
	answer["source"] = script.text if not request.has("from") and not request.has("to") \
			else script.line_range(from, to)
	return CommandResult.succeeded(answer)


func _validate(request: CommandRequest) -> CommandResult:
	var path := ""
	var source := request.text("source")
	if request.has("path"):
		var resolved := FilePaths.resolve(request.text("path"))
		if resolved.is_error():
			return resolved.error
		path = resolved.value
	elif not request.has("source"):
		return CommandResult.failed("INVALID_PARAMS", "script.validate needs 'path' or 'source'.")
	if not request.has("source"):
		if not FileAccess.file_exists(path):
			return _missing(path)
		source = ScriptText.load_from(path).text if LANGUAGES.has(path.get_extension().to_lower()) \
				else ""
	var found := await ScriptCheck.diagnose(source, path, request, true)
	if found.is_error():
		return found.error
	var errors: Array = found.value["errors"]
	var answer: Dictionary = {"valid": errors.is_empty(), "errors": errors,
			"warnings": found.value["warnings"]}
	_say_what_was_not_checked(answer, found.value)
	return CommandResult.succeeded(answer)


## Nobody knows whether it is valid then.
static func _say_what_was_not_checked(answer: Dictionary, found: Dictionary) -> void:
	if not found.has("not_checked"):
		return
	answer["notChecked"] = found["not_checked"]
	if answer.has("valid"):
		answer["valid"] = null


func _create(request: CommandRequest) -> CommandResult:
	var resolved := FilePaths.resolve_for_writing(request.text("path"), _extensions())
	if resolved.is_error():
		return resolved.error
	var path: String = resolved.value
	if FileAccess.file_exists(path):
		return CommandResult.failed("CONFLICT", "%s exists." % path, "Change it with script.edit.")
	return await _store(ScriptText.fresh(path, request.text("source")), request)


func _edit(request: CommandRequest) -> CommandResult:
	var found := _existing(request)
	if found.is_error():
		return found.error
	var script: ScriptText = found.value
	var refusal := FilePaths.resolve_for_writing(script.path, _extensions())
	if refusal.is_error():
		return refusal.error
	var conflict := _conflict(script, request)
	if conflict != null:
		return conflict
	if request.has("source") == request.has("edits"):
		return CommandResult.failed("INVALID_PARAMS",
				"Either 'edits' or 'source' is needed, not both.")
	var failure := script.replace_all(request.text("source")) if request.has("source") \
			else script.apply(request.params["edits"])
	return failure if failure != null else await _store(script, request)


func _attach(request: CommandRequest) -> CommandResult:
	return await _editor.change(request,
			"Attach %s to %s" % [request.text("script").get_file(), request.text("path")],
			PropertyEdits.attach_script)


func _detach(request: CommandRequest) -> CommandResult:
	return await _editor.change(request, "Detach the script of %s" % request.text("path"),
			PropertyEdits.detach_script)


## Deletes the file and tells who still refers to it.
func _delete(request: CommandRequest) -> CommandResult:
	var found := _existing(request)
	if found.is_error():
		return found.error
	var script: ScriptText = found.value
	var guarded := FilePaths.guard(script.path)
	if guarded != null:
		return guarded
	var graph := await ProjectGraph.read(request)
	if graph == null:
		return request.cancelled()
	var conflict := _conflict(ScriptText.load_from(script.path), request)
	if conflict != null:
		return conflict
	var error := ProjectFiles.remove(script.path)
	if error != OK:
		return CommandResult.failed("INTERNAL_ERROR",
				"%s cannot be deleted: %s." % [script.path, error_string(error)])
	return CommandResult.succeeded({"path": script.path, "hash": script.digest,
			"referencedBy": graph.users(script.path)})


func _outline(request: CommandRequest) -> CommandResult:
	var found := _existing(request)
	if found.is_error():
		return found.error
	var script: ScriptText = found.value
	if script.path.get_extension().to_lower() != "gd":
		return CommandResult.failed("INVALID_PARAMS",
				"Only GDScript can be outlined; %s is none." % script.path,
				"script.read gives its text.")
	var told := await ScriptCheck.ask({"asks": CheckJobs.OUTLINE, "path": script.path,
			"source": script.text}, request)
	if told.is_error():
		return told.error
	var report: Dictionary = told.value
	if not report.has("outline"):
		return CommandResult.failed("SCRIPT_COMPILE_FAILED", "%s does not compile." % script.path) \
				.with("errors", ScriptCheck.diagnostics(script.text, report["errors"]))
	var answer := script.describe()
	answer.merge(report["outline"])
	return CommandResult.succeeded(answer)


## Why the file must not be overwritten: it is not the one that was read, or the person at the
## editor is changing it.
static func _conflict(script: ScriptText, request: CommandRequest) -> CommandResult:
	if request.has("ifHash") and request.text("ifHash") != script.digest:
		return CommandResult.failed("CONFLICT",
				"%s has the hash %s, not %s." % [script.path, script.digest,
				request.text("ifHash")],
				"Somebody changed it: read it again.").with("hash", script.digest)
	return OpenScripts.unsaved_changes(script.path)


## Checked first: what would end the editor, which reads every script of the project, is not
## written.
static func _store(script: ScriptText, request: CommandRequest) -> CommandResult:
	var found := await ScriptCheck.diagnose(script.text, script.path, request, false)
	if found.is_error():
		return found.error
	var report: Dictionary = found.value
	if report.has("refused"):
		return CommandResult.failed("INVALID_PARAMS",
				"%s is not written. %s" % [script.path, report["refused"]])
	var failure := script.save()
	if failure != null:
		return failure
	var answer := script.describe()
	answer["errors"] = report["errors"]
	_say_what_was_not_checked(answer, report)
	await ProjectFiles.announce(script.path, request)
	if answer["errors"].is_empty():
		LoadedScripts.refresh(script.path, script.text)
		BrokenScripts.mend(BrokenScripts.names_of(script.path))
	OpenScripts.refresh(script.path, script.text)
	return CommandResult.succeeded(answer)


static func _existing(request: CommandRequest) -> Result:
	var resolved := FilePaths.resolve(request.text("path"))
	if resolved.is_error():
		return resolved
	var path: String = resolved.value
	if not LANGUAGES.has(path.get_extension().to_lower()):
		return Result.err(CommandResult.failed("INVALID_PARAMS",
				"%s is no script: .%s." % [path, ", .".join(PackedStringArray(LANGUAGES.keys()))]))
	if FileAccess.file_exists(path):
		return Result.ok(ScriptText.load_from(path))
	return Result.err(_missing(path))


static func _missing(path: String) -> CommandResult:
	var near := NearNames.of(path, ScriptText.neighbours(path))
	return CommandResult.failed("NOT_FOUND", "There is no script %s." % path,
			NearNames.question(near), near)


static func _extensions() -> Array[String]:
	var extensions: Array[String] = []
	extensions.assign(LANGUAGES.keys())
	return extensions
