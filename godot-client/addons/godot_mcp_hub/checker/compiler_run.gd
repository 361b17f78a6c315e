## One run of an engine's compiler, of scripts or of shaders, over a text, and what it said.
extends RefCounted

const CompilerRun := preload("compiler_run.gd")

## The script; null for a shader.
var subject: GDScript = null
## The shader, and the material that has the engine compile it; null for a script.
var shader: Shader = null
var material: ShaderMaterial = null
## Stands in the place of the file that the shader includes, with `include_code`; null for the file
## as it is.
var include: ShaderInclude = null
var include_code: String = ""
var include_path: String = ""
var code: String = ""
## Also makes the script's code and the facts about its members; otherwise the text is only
## analysed.
var compiles: bool = false
## Warnings are errors in this run: the engine reports them only so.
var is_strict: bool = false
## A run over the same text that makes this one needless when it said `needless_when`; null for
## none.
var needless_after: RefCounted = null
var needless_when: String = ""
## The part of the engine's log that was written during the run.
var said: String = ""


static func of_script(text: String, path: String) -> CompilerRun:
	var run := CompilerRun.new()
	run.subject = GDScript.new()
	_name(run.subject, path)
	run.subject.source_code = text
	return run


static func of_shader(text: String, path: String) -> CompilerRun:
	var run := CompilerRun.new()
	run.shader = Shader.new()
	_name(run.shader, path)
	run.material = ShaderMaterial.new()
	run.code = text
	return run


static func _name(resource: Resource, path: String) -> void:
	if not path.is_empty() and resource.has_method("set_path_cache"):
		resource.call("set_path_cache", path)


## Reads what the engine's compiler has reported out of a part of the engine's log.
class EngineReports extends RefCounted:
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
				reports.append({"line": maxi(found.get_string(2).to_int(), 1), "message": message,
						"file": found.get_string(1)})
				message = ""
		return reports

	static func _add(reports: Array[Dictionary], message: String, place: String) -> void:
		var found := _place.search(place)
		if message.is_empty() or found == null or not found.get_string(1).begins_with(COMPILER):
			return
		var plain := message.trim_suffix(WARNING_MARK)
		for prefix: String in PREFIXES:
			plain = plain.trim_prefix(prefix)
		reports.append({"line": maxi(found.get_string(3).to_int(), 1), "message": plain,
				"file": found.get_string(2)})
