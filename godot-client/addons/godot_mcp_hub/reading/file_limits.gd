## Tells which files the engine can be given: a text beyond TextLimits may end it, or keep it for
## minutes.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const FileLimits := preload("file_limits.gd")
const TameFiles := preload("tame_files.gd")
const TextLimits := preload("../texts/text_limits.gd")

const SCRIPTS: Array[String] = ["gd"]
const SHADERS: Array[String] = ["gdshader", "gdshaderinc"]
const VALUES: Array[String] = ["tscn", "tres"]
## Properties whose values the engine reads as code.
const CODE := "(?m)^(?:advance_expression|expression|code) = (\"(?:[^\"\\\\]++|\\\\.)*+\")"

## Files that may need one another in a row, and of how many that do it is told.
const DEEPEST := 100
const DEEPEST_TOLD := 5

## Files that are remembered; of those that were looked at, the first is forgotten.
const KEPT := 4096

## [digest, problem] by path.
static var _known: Dictionary = {}
static var _mutex := Mutex.new()


## Null when a file and all that it needs can be loaded; otherwise why not.
static func refusal(path: String) -> CommandResult:
	var problem := _problem_within(path, {})
	if problem.is_empty():
		return null
	return CommandResult.failed("INVALID_PARAMS", "%s cannot be loaded. %s" % [path, problem],
			"The file has to be corrected first.")


## The answer about a file that the engine could not load, or was not given.
static func unloaded(path: String, kind: String) -> CommandResult:
	var problem := problem_of(path)
	var message := "%s cannot be loaded. %s" % [path,
			problem if not problem.is_empty() else problem_of_needs(path)]
	return CommandResult.failed(kind, message.strip_edges(), "The editor's log says why.")


## Why the engine would load what a file needs without end, or too deep; empty when it would not.
static func problem_of_needs(path: String) -> String:
	var chain := _endless(path, [], {})
	if chain.is_empty():
		return ""
	return "It needs itself: %s." % " > ".join(chain.slice(-DEEPEST_TOLD)) \
			if chain[0] == chain[-1] \
			else "It needs more than %d files, each for the one before." % DEEPEST


## The files from one that needs itself to itself, or the first of too many.
static func _endless(path: String, above: PackedStringArray, done: Dictionary) -> PackedStringArray:
	if above.has(path):
		return above.slice(above.find(path)) + PackedStringArray([path])
	var way := above + PackedStringArray([path])
	if way.size() > DEEPEST:
		return way
	# Scripts are not loaded for being looked at.
	for need: String in TameFiles.dependencies_of(path) \
			if not done.has(path) and path.get_extension().to_lower() != TameFiles.SCRIPT else []:
		var found := _endless(need, way, done)
		if not found.is_empty():
			return found
	done[path] = true
	return []


static func _problem_within(path: String, seen: Dictionary) -> String:
	seen[path] = true
	var problem := problem_of(path)
	for need: String in TameFiles.dependencies_of(path) if problem.is_empty() \
			and VALUES.has(path.get_extension().to_lower()) else []:
		if problem.is_empty() and not seen.has(need):
			problem = _problem_within(need, seen)
			problem = problem if problem.is_empty() or problem.begins_with("res://") \
					else "%s: %s" % [need, problem]
	return problem


## Why the engine is not given a file; empty when nothing speaks against it. What the file needs is
## not looked at.
static func problem_of(path: String) -> String:
	if not (SCRIPTS + SHADERS + VALUES).has(path.get_extension().to_lower()) \
			or not FileAccess.file_exists(path):
		return ""
	var digest := FileAccess.get_md5(path)
	_mutex.lock()
	var known: Array = _known.get(path, [""])
	_mutex.unlock()
	if known[0] != digest:
		known = [digest, _read_problem(path)]
		_mutex.lock()
		_known[path] = known
		if _known.size() > KEPT:
			_known.erase(_known.keys()[0])
		_mutex.unlock()
	return known[1]


static func _read_problem(path: String) -> String:
	var extension := path.get_extension().to_lower()
	var text := FileAccess.get_file_as_string(path)
	if SCRIPTS.has(extension):
		return TextLimits.problem_of_script(text)
	if SHADERS.has(extension):
		return TextLimits.problem_of_shader(text)
	var problem := TextLimits.problem_of_values(text)
	for found: RegExMatch in RegEx.create_from_string(CODE).search_all(text) \
			if problem.is_empty() else []:
		if problem.is_empty():
			var quoted := found.get_string(1)
			var code := quoted.substr(1, quoted.length() - 2).c_unescape()
			problem = TextLimits.problem_of_shader(code)
	return problem
