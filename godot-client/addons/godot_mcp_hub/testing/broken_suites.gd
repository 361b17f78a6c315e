## Suites that a framework could not load: GUT and GdUnit4 go on without them, GdUnit4 6.2 runs nothing at all, and no report has a
## word of them.
extends RefCounted

const GameOutput := preload("../playing/game_output.gd")
const TestLog := preload("test_log.gd")
const TestSelection := preload("test_selection.gd")

## Of one process, more would not be read.
const MOST := 100


## An outcome of status "error" and without a name for each suite that did not compile, from what the engine `said` of it.
static func among(said: TestLog, selection: TestSelection, outcomes: Array[Dictionary]) -> Array[Dictionary]:
	var broken: Array[Dictionary] = []
	var known: Dictionary = {}
	for outcome: Dictionary in outcomes:
		known[outcome["suite"]] = true
	for error: Dictionary in said.errors().slice(0, MOST):
		var file: String = error.get("file", "")
		if error.get("function") != GameOutput.COMPILING or known.has(file) or not selection.may_hold(file):
			continue
		known[file] = true
		broken.append({
			"suite": file, "name": "", "status": "error", "durationMs": 0,
			"message": error["message"], "file": file, "line": error["line"]})
	return broken
