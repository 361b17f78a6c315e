## What the exit codes of GUT and GdUnit4 say beside their tests: GutRunner.gd of GUT 9.7, GdUnitTestSessionRunner.gd of GdUnit4 6.1.
extends RefCounted

const TITLES: Dictionary = {"gut": "GUT", "gdunit4": "GdUnit4"}
## Codes with which a framework says that all is well; 101 of GdUnit4 is that nodes were left behind.
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


## Whether the framework has failed, whatever its tests say. A process without an exit code has not said so.
static func is_failure(framework: String, exit_code: Variant) -> bool:
	return GOOD.has(framework) and exit_code is int and not exit_code in GOOD[framework]


## What to say of the exit code where the outcomes are known; empty when they say it already.
static func note(framework: String, exit_code: Variant, outcomes: Array[Dictionary]) -> String:
	var is_explained := outcomes.any(func(outcome: Dictionary) -> bool: return outcome["status"] in ["failed", "error"])
	if not exit_code is int or exit_code == 0 or (is_explained and exit_code in [1, 100]):
		return ""
	return (NOTES[framework] as Dictionary).get(exit_code, "It ended with %d." % exit_code)


## What to say of a framework that has told nothing of its tests, neither while they ran nor at its end.
static func unknown(framework: String, exit_code: Variant) -> String:
	var ended := "%s ended with %s" % [TITLES[framework], exit_code] if exit_code is int else "%s was ended" % TITLES[framework]
	var unread := "%s and told nothing of any test: what became of them, if any ran, is not known. `output` is what it said." % ended
	return (REASONS.get(framework, {}) as Dictionary).get(exit_code, unread)
