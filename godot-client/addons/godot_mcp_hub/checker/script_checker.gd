## Checks GDScript texts and shaders in a separate process, in which no script of the project can
## run: `godot --main-pack <settings> -s script_checker.gd -- <plan> <report>`.
##
## Compiling runs code: static initialisers of the script and of what it refers to, and what the
## scripts of preloaded resources do when these are made. So this goes down until the engine lets no
## function of a script call another one. There the compiler finds what it finds, and what it would
## run is refused by the engine. The plan and the report are values of the engine.
extends SceneTree

const CheckJobs := preload("../checking/check_jobs.gd")
const CheckedShader := preload("checked_shader.gd")
const CheckedText := preload("checked_text.gd")
const CompilerRun := preload("compiler_run.gd")
const FileReferences := preload("../files/file_references.gd")
const ScriptReport := preload("script_report.gd")
const TextLimits := preload("../texts/text_limits.gd")

const WARNINGS := "debug/gdscript/warnings/"
const LEVEL_WARN := 1
const LEVEL_ERROR := 2
## Scripts that are checked with the one that refers to them.
const DEPENDENCIES_LIMIT := 32
## Begins the line that says which run begins, for the case that the engine ends in it.
const RUN_MARK := "godot_mcp_hub: run "
## A text with which the compiler takes more than that is given up.
const MEMORY_LIMIT_BYTES := 2 << 30
const TIME_LIMIT_MS := 30000
const WATCH_INTERVAL_MS := 20

var _jobs: Array
## CheckedText or CheckedShader, for each job.
var _texts: Array[RefCounted] = []
## What shows whether this engine checks shaders; null where none is to be checked.
var _faulty_shader: CompilerRun = null
var _runs: Array[CompilerRun] = []
## Which job a run is for.
var _job_of_run: PackedInt32Array = []
## What stands in the places of resources with scripts.
var _twins: Array[Resource] = []
## Settings of warnings that are not errors already.
var _warnings: Array[String] = []
var _references: TextReferences
var _log: FileAccess
var _report_path: String
var _run_began_at_ms: int = 0
var _threads: Array[Thread] = [Thread.new(), Thread.new()]


func _init() -> void:
	var args := OS.get_cmdline_user_args()
	var plan: Dictionary = FileAccess.open(args[0], FileAccess.READ).get_var()
	_report_path = args[1]
	_jobs = plan["jobs"]
	_log = FileAccess.open(plan["log"], FileAccess.READ)
	_references = TextReferences.new(plan["project"])
	for job: Dictionary in _jobs:
		_prepare(job)
	for info: Dictionary in ProjectSettings.get_property_list():
		var name: String = info["name"]
		if name.begins_with(WARNINGS) and info["type"] == TYPE_INT \
				and _level(ProjectSettings.get_setting(name)) == LEVEL_WARN:
			_warnings.append(name)
	_run_began_at_ms = Time.get_ticks_msec()
	_threads[0].start(_give_up_in_time)
	_descend()


func _prepare(job: Dictionary) -> void:
	var path: String = job["path"]
	var text: String = job["source"] if job.has("source") else ScriptReport.text_of(path)
	var is_shader: bool = job["asks"] == CheckJobs.SHADER
	var problem := TextLimits.problem_of_shader(text) if is_shader \
			else TextLimits.problem_of_script(text)
	if not problem.is_empty():
		job["refused"] = problem
		text = ""
	if is_shader:
		_add(CheckedShader.of(text, path, job.get("users", []), not job.has("source")), [])
		return
	var is_check: bool = job["asks"] == CheckJobs.CHECK
	var checked := CheckedText.analysed(text, path, job.get("warnings", false)) if is_check \
			else CheckedText.compiled(text, path)
	var scripts := _references.take(path, text, job.has("source"))
	for script: String in scripts.slice(0, DEPENDENCIES_LIMIT) if is_check and job.has(
			"source") else [] as Array[String]:
		checked.dependencies.append(CheckedText.analysed(ScriptReport.text_of(script), script,
				false))
	_add(checked, checked.dependencies)


func _add(checked: RefCounted, dependencies: Array[CheckedText]) -> void:
	_texts.append(checked)
	if checked is CheckedShader and _faulty_shader == null:
		_faulty_shader = CompilerRun.of_shader(CheckedShader.FAULTY, "")
		_add_run(_faulty_shader)
	for part: RefCounted in [checked] + dependencies:
		for run: CompilerRun in part.get("runs"):
			_add_run(run)


func _add_run(run: CompilerRun) -> void:
	_runs.append(run)
	_job_of_run.append(_texts.size() - 1)


## The level that a setting says. Before Godot 4.0 it was a switch, which projects may still have:
## the engine takes that, too.
static func _level(value: Variant) -> int:
	return int(value) if value is bool or value is int or value is float else LEVEL_WARN


