/**
 * Stand-ins for GUT and GdUnit4: scripts at the same paths that begin in the same way, take the same options, end with the same
 * codes and write the same reports, for suites whose tests return why they fail. Written from the real ones' sources (GUT 9.5:
 * gut_cmdln.gd, cli/gut_cli.gd, cli/optparse.gd, gut_config.gd, gui/GutRunner.gd, test_collector.gd, result_exporter.gd,
 * junit_xml_export.gd; GdUnit4 6.2: GdUnitCmdTool.gd, CmdArgumentParser.gd, GdUnitTestCIRunner.gd, GdUnitTestSessionRunner.gd,
 * GdUnitTestSuiteScanner.gd, JUnitXmlReportWriter.gd, XmlElement.gd), which can't be packed into this repository.
 */

/**
 * Waits for its main loop, refuses options that GUT does not have, takes what is not given from its configuration, goes on
 * without a suite that does not compile, and leaves text unescaped in its report, all as GUT does.
 */
const GUT = `extends SceneTree

const OPTIONS := ["-gexit", "-gdisable_colors", "-gjunit_xml_file", "-gdir", "-ginclude_subdirs", "-gtest", "-gunit_test_name"]
const STATUSES := {"": "pass", "pending": "pending", "nothing": "no asserts"}


func _init() -> void:
	while Engine.get_main_loop() == null:
		await create_timer(0.01).timeout
	_run()


func _run() -> void:
	var given: Dictionary = {}
	var args := OS.get_cmdline_args()
	args.remove_at(args.find("-s") + 1)
	args.remove_at(args.find("-s"))
	for arg: String in args:
		given[arg.get_slice("=", 0)] = arg.get_slice("=", 1)
	for option: String in given:
		if not OPTIONS.has(option):
			print("Unknown arguments:  ", [option])
			quit(1)
			return
	var config: Variant = {}
	if FileAccess.file_exists("res://.gutconfig.json"):
		config = JSON.parse_string(FileAccess.get_file_as_string("res://.gutconfig.json"))
		if not config is Dictionary:
			print("Invalid gutconfig ", -1)
			quit(1)
			return
	var suites: Array[String] = []
	for folder: String in _list(given, "-gdir", config, "dirs"):
		for file: String in DirAccess.get_files_at(folder):
			if file.begins_with("test_") and file.ends_with(".gd"):
				suites.append(folder.path_join(file))
	for suite: String in _list(given, "-gtest", config, "tests"):
		if not suites.has(suite):
			suites.append(suite)
	var xml := '<?xml version="1.0" encoding="UTF-8"?>\\n<testsuites name="GutTests" failures="0" tests="0" >\\n'
	for suite: String in suites:
		xml += '  <testsuite name="%s" tests="1" failures="0" skipped="0" time="0.25" >\\n' % suite.trim_prefix("res://")
		xml += _run_suite(suite, given.get("-gunit_test_name", ""))
		xml += "  </testsuite>\\n"
	var file := FileAccess.open(given["-gjunit_xml_file"], FileAccess.WRITE)
	file.store_string(xml + "</testsuites>")
	file.close()
	quit(1 if xml.contains("<failure") or FileAccess.file_exists("res://fails_outside") else 0)


func _list(given: Dictionary, option: String, config: Dictionary, key: String) -> Array:
	return Array((given[option] as String).split(",", false)) if given.has(option) else config.get(key, [])


func _run_suite(suite: String, part: String) -> String:
	var xml := ""
	var script := load(suite) as GDScript
	if script == null or not script.can_instantiate():
		return ""
	var test: RefCounted = script.new()
	for method: Dictionary in (test.get_script() as GDScript).get_script_method_list():
		var name: String = method["name"]
		if not name.begins_with("test_") or not (part.is_empty() or name.contains(part)):
			continue
		var said: String = test.call(name)
		xml += '    <testcase name="%s" assertions="1" status="%s" classname="%s" time="0.125" >\\n' % [
			name, STATUSES.get(said, "fail"), suite.trim_prefix("res://")]
		if said == "pending":
			xml += '<skipped message="pending">not yet</skipped>'
		elif not STATUSES.has(said):
			xml += '<failure message="failed">%s\\n      at line 12</failure>' % said
		xml += "</testcase>\\n"
	return xml
`;

