## Sees the tests of GdUnit4 begin and end by its own events, in its process. Its report
## (JUnitXmlReportWriter.gd) is written only when all is over, counts an inherited test to the suite
## that it is inherited from or not at all, and has no word of before() and after(). Events:
## GdUnitEvent.gd of GdUnit4 4.2 to 6.1; before 5.0 they name their tests, since then by the ids of
## discovered ones.
extends RefCounted

const OutcomeWriter := preload("outcome_reader.gd").OutcomeWriter

const SOURCES := "res://addons/gdUnit4/src/core/"
const FLAKY := "It has failed before it passed: GdUnit4 has tried it again."

var _outcomes: OutcomeWriter
## Numbers of GdUnit4's events by their names.
var _types: Dictionary = {}
## What GdUnit4 knows of each test, by its id.
var _discovered: Dictionary = {}
## The suite that runs.
var _suite: String = ""
## How many of its tests have ended.
var _ended: int = 0
## Which test has ended last, and why it had failed: before 5.1, each try of a test that is tried
## again has its events.
var _newest_id: String = ""
var _newest_reason: String = ""
## Makes plain text of what is meant for a console.
var _plain: Callable


func _init(tree: SceneTree, path: String) -> void:
	if not FileAccess.file_exists(SOURCES + "GdUnitSignals.gd"):
		return
	var signals: Object = (load(SOURCES + "GdUnitSignals.gd") as Script).call("instance")
	_types = (load(SOURCES + "event/GdUnitEvent.gd") as Script).get_script_constant_map()
	_plain = Callable(load(SOURCES + "GdUnitTools.gd") as Script, "richtext_normalize")
	_outcomes = OutcomeWriter.new(path, tree)
	signals.connect("gdunit_event", _take)
	if signals.has_signal("gdunit_test_discover_added"):
		signals.connect("gdunit_test_discover_added", _discover)


func _discover(test: Object) -> void:
	_discovered[_id_of(test.get("guid"))] = test
	_outcomes.plan(_discovered.size())


func _take(event: Object) -> void:
	match event.call("type"):
		_types.TESTSUITE_BEFORE:
			_suite = event.call("resource_path")
			_ended = 0
			_outcomes.begin(_suite, "before")
		_types.TESTCASE_BEFORE:
			_outcomes.begin(_suite, _name_of(event))
		_types.TESTCASE_AFTER:
			_end_test(event)
		_types.TESTSUITE_AFTER:
			_end_suite(event)
		_types.STOP:
			_outcomes.complete()


func _end_test(event: Object) -> void:
	var test := _test_of(event)
	var outcome: Dictionary = {
		"suite": _suite, "name": _name_of(event), "status": _status_of(event),
		"durationMs": event.call("elapsed_time")}
	outcome.merge(_reasons(event, test.get("source_file") if test != null else _suite))
	var id := _id_of(test.get("guid")) if test != null else "%s:%s" % [_suite, outcome["name"]]
	var is_tried_again := id == _newest_id
	if outcome["status"] == "passed" and (is_tried_again
			or (event.has_method("is_flaky") and event.call("is_flaky"))):
		outcome["message"] = ("%s %s" % [FLAKY, outcome.get("message", _newest_reason)]) \
				.strip_edges()
	_newest_id = id
	_newest_reason = outcome.get("message", "")
	_ended += 1
	_outcomes.end(outcome, is_tried_again)
	_outcomes.begin(_suite, "after")


## What before() and after() have reported. A suite that is skipped says so; GdUnit4 since 5.0 says
## it of each of its tests, too.
func _end_suite(event: Object) -> void:
	var reasons := _reasons(event, _suite)
	var status := _status_of(event)
	if reasons.has("message") and (status in ["failed", "error"]
			or (status == "skipped" and _ended == 0)):
		_outcomes.end({"suite": _suite, "name": "", "status": status,
				"durationMs": 0}.merged(reasons))
	_outcomes.end_suite(_suite)


static func _status_of(event: Object) -> String:
	if event.call("is_skipped"):
		return "skipped"
	if event.call("is_failed"):
		return "failed"
	return "error" if event.call("is_error") else "passed"


## {message, file, line} of what an event reports; empty when it reports nothing.
func _reasons(event: Object, file: String) -> Dictionary:
	var reasons: Dictionary = {}
	var messages: PackedStringArray = []
	for report: Object in event.call("reports"):
		if not (report.call("is_failure") or report.call("is_error") or report.call("is_skipped")):
			continue
		messages.append(str(_plain.call(report.call("message"))).strip_edges())
		if int(report.call("line_number")) > 0 and not reasons.has("line"):
			reasons.merge({"file": file, "line": report.call("line_number")})
	if not messages.is_empty():
		reasons["message"] = "\n".join(messages)
	return reasons


func _name_of(event: Object) -> String:
	var test := _test_of(event)
	return test.get("display_name") if test != null else event.call("test_name")


## What was discovered of the test that an event is about; null when it names the test itself.
func _test_of(event: Object) -> Object:
	return _discovered.get(_id_of(event.call("guid"))) if event.has_method("guid") else null


static func _id_of(guid: Object) -> String:
	return str(guid.get("_guid")) if guid != null else ""
