## Finds what is broken in the project: missing files, scripts with errors, resources that do not load, failed imports.
extends RefCounted

const CheckProcess := preload("../checking/check_process.gd")
const CommandRequest := preload("../command_request.gd")
const DormantFiles := preload("../reading/dormant_files.gd")
const EngineLog := preload("../engine_log.gd")
const FileLimits := preload("../reading/file_limits.gd")
const FileReferences := preload("file_references.gd")
const FileWalk := preload("file_walk.gd")
const ScriptCheck := preload("script_check.gd")
const ScriptText := preload("script_text.gd")

const LOADED: Array[String] = ["tscn", "scn", "tres", "res"]
## Between looks at a resource that another thread loads.
const WAIT_USEC := 100

## Entries {path, severity, kind, message, line?, missing?}, in the order of the files.
var problems: Array[Dictionary] = []
var checked: int = 0

var _references := FileReferences.new()
var _request: CommandRequest
## What the engine finds wrong in each script, by its path.
var _script_errors: Dictionary = {}
## Path by uid, to find two files with the same.
var _paths_by_uid: Dictionary = {}


func _init(request: CommandRequest) -> void:
	_request = request


## Checks every file below `folder`; false when the request was cancelled.
func run(folder: String) -> bool:
	_check_settings()
	var files := await FileWalk.files_below(folder, true, _request)
	await _check_scripts(files)
	for index: int in files.size():
		if _request.is_cancelled:
			return false
		_request.report_progress(index, files.size(), "checking files")
		await _check(files[index])
		await _request.let_frame_pass_when_due()
	checked = files.size()
	return not _request.is_cancelled


func _check(path: String) -> void:
	var extension := path.get_extension().to_lower()
	if extension == "import":
		_check_import(path)
		return
	if extension == "uid":
		if not FileAccess.file_exists(path.get_basename()):
			_note(path, "warning", "orphan", "%s belongs to a file that does not exist." % path.get_file())
		return
	_note_script(path)
	_check_uid(path)
	if not _check_references(path) and LOADED.has(extension):
		await _check_loading(path)


## What the settings name: they are reported as problems of project.godot.
func _check_settings() -> void:
	for edge: Dictionary in _references.of("res://project.godot"):
		_check_edge("res://project.godot", edge, "error")


## All of them together, in a process of their own.
func _check_scripts(files: Array[String]) -> void:
	var jobs: Array[Dictionary] = []
	for path: String in files:
		if path.get_extension().to_lower() == "gd":
			jobs.append(ScriptCheck.job_of_file(path))
	var process := CheckProcess.new(_request)
	process.progress = func(done: int) -> void: _request.report_progress(done, files.size(), "checking scripts")
	var results := await process.run(jobs)
	for index: int in results.size():
		_script_errors[jobs[index]["path"]] = results[index].get("errors", [])


func _note_script(path: String) -> void:
	var errors: Array = _script_errors.get(path, [])
	if errors.is_empty():
		return
	for error: Dictionary in ScriptCheck.diagnostics(ScriptText.load_from(path).text, errors):
		_note(path, "error", "script", error["message"], {"line": error["line"], "column": error["column"]})


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
		_note(path, severity, "missing_file", "It refers to %s, which no file has." % target, {"missing": target})
		return true
	if FileAccess.file_exists(target) or ResourceLoader.exists(target):
		if edge.has("uid"):
			_note(path, "warning", "stale_uid", "It refers to %s by %s, which no file has; the path still fits. Saving it again repairs that." % [target, edge["uid"]])
		return false
	_note(path, severity, "missing_file", "It refers to %s, which does not exist." % target, {"missing": target})
	return true


func _check_uid(path: String) -> void:
	var id := ResourceLoader.get_resource_uid(path)
	if id == ResourceUID.INVALID_ID:
		return
	if _paths_by_uid.has(id):
		_note(path, "error", "duplicate_uid", "It has the same uid as %s." % _paths_by_uid[id], {"uid": ResourceUID.id_to_text(id)})
	else:
		_paths_by_uid[id] = path


func _check_import(path: String) -> void:
	var config := ConfigFile.new()
	if config.load(path) != OK:
		_note(path, "error", "import", "It cannot be read.")
	elif not FileAccess.file_exists(path.get_basename()):
		_note(path, "warning", "orphan", "%s belongs to a file that does not exist." % path.get_file())
	elif not config.get_value("remap", "valid", true):
		_note(path.get_basename(), "error", "import", "It could not be imported.", {})


## Loads it in another thread, so that a large one holds no frame, and without what it needs: that
## is checked by itself.
func _check_loading(path: String) -> void:
	var said: Array[String] = []
	var thread := Thread.new()
	EngineLog.begin_check()
	thread.start(DormantFiles.open_alone.bind(path))
	while thread.is_alive():
		OS.delay_usec(WAIT_USEC)
		if _request.is_slice_used():
			said.append_array(EngineLog.end_check())
			await _request.let_frame_pass()
			EngineLog.begin_check()
	var resource: Resource = thread.wait_to_finish()
	said.append_array(EngineLog.end_check())
	if resource == null:
		said.push_front(FileLimits.problem_of(path))
		said.erase("")
		_note(path, "error", "unreadable", said[0] if not said.is_empty() else "It cannot be loaded.")


func _note(path: String, severity: String, kind: String, message: String, more: Dictionary = {}) -> void:
	var problem: Dictionary = {"path": path, "severity": severity, "kind": kind, "message": message}
	problem.merge(more)
	problems.append(problem)
