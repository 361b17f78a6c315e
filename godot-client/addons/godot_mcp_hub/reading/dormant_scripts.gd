## Scripts for objects that are only looked at: they say which script an object has, and none of
## them runs.
##
## In an editor an object gets a stand-in for a script that is no tool: it has the values of the
## script's exports. Such a script is used as it is when loading it runs nothing. In place of any
## other one stands a script that declares the same and does nothing, or one that the engine cannot
## read: then its object keeps the values that its file has.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const CheckProcess := preload("../checking/check_process.gd")
const CommandRequest := preload("../requests/command_request.gd")
const EngineLog := preload("../engine/engine_log.gd")
const LoadedScripts := preload("loaded_scripts.gd")
const CheckJobs := preload("../checking/check_jobs.gd")
const TameFiles := preload("tame_files.gd")

## What the engine cannot read: it keeps the values of an object with such a script.
const UNREADABLE := "!"
## The line of a script that has the editor run it.
const TOOL_MARK := "(?m)^!?\\s*@tool\\b"

## Where a script keeps the path of that for which it stands.
const PATH := &"godot_mcp_hub_path"

## Scripts that stand for others, by the paths of these: the engine keeps each script that it has
## compiled.
static var _made: Dictionary = {}
## [digest, text] by path: what scripts declare that are not used as they are.
static var _declared: Dictionary = {}


## Finds out what scripts declare, where that is not known and they cannot be used as they are. To
## be awaited.
static func prepare(paths: Array, request: CommandRequest) -> void:
	var jobs: Array[Dictionary] = []
	for path: String in paths:
		if _usable(path) == null and _declarations_of(path) == null:
			jobs.append({"asks": CheckJobs.DECLARATIONS, "path": path})
	var results := await CheckProcess.new(request).run(jobs)
	for index: int in results.size():
		var path: String = jobs[index]["path"]
		var report: Dictionary = results[index].value_or({})
		_declared[path] = [FileAccess.get_md5(path), report.get("declarations", "")]


## Scripts that did not compile when they were asked may do so now.
static func forget_broken() -> void:
	for path: String in _declared.keys():
		if _declared[path][1] == "":
			_declared.erase(path)


## The script of a file, for an object that must not run.
static func of(path: String) -> Script:
	var script := _usable(path)
	return script if script != null else _stand_in(path)


## What a copy gets of an object with `script`: the same one where the editor does not run it.
static func in_place_of(script: Script) -> Script:
	if script == null or not script.can_instantiate():
		return script
	if not script.is_built_in():
		return of(script.get_path())
	var kept := unreadable(script.get_path())
	kept.source_code += script.source_code
	kept.remove_meta(PATH)
	return kept


static func _usable(path: String) -> Script:
	var script: Script = null
	if ResourceLoader.has_cached(path) or TameFiles.is_tame(path):
		script = load(path) as Script
	return script if script != null and not script.is_tool() and not script.can_instantiate() \
			and not LoadedScripts.is_stale(script) else null


## Null where it is not known.
static func _declarations_of(path: String) -> Variant:
	return _declared[path][1] if _declared.has(path) \
			and FileAccess.get_md5(path) == _declared[path][0] else null


static func _stand_in(path: String) -> GDScript:
	var declarations: Variant = _declarations_of(path)
	if not declarations is String or (declarations as String).is_empty():
		return unreadable(path)
	if not _made.has(path) or _made[path].source_code != declarations:
		_made[path] = _make(declarations, path)
	return _made[path]


static func _make(text: String, path: String) -> GDScript:
	var script := GDScript.new()
	script.source_code = text
	EngineLog.begin_check()
	var is_usable := script.reload() == OK and not script.can_instantiate()
	EngineLog.end_check()
	return _named(script, path) if is_usable else unreadable(path)


## A script that is known by the path alone.
static func unreadable(path: String) -> GDScript:
	var script := GDScript.new()
	script.source_code = UNREADABLE
	return _named(script, path)


static func _named(script: GDScript, path: String) -> GDScript:
	script.set_meta(PATH, path)
	if script.has_method("set_path_cache"):
		script.call("set_path_cache", path)
	return script


## Whether it stands for the script at its path, whose class and base it does not have.
static func is_stand_in(script: Script) -> bool:
	return script.has_meta(PATH)


## Whether the editor would run a script, also one that another one stands for.
static func runs_in_editor(script: Script) -> bool:
	if is_stand_in(script):
		return _has_tool_mark(FileAccess.get_file_as_string(path_of(script)))
	return script.is_tool() or script is GDScript \
			and script.source_code.begins_with(UNREADABLE) and _has_tool_mark(script.source_code)


static func _has_tool_mark(text: String) -> bool:
	return RegEx.create_from_string(TOOL_MARK).search(text) != null


## The path of a script, also of one that another one stands for; empty when it has none.
static func path_of(script: Script) -> String:
	return script.get_meta(PATH) if is_stand_in(script) else script.get_path()
