## How a process of tests has ended, and what is to be said of it beside its tests.
extends RefCounted

const FrameworkExit := preload("framework_exit.gd")
const HookErrors := preload("hook_errors.gd")
const JunitReport := preload("junit_report.gd")
const OutcomeReader := preload("outcome_reader.gd")
const TestLog := preload("test_log.gd")
const TestSelection := preload("test_selection.gd")

## "finished", "crashed" (it ended amid a test), "unreported" (it ended before its run was through, or has not said what became of
## it), "timeout" or "cancelled".
var kind: String
## Null when something else than the process itself has ended it.
var exit_code: Variant = null
## What became of its tests, as it has told them one by one, and its errors.
var outcomes: OutcomeReader
var said: TestLog
## The report that a framework has left at its end; null for none.
var report: JunitReport

var _runs: String
## The exit code, or the signal that has ended the process.
var _ended_with: Variant


## The end of a process that `runs` tests of some kind. `interrupted` is "timeout" or "cancelled" where it was ended, else "finished".
func _init(runs: String, interrupted: String, code: Variant, from_outcomes: OutcomeReader, from_said: TestLog, from_report: JunitReport) -> void:
	_runs = runs
	_ended_with = code
	outcomes = from_outcomes
	said = from_said
	report = from_report
	kind = interrupted
	if kind == "finished" and (not said.crash.is_empty() or not outcomes.running.is_empty()):
		kind = "crashed"
	elif kind == "finished" and runs != "scene" and report == null and not outcomes.is_complete:
		kind = "unreported"
	if kind in ["finished", "unreported"] or outcomes.has_quit:
		exit_code = code


func is_of_framework() -> bool:
	return _runs in TestSelection.ENTRIES


## Whether anything is known of its tests.
func is_known() -> bool:
	return report != null or outcomes.has_begun()


## What is to be said beside the `told` outcomes; empty when they say it all.
func note(selection: TestSelection, told: Array[Dictionary]) -> String:
	if is_of_framework() and kind in ["finished", "unreported"] and not is_known():
		return ("%s %s" % [FrameworkExit.unknown(_runs, exit_code), _own_errors()]).strip_edges()
	if kind == "finished":
		return _note_of_finished(selection, told) if is_of_framework() else ""
	if _runs == "scene" or not outcomes.running.is_empty():
		return ""
	if outcomes.is_complete:
		return "Every test had ended before the process did. %s" % _how()
	if outcomes.tests.is_empty():
		return ("No test had begun when it ended. %s" % _own_errors()).strip_edges()
	var last: Dictionary = outcomes.tests[-1]
	return "It ended before all tests had run. The last one that ended is %s in %s." % [last["name"], last["suite"]]


## Why what was running has no outcome.
func why_unfinished() -> String:
	match kind:
		"timeout":
			return "It had not ended when the time was over."
		"cancelled":
			return "It was cancelled."
	var where := "before it ran, in what is called before it" if outcomes.running.has("isNext") else "while it ran"
	return ("The process ended %s. %s" % [where, _how()]).strip_edges()


func _note_of_finished(selection: TestSelection, told: Array[Dictionary]) -> String:
	var notes := PackedStringArray([FrameworkExit.note(_runs, exit_code, told), HookErrors.note(said, selection, told)])
	return " ".join(notes).strip_edges()


## What the framework itself has against its scripts: another version of Godot, or warnings that the project takes for errors.
func _own_errors() -> String:
	var folder := str(TestSelection.ENTRIES.get(_runs, "")).get_base_dir().trim_suffix("/bin") + "/"
	for error: Dictionary in said.errors() if is_of_framework() else [] as Array[Dictionary]:
		if error.get("function") == TestLog.COMPILING and str(error["file"]).begins_with(folder):
			return "Its own scripts do not compile here: %s (%s:%d)" % [error["message"], error["file"], error["line"]]
	return ""


## A process that a signal has ended has its number for an exit code.
func _how() -> String:
	if not said.crash.is_empty():
		return said.crash
	if outcomes.has_quit:
		return "It quit with %s." % _ended_with
	return "It was killed, or quit without notice, with %s." % _ended_with if _ended_with is int else ""
