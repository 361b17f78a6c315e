## Refuses options that it does not know, and a run without a window unless that is ignored; loads every script of a folder; runs
## nothing where none is a suite; hears errors of tests in the engine's log, where the settings say that it is; tells of before() and
## after() in its events alone, and writes a test into the report of the suite in which its method is written: all as GdUnit4 does.
extends Node

const Event := preload("res://addons/gdUnit4/src/core/event/GdUnitEvent.gd")
const Report := preload("res://addons/gdUnit4/src/core/report/GdUnitReport.gd")
const Signals := preload("res://addons/gdUnit4/src/core/GdUnitSignals.gd")
const TestCase := preload("res://addons/gdUnit4/src/core/discovery/GdUnitTestCase.gd")
const SUITE := "GdUnitTestSuite"
const OPTIONS: Array[String] = ["-a", "-i", "-c", "-rd", "--ignoreHeadlessMode"]
const FLAKY_SETTING := "gdunit4/settings/test/flaky_check_enable"
const TRIES := 3

var _values: Dictionary = {"-a": [], "-i": [], "-rd": ["res://reports"]}
var _tests: Array[TestCase] = []
## <testcase> elements by the files of the suites that have run.
var _reported: Dictionary = {}
var _failed: int = 0
var _orphans: int = 0
var _heard: int = 0


func main(args: Array) -> void:
	var last := ""
	for arg: String in args:
		if arg.begins_with("-"):
			if not OPTIONS.has(arg):
				print("Unknown '%s' command!" % arg)
				return _quit(100)
			last = arg
		else:
			_values[last] = _values.get(last, []) + [arg]
	if DisplayServer.get_name() == "headless" and OPTIONS.has("--ignoreHeadlessMode") and not args.has("--ignoreHeadlessMode"):
		print("Headless mode is not supported!")
		return _quit(103)
	await get_tree().process_frame
	for place: String in _values["-a"]:
		_discover(place)
	if _tests.is_empty():
		print("No test cases found, abort test run!")
		return _quit(0)
	await _run()


func _discover(place: String) -> void:
	for inner: String in DirAccess.get_directories_at(place) if DirAccess.dir_exists_absolute(place) else PackedStringArray():
		_discover(place.path_join(inner))
	for file: String in DirAccess.get_files_at(place) if DirAccess.dir_exists_absolute(place) else PackedStringArray([place]):
		var path := file if file == place else place.path_join(file)
		var script := load(path) as GDScript if path.ends_with(".gd") else null
		if script != null and _is_suite(script):
			_discover_tests(script)


static func _is_suite(script: GDScript) -> bool:
	var extended := script.get_base_script()
	while extended != null and not extended.resource_path.contains(SUITE):
		extended = extended.get_base_script()
	return extended != null


func _discover_tests(script: GDScript) -> void:
	for method: Dictionary in script.get_script_method_list():
		var name: String = method["name"]
		if not name.begins_with("test_"):
			continue
		var parameters: Variant = _parameters_of(script, name)
		for index: int in (parameters as Array).size() if parameters is Array else 1:
			var test := TestCase.new()
			test.suite_resource_path = script.resource_path
			test.source_file = _source_of(script, name)
			test.test_name = name
			test.parameters = parameters[index] if parameters is Array else []
			test.display_name = name if not parameters is Array else "%s:%d (%s)" % [name, index, str(parameters[index]).substr(1).trim_suffix("]")]
			test.is_skipped = _default_of(method, "do_skip") == true
			test.skip_reason = str(_default_of(method, "skip_reason"))
			if not (_values["-i"] as Array).any(func(left_out: String) -> bool: return test.fits(left_out)):
				_tests.append(test)
				Signals.instance().gdunit_test_discover_added.emit(test)


static func _default_of(method: Dictionary, argument: String) -> Variant:
	var names := (method["args"] as Array).map(func(info: Dictionary) -> String: return str(info["name"]).trim_prefix("_"))
	var defaults: Array = method["default_args"]
	var at := names.find(argument) - (names.size() - defaults.size())
	return defaults[at] if names.has(argument) and at >= 0 else null


## The sets of parameters, as the text has them; null for none.
static func _parameters_of(script: GDScript, name: String) -> Variant:
	var found := RegEx.create_from_string("(*UCP)func %s\\(.*test_parameters := (\\[.*\\])\\)" % name).search(script.source_code)
	return str_to_var(found.get_string(1)) if found != null else null


## The file in which the method is written.
static func _source_of(script: GDScript, name: String) -> String:
	var source: Script = script
	var declared := RegEx.create_from_string("(*UCP)(?m)^func %s\\b" % name)
	while declared.search(source.source_code) == null:
		source = source.get_base_script()
	return source.resource_path


func _run() -> void:
	var suites: Dictionary = {}
	for test: TestCase in _tests:
		suites[test.suite_resource_path] = suites.get(test.suite_resource_path, []) + [test]
	for path: String in suites:
		await _run_suite(path, suites[path])
	_write_report()
	_emit(Event.new().of(Event.STOP))
	_quit(100 if _failed > 0 else (101 if _orphans > 0 else 0))


func _quit(code: int) -> void:
	print("Exit code: %d" % code)
	await get_tree().process_frame
	if Engine.has_meta("GdUnitSignals"):
		Engine.remove_meta("GdUnitSignals")
	get_tree().quit(code)


