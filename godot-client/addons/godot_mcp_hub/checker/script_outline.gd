## What a GDScript declares, as the engine sees it: functions, variables, signals, constants, inner
## classes.
##
## The engine knows no lines of members and lists those of base scripts too: the text says which are
## the script's own, and where.
extends RefCounted

const PropertyValues := preload("../values/property_values.gd")
const QuotedTexts := preload("../texts/quoted_texts.gd")
const TypeNames := preload("../values/type_names.gd")

## In code without strings and comments: an indentation (none behind a semicolon), annotations, then
## what declares, and a name.
const DECLARATION := "(*UCP)(?m)(?:^(?<indent>[ \\t]*)|;[ \\t]*)(?:@[\\w.]+[ \\t]*(?<args>\\((?:[^()]++|(?&args))*+\\))?[\\s\\\\]+)*(?:static[\\s\\\\]+)?(?<keyword>func|var|const|signal|class|enum)[\\s\\\\]+(?<name>\\w+)"

var _lines: PackedStringArray
## Every declaration {name, keyword, line, indent} of the source, in its order; `line` counts from
## 1.
var _declarations: Array[Dictionary] = []
## What the exports of the class that is described begin with, as JSON by name.
var _defaults: Dictionary = {}


func _init(source: String) -> void:
	var code := QuotedTexts.blanked(source.replace("\r\n", "\n"))
	_lines = code.split("\n")
	_find_declarations(code)


## Members of the outline of a script that compiled from the source.
func describe(script: GDScript) -> Dictionary:
	return _describe(script, _members_between(0, _lines.size(), ""))


func _describe(script: GDScript, members: Dictionary) -> Dictionary:
	_defaults = _defaults_of(script)
	return {
		"base": _base_of(script), "tool": script.is_tool(),
		"functions": _functions(script, members),
		"variables": _variables(script, members), "signals": _signals(script, members),
		"constants": _constants(script, members), "classes": _classes(script, members),
	}


func _functions(script: GDScript, members: Dictionary) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for info: Dictionary in _once(script.get_script_method_list()):
		if _is_own(info["name"], "func", members):
			var function := TypeNames.method(info)
			function["line"] = members[info["name"]]["line"]
			described.append(function)
	return _by_line(described)


func _variables(script: GDScript, members: Dictionary) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for info: Dictionary in _once(script.get_script_property_list()):
		if not _is_own(info["name"], "var", members):
			continue
		var is_exported := bool(int(info["usage"]) & PROPERTY_USAGE_EDITOR)
		var variable: Dictionary = {
			"name": info["name"], "type": TypeNames.of(info).replace("void", "Variant"),
			"line": members[info["name"]]["line"],
			"exported": is_exported}
		if is_exported and _defaults.has(info["name"]):
			variable["default"] = _defaults[info["name"]]
		described.append(variable)
	return _by_line(described)


func _signals(script: GDScript, members: Dictionary) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	for info: Dictionary in _once(script.get_script_signal_list()):
		if _is_own(info["name"], "signal", members):
			described.append({"name": info["name"], "args": TypeNames.arguments(info),
					"line": members[info["name"]]["line"]})
	return _by_line(described)


func _constants(script: GDScript, members: Dictionary) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	var values := script.get_script_constant_map()
	for name: StringName in values:
		if _is_own(name, "const", members) or _is_own(name, "enum", members):
			described.append({
				"name": String(name), "value": PropertyValues.to_json(values[name], null),
				"line": members[String(name)]["line"]})
	return _by_line(described)


func _classes(script: GDScript, members: Dictionary) -> Array[Dictionary]:
	var described: Array[Dictionary] = []
	var values := script.get_script_constant_map()
	for name: StringName in values:
		if values[name] is GDScript and _is_own(name, "class", members):
			var member: Dictionary = members[String(name)]
			var inner := _describe(values[name],
					_members_between(member["line"], member["end"], member["indent"]))
			inner.merge({"name": String(name), "line": member["line"]})
			described.append(inner)
	return _by_line(described)


static func _defaults_of(script: GDScript) -> Dictionary:
	var defaults: Dictionary = {}
	for info: Dictionary in script.get_script_property_list():
		if int(info["usage"]) & PROPERTY_USAGE_EDITOR:
			defaults[info["name"]] = PropertyValues.to_json(
					script.get_property_default_value(info["name"]), null)
	return defaults


## The engine lists what a base script declares too, after what the script itself does: also what
## the script overrides.
static func _once(infos: Array[Dictionary]) -> Array[Dictionary]:
	var names: Dictionary = {}
	return infos.filter(func(info: Dictionary) -> bool:
		var is_new := not names.has(info["name"])
		names[info["name"]] = true
		return is_new)


static func _is_own(name: String, keyword: String, members: Dictionary) -> bool:
	return members.has(name) and members[name]["keyword"] == keyword


func _find_declarations(code: String) -> void:
	var line := 1
	var counted := 0
	var indent := ""
	for found: RegExMatch in RegEx.create_from_string(DECLARATION).search_all(code):
		var start := found.get_start("keyword")
		# To the engine, a count until 0 is one until the end.
		line += code.count("\n", counted, start) if start > counted else 0
		counted = start
		indent = found.get_string("indent") if found.get_start("indent") >= 0 else indent
		_declarations.append({"name": found.get_string("name"),
				"keyword": found.get_string("keyword"), "line": line, "indent": indent})


## Declarations {keyword, line, end, indent} by name in the lines from `from` (counted from 0) on,
## of the first level that is deeper than `outer`, or of the top.
func _members_between(from: int, to: int, outer: String) -> Dictionary:
	var members: Dictionary = {}
	var level := "" if from == 0 else "?"
	for declaration: Dictionary in _declarations:
		if declaration["line"] <= from or declaration["line"] > to:
			continue
		var indent: String = declaration["indent"]
		if level == "?":
			level = indent
		if indent == level and (from == 0 or indent.length() > outer.length()):
			members[declaration["name"]] = declaration.merged(
					{"end": _end_of_block(declaration["line"] - 1, to, indent)})
	return members


## The line (counted from 0) with which the block below `index` is over.
func _end_of_block(index: int, to: int, indent: String) -> int:
	for next: int in range(index + 1, to):
		var line := _lines[next]
		if not line.strip_edges().is_empty() and line.length() - line.strip_edges(true, false) \
				.length() <= indent.length():
			return next
	return to


static func _base_of(script: GDScript) -> String:
	var base := script.get_base_script()
	if base == null:
		return script.get_instance_base_type()
	return String(base.get_global_name()) if not base.get_global_name().is_empty() \
			else base.resource_path


static func _by_line(described: Array[Dictionary]) -> Array[Dictionary]:
	described.sort_custom(func(a: Dictionary, b: Dictionary) -> bool: return a["line"] < b["line"])
	return described
