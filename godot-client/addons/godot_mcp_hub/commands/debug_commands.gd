## Debugging the game that the editor runs: where it has stopped, what it knows there, and going on.
extends RefCounted

const AdapterConnection := preload("../debugging/adapter_connection.gd")
const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const EditorBreakpoints := preload("../debugging/breakpoints.gd").EditorBreakpoints
const Evaluation := preload("../debugging/evaluation.gd")
const ExecutionGate := preload("../requests/permissions.gd").ExecutionGate
const GameDebugger := preload("../debugging/game_debugger.gd")
const VariableReader := preload("../debugging/variable_reader.gd")
const Wait := preload("../engine/wait.gd")

const DEFAULT_WAIT_MS := 10_000
const MOST_WAIT_MS := 300_000
## The answer leaves this long before the caller stops waiting for it.
const ANSWER_MARGIN_MS := 250
## How long a game may take to stop, to go on, or to reach the end of a step.
const MOVE_TIMEOUT_MS := 5000
## A step out of the outermost function ends at no line: the game runs.
const STEP_TIMEOUT_MS := 2000
const DEFAULT_LIMIT := 100
## Request of the adapter by kind of step. It knows none that steps out: the engine's own message
## does that.
const STEPS: Dictionary = {"over": "next", "into": "stepIn", "out": "godot/put_msg"}

var _debugger: GameDebugger


func _init(debugger: GameDebugger) -> void:
	_debugger = debugger


func commands() -> Array[Command]:
	return [
		Command.write("debug.set_error_stops", _set_error_stops, {"enabled": TYPE_BOOL}),
		Command.read("debug.get_state", _get_state),
		Command.write("debug.pause", _pause).that_takes_long(),
		Command.write("debug.continue", _continue).that_takes_long(),
		Command.write("debug.step", _step, {"kind?": TYPE_STRING}).that_takes_long(),
		Command.read("debug.get_stack", _get_stack),
		Command.read("debug.get_variables", _get_variables, {
			"frame?": TYPE_INT, "scope?": TYPE_STRING, "variable?": TYPE_STRING, "depth?": TYPE_INT,
			"limit?": TYPE_INT,
			"cursor?": TYPE_STRING}),
		Command.write("debug.evaluate", _evaluate,
		{"expression": TYPE_STRING, "frame?": TYPE_INT, "depth?": TYPE_INT}),
		Command.read("debug.wait_for_stop", _wait_for_stop,
		{"timeoutMs?": TYPE_INT}).that_takes_long(),
	]


func _set_error_stops(request: CommandRequest) -> CommandResult:
	_debugger.set_stops_on_errors(request.flag("enabled", true))
	# From now on the adapter tells why a game has stopped.
	var failure := await _debugger.adapter.open()
	return failure if failure != null else CommandResult.succeeded(_debugger.describe())


func _get_state(_request: CommandRequest) -> CommandResult:
	await _until_located()
	var answer := _debugger.describe()
	answer["breakpoints"] = _debugger.breakpoints.describe() if EditorBreakpoints.are_known() \
			else []
	if _debugger.adapter.is_ready():
		answer["adapterPort"] = _debugger.adapter.port()
	return CommandResult.succeeded(answer)


func _pause(request: CommandRequest) -> CommandResult:
	if _debugger.state == GameDebugger.State.NOT_RUNNING:
		return _not_running()
	if _debugger.state == GameDebugger.State.RUNNING:
		var failure := await _move("pause", request, "pause")
		if failure != null:
			return failure
		await Wait.until(func() -> bool: return _debugger.state != GameDebugger.State.RUNNING,
				MOVE_TIMEOUT_MS)
	return await _stand()


func _continue(request: CommandRequest) -> CommandResult:
	var refusal := await _not_stopped()
	if refusal != null:
		return refusal
	var failure := await _move("continue", request)
	return failure if failure != null else CommandResult.succeeded(_debugger.describe())


func _step(request: CommandRequest) -> CommandResult:
	var kind := request.text("kind", "over")
	if not STEPS.has(kind):
		return CommandResult.failed("INVALID_PARAMS",
				"'kind' must be one of %s." % ", ".join(PackedStringArray(STEPS.keys())))
	var refusal := await _not_stopped()
	if refusal != null:
		return refusal
	var failure := await _move(STEPS[kind], request, "step", "out" if kind == "out" else "")
	if failure != null:
		return failure
	await Wait.until(func() -> bool: return _debugger.state != GameDebugger.State.RUNNING,
			STEP_TIMEOUT_MS)
	return await _stand()


func _get_stack(_request: CommandRequest) -> CommandResult:
	var refusal := await _not_stopped()
	if refusal != null:
		return refusal
	var answer := _debugger.describe()
	answer["frames"] = _debugger.frames
	return CommandResult.succeeded(answer)


func _get_variables(request: CommandRequest) -> CommandResult:
	var scope := request.text("scope")
	if request.has("scope") and not VariableReader.SCOPES.has(scope):
		return CommandResult.failed("INVALID_PARAMS",
				"'scope' must be one of %s." % ", ".join(
				PackedStringArray(VariableReader.SCOPES.keys())))
	var refusal := await _no_frame(request)
	if refusal != null:
		return refusal
	await _debugger.acquire()
	var result := await _variables_of(request, scope)
	_debugger.release()
	return result


