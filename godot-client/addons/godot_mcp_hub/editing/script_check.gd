## Asks the engine what it finds wrong in a GDScript text, without touching the script that is loaded.
extends RefCounted

const EngineLog := preload("../engine_log.gd")
const ScriptCheck := preload("script_check.gd")
const WARNINGS := "debug/gdscript/warnings/"
const PREFIXES: Array[String] = ["Parse Error: ", "Compile Error: "]
const WARNING_MARK := " (Warning treated as error.)"
const LEVEL_WARN := 1
const LEVEL_ERROR := 2


## Errors as {line, column, message}, in the order of their lines.
static func errors_in(source: String, path: String) -> Array[Dictionary]:
	return _diagnostics(source, _compile(source, path))


## A script of its own with this text, compiled; null when it does not compile.
static func compiled(source: String, path: String) -> GDScript:
	var script := GDScript.new()
	return script if _compile(source, path, script).is_empty() else null


## Warnings as {line, column, message}. The engine reports those only as errors: so for one compilation they are.
static func warnings_in(source: String, path: String) -> Array[Dictionary]:
	var raised: Array[String] = []
	for info: Dictionary in ProjectSettings.get_property_list():
		var setting: String = info["name"]
		if setting.begins_with(WARNINGS) and info["type"] == TYPE_INT and ProjectSettings.get_setting(setting) == LEVEL_WARN:
			raised.append(setting)
	_set_levels(raised, LEVEL_ERROR)
	var reports := _compile(source, path)
	_set_levels(raised, LEVEL_WARN)
	return _diagnostics(source, reports)


static func _set_levels(settings: Array[String], level: int) -> void:
	for setting: String in settings:
		ProjectSettings.set_setting(setting, level)
	if not settings.is_empty():
		ProjectSettings.settings_changed.emit()


static func _compile(source: String, path: String, script := GDScript.new()) -> Array[Dictionary]:
	if not path.is_empty() and script.has_method("set_path_cache"):
		script.call("set_path_cache", path)
	script.source_code = source
	var listener := _start_listening()
	EngineLog.begin_check()
	var error := script.reload()
	EngineLog.end_check()
	var reports: Array[Dictionary] = []
	if listener != null:
		OS.call("remove_logger", listener)
		reports.assign(listener.get("reports"))
	if error != OK and reports.is_empty():
		reports.append({"line": 1, "message": "It does not compile (%s); the editor's output says why." % error_string(error)})
	return reports


static func _start_listening() -> Object:
	if not ClassDB.class_exists("Logger"):
		return null
	var type: GDScript = load((ScriptCheck as Script).resource_path.get_base_dir().path_join("script_log.gd"))
	var listener: Object = type.new()
	OS.call("add_logger", listener)
	return listener


static func _diagnostics(source: String, reports: Array[Dictionary]) -> Array[Dictionary]:
	var lines := source.split("\n")
	var diagnostics: Array[Dictionary] = []
	for report: Dictionary in reports:
		var message: String = report["message"].trim_suffix(WARNING_MARK)
		for prefix: String in PREFIXES:
			message = message.trim_prefix(prefix)
		var line: int = maxi(report["line"], 1)
		var text := lines[line - 1] if line <= lines.size() else ""
		diagnostics.append({"line": line, "column": _column(text, message), "message": message})
	diagnostics.sort_custom(func(a: Dictionary, b: Dictionary) -> bool: return a["line"] < b["line"])
	return diagnostics


## The engine names only the line: the column is where the thing that the message quotes stands in it, else where the line begins.
static func _column(text: String, message: String) -> int:
	for quoted: String in message.split('"'):
		var name := quoted.trim_suffix("()")
		var at := text.find(name) if not name.contains(" ") and not name.is_empty() else -1
		if at >= 0:
			return at + 1
	return text.length() - text.strip_edges(true, false).length() + 1