/**
 * Knows its arguments by the name of its script, needs --ignoreHeadlessMode, runs nothing when a suite does not compile, puts its
 * report into a folder of its own and tries a test again that has failed if it returns so, all as GdUnit4 does without a display.
 */
const GDUNIT4 = `extends SceneTree


func _initialize() -> void:
	var args := Array(OS.get_cmdline_args())
	while not (args.pop_front() as String).contains("GdUnitCmdTool.gd"):
		pass
	if not args.has("--ignoreHeadlessMode") or not args.has("-c"):
		quit(103)
		return
	var ignored: Array = _values(args, "-i")
	var report: String = ProjectSettings.globalize_path(_values(args, "-rd")[0]).path_join("report_1")
	DirAccess.make_dir_recursive_absolute(report)
	var xml := '<?xml version="1.0" encoding="UTF-8" ?>\\n<testsuites id="2026-01-01" name="report_1" tests="2" failures="1">\\n'
	for place: String in _values(args, "-a"):
		for suite: String in _suites_in(place):
			var script := load(suite) as GDScript
			if script == null or not script.can_instantiate():
				print("Abnormal exit with 105")
				quit(105)
				return
			xml += '\\t<testsuite id="0" name="%s" package="%s" timestamp="2026-01-01T00:00:00" hostname="localhost" tests="2" time="0.250">\\n' % [
				suite.get_file().get_basename(), suite.get_base_dir().replace("res://", "")]
			xml += _run_suite(suite, ignored) + "\\t</testsuite>\\n"
	var file := FileAccess.open(report.path_join("results.xml"), FileAccess.WRITE)
	file.store_string(xml + "</testsuites>\\n")
	file.close()
	var failed := xml.contains("<failure") and not xml.contains("flaky")
	quit(100 if failed else (101 if xml.contains("leaves") else 0))


func _values(args: Array, option: String) -> Array:
	var values: Array = []
	for index: int in args.size() - 1:
		if args[index] == option:
			values.append(args[index + 1])
	return values


func _suites_in(place: String) -> Array:
	if place.ends_with(".gd"):
		return [place]
	return Array(DirAccess.get_files_at(place)).filter(func(file: String) -> bool: return file.ends_with("_test.gd")) \\
			.map(func(file: String) -> String: return place.path_join(file))


func _run_suite(suite: String, ignored: Array) -> String:
	var xml := ""
	var test: RefCounted = (load(suite) as GDScript).new()
	for method: Dictionary in (test.get_script() as GDScript).get_script_method_list():
		var name: String = method["name"]
		if not name.begins_with("test_") or ignored.has(suite + ":" + name):
			continue
		var said: String = test.call(name)
		xml += _test_case(suite, name, said)
		if said == "flaky":
			xml += _test_case(suite, name, "")
	return xml


func _test_case(suite: String, name: String, said: String) -> String:
	var xml := '\\t\\t<testcase name="%s" classname="%s" time="0.125">\\n' % [name, suite.get_file().get_basename()]
	if not said.is_empty():
		xml += '\\t\\t\\t<failure message="FAILED: %s:%d" type="FAILURE">\\n<![CDATA[\\n%s\\n]]>\\n\\t\\t\\t</failure>\\n' % [suite, 7, said]
	return xml + "\\t\\t</testcase>\\n"
`;

/** Files of a project that has GUT. */
export const WITH_GUT = { "addons/gut/gut_cmdln.gd": GUT };
/** Files of a project that has GdUnit4. */
export const WITH_GDUNIT4 = { "addons/gdUnit4/bin/GdUnitCmdTool.gd": GDUNIT4 };

/** A suite for either: each test returns why it fails, "" when it does not. */
export function suiteOf(tests: Record<string, string>): string {
  const methods = Object.entries(tests).map(
    ([name, said]) => `func ${name}() -> String:\n\treturn ${JSON.stringify(said)}\n`,
  );
  return `extends RefCounted\n\n\n${methods.join("\n\n")}`;
}
