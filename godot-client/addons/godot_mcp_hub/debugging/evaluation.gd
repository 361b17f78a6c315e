## Evaluates an expression in a frame of a stopped game, through the adapter.
extends RefCounted

const AdapterConnection := preload("adapter_connection.gd")
const CommandResult := preload("../requests/command_result.gd")
const EngineLog := preload("../engine/engine_log.gd")
const GameOutput := preload("../playing/game_output.gd")
const TextLimits := preload("../texts/text_limits.gd")
const VariableReader := preload("variable_reader.gd")

## The adapter tells expressions apart by their text: the same one again differs in the number of
## spaces behind it.
const MOST_SPACES := 256
const MOST_LENGTH := 4000

var _adapter: AdapterConnection
var _reader: VariableReader
## What the game says, to tell an error in the expression from a result that is null; null when it
## is not known.
var _output: GameOutput


func _init(adapter: AdapterConnection, reader: VariableReader, output: GameOutput) -> void:
	_adapter = adapter
	_reader = reader
	_output = output


func run(text: String, frame: int, depth: int) -> CommandResult:
	var refusal := await _refusal(text, frame)
	if refusal != null:
		return refusal
	var before := _errors_since(0).size()
	var expression := text.strip_edges() + " ".repeat(_adapter.request_count() % MOST_SPACES)
	var response := await _adapter.request("evaluate",
			{"expression": expression, "frameId": frame, "context": "repl"})
	if not response.get("success", false):
		return CommandResult.failed("CONFLICT",
				"The game gave no result: %s." % response.get("message", ""),
				"debug.get_state says whether it is still stopped.")
	var body: Dictionary = response["body"]
	var errors := _errors_since(0).slice(before)
	if not errors.is_empty():
		return CommandResult.failed("CONFLICT", "The expression failed: %s" % errors[0]["message"],
				"It is an expression, not a statement: no assignments, no var. debug.get_variables lists the names.").with("engineErrors", errors)
	var answer := VariableReader.describe_value(str(body.get("result", "")),
			str(body.get("type", "")))
	answer["expression"] = text
	var container := int(body.get("variablesReference", 0))
	if container > 0:
		answer["variables"] = await _reader.read(container, depth)
		if _reader.is_cut:
			answer["truncated"] = true
	# What else an expression leads to has no name by which the game could find it again.
	if text.strip_edges().is_valid_ascii_identifier():
		await _reader.name_objects(frame, ["", text.strip_edges()], [answer])
	return CommandResult.succeeded(answer)


func _refusal(text: String, frame: int) -> CommandResult:
	if text.strip_edges().is_empty() or text.length() > MOST_LENGTH:
		return CommandResult.failed("INVALID_PARAMS",
				"'expression' must have between 1 and %d characters." % MOST_LENGTH)
	var problem := TextLimits.problem_of_script(text)
	if not problem.is_empty():
		return CommandResult.failed("INVALID_PARAMS",
				"The expression is not given to the engine. %s" % problem)
	var parser := Expression.new()
	var references := await _reader.scopes_of(frame)
	if not _reader.problem.is_empty():
		return CommandResult.failed("CONFLICT", _reader.problem)
	var names: PackedStringArray = []
	for told: Dictionary in await _reader.raw(references["locals"]):
		names.append(told["name"])
	if parser.parse(text.strip_edges(), names) != OK:
		return CommandResult.failed("INVALID_PARAMS",
				"This is no expression: %s" % parser.get_error_text(),
				"It is an expression, not a statement: no assignments, no var.")
	# Without an instance the engine does not evaluate: it would let the game go on.
	var members := await _reader.raw(references["members"])
	if not members.any(func(told: Dictionary) -> bool: return told["name"] == "self"):
		return CommandResult.failed("CONFLICT",
				"The function of frame %d is static: the engine evaluates only where there is a self." % frame,
				"debug.get_variables shows its locals; or choose another 'frame'.")
	return null


func _errors_since(position: int) -> Array[Dictionary]:
	if _output == null:
		return []
	_output.poll()
	return _output.since(position, "error", EngineLog.LEVELS)
