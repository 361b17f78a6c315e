## Sees the tests of GUT begin and end by its own signals, in its process. Its report
## (junit_xml_export.gd) is written only when all is over, names a test once that was run twice, and
## has no word of hooks that failed and of scripts that were skipped. Signals and members: gut.gd,
## collected_script.gd and collected_test.gd of GUT 9.1 to 9.7.
extends RefCounted

const OutcomeWriter := preload("outcome_reader.gd").OutcomeWriter
const SuiteMethods := preload("suite_methods.gd")

const MAIN := "res://addons/gut/gut.gd"
const RISKY := "It has asserted nothing, which GUT calls risky."
const AFTER_ALL := "after_all"

var _tree: SceneTree
var _path: String
var _outcomes: OutcomeWriter
## GUT's own node: the first one, its tests may make more.
var _gut: Node
## What GUT has collected of the script that runs; null between scripts.
var _script: Object
## How many of its tests have ended.
var _ended: int = 0
var _line := RegEx.create_from_string("\\n\\s*at line (-?\\d+)\\s*$")


func _init(tree: SceneTree, path: String) -> void:
	_tree = tree
	_path = path
	tree.node_added.connect(_look_at)


func _look_at(node: Node) -> void:
	var script := node.get_script() as Script
	if script == null or script.resource_path != MAIN:
		return
	_tree.node_added.disconnect(_look_at)
	_gut = node
	_outcomes = OutcomeWriter.new(_path, _tree)
	for event: String in ["start_run", "start_script", "start_test", "end_test", "end_script",
			"end_run"]:
		if _gut.has_signal(event):
			_gut.connect(event, Callable(self, "_on_" + event))


func _on_start_run() -> void:
	_outcomes.plan(_gut.call("get_test_collector").call("get_test_count"))


## A script that is skipped begins and does not end.
func _on_start_script(script: Object) -> void:
	_end_script()
	_script = script
	_ended = 0
	_approach_next()


## before_all() and before_each() have run already.
func _on_start_test(name: String) -> void:
	_outcomes.begin(_suite(), name)


func _on_end_test() -> void:
	_tell(_gut.call("get_current_test_object"))
	_ended += 1
	_approach_next()


func _on_end_script() -> void:
	_end_script()


func _on_end_run() -> void:
	_end_script()
	_outcomes.complete()


func _end_script() -> void:
	if _script == null:
		return
	for hook: Object in _script.get("setup_teardown_tests"):
		if not (hook.get("fail_texts") as Array).is_empty():
			_tell(hook)
	if _script.get("was_skipped"):
		_outcomes.end({
			"suite": _suite(), "name": "", "status": "skipped", "durationMs": 0,
			"message": "The whole script is skipped: %s" % _script.get("skip_reason")})
	_outcomes.end_suite(_suite())
	_script = null


func _suite() -> String:
	return _script.call("get_full_name")


func _approach_next() -> void:
	var part: String = _gut.get("unit_test_name")
	var names: Array = (_script.get("tests") as Array) \
			.map(func(test: Object) -> String: return test.get("name")).filter(
			func(name: String) -> bool: return part.is_empty() or name.contains(part))
	_outcomes.approach(_suite(), names[_ended] if _ended < names.size() else AFTER_ALL)


func _tell(test: Object) -> void:
	var name: String = test.get("name")
	var failures: Array = test.get("fail_texts")
	var pending: Array = test.get("pending_texts")
	var seconds: Variant = test.get("time_taken")
	var outcome: Dictionary = {
		"suite": _suite(), "name": name, "status": "passed", "durationMs": seconds * 1000.0
		if seconds is float else 0.0}
	if not failures.is_empty():
		outcome["status"] = "failed"
		outcome.merge(_failure(name, failures))
	elif not pending.is_empty():
		outcome.merge({"status": "skipped", "message": "\n".join(PackedStringArray(pending))}, true)
	elif (test.get("pass_texts") as Array).is_empty():
		outcome["message"] = RISKY
	_outcomes.end(outcome)


## What failed, and where: GUT says the line at the end of each text, -1 where it does not know it.
func _failure(name: String, texts: Array) -> Dictionary:
	var failure: Dictionary = {}
	var messages: PackedStringArray = []
	for text: String in texts:
		var found := _line.search("\n" + text)
		messages.append(text.strip_edges() if found == null
				else ("\n" + text).left(found.get_start()).strip_edges())
		if found != null and found.get_string(1).to_int() > 0 and not failure.has("line"):
			failure["line"] = found.get_string(1).to_int()
			failure["file"] = _file_of(name)
	failure["message"] = "\n".join(messages)
	return failure


## Where the method is written: the script's own file, or that of one which it extends.
func _file_of(name: String) -> String:
	var owner: Script = SuiteMethods.new().owners_in(_script.call("load_script") as Script) \
			.get(name)
	return _script.get("path") if owner == null or owner.resource_path.is_empty() \
			else owner.resource_path
