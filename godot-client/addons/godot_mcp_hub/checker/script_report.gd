## The report on a checked text: its errors and warnings, or what the script declares.
extends RefCounted

const CheckJobs := preload("../checking/check_jobs.gd")
const CheckedShader := preload("checked_shader.gd")
const CheckedText := preload("checked_text.gd")
const ClassReference := preload("class_reference.gd")
const ScriptOutline := preload("script_outline.gd")
const ScriptText := preload("../files/script_text.gd")

const UNABLE := "This engine compiles no shaders without a window: Godot 4.4 and later do."
const DEPENDENCY := "Failed to compile depended scripts. %s:%d: %s"


## The text of a script's file.
static func text_of(path: String) -> String:
	return ScriptText.load_from(path).text


## The errors in scripts that a text refers to, where nothing is wrong with it itself: the
## engine does not load it then.
static func of_dependencies(text: String, dependencies: Array[CheckedText]) -> Array[Dictionary]:
	var errors: Array[Dictionary] = []
	for dependency: CheckedText in dependencies:
		for first: Dictionary in dependency.errors().slice(0, 1):
			errors.append({"line": _line_of(text, dependency.path),
					"message": DEPENDENCY % [dependency.path, first["line"], first["message"]]})
	return errors


## The errors in a shader, or `not_checked` where the engine said nothing of a faulty one
## either.
static func of_shader(job: Dictionary, checked: CheckedShader,
		said_of_faulty: String) -> Dictionary:
	if job.has("refused"):
		return CheckJobs.refused(job["refused"])
	if said_of_faulty.is_empty():
		return {"errors": [], "warnings": [], "not_checked": UNABLE}
	return {"errors": checked.errors(), "warnings": []}


static func _line_of(text: String, path: String) -> int:
	for name: String in [path, path.get_file()]:
		if text.contains(name):
			return text.count("\n", 0, text.find(name)) + 1
	return 1


## `{"errors", "warnings"}`, or for what is asked of a script that compiles its `outline`, `class`
## or `declarations`.
static func of(job: Dictionary, checked: CheckedText) -> Dictionary:
	if job.has("refused"):
		return CheckJobs.refused(job["refused"])
	var errors := checked.errors()
	if job["asks"] == CheckJobs.CHECK:
		if errors.is_empty():
			errors = of_dependencies(checked.text, checked.dependencies)
		return {"errors": errors, "warnings": checked.warnings() if errors.is_empty() else []}
	var script := checked.compiled_script()
	if not errors.is_empty() or script.get_instance_base_type().is_empty():
		return {"errors": errors}
	if job["asks"] == CheckJobs.DECLARATIONS:
		return {"declarations": Declarations.of(script)}
	if job["asks"] == CheckJobs.OUTLINE:
		var outline: Dictionary = {}
		if not script.get_global_name().is_empty():
			outline["className"] = script.get_global_name()
		outline.merge(ScriptOutline.new(script.source_code).describe(script))
		return {"outline": outline}
	return {"class": ClassReference.of_script(job["entry"], script, job["inherited"],
			job["sections"])}


## Writes a GDScript with what another one declares to the outside: its exports with their defaults,
## its signals, its methods without what they do. An object with such a script looks like one with
## the other, and nothing of that runs.
class Declarations extends RefCounted:
	## What may not stand in it: it would run in the editor.
	const TOOL_MARK := "@tool"
	const METHOD := "func %s(%s) -> Variant:\n\treturn null\n"

	var _lines: PackedStringArray = []

	## The text for a script that compiled; empty when there is none.
	static func of(script: GDScript) -> String:
		var declarations := new()
		var text: String = declarations._write(script)
		return "" if text.contains(TOOL_MARK) else text

	func _write(script: GDScript) -> String:
		var base := String(script.get_instance_base_type())
		_lines.append("extends %s\n" % base)
		for info: Dictionary in script.get_script_signal_list():
			var args: Array = (info["args"] as Array).map(_declare_arg)
			_lines.append("@warning_ignore(\"unused_signal\")\nsignal %s(%s)\n" % [
					info["name"], ", ".join(PackedStringArray(args))])
		for info: Dictionary in script.get_script_property_list():
			if int(info["usage"]) & (PROPERTY_USAGE_EDITOR | PROPERTY_USAGE_STORAGE) \
					and (info["name"] as String).is_valid_unicode_identifier():
				_lines.append("@export_custom(%d, %s, %d)\nvar %s: %s%s\n" % [
					info["hint"], _quoted(info["hint_string"]), info["usage"],
					info["name"], _type(info),
					_default(script.get_property_default_value(info["name"]), info)])
		var engines: Dictionary = {"_init": true, "_static_init": true}
		for info: Dictionary in ClassDB.class_get_method_list(base):
			engines[info["name"]] = true
		for info: Dictionary in script.get_script_method_list():
			if not engines.has(info["name"]) and (info["name"] as String) \
					.is_valid_unicode_identifier():
				engines[info["name"]] = true
				_lines.append(METHOD % [info["name"], _arguments(info)])
		return "".join(_lines)

	static func _arguments(info: Dictionary) -> String:
		var arguments: PackedStringArray = []
		var count: int = (info["args"] as Array).size()
		for index: int in count:
			var is_optional: bool = index >= count - (info["default_args"] as Array).size()
			arguments.append("_%d: Variant%s" % [index, " = null" if is_optional else ""])
		return ", ".join(arguments)

	static func _declare_arg(arg: Dictionary) -> String:
		return "%s: %s" % [arg["name"], _type(arg)]

	## Types that scripts declare are those of the engine that they extend: naming them would
	## compile them.
	static func _type(info: Dictionary) -> String:
		if info["type"] == TYPE_NIL:
			return "Variant"
		if info["type"] != TYPE_OBJECT:
			return type_string(info["type"])
		var name := String(info["class_name"])
		return name if ClassDB.class_exists(name) else "Object"

	static func _default(value: Variant, info: Dictionary) -> String:
		if value == null or value is Object or info["type"] == TYPE_OBJECT:
			return ""
		return " = " + (_quoted(value) if value is String else var_to_str(value))

	static func _quoted(text: String) -> String:
		return "\"%s\"" % text.c_escape()
