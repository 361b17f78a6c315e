## Reads the JUnit reports of GUT (junit_xml_export.gd of 9.0 to 9.7) and GdUnit4
## (JUnitXmlReportWriter.gd of 4.2 to 6.1), which a framework leaves at its end. Both leave some
## text unescaped, so whatever is no known element is passed over.
extends RefCounted

const GdUnit4Recorder := preload("gdunit4_recorder.gd")
const GutRecorder := preload("gut_recorder.gd")
const JunitReport := preload("junit_report.gd")

## Statuses of GUT's own attribute; other writers have none and say it by the elements inside.
const GUT_STATUSES: Dictionary = {"fail": "failed", "pending": "skipped", "skipped": "skipped",
		"not run": "skipped"}
const ELEMENT_STATUSES: Dictionary = {"failure": "failed", "error": "error", "skipped": "skipped"}
## GUT's status of a test that has asserted nothing: it does not fail for that, and says so as
## "risky" in its summary.
const WITHOUT_ASSERTS := "no asserts"
const RISKY := GutRecorder.RISKY
const FLAKY := GdUnit4Recorder.FLAKY
## Files that GdUnit4 takes for suites: its report says their folder and name.
const SUITE_ENDINGS: Array[String] = [".gd", ".cs"]

## {suite, name, status, durationMs, message?, file?, line?} of each test, in the report's order.
var tests: Array[Dictionary] = []

var _parser := XMLParser.new()
var _suite: String = ""
## The test whose element is open; empty between tests.
var _test: Dictionary = {}
## Text is taken only inside of a failure and the like.
var _takes_text: bool = false
var _gdunit_place := RegEx.create_from_string("(res://[^\\n]+?):(\\d+)")
var _gut_line := RegEx.create_from_string("\\n\\s*at line (-?\\d+)\\s*$")


## Null when there is no report at that path.
static func read(path: String) -> JunitReport:
	var report := JunitReport.new()
	if not FileAccess.file_exists(path) or report._parser.open(path) != OK:
		return null
	while report._parser.read() == OK:
		report._take()
	report._close()
	return report


func _take() -> void:
	match _parser.get_node_type():
		XMLParser.NODE_ELEMENT:
			_open(_parser.get_node_name())
		XMLParser.NODE_TEXT, XMLParser.NODE_CDATA:
			if _takes_text and not _test.is_empty():
				var text := _parser.get_node_data() \
						if _parser.get_node_type() == XMLParser.NODE_TEXT \
						else _parser.get_node_name()
				_test["text"] += text
		XMLParser.NODE_ELEMENT_END:
			_takes_text = _takes_text and not ELEMENT_STATUSES.has(_parser.get_node_name())
			if _parser.get_node_name() == "testcase":
				_close()


func _open(element: String) -> void:
	if element == "testsuite":
		_suite = _path_of(_attribute("package"), _attribute("name"))
	elif element == "testcase":
		_close()
		_test = {
			"suite": _suite,
			"name": _attribute("name"),
			"status": GUT_STATUSES.get(_attribute("status"), "passed"),
			"durationMs": _attribute("time").to_float() * 1000.0,
			"text": RISKY if _attribute("status") == WITHOUT_ASSERTS else "",
		}
		if _parser.is_empty():
			_close()
	elif ELEMENT_STATUSES.has(element) and not _test.is_empty():
		_test["status"] = ELEMENT_STATUSES[element]
		_place(_attribute("message"))
		_takes_text = not _parser.is_empty()


## GdUnit4 names the place in the attribute, GUT the line at the end of the text.
func _place(message: String) -> void:
	var found := _gdunit_place.search(message)
	if found != null and not _test.has("line"):
		_test["file"] = found.get_string(1)
		_test["line"] = found.get_string(2).to_int()


func _close() -> void:
	_takes_text = false
	if _test.is_empty():
		return
	var text: String = _test["text"].strip_edges()
	_test.erase("text")
	var line := _gut_line.search("\n" + text)
	if line != null:
		text = ("\n" + text).left(line.get_start()).strip_edges()
		_place_at(line.get_string(1).to_int())
	if not text.is_empty():
		_test["message"] = text
	tests.append(_test)
	_test = {}


## GUT does not always know the line: it says -1 then. A suite that is a class in a file is named
## behind the file.
func _place_at(line: int) -> void:
	if line > 0 and not _test.has("line"):
		var suite: String = _test["suite"]
		_test["file"] = suite.left(suite.find(".gd") + 3)
		_test["line"] = line


## GdUnit4 may report each try of a test that it has tried again: the last one counts. Only where
## nothing has failed in the end: tests of two suites may have one name in a report, too.
func merge_tries() -> void:
	var merged: Array[Dictionary] = []
	for test: Dictionary in tests:
		var tried: Dictionary = merged[-1] if not merged.is_empty() else {}
		if tried.get("suite") == test["suite"] and tried["name"] == test["name"]:
			merged.pop_back()
			if test["status"] == "passed" and tried["status"] != "passed":
				test["message"] = ("%s %s" % [FLAKY, tried.get("message", "")]).strip_edges()
		merged.append(test)
	tests = merged


func _attribute(name: String) -> String:
	return _parser.get_named_attribute_value_safe(name)


## GUT names a suite by its path, with the class in it if it is one: "test/test_a.gd.TestInner".
## GdUnit4 says the folder as the package and the file without its ending as the name. Both leave
## "res://" out.
static func _path_of(package: String, name: String) -> String:
	if name.contains(".gd"):
		return name if name.begins_with("res://") else "res://" + name
	var path := ("res://" + package.trim_prefix("res://")).path_join(name)
	for ending: String in SUITE_ENDINGS:
		if FileAccess.file_exists(path + ending):
			return path + ending
	return path
