## Writes a GDScript with what another one declares to the outside: its exports with their defaults,
## its signals, its methods without what they do. An object with such a script looks like one with
## the other, and nothing of that runs.
extends RefCounted

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
		if not engines.has(info["name"]) and (info["name"] as String).is_valid_unicode_identifier():
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


## Types that scripts declare are those of the engine that they extend: naming them would compile
## them.
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
