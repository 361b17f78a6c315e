## Reads what the engine's compiler has reported out of a part of the engine's log.
extends RefCounted

const HEAD := "SCRIPT ERROR: "
const PLACE := "   at: "
const COMPILER := "GDScript::"
## What the engine writes before the messages of its compiler, and what it adds to a warning.
const PREFIXES: Array[String] = ["Parse Error: ", "Compile Error: "]
const WARNING_MARK := " (Warning treated as error.)"

const SHADER_HEAD := "SHADER ERROR: "

static var _shader_place := RegEx.create_from_string("^\\s*at: .*\\((.*):(\\d+)\\)$")
static var _place := RegEx.create_from_string("^(.*?) \\((.*):(\\d+)\\)$")


## Reports {line, message, file} in the order of the log.
static func of_compiler(text: String) -> Array[Dictionary]:
	var reports: Array[Dictionary] = []
	var message := ""
	for line: String in text.split("\n"):
		if line.begins_with(HEAD):
			message = line.trim_prefix(HEAD)
		elif line.begins_with(PLACE):
			_add(reports, message, line.trim_prefix(PLACE))
			message = ""
		elif not message.is_empty():
			message += "\n" + line
	return reports


## The same of the compiler of shaders; `file` is empty for the shader itself.
static func of_shader(text: String) -> Array[Dictionary]:
	var reports: Array[Dictionary] = []
	var message := ""
	for line: String in text.split("\n"):
		var found := _shader_place.search(line)
		if line.begins_with(SHADER_HEAD):
			message = line.trim_prefix(SHADER_HEAD)
		elif found != null and not message.is_empty():
			reports.append({"line": maxi(found.get_string(2).to_int(), 1), "message": message, "file": found.get_string(1)})
			message = ""
	return reports


static func _add(reports: Array[Dictionary], message: String, place: String) -> void:
	var found := _place.search(place)
	if message.is_empty() or found == null or not found.get_string(1).begins_with(COMPILER):
		return
	var plain := message.trim_suffix(WARNING_MARK)
	for prefix: String in PREFIXES:
		plain = plain.trim_prefix(prefix)
	reports.append({"line": maxi(found.get_string(3).to_int(), 1), "message": plain, "file": found.get_string(2)})