func _variables_of(request: CommandRequest, scope: String) -> CommandResult:
	var reader := _debugger.reader(request.number("limit", DEFAULT_LIMIT))
	reader.first = request.place()
	if reader.first < 0:
		return request.not_a_cursor()
	var references := await reader.scopes_of(request.number("frame", 0))
	var answer := _frame_facts(request)
	if reader.problem.is_empty() and request.has("variable"):
		var roots := references.values() if scope.is_empty() else [references[scope]]
		var found := await reader.find(roots, request.text("variable").split("/", false))
		if not found.is_empty():
			answer.merge(VariableReader.describe_value(str(found["value"]),
					str(found.get("type", ""))))
			answer["variable"] = request.text("variable")
			answer["variables"] = await reader.children_of(found, request.number("depth", 0))
			var above: Array = [scope] + Array(request.text("variable").split("/", false))
			await reader.name_objects(request.number("frame", 0), above, [answer])
			await reader.name_objects(request.number("frame", 0), above, answer["variables"])
	elif reader.problem.is_empty():
		for wanted: String in [scope] if not scope.is_empty() else ["locals", "members"]:
			answer[wanted] = await reader.read(references[wanted], request.number("depth", 0))
			await reader.name_objects(request.number("frame", 0), [wanted], answer[wanted])
	if not reader.problem.is_empty():
		return CommandResult.failed("NOT_FOUND", reader.problem,
				"debug.get_variables without 'variable' lists them; debug.get_state says whether the game is still stopped.")
	if reader.is_cut:
		answer.merge({"truncated": true, "cursor": str(reader.place)})
	return CommandResult.succeeded(answer)


func _evaluate(request: CommandRequest) -> CommandResult:
	if not ExecutionGate.is_open():
		return ExecutionGate.refusal("debug.evaluate")
	var refusal := await _no_frame(request)
	if refusal != null:
		return refusal
	await _debugger.acquire()
	var evaluation := Evaluation.new(_debugger.adapter, _debugger.reader(DEFAULT_LIMIT),
			_debugger.game_output())
	var result := await evaluation.run(request.text("expression"), request.number("frame", 0),
			request.number("depth", 0))
	_debugger.release()
	if not result.is_failure():
		result.value.merge(_frame_facts(request))
	return result


func _wait_for_stop(request: CommandRequest) -> CommandResult:
	var timeout := request.number("timeoutMs", DEFAULT_WAIT_MS)
	if timeout < 1 or timeout > MOST_WAIT_MS:
		return CommandResult.failed("INVALID_PARAMS",
				"'timeoutMs' must be between 1 and %d." % MOST_WAIT_MS)
	if _debugger.state == GameDebugger.State.NOT_RUNNING:
		return _not_running()
	if request.expires_at_ms > 0:
		timeout = mini(timeout, request.expires_at_ms - ANSWER_MARGIN_MS - Time.get_ticks_msec())
	var is_over := await Wait.until(
			func() -> bool: return request.is_cancelled or _debugger.state != GameDebugger.State.RUNNING, timeout)
	if request.is_cancelled:
		return request.cancelled()
	if not is_over:
		return CommandResult.failed("TIMEOUT",
				"The game has not stopped within %d ms; it runs." % timeout,
				"debug.list_breakpoints says where it would stop, debug.pause stops it where it is.").with("dispatched", true)
	return await _stand()


## Where the game stands now, when that is known.
func _stand() -> CommandResult:
	await _until_located()
	return CommandResult.succeeded(_debugger.describe())


func _until_located() -> void:
	await Wait.until(
			func() -> bool: return _debugger.state != GameDebugger.State.STOPPED or _debugger.is_located(), MOVE_TIMEOUT_MS)


## Null when the game has stopped at a place that is known.
func _not_stopped() -> CommandResult:
	await _until_located()
	if _debugger.state == GameDebugger.State.NOT_RUNNING:
		return _not_running()
	if _debugger.state == GameDebugger.State.RUNNING:
		return CommandResult.failed("CONFLICT", "The game is not stopped: it runs.",
				"debug.wait_for_stop waits for a breakpoint, debug.pause stops it where it is.")
	return await _debugger.adapter.open()


func _no_frame(request: CommandRequest) -> CommandResult:
	var refusal := await _not_stopped()
	if refusal != null:
		return refusal
	if _debugger.frames.is_empty():
		return CommandResult.failed("CONFLICT",
				"The game is stopped between two frames: no script runs.",
				"debug.step with kind \"into\" goes to the next line of a script.")
	if request.number("frame", 0) < 0 or request.number("frame", 0) >= _debugger.frames.size():
		return CommandResult.failed("NOT_FOUND",
				"There is no frame %d; the stack has %d."
				% [request.number("frame", 0), _debugger.frames.size()])
	return null


func _frame_facts(request: CommandRequest) -> Dictionary:
	var number := request.number("frame", 0)
	return _debugger.frames[number].duplicate() if number < _debugger.frames.size() else {}


## Null when the game has begun to move.
func _move(what: String, request: CommandRequest, expecting: String = "",
		message: String = "") -> CommandResult:
	var failure := await _debugger.adapter.open()
	if failure != null:
		return failure
	await _debugger.acquire()
	var number := _debugger.stop_number
	var was := _debugger.state
	var response := await _debugger.move(what, request.agent, expecting, message)
	# Lost without a response: the adapter has not done it, unless the game has moved meanwhile.
	if response.get("message") == AdapterConnection.LOST \
			and await _debugger.adapter.open() == null \
			and _debugger.state == was and _debugger.stop_number == number:
		response = await _debugger.move(what, request.agent, expecting, message)
	if response.get("success", false):
		await Wait.until(
				func() -> bool: return _debugger.state != was or _debugger.stop_number != number,
				MOVE_TIMEOUT_MS)
	_debugger.release()
	return null if response.get("success", false) \
			else AdapterConnection.refused(str(response.get("message", "")))


static func _not_running() -> CommandResult:
	return CommandResult.failed("CONFLICT", "No game runs under the debugger.",
			"run.play starts one. Of several games of one play, the first has the debugger: the engine's debug adapter knows no other. 'argsOf' says which that is.")
