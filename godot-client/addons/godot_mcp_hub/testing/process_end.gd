## How a process of tests has ended, and a note on it beside its tests.
extends RefCounted

const JunitReport := preload("junit_report.gd")
const OutcomeReader := preload("outcome_reader.gd")
const TestLog := preload("test_log.gd")
const TestSelection := preload("test_selection.gd")

## What GUT and GdUnit4 call beside the tests.
const HOOKS: Array[String] = [
	"before", "before_all", "before_each", "before_test", "after", "after_all", "after_each",
	"after_test"]

## "finished", "crashed" (it ended amid a test), "unreported" (it ended before its run was through,
## or has not said what became of it), "timeout" or "cancelled".
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


## The end of a process that `runs` tests of some kind. `interrupted` is "timeout" or "cancelled"
## where it was ended, else "finished".
func _init(runs: String, interrupted: String, code: Variant, from_outcomes: OutcomeReader,
		from_said: TestLog, from_report: JunitReport) -> void:
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


## A note beside the `told` outcomes; empty when they say it all.
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
	return "It ended before all tests had run. The last one that ended is %s in %s." % [
			last["name"], last["suite"]]


## Why what was running has no outcome.
func why_unfinished() -> String:
	match kind:
		"timeout":
			return "It had not ended when the time was over."
		"cancelled":
			return "It was cancelled."
	var where := "before it ran, in what is called before it" if outcomes.running.has("isNext") \
			else "while it ran"
	return ("The process ended %s. %s" % [where, _how()]).strip_edges()


func _note_of_finished(selection: TestSelection, told: Array[Dictionary]) -> String:
	var notes := PackedStringArray([FrameworkExit.note(_runs, exit_code, told),
			_hook_note(said, selection, told)])
	return " ".join(notes).strip_edges()


## What the framework itself has against its scripts: another version of Godot, or warnings that the
## project takes for errors.
func _own_errors() -> String:
	var folder := str(TestSelection.ENTRIES.get(_runs, "")).get_base_dir().trim_suffix("/bin") + "/"
	for error: Dictionary in said.errors() if is_of_framework() else [] as Array[Dictionary]:
		if error.get("function") == TestLog.COMPILING and str(error["file"]).begins_with(folder):
			return "Its own scripts do not compile here: %s (%s:%d)" % [error["message"],
					error["file"], error["line"]]
	return ""


## A process that a signal has ended has its number for an exit code.
func _how() -> String:
	if not said.crash.is_empty():
		return said.crash
	if outcomes.has_quit:
		return "It quit with %s." % _ended_with
	return "It was killed, or quit without notice, with %s." % _ended_with if _ended_with is int \
			else ""


## A note on the first error of a hook in a suite of which nothing has failed; empty without one. A
## framework that hears errors during tests alone fails for none of them.
static func _hook_note(said: TestLog, selection: TestSelection,
		outcomes: Array[Dictionary]) -> String:
	for error: Dictionary in said.errors():
		var file: String = error.get("file", "")
		if not HOOKS.has(error.get("function")) or not selection.may_hold(file):
			continue
		var is_told := outcomes.any(func(outcome: Dictionary) -> bool:
			return str(outcome["suite"]).begins_with(file) \
					and outcome["status"] in ["failed", "error"])
		if not is_told:
			return "%s() of %s has reported an error, and no test has failed for it: %s (line %d)" % [
				error["function"], file, error["message"], error["line"]]
	return ""


## What the exit codes of GUT and GdUnit4 say beside their tests: GutRunner.gd of GUT 9.7,
## GdUnitTestSessionRunner.gd of GdUnit4 6.1.
class FrameworkExit extends RefCounted:
	const TITLES: Dictionary = {"gut": "GUT", "gdunit4": "GdUnit4"}
	## Codes with which a framework says that all is well; 101 of GdUnit4 is that nodes were left
	## behind.
	const GOOD: Dictionary = {"gut": [0], "gdunit4": [0, 101]}
	const NOTES: Dictionary = {
		"gut": {
			1: "GUT ended with 1 although no test failed: something outside of the tests did (before_all, after_all, a hook after the run), or in a test that is pending too.",
		},
		"gdunit4": {
			100: "GdUnit4 ended with 100 although no test failed that is told here: before() or after() of a suite did, or a test that a suite inherits.",
			101: "GdUnit4 found orphan nodes: tests have made nodes that nobody has freed.",
		},
	}
	## What keeps a framework from running anything.
	const REASONS: Dictionary = {
		"gdunit4": {
			103: "This GdUnit4 refuses to run without a window.",
			104: "This GdUnit4 needs another version of Godot.",
			105: "GdUnit4 has run nothing, because scripts of the tests have errors.",
		},
	}

	## Whether the framework has failed, whatever its tests say. A process without an exit code has
	## not said so.
	static func is_failure(framework: String, exit_code: Variant) -> bool:
		return GOOD.has(framework) and exit_code is int and not exit_code in GOOD[framework]

	## What to say of the exit code where the outcomes are known; empty when they say it already.
	static func note(framework: String, exit_code: Variant, outcomes: Array[Dictionary]) -> String:
		var is_explained := outcomes.any(func(outcome: Dictionary) -> bool:
			return outcome["status"] in ["failed", "error"])
		if not exit_code is int or exit_code == 0 or (is_explained and exit_code in [1, 100]):
			return ""
		return (NOTES[framework] as Dictionary).get(exit_code, "It ended with %d." % exit_code)

	## What to say of a framework that has told nothing of its tests, neither while they ran nor at
	## its end.
	static func unknown(framework: String, exit_code: Variant) -> String:
		var ended := "%s ended with %s" % [TITLES[framework], exit_code] if exit_code is int \
				else "%s was ended" % TITLES[framework]
		var unread := "%s and told nothing of any test: what became of them, if any ran, is not known. `output` is what it said." % ended
		return (REASONS.get(framework, {}) as Dictionary).get(exit_code, unread)
