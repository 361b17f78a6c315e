## Runs GDScript that an agent has written in the running game: an expression, or the statements of
## a function's body.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")

const FUNCTION := "func run(tree: SceneTree, root: Window, scene: Node, node: Node) -> Variant:"
const FUNCTION_NAME := &"run"
## Lines of the script above those that were given.
const LINES_ABOVE := 2
const WARNINGS := "debug/gdscript/warnings/"
const LEVEL_ERROR := 2
const PATH := "hub://code/%d.gd"

static var _count: int = 0

## What the code returned.
var value: Variant = null

var _tree: SceneTree
var _node: Node
var _path: String


func _init(tree: SceneTree, node: Node) -> void:
	_count += 1
	_path = PATH % _count
	_tree = tree
	_node = node


## Returns the error in the code, or what went wrong while it ran; null when it ran to its
## end.
func run(code: String) -> CommandResult:
	var compiled := CodeCompiler.compile(_as_expression(code), _path)
	if compiled.result == null:
		compiled = CodeCompiler.compile(_as_statements(code), _path)
	if compiled.result == null:
		return _failed("SCRIPT_COMPILE_FAILED", compiled.errors, "does not compile")
	var listener := CodeErrors.new(_path)
	OS.add_logger(listener)
	var runner: RefCounted = compiled.result.new()
	value = await runner.call(FUNCTION_NAME, _tree, _tree.root, _tree.current_scene, _node)
	OS.remove_logger(listener)
	if listener.errors.is_empty():
		return null
	return _failed("CONFLICT", listener.errors, "failed") \
			.with("hint", "What it did before that line stays done.")


static func _as_expression(code: String) -> String:
	return "%s\n%s\n\treturn (\n%s\n\t)\n" % [_leniency(), FUNCTION,
			code.dedent().strip_edges().indent("\t")]


## A body without a `return` at its end returns null. Indented as the code itself is: the engine
## takes no mixture.
static func _as_statements(code: String) -> String:
	var body := code.dedent()
	var has_spaces := Array(body.split("\n")).any(func(line: String) -> bool:
		return line.begins_with(" "))
	var indent := "    " if has_spaces else "\t"
	return "%s\n%s\n%s\n%sreturn null\n" % [_leniency(), FUNCTION, body.indent(indent), indent]


## The project's own scripts may have to be free of some warnings; what is run once need not.
static func _leniency() -> String:
	var names: Array[String] = []
	for info: Dictionary in ProjectSettings.get_property_list():
		var setting: String = info["name"]
		if setting.begins_with(WARNINGS) and info["type"] == TYPE_INT \
				and ProjectSettings.get_setting(setting) == LEVEL_ERROR:
			names.append('"%s"' % setting.trim_prefix(WARNINGS))
	return "" if names.is_empty() \
			else "@warning_ignore_start(%s)" % ", ".join(PackedStringArray(names))


static func _failed(kind: String, errors: Array[Dictionary], what: String) -> CommandResult:
	var told: Array[Dictionary] = []
	for error: Dictionary in errors:
		told.append({"line": maxi(1, int(error["line"]) - LINES_ABOVE),
				"message": error["message"]})
	return CommandResult.failed(kind,
			"The code %s: line %d: %s" % [what, told[0]["line"], told[0]["message"]]).with("errors",
			told)


## Compiles code that an agent has written for the running game.
class CodeCompiler extends RefCounted:
	const PREFIXES: Array[String] = ["Parse Error: ", "Compile Error: "]

	## The compiled script; null when it does not compile.
	var result: GDScript = null
	## The errors in the code: {line, message}.
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
			compiler.errors.append(
					{"line": 1, "message": "It does not compile: %s." % error_string(error)})
		if compiler.errors.is_empty():
			compiler.result = compiled
		return compiler

	## Collects what the engine's compiler reports while it is registered as a logger. Needs Godot
	## 4.5, as the whole game's side does.
	class ScriptLog extends Logger:
		## Entries: {line, message} of the script that is being checked.
		var reports: Array[Dictionary] = []

		func _log_error(function: String, _file: String, line: int, code: String, rationale: String,
				_editor_notify: bool,
				_error_type: int, _script_backtraces: Array[ScriptBacktrace]) -> void:
			if function.begins_with("GDScript::"):
				reports.append({"line": line, "message": rationale if not rationale.is_empty()
						else code})


## Collects the errors that a script of a given path makes while it runs. Needs Godot 4.5, as the
## whole game's side does.
class CodeErrors extends Logger:
	## {line, message}, in the order in which they happened; lines as the script has them.
	var errors: Array[Dictionary] = []

	var _path: String
	## The engine reports from any thread.
	var _mutex := Mutex.new()

	func _init(path: String) -> void:
		_path = path

	func _log_error(_function: String, file: String, line: int, code: String, rationale: String,
			_editor_notify: bool,
			error_type: int, _script_backtraces: Array[ScriptBacktrace]) -> void:
		if error_type == ERROR_TYPE_SCRIPT and file == _path:
			_mutex.lock()
			errors.append({"line": line, "message": rationale if not rationale.is_empty()
					else code})
			_mutex.unlock()
