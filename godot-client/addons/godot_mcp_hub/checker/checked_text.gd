## A text that is checked: the runs of the compiler that this takes, and what they come to.
##
## The compiler first analyses a text, which finds its errors, and then makes code of it and of all
## that it refers to. A trap at the text's end, an error of the analysis, keeps it from that. Where
## the text is so broken that the compiler does not come to the trap, the text is given to it again
## without it, so that errors at its end are reported as they are.
extends RefCounted

const CheckedText := preload("checked_text.gd")
const CompilerRun := preload("compiler_run.gd")
const EngineReports := preload("compiler_run.gd").EngineReports

## Behind what a text may end with: a line that goes on, a comment.
const TRAP := "\n\nsignal %s(a: %s)\n"

var path: String
var text: String
## Scripts that the text refers to, checked with it.
var dependencies: Array[CheckedText] = []
var runs: Array[CompilerRun] = []

var _trap: String
var _strict: CompilerRun = null


## Finds the errors in a text. `with_warnings`: and what the engine warns of.
static func analysed(its_text: String, its_path: String, with_warnings: bool) -> CheckedText:
	var checked := CheckedText.new()
	checked.path = its_path
	checked.text = its_text
	checked._trap = _new_trap(its_text)
	# The engine warns of an empty text.
	var trapped_text := its_text if _is_empty(its_text) \
			else its_text + TRAP % [checked._trap, checked._trap]
	var trapped := checked._add(trapped_text)
	var alone := checked._add(its_text)
	alone.needless_after = trapped
	alone.needless_when = checked._trap
	if with_warnings:
		checked._strict = checked._add(trapped_text)
		checked._strict.is_strict = true
	return checked


## Makes a script of a text, so that the engine can be asked what it declares.
static func compiled(its_text: String, its_path: String) -> CheckedText:
	var checked := CheckedText.new()
	checked.path = its_path
	checked.text = its_text
	checked._add(its_text).compiles = true
	return checked


func compiled_script() -> GDScript:
	return runs[0].subject


## Errors {line, message}; those of the run without the trap where there was one.
func errors() -> Array[Dictionary]:
	for index: int in [1, 0]:
		if index < runs.size() and not runs[index].is_strict and not runs[index].said.is_empty():
			return _own_reports(runs[index])
	return []


## Warnings {line, message}; the errors are none.
func warnings() -> Array[Dictionary]:
	return _own_reports(_strict) if _strict != null else [] as Array[Dictionary]


func _add(given: String) -> CompilerRun:
	var run := CompilerRun.of_script(given, path)
	runs.append(run)
	return run


## Without the trap, and without what was said of other scripts.
func _own_reports(run: CompilerRun) -> Array[Dictionary]:
	var own: Array[Dictionary] = []
	for report: Dictionary in EngineReports.of_compiler(run.said):
		var is_trap: bool = not _trap.is_empty() and (report["message"] as String).contains(_trap)
		if not is_trap and (report["file"] == path or path.is_empty()
				and not (report["file"] as String).begins_with("res://")):
			own.append({"line": report["line"], "message": report["message"]})
	return own


static func _is_empty(its_text: String) -> bool:
	return Array(its_text.split("\n")).all(func(line: String) -> bool:
		return line.strip_edges().is_empty() or line.strip_edges().begins_with("#"))


## A name that the text cannot know.
static func _new_trap(its_text: String) -> String:
	var name := ""
	while name.is_empty() or its_text.contains(name):
		name = "trap_%d_%d" % [randi(), randi()]
	return name
