## Reads the JUnit reports of GUT and GdUnit4. Both leave some text unescaped, so whatever is no known element is passed over.
extends RefCounted

const JunitReport := preload("junit_report.gd")

## Statuses of GUT's own attribute; other writers have none and say it by the elements inside.
const GUT_STATUSES: Dictionary = {"fail": "failed", "pending": "skipped", "skipped": "skipped", "not run": "skipped"}
const ELEMENT_STATUSES: Dictionary = {"failure": "failed", "error": "error", "skipped": "skipped"}

## {suite, name, status, durationMs, message?, file?, line?} of each test, in the report's order.
var tests: Array[Dictionary] = []

var _parser := XMLParser.new()
var _suite: String = ""
## The test whose element is open; empty between tests.
var _test: Dictionary = {}
## Text is taken only inside of a failure and the like.
var _takes_text: bool = false
var _gdunit_place := RegEx.create_from_string("(res://\\S+):(\\d+)")
var _gut_line := RegEx.create_from_string("\\n\\s*at line (\\d+)\\s*$")


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
				var text := _parser.get_node_data() if _parser.get_node_type() == XMLParser.NODE_TEXT else _parser.get_node_name()
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
			"text": "",
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
	if line != null and not _test.has("line"):
		_test["file"] = _test["suite"]
		_test["line"] = line.get_string(1).to_int()
		text = ("\n" + text).left(line.get_start()).strip_edges()
	if not text.is_empty():
		_test["message"] = text
	tests.append(_test)
	_test = {}


func _attribute(name: String) -> String:
	return _parser.get_named_attribute_value_safe(name)


## GdUnit4 gives the file as the package, GUT as the name without its "res://".
static func _path_of(package: String, name: String) -> String:
	var path := package if package.ends_with(".gd") or package.begins_with("res://") else name
	return path if path.begins_with("res://") or not path.contains(".gd") else "res://" + path
