## A shader or an include that is checked: the runs of the engine's compiler that this takes, and
## what they come to.
##
## An include is compiled within the shaders that include it. Where none does, it is within one of
## each type, and right when it is so in one.
extends RefCounted

const CheckedShader := preload("checked_shader.gd")
const CompilerRun := preload("compiler_run.gd")
const EngineReports := preload("compiler_run.gd").EngineReports
const FilePaths := preload("../files/file_paths.gd")

const INCLUDE := "gdshaderinc"
const TYPES: Array[String] = ["canvas_item", "spatial", "particles", "sky", "fog"]
const ALONE := "shader_type %s;\n#include \"%s\"\n"
const INCLUDES := "(?m)^[ \\t]*#[ \\t]*include[ \\t]+\"([^\"\\n]+)\""
const DIRECTIVE := "(?m)^[ \\t]*#"
## Includes that are followed into one another.
const DEPTH := 16
## What an engine that checks shaders complains of.
const FAULTY := "shader_type canvas_item;\nvoid fragment() {\n\tnothing;\n}\n"

## What the engine says of a text whose directives it could not carry out: it compiles the text with
## them.
const LEFT_DIRECTIVE := "Unknown character #35"
const NO_TYPE := "not supported in Dummy renderer"
const EXPECTED_TYPE := "Expected 'shader_type' at the beginning of the shader, with one of: spatial, canvas_item, particles, sky, fog."
const WRONG_DIRECTIVE := "A preprocessor directive cannot be carried out: a condition that cannot be read, an #if without #endif, or an include of itself."
const MISSING := "It includes %s, which does not exist."

var path: String
var text: String
var runs: Array[CompilerRun] = []
## How many of the runs are of shaders that include it.
var _users: int = 0


## `users`: shaders that include it, for an include. `is_file`: the text is that of the file.
static func of(its_text: String, its_path: String, users: Array, is_file: bool) -> CheckedShader:
	var checked := CheckedShader.new()
	checked.path = its_path
	checked.text = its_text
	if not checked._is_include():
		checked.runs.append(CompilerRun.of_shader(its_text, its_path))
		return checked
	for user: String in users:
		checked.runs.append(CompilerRun.of_shader(FileAccess.get_file_as_string(user), user))
	checked._users = users.size()
	for type: String in TYPES:
		checked.runs.append(CompilerRun.of_shader(ALONE % [type, its_path], ""))
	for run: CompilerRun in checked.runs if not is_file else [] as Array[CompilerRun]:
		run.include = ShaderInclude.new()
		run.include_code = its_text
		run.include_path = its_path
	return checked


## Errors {line, message}: the engine tells the first one.
func errors() -> Array[Dictionary]:
	if not _is_include():
		return _errors_of(runs[0])
	for index: int in _users:
		var found := _errors_in_include(runs[index])
		if not found.is_empty():
			return found
	# Of the types, the one that comes furthest is meant.
	var furthest: Array[Dictionary] = []
	for run: CompilerRun in runs:
		if EngineReports.of_shader(run.said).is_empty():
			return []
		var found := _errors_in_include(run)
		if not found.is_empty() and (furthest.is_empty() or found[0]["line"] > furthest[0]["line"]):
			furthest = found
	if furthest.is_empty():
		# What is open at its end is told of what stands behind it.
		var reports := EngineReports.of_shader(runs[_users].said)
		furthest.append({"line": text.count("\n") + 1, "message": reports[0]["message"]})
	return furthest


func _is_include() -> bool:
	return path.get_extension().to_lower() == INCLUDE


func _errors_of(run: CompilerRun) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	for report: Dictionary in EngineReports.of_shader(run.said):
		if (report["message"] as String).contains(LEFT_DIRECTIVE):
			found.append_array(_wrong_directives())
		elif (report["file"] as String).is_empty() or report["file"] == path:
			found.append({"line": report["line"], "message": report["message"]})
		else:
			found.append({"line": _line_including(report["file"]),
					"message": "%s:%d: %s" % [report["file"], report["line"], report["message"]]})
	if found.is_empty() and run.said.contains(NO_TYPE):
		found.append({"line": 1, "message": EXPECTED_TYPE})
	return found


func _errors_in_include(run: CompilerRun) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	for report: Dictionary in EngineReports.of_shader(run.said):
		if report["file"] == path:
			found.append({"line": report["line"], "message": report["message"]})
		elif (report["message"] as String).contains(LEFT_DIRECTIVE) \
				and not _missing(text, path, 0).is_empty():
			found.append_array(_wrong_directives())
	return found


func _wrong_directives() -> Array[Dictionary]:
	var missing := _missing(text, path, 0)
	if missing.is_empty():
		var first := RegEx.create_from_string(DIRECTIVE).search(text)
		missing.append({"line": _line_at(text, first.get_start()) if first != null else 1,
				"message": WRONG_DIRECTIVE})
	return missing


## Errors of a text that includes what no file has, itself or by what it includes.
static func _missing(its_text: String, its_path: String, depth: int) -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	for include: RegExMatch in RegEx.create_from_string(INCLUDES) \
			.search_all(its_text) if depth < DEPTH else []:
		var target := _target(include.get_string(1), its_path)
		var line := _line_at(its_text, include.get_start(1))
		if target.is_empty() or not FileAccess.file_exists(target):
			found.append(
					{"line": line, "message": MISSING
					% (target if not target.is_empty() else include.get_string(1))})
			continue
		for inner: Dictionary in _missing(FileAccess.get_file_as_string(target), target,
				depth + 1).slice(0, 1):
			found.append(
					{"line": line, "message": "%s:%d: %s"
					% [target, inner["line"], inner["message"]]})
	return found


## The line with the include of a file, or of the first one that may lead there.
func _line_including(file: String) -> int:
	var includes := RegEx.create_from_string(INCLUDES).search_all(text)
	for include: RegExMatch in includes:
		if _target(include.get_string(1), path) == file:
			return _line_at(text, include.get_start(1))
	return _line_at(text, includes[0].get_start(1)) if not includes.is_empty() else 1


## The file that an include names; empty where it can be none of the project's.
static func _target(written: String, from: String) -> String:
	var whole := written if written.contains("://") \
			else from.get_base_dir().path_join(written).simplify_path()
	return FilePaths.resolve(whole).value_or("")


static func _line_at(its_text: String, at: int) -> int:
	return its_text.left(at).count("\n") + 1
