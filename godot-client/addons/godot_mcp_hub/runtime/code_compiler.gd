## Compiles code that an agent has written for the running game.
extends RefCounted

const CodeCompiler := preload("code_compiler.gd")
const ScriptLog := preload("script_log.gd")

const PREFIXES: Array[String] = ["Parse Error: ", "Compile Error: "]

## The compiled script; null when it does not compile.
var result: GDScript = null
## What is wrong with the code: {line, message}.
var errors: Array[Dictionary] = []


## Compiles `source`, which the engine's messages know by `path`.
static func compile(source: String, path: String) -> CodeCompiler:
	var compiler := CodeCompiler.new()
	var compiled := GDScript.new()
	compiled.set_path_cache(path)
	compiled.source_code = source
	var listener := ScriptLog.new()
	OS.add_logger(listener)
	var error := compiled.reload()
	OS.remove_logger(listener)
	for report: Dictionary in listener.reports:
		var message: String = report["message"]
		for prefix: String in PREFIXES:
			message = message.trim_prefix(prefix)
		compiler.errors.append({"line": maxi(report["line"], 1), "message": message})
	if error != OK and compiler.errors.is_empty():
		compiler.errors.append({"line": 1, "message": "It does not compile: %s." % error_string(error)})
	if compiler.errors.is_empty():
		compiler.result = compiled
	return compiler