## From where nothing can be called any more, only methods of the engine are: what is done there
## stands here, in one function.
##
## First a resource with a script gets a twin, of which the compiler finds the same, the script and
## its exported values: made here, the resource itself has none of the values that its script would
## begin with.
func _descend() -> void:
	if _can_call():
		_descend()
		return
	for path: String in _references.resources:
		var resource := load(path)
		var its_script := resource.get_script() as GDScript if resource != null else null
		if its_script != null:
			_twins.append(MissingResource.new())
			var twin := _twins[-1] as MissingResource
			twin.recording_properties = true
			for info: Dictionary in its_script.get_script_property_list():
				if info["usage"] & PROPERTY_USAGE_EDITOR:
					var value: Variant = resource.get(info["name"])
					twin.set(info["name"], value if value != null
							else its_script.get_property_default_value(info["name"]))
			var stand_in := GDScript.new()
			stand_in.set_path_cache(its_script.resource_path)
			stand_in.source_code = "extends Resource"
			stand_in.reload()
			twin.set_script(stand_in)
			twin.take_over_path(path)
	var is_strict := false
	for index: int in _runs.size():
		var run := _runs[index]
		var before := run.needless_after as CompilerRun
		if before != null and before.said.contains(run.needless_when):
			continue
		if run.is_strict != is_strict:
			is_strict = run.is_strict
			for setting: String in _warnings:
				ProjectSettings.set_setting(setting, LEVEL_ERROR if is_strict else LEVEL_WARN)
			ProjectSettings.settings_changed.emit()
		print(RUN_MARK, _job_of_run[index])
		var from := _log.get_length()
		_run_began_at_ms = Time.get_ticks_msec()
		if run.include != null:
			run.include.code = run.include_code
			run.include.take_over_path(run.include_path)
		if run.shader != null:
			run.shader.code = run.code
			run.material.shader = run.shader
		else:
			run.subject.reload(run.compiles)
		_log.seek(from)
		run.said = _log.get_buffer(_log.get_length() - from).get_string_from_utf8()
	_threads[1].start(_tell)
	_threads[1].wait_to_finish()


## In a thread, which begins at its own top.
func _tell() -> void:
	var told: Array[Dictionary] = []
	for index: int in _jobs.size():
		var checked := _texts[index]
		told.append(ScriptReport.of_shader(_jobs[index], checked as CheckedShader,
				_faulty_shader.said) if checked is CheckedShader
				else ScriptReport.of(_jobs[index], checked as CheckedText))
	_end({"results": told})


## Ends the process when a text makes the compiler take too much.
func _give_up_in_time() -> void:
	while true:
		OS.delay_msec(WATCH_INTERVAL_MS)
		if OS.get_static_memory_usage() > MEMORY_LIMIT_BYTES:
			_end({"end": "memory"})
		elif Time.get_ticks_msec() - _run_began_at_ms > TIME_LIMIT_MS:
			_end({"end": "time"})


## Leaves the report, whole or not at all, and ends without what the engine does for a game at its
## end.
func _end(report: Dictionary) -> void:
	var file := FileAccess.open(_report_path + ".new", FileAccess.WRITE)
	file.store_var(report)
	file.close()
	DirAccess.rename_absolute(_report_path + ".new", _report_path)
	OS.kill(OS.get_process_id())


## False where the engine refuses the call: its own answer is the default of the type.
func _can_call() -> bool:
	return true


## What texts refer to, as far as their checks need it: other scripts, and resources with the
## scripts that these may have.
class TextReferences extends RefCounted:
	const SCRIPT := "gd"
	const RESOURCES: Array[String] = ["tres", "res"]
	## Scripts that are followed from one text.
	const SCRIPTS_LIMIT := 64
	## Files of a folder from which a path is put together.
	const FOLDER_LIMIT := 200

	## Paths of resources that have been met.
	var resources: Dictionary = {}

	var _references := FileReferences.new()
	## Folder of the project: as res:// the process knows its pack's folders only.
	var _root: String
	var _seen: Dictionary = {}

	func _init(root: String) -> void:
		_root = root

	## Scripts that a text refers to. `follows`: looks into those for resources, too, and into what
	## they refer to.
	func take(path: String, text: String, follows: bool) -> Array[String]:
		var own := _take_one(path, text)
		var waiting := own.duplicate()
		var followed := 0
		while follows and not waiting.is_empty() and followed < SCRIPTS_LIMIT:
			var next: String = waiting.pop_front()
			if not _seen.has(next):
				_seen[next] = true
				followed += 1
				waiting.append_array(_take_one(next, FileAccess.get_file_as_string(next)))
		return own

	func _take_one(path: String, text: String) -> Array[String]:
		var scripts: Array[String] = []
		for edge: Dictionary in _references.of_script(path, text):
			var target: String = edge["to"]
			if target.get_extension().is_empty():
				_take_folder(target)
			elif target.get_extension() == SCRIPT and FileAccess.file_exists(target):
				scripts.append(target)
			else:
				_take_resource(target)
		return scripts

	func _take_folder(path: String) -> void:
		var folder := _root.path_join(path.trim_prefix("res://"))
		for file: String in Array(DirAccess.get_files_at(folder)) \
				.slice(0, FOLDER_LIMIT) if DirAccess.dir_exists_absolute(folder) else []:
			_take_resource(path.path_join(file))

	func _take_resource(path: String) -> void:
		if RESOURCES.has(path.get_extension()) and FileAccess.file_exists(path):
			resources[path] = true