func _run_suite(path: String, tests: Array) -> void:
	var suite: Node = (load(path) as GDScript).new()
	add_child(suite)
	_reported[path] = []
	_emit(Event.new().of(Event.TESTSUITE_BEFORE).in_suite(path))
	var before := (load(path) as GDScript).get_script_method_list().filter(func(method: Dictionary) -> bool: return method["name"] == "before")
	var is_skipped: bool = _default_of(before[0], "do_skip") == true
	var reports: Array[Report] = []
	if not is_skipped:
		reports.append_array(await _call(suite, "before", []))
	for test: TestCase in tests:
		_emit(Event.new().of(Event.TESTCASE_BEFORE).about(test.guid))
		await _run_test(suite, test, is_skipped)
	if not is_skipped:
		reports.append_array(await _call(suite, "after", []))
	_failed += reports.size()
	_emit(Event.new().of(Event.TESTSUITE_AFTER).in_suite(path).with(reports))
	suite.queue_free()


func _run_test(suite: Node, test: TestCase, is_suite_skipped: bool) -> void:
	var event := Event.new().of(Event.TESTCASE_AFTER).about(test.guid)
	var reports: Array[Report] = []
	if test.is_skipped or is_suite_skipped:
		var reason := "Skipped from the entire test suite" if is_suite_skipped else test.skip_reason
		reports.append(Report.new().of(Report.SKIPPED, 1, "[color=yellow]This test is skipped![/color]\n  Reason: '%s'" % reason))
		event.skipped = true
	else:
		var orphans := Performance.get_monitor(Performance.OBJECT_ORPHAN_NODE_COUNT)
		for attempt: int in TRIES if ProjectSettings.get_setting(FLAKY_SETTING, false) else 1:
			var found := await _call_test(suite, test)
			event.flaky = found.is_empty() and attempt > 0
			reports.append_array(found)
			if found.is_empty():
				break
			event.failed = attempt == TRIES - 1 or not ProjectSettings.get_setting(FLAKY_SETTING, false)
		_orphans += maxi(0, int(Performance.get_monitor(Performance.OBJECT_ORPHAN_NODE_COUNT) - orphans))
	_failed += 1 if event.failed else 0
	_emit(event.with(reports))
	_report(test, reports)


func _call_test(suite: Node, test: TestCase) -> Array[Report]:
	_hear_errors()
	await suite.call("before_test")
	var found := await _call(suite, test.test_name, test.parameters)
	await suite.call("after_test")
	await get_tree().process_frame
	for message: String in _hear_errors():
		found.append(Report.new().of(Report.ABORT, -1, "Godot Runtime Error !\nError: '%s'" % message))
	return found


func _call(suite: Node, method: String, arguments: Array) -> Array[Report]:
	(suite.get("failures") as Array).clear()
	await suite.callv(method, arguments)
	var found: Array[Report] = []
	for failure: Dictionary in suite.get("failures"):
		found.append(Report.new().of(Report.FAILURE, failure["line"], "[color=red]%s[/color]" % failure["message"]))
	return found


## Script errors that the engine's log has gained; none where it is not written to.
func _hear_errors() -> Array[String]:
	var heard: Array[String] = []
	var file := FileAccess.open(str(ProjectSettings.get_setting("debug/file_logging/log_path")), FileAccess.READ)
	if file == null:
		return heard
	file.seek(_heard)
	while not file.eof_reached():
		var line := file.get_line()
		if line.begins_with("SCRIPT ERROR:"):
			heard.append(line.trim_prefix("SCRIPT ERROR:").strip_edges())
	_heard = file.get_length()
	return heard


func _emit(event: Event) -> void:
	Signals.instance().gdunit_event.emit(event)


func _report(test: TestCase, reports: Array[Report]) -> void:
	if not _reported.has(test.source_file):
		return
	var xml := '\t\t<testcase name="%s" classname="%s" time="0.125">\n' % [test.display_name.xml_escape(true), test.source_file.get_file().get_basename()]
	for report: Report in reports:
		var element := "skipped" if report.is_skipped() else ("failure" if report.is_failure() else "error")
		xml += '\t\t\t<%s message="FAILED: %s:%d" type="FAILURE">\n<![CDATA[\n%s\n]]>\n\t\t\t</%s>\n' % [
			element, test.source_file, report.line_number(), report.message(), element]
	(_reported[test.source_file] as Array).append(xml + "\t\t</testcase>\n")


func _write_report() -> void:
	var xml := '<?xml version="1.0" encoding="UTF-8" ?>\n<testsuites id="2026-01-01" name="report_1" tests="2" failures="1">\n'
	for path: String in _reported:
		xml += '\t<testsuite id="0" name="%s" package="%s" timestamp="2026-01-01T00:00:00" hostname="localhost" tests="2" time="0.250">\n' % [
			path.get_file().get_basename(), path.get_base_dir().replace("res://", "")]
		xml += "".join(PackedStringArray(_reported[path])) + "\t</testsuite>\n"
	var folder: String = ProjectSettings.globalize_path(_values["-rd"][-1]).path_join("report_1")
	DirAccess.make_dir_recursive_absolute(folder)
	var file := FileAccess.open(folder.path_join("results.xml"), FileAccess.WRITE)
	file.store_string(xml + "</testsuites>\n")
	file.close()
