## Finds the faults of the project: missing files, scripts and shaders with errors, resources
## that do not load, failed imports.
##
## Texts are checked in a process of their own, and at the same time everything else in a thread: no
## frame waits for either.
extends RefCounted

const CheckProcess := preload("../checking/check_process.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const EngineLog := preload("../engine/engine_log.gd")
const EngineTurns := preload("../engine/engine_turns.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FileReferences := preload("../files/file_references.gd")
const FileWalk := preload("../files/file_walk.gd")
const Result := preload("../requests/result.gd")
const SceneWiring := preload("../scenes/scene_wiring.gd")
const InnerShaders := preload("../checking/inner_shaders.gd")
const ScriptCheck := preload("../checking/script_check.gd")
const ScriptText := preload("../files/script_text.gd")
const ShaderIncludes := preload("../checking/shader_includes.gd")
const CheckJobs := preload("../checking/check_jobs.gd")
const UncheckedFiles := preload("../checking/script_check.gd").UncheckedFiles

const SETTINGS := "res://project.godot"
const LOADED: Array[String] = ["tscn", "scn", "tres", "res"]
## Files of a kind that was not checked, which are reported.
const TOLD := 20

## Entries {path, severity, kind, message, line?, missing?}, in the order of the files.
var problems: Array[Dictionary] = []
var checked: int = 0
## Entries {why, files, paths}: files that were not looked at.
var not_checked: Array[Dictionary] = []

var _references := FileReferences.new()
var _wiring := SceneWiring.new()
var _request: CommandRequest
## Entries of `problems` by path.
var _found: Dictionary = {}
## Path by uid, to find two files with the same.
var _paths_by_uid: Dictionary = {}
## How many files the thread and the process have checked.
var _files_done: int = 0
var _texts_done: int = 0


func _init(request: CommandRequest) -> void:
	_request = request


## Checks every file below `folder`; false when the request was cancelled.
func run(folder: String) -> bool:
	var files := await FileWalk.files_below(folder, true, _request)
	if not files.has(SETTINGS):
		_check_settings()
	var texts := await _texts_among(files)
	var thread := Thread.new()
	thread.start(_check_all.bind(files))
	var process := CheckProcess.new(_request)
	process.progress = func(done: int) -> void:
		_texts_done = maxi(_texts_done, done)
		_report(files.size() + texts.size())
	var results := await process.run(texts)
	while thread.is_alive():
		_report(files.size() + texts.size())
		await _request.let_frame_pass()
	thread.wait_to_finish()
	if _request.is_cancelled:
		return false
	for index: int in results.size():
		if texts[index].has("file"):
			_note_inner(texts[index], results[index])
		else:
			_note_text(texts[index]["path"], results[index])
		await _request.let_frame_pass_when_due()
	checked = files.size()
	for unchecked: Dictionary in not_checked:
		checked -= unchecked["files"]
	for path: String in [SETTINGS] + files if not files.has(SETTINGS) else files:
		problems.append_array(_found.get(path, []))
	return true


func _report(total: int) -> void:
	_request.report_progress(_files_done + _texts_done, total, "checking files")


## Jobs for the scripts and shaders. Includes are checked within the shaders that have them,
## wherever these are.
func _texts_among(files: Array[String]) -> Array[Dictionary]:
	var has_include := files.any(func(path: String) -> bool:
		return path.get_extension().to_lower() == ShaderIncludes.INCLUDE)
	var uses: Dictionary = await ShaderIncludes.uses(_request) if has_include else {}
	var jobs: Array[Dictionary] = []
	for path: String in files:
		var extension := path.get_extension().to_lower()
		if extension == ScriptCheck.GDSCRIPT or CheckJobs.SHADERS.has(extension):
			jobs.append(
					ScriptCheck.job_of_file(path).merged({"users": ShaderIncludes.users(path, uses)}
					if uses.has(path) else {}))
		elif extension == UncheckedFiles.CSHARP:
			_leave_out(path, UncheckedFiles.reason(path))
		else:
			jobs.append_array(InnerShaders.jobs_of(path))
		await _request.let_frame_pass_when_due()
	return jobs


func _leave_out(path: String, why: String) -> void:
	if why.is_empty():
		return
	for known: Dictionary in not_checked:
		if known["why"] == why:
			known["files"] += 1
			if (known["paths"] as Array).size() < TOLD:
				(known["paths"] as Array).append(path)
			return
	not_checked.append({"why": why, "files": 1, "paths": [path]})


## In a thread.
func _check_all(files: Array[String]) -> void:
	for path: String in files:
		if _request.is_cancelled or EngineTurns.is_over():
			return
		_check(path)
		_files_done += 1


func _check(path: String) -> void:
	var extension := path.get_extension().to_lower()
	if path == SETTINGS:
		_check_settings()
	elif extension == "import":
		_check_import(path)
	elif extension == "uid":
		if not FileAccess.file_exists(path.get_basename()):
			_note(path, "warning", "orphan",
					"%s belongs to a file that does not exist." % path.get_file())
	else:
		_check_uid(path)
		for flaw: Dictionary in _wiring.problems_of(path):
			_note(path, "error", flaw["kind"], flaw["message"], {"line": flaw["line"]})
		var is_broken := _check_references(path)
		if _references.needs_itself:
			_note(path, "error", "unreadable", FileLimits.problem_of_needs(path))
		elif not is_broken and LOADED.has(extension):
			_check_loading(path)


## What the settings name: they are reported as problems of project.godot.
func _check_settings() -> void:
	for edge: Dictionary in _references.of(SETTINGS):
		_check_edge(SETTINGS, edge, "error")


## Errors of a script or a shader stand before what else is wrong with it. A missing file that one
## of them names is reported once.
func _note_text(path: String, checked: Result) -> void:
	var told: Dictionary = checked.value_or({"not_checked": checked.error.message
			if checked.is_error() else ""})
	if told.has("not_checked"):
		_leave_out(path, told["not_checked"])
	var others: Array = _found.get(path, [])
	_found[path] = []
	var errors: Array = told.get("errors", [])
	for error: Dictionary in ScriptCheck.diagnostics(ScriptText.load_from(path).text,
			errors) if not errors.is_empty() else [] as Array[Dictionary]:
		var more: Dictionary = {"line": error["line"], "column": error["column"]}
		for other: Dictionary in others.duplicate():
			if other.has("missing") and _names(error["message"], other["missing"]):
				more["missing"] = other["missing"]
				others.erase(other)
		_note(path, "error", "shader" if CheckJobs.SHADERS.has(path.get_extension().to_lower())
				else "script", error["message"], more)
	(_found[path] as Array).append_array(others)


## Errors of a shader that a scene or a resource keeps in itself, at the lines of that file.
func _note_inner(job: Dictionary, checked: Result) -> void:
	if checked.is_error():
		_leave_out(job["file"], checked.error.message)
	var told: Dictionary = checked.value_or({})
	var from: int = job["line"]
	for error: Dictionary in ScriptCheck.diagnostics(job["source"], told.get("errors", [])):
		var head := InnerShaders.CODE_HEAD.length() if error["line"] == 1 else 0
		_note(job["file"], "error", "shader", "%s: %s" % [job["path"], error["message"]],
				{"line": from + int(error["line"]) - 1, "column": int(error["column"]) + head})


static func _names(message: String, file: String) -> bool:
	return message.contains(file) or message.contains(file.get_file())


## Whether a file that its loader needs is missing: loading it would only say so again.
func _check_references(path: String) -> bool:
	var is_broken := false
	for edge: Dictionary in _references.of(path):
		if _check_edge(path, edge, "error" if edge["kind"] == "resource" else "warning"):
			is_broken = is_broken or edge["kind"] == "resource"
	return is_broken


## True when the file that `edge` leads to is missing.
func _check_edge(path: String, edge: Dictionary, severity: String) -> bool:
	var target: String = edge["to"]
	if edge.has("pattern"):
		return false
	if edge.has("uid") and target.begins_with("uid://"):
		_note(path, severity, "missing_file", "It refers to %s, which no file has." % target,
				{"missing": target})
		return true
	if FileAccess.file_exists(target) or ResourceLoader.exists(target):
		if edge.has("uid"):
			_note(path, "warning", "stale_uid",
					"It refers to %s by %s, which no file has; the path still fits. Saving it again repairs that." % [target, edge["uid"]])
		return false
	_note(path, severity, "missing_file", "It refers to %s, which does not exist." % target,
			{"missing": target})
	return true


func _check_uid(path: String) -> void:
	var id := ResourceLoader.get_resource_uid(path)
	if id == ResourceUID.INVALID_ID:
		return
	if _paths_by_uid.has(id):
		_note(path, "error", "duplicate_uid", "It has the same uid as %s." % _paths_by_uid[id],
				{"uid": ResourceUID.id_to_text(id)})
	else:
		_paths_by_uid[id] = path


func _check_import(path: String) -> void:
	var config := ConfigFile.new()
	if config.load(path) != OK:
		_note(path, "error", "import", "It cannot be read.")
	elif not FileAccess.file_exists(path.get_basename()):
		_note(path, "warning", "orphan",
				"%s belongs to a file that does not exist." % path.get_file())
	elif not config.get_value("remap", "valid", true):
		_note(path.get_basename(), "error", "import", "It could not be imported.")


## Loads it without what it needs: that is checked by itself.
func _check_loading(path: String) -> void:
	EngineLog.begin_check()
	var resource := DormantFiles.open_alone(path)
	var said := EngineLog.end_check()
	if resource == null:
		said.push_front(FileLimits.problem_of(path))
		said.erase("")
		_note(path, "error", "unreadable", said[0] if not said.is_empty()
				else "It cannot be loaded.")


func _note(path: String, severity: String, kind: String, message: String,
		more: Dictionary = {}) -> void:
	var problem: Dictionary = {"path": path, "severity": severity, "kind": kind, "message": message}
	problem.merge(more)
	if not _found.has(path):
		_found[path] = []
	(_found[path] as Array).append(problem)
