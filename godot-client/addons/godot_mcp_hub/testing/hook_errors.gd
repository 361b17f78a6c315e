## Errors in what is called around the tests of a suite. A framework that hears them during tests alone fails for none of them.
extends RefCounted

const TestLog := preload("test_log.gd")
const TestSelection := preload("test_selection.gd")

## What GUT and GdUnit4 call beside the tests.
const HOOKS: Array[String] = [
	"before", "before_all", "before_each", "before_test", "after", "after_all", "after_each", "after_test"]


## What to say of the first one in a suite of which nothing has failed; empty when there is none.
static func note(said: TestLog, selection: TestSelection, outcomes: Array[Dictionary]) -> String:
	for error: Dictionary in said.errors():
		var file: String = error.get("file", "")
		if not HOOKS.has(error.get("function")) or not selection.may_hold(file):
			continue
		var is_told := outcomes.any(func(outcome: Dictionary) -> bool:
			return str(outcome["suite"]).begins_with(file) and outcome["status"] in ["failed", "error"])
		if not is_told:
			return "%s() of %s has reported an error, and no test has failed for it: %s (line %d)" % [
				error["function"], file, error["message"], error["line"]]
	return ""
