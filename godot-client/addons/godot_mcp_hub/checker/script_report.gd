## What is told of a checked text: its errors and warnings, or what the script declares.
extends RefCounted

const CheckJobs := preload("../checking/check_jobs.gd")
const CheckedShader := preload("checked_shader.gd")
const CheckedText := preload("checked_text.gd")
const ClassReference := preload("class_reference.gd")
const Declarations := preload("declarations.gd")
const ScriptOutline := preload("script_outline.gd")
const ScriptText := preload("../files/script_text.gd")

const UNABLE := "This engine compiles no shaders without a window: Godot 4.4 and later do."
const DEPENDENCY := "Failed to compile depended scripts. %s:%d: %s"


## The text of a script's file.
static func text_of(path: String) -> String:
	return ScriptText.load_from(path).text


## What is wrong with scripts that a text refers to, where nothing is wrong with it itself: the engine does not load it then.
static func of_dependencies(text: String, dependencies: Array[CheckedText]) -> Array[Dictionary]:
	var errors: Array[Dictionary] = []
	for dependency: CheckedText in dependencies:
		for first: Dictionary in dependency.errors().slice(0, 1):
			errors.append({"line": _line_of(text, dependency.path), "message": DEPENDENCY % [dependency.path, first["line"], first["message"]]})
	return errors


## What is wrong with a shader, or `not_checked` where the engine said nothing of a faulty one either.
static func of_shader(job: Dictionary, checked: CheckedShader, said_of_faulty: String) -> Dictionary:
	if job.has("refused"):
		return CheckJobs.refused(job["refused"])
	if said_of_faulty.is_empty():
		return {"errors": [], "warnings": [], "not_checked": UNABLE}
	return {"errors": checked.errors(), "warnings": []}


static func _line_of(text: String, path: String) -> int:
	for name: String in [path, path.get_file()]:
		if text.contains(name):
			return text.count("\n", 0, text.find(name)) + 1
	return 1


## `{"errors", "warnings"}`, or for what is asked of a script that compiles its `outline`, `class`
## or `declarations`.
static func of(job: Dictionary, checked: CheckedText) -> Dictionary:
	if job.has("refused"):
		return CheckJobs.refused(job["refused"])
	var errors := checked.errors()
	if job["asks"] == CheckJobs.CHECK:
		if errors.is_empty():
			errors = of_dependencies(checked.text, checked.dependencies)
		return {"errors": errors, "warnings": checked.warnings() if errors.is_empty() else []}
	var script := checked.compiled_script()
	if not errors.is_empty() or script.get_instance_base_type().is_empty():
		return {"errors": errors}
	if job["asks"] == CheckJobs.DECLARATIONS:
		return {"declarations": Declarations.of(script)}
	if job["asks"] == CheckJobs.OUTLINE:
		var outline: Dictionary = {}
		if not script.get_global_name().is_empty():
			outline["className"] = script.get_global_name()
		outline.merge(ScriptOutline.new(script.source_code).describe(script))
		return {"outline": outline}
	return {"class": ClassReference.of_script(job["entry"], script, job["inherited"], job["sections"])}
