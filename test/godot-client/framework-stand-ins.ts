/**
 * Stand-ins for GUT and GdUnit4: scripts at the same paths that take the same options and write the same reports, for suites
 * whose tests return why they fail. Written from the real ones' sources (GUT 9: cli/gut_cli.gd, junit_xml_export.gd; GdUnit4 6:
 * GdUnitTestCIRunner.gd, JUnitXmlReport.gd), which can't be packed into this repository.
 */

/** Refuses options that GUT does not have, as GUT does; its report leaves text unescaped, as GUT's does. */
const GUT = `extends SceneTree

const OPTIONS := ["-gexit", "-gdisable_colors", "-gjunit_xml_file", "-gdir", "-ginclude_subdirs", "-gtest", "-gunit_test_name"]
const STATUSES := {"": "pass", "pending": "pending"}


func _initialize() -> void:
	var given: Dictionary = {}
	var args := OS.get_cmdline_args()
	args.remove_at(args.find("-s"))
	args.remove_at(args.find("res://addons/gut/gut_cmdln.gd"))
	for arg: String in args:
		given[arg.get_slice("=", 0)] = arg.get_slice("=", 1)
	for option: String in given:
		if not OPTIONS.has(option):
			print("Unknown arguments:  ", [option])
			quit(1)
			return
	var suites: Array[String] = []
	var folders: Array = Array((given.get("-gdir", "") as String).split(",", false))
	if not given.has("-gdir"):
		var config: Variant = JSON.parse_string(FileAccess.get_file_as_string("res://.gutconfig.json"))
		if not config is Dictionary:
			print("Invalid gutconfig ", -1)
			quit(1)
			return
		folders = config["dirs"]
	for folder: String in folders:
		for file: String in DirAccess.get_files_at(folder):
			if file.begins_with("test_") and file.ends_with(".gd"):
				suites.append(folder.path_join(file))
	suites.append_array(Array((given.get("-gtest", "") as String).split(",", false)))
	var xml := '<?xml version="1.0" encoding="UTF-8"?>\\n<testsuites name="GutTests" failures="0" tests="0" >\\n'
	for suite: String in suites:
		xml += '  <testsuite name="%s" tests="1" failures="0" skipped="0" time="0.25" >\\n' % suite.trim_prefix("res://")
		xml += _run_suite(suite, given.get("-gunit_test_name", ""))
		xml += "  </testsuite>\\n"
	var file := FileAccess.open(given["-gjunit_xml_file"], FileAccess.WRITE)
	file.store_string(xml + "</testsuites>")
	file.close()
	quit(1 if xml.contains("<failure") else 0)


func _run_suite(suite: String, part: String) -> String:
	var xml := ""
	var test: RefCounted = (load(suite) as GDScript).new()
	for method: Dictionary in (test.get_script() as GDScript).get_script_method_list():
		var name: String = method["name"]
		if not name.begins_with("test_") or not (part.is_empty() or name.contains(part)):
			continue
		var said: String = test.call(name)
		xml += '    <testcase name="%s" assertions="1" status="%s" classname="%s" time="0.125" >\\n' % [
			name, STATUSES.get(said, "fail"), suite.trim_prefix("res://")]
		if said == "pending":
			xml += '<skipped message="pending">not yet</skipped>'
		elif not said.is_empty():
			xml += '<failure message="failed">%s\\n      at line 12</failure>' % said
		xml += "</testcase>\\n"
	return xml
`;

/** Needs --ignoreHeadlessMode, as GdUnit4 does without a display, and puts its report into a folder of its own. */
const GDUNIT4 = `extends SceneTree


func _initialize() -> void:
	var args := Array(OS.get_cmdline_args())
	args = args.slice(args.find("res://addons/gdUnit4/bin/GdUnitCmdTool.gd") + 1)
	if not args.has("--ignoreHeadlessMode") or not args.has("-c"):
		quit(103)
		return
	var ignored: Array = _values(args, "-i")
	var report: String = ProjectSettings.globalize_path(_values(args, "-rd")[0]).path_join("report_1")
	DirAccess.make_dir_recursive_absolute(report)
	var xml := '<?xml version="1.0" encoding="UTF-8" ?>\\n<testsuites id="2026-01-01" name="report_1" tests="2" failures="1">\\n'
	for place: String in _values(args, "-a"):
		for suite: String in _suites_in(place):
			xml += '\\t<testsuite id="0" name="%s" package="%s" timestamp="2026-01-01T00:00:00" hostname="localhost" tests="2" time="0.250">\\n' % [
				suite.get_file().get_basename(), suite]
			xml += _run_suite(suite, ignored) + "\\t</testsuite>\\n"
	var file := FileAccess.open(report.path_join("results.xml"), FileAccess.WRITE)
	file.store_string(xml + "</testsuites>\\n")
	file.close()
	quit(100 if xml.contains("<failure") else 0)


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
		xml += '\\t\\t<testcase name="%s" classname="%s" time="0.125">\\n' % [name, suite.get_file().get_basename()]
		if not said.is_empty():
			xml += '\\t\\t\\t<failure message="FAILED: %s:%d" type="FAILURE">\\n<![CDATA[\\n%s\\n]]>\\n\\t\\t\\t</failure>\\n' % [suite, 7, said]
		xml += "\\t\\t</testcase>\\n"
	return xml
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
