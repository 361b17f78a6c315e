## Carries out requests: each at most once, one client's in their order, within a budget of each
## frame.
extends RefCounted

const Command := preload("../requests/command.gd")
const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const CustomCommands := preload("../custom/custom_commands.gd")
const EditorDialogs := preload("../editor/editor_dialogs.gd")
const EngineLog := preload("../engine/engine_log.gd")
const Journal := preload("journal.gd")
const NearNames := preload("../texts/near_names.gd")
const Leases := preload("../requests/permissions.gd").Leases
const Permissions := preload("../requests/permissions.gd")
const Protocol := preload("../wire/protocol.gd")

## An answer is ready to be sent; `text` is the whole frame.
signal answered(id: Variant, text: String)
## A command has come further; `text` is the whole frame.
signal progressed(text: String)
## A command begins for an agent.
signal began(agent: String, command: String)
## A command has ended; `kind` is that of its error, empty when it succeeded.
signal ended(agent: String, command: String, kind: String)

## The answer to a client that asks while the editor is paused: when it may ask again.
const PAUSE_RETRY_MS := 5000
## Requests for commands that are not known yet, kept while the project may still register them.
const MOST_EARLY := 256
const LOOK_FIRST := "Look at the state before you repeat it."
const READ_IT := "Read what it changed; do not repeat it."
## How long a client waits before it hears the reason.
const PATIENCE_MS := 2000
## The answer to one that has waited in vain leaves this long before it is waited for no more.
const ANSWER_MARGIN_MS := 500

## Commands of the project's own code, beside the table; null for none.
var custom: CustomCommands = null
## Is awaited before a command: (CommandRequest) -> CommandResult, null where it can begin. Not
## valid where nothing has to be prepared.
var prepare := Callable()
## The answers reach no client any more.
var is_closed: bool = false
## Why no new command is begun; empty while commands are.
var pause_reason: String = ""
## The project may still register commands: the editor has only just started.
var is_settling: bool = false

var _commands: Dictionary = {}
var _journal := Journal.new()
var _epoch: String = ""
var _log: EngineLog
var _queue: Array[CommandRequest] = []
## Requests that wait or run, by id.
var _pending: Dictionary = {}
## Clients whose running command holds back their next one.
var _busy: Dictionary = {}
## Messages for commands that were not known, by id, each with when it came.
var _early: Dictionary = {}


## `epoch` names the lifetime of this journal: a resend from another one is not run blindly. What
## stands in `engine_log` while a command runs becomes part of its answer.
func _init(epoch: String, engine_log := EngineLog.new()) -> void:
	_epoch = epoch
	_log = engine_log


func register(commands: Array[Command]) -> void:
	for command: Command in commands:
		assert(not _commands.has(command.name), "Command '%s' is registered twice." % command.name)
		_commands[command.name] = command


func command_table() -> Array[Command]:
	var table: Array[Command] = []
	table.assign(_commands.values())
	return table


## Takes a request: answers at once, or queues it. `message` is one that Protocol.read_frame
## accepted.
func receive(message: Dictionary) -> void:
	var id: Variant = message["id"]
	if _pending.has(id) or _early.has(id):
		return
	var command := _command_of(message["method"])
	if command == null and is_settling and _early.size() < MOST_EARLY:
		_early[id] = {"message": message, "at_ms": Time.get_ticks_msec()}
		return
	# What has run is settled before anything is found wrong with the request: the command may be
	# gone by now.
	if _is_settled(message, command):
		return
	var refusal := _refusal(message, command)
	if refusal != null:
		answered.emit(id,
				Protocol.encode_answer(id, refusal, Protocol.trace_of(message.get("context", {}))))
		return
	var request := _request_of(message, command)
	_pending[id] = request
	if not command.read_only:
		_journal.begin(id)
	_queue.append(request)


## Whatever the project registers when the editor starts is registered: what came too early is taken
## now.
func settle() -> void:
	is_settling = false
	var early := _early
	_early = {}
	for entry: Dictionary in early.values():
		var message: Dictionary = entry["message"]
		if message.has("deadlineMs"):
			message["deadlineMs"] = maxf(1.0,
					float(message["deadlineMs"]) - (Time.get_ticks_msec() - int(entry["at_ms"])))
		receive(message)


## Nothing can begin, since the engine is at something: those who have waited for a while are told,
## and those who can wait no longer.
func tell_waiting(engine_work: String) -> void:
	var now := Time.get_ticks_msec()
	for request: CommandRequest in _pending.values():
		if request.expires_at_ms > 0 and now > request.expires_at_ms - ANSWER_MARGIN_MS \
				and _queue.has(request):
			_queue.erase(request)
			_answer_without_running(request, _waited_too_long(request, engine_work))
		elif now > request.received_at_ms + PATIENCE_MS:
			request.report_waiting(engine_work)


## How many commands wait or run.
func pending_count() -> int:
	return _pending.size()


func _command_of(name: String) -> Command:
	if _commands.has(name) or custom == null:
		return _commands.get(name)
	return custom.find(name)


## The asking side does not want the answer to `id` any more: what has not begun is not begun.
func cancel(id: Variant) -> void:
	if _early.has(id):
		_answer_early(id,
				CommandResult.failed("CANCELLED", "%s was cancelled."
				% _early[id]["message"]["method"]))
		return
	var request: CommandRequest = _pending.get(id)
	if request == null:
		return
	request.is_cancelled = true
	if _queue.has(request):
		_queue.erase(request)
		_answer_without_running(request, request.cancelled())


## Answers all: with `refusal` what waits, which is not begun any more, and with `interruption` what
## runs, which comes to its end unheard.
func answer_all(refusal: CommandResult, interruption: CommandResult) -> void:
	for id: Variant in _early.keys():
		_answer_early(id, refusal)
	var waiting := _queue
	_queue = []
	for request: CommandRequest in _pending.values():
		if waiting.has(request):
			_answer_without_running(request, refusal)
		else:
			_finish(request, interruption)


## Begins queued commands until `budget_usec` of this frame is used. Returns whether there was
## anything to do.
func run_queued(budget_usec: int) -> bool:
	if _queue.is_empty():
		return not _pending.is_empty()
	var deadline := Time.get_ticks_usec() + budget_usec
	var held_back: Dictionary = {}
	# What comes while a command runs stands behind the others.
	for request: CommandRequest in _queue.duplicate():
		if is_closed or Time.get_ticks_usec() > deadline:
			break
		if held_back.has(request.client_id) or _busy.has(request.client_id):
			held_back[request.client_id] = true
		elif _pending.get(request.id) == request:
			_queue.erase(request)
			_begin(request)
	return true


func _begin(request: CommandRequest) -> void:
	if request.is_expired():
		_answer_without_running(request, _waited_too_long(request, "other commands came first"))
		return
	began.emit(request.agent, request.command.name)
	if not request.command.long:
		_busy[request.client_id] = request
	request.begin_slice()
	var position := _log.position()
	var result: Variant = await prepare.call(request) if prepare.is_valid() else null
	if result == null:
		result = await request.command.handler.call(request)
	if _busy.get(request.client_id) == request:
		_busy.erase(request.client_id)
	if _pending.get(request.id) != request:
		return
	var outcome: CommandResult = result if result is CommandResult else _defect(request)
	outcome.add_engine_errors(_log.since(position, "warning"))
	if outcome.is_failure():
		outcome.add_dialogs(EditorDialogs.described())
	_finish(request, outcome)


func _finish(request: CommandRequest, result: CommandResult) -> void:
	_pending.erase(request.id)
	ended.emit(request.agent, request.command.name, result.kind)
	var text := Protocol.encode_answer(request.id, result, request.trace)
	if not request.command.read_only:
		_journal.record(request.id, text)
	answered.emit(request.id, text)


func _answer_without_running(request: CommandRequest, result: CommandResult) -> void:
	_pending.erase(request.id)
	_journal.withdraw(request.id)
	answered.emit(request.id, Protocol.encode_answer(request.id, result, request.trace))


func _answer_early(id: Variant, result: CommandResult) -> void:
	var message: Dictionary = _early[id]["message"]
	_early.erase(id)
	answered.emit(id,
			Protocol.encode_answer(id, result, Protocol.trace_of(message.get("context", {}))))


static func _waited_too_long(request: CommandRequest, what_for: String) -> CommandResult:
	var result := CommandResult.failed("TIMEOUT",
			"%s waited longer than its deadline: %s." % [request.command.name, what_for],
			"It was not begun: ask again later.").with("dispatched", false)
	result.add_dialogs(EditorDialogs.described())
	return result


func _refusal(message: Dictionary, command: Command) -> CommandResult:
	if command == null:
		var near := NearNames.of(message["method"], _commands.keys())
		return CommandResult.failed("METHOD_NOT_FOUND",
				"There is no command '%s'." % message["method"], NearNames.question(near), near)
	var misfit := command.misfit(message.get("params", {}))
	if misfit != null or pause_reason.is_empty():
		return misfit
	return CommandResult.failed("BUSY", pause_reason,
			"Wait until the editor is no longer paused.").with("retryAfterMs", PAUSE_RETRY_MS)


## Answers a write that has run, or may have. What only reads is never settled: it runs again.
func _is_settled(message: Dictionary, command: Command) -> bool:
	if command != null and command.read_only:
		return false
	var id: Variant = message["id"]
	match _journal.state_of(id):
		Journal.Entry.ANSWERED:
			answered.emit(id, _journal.answer_of(id))
			return true
		Journal.Entry.FORGOTTEN_ANSWER:
			return _settle_as_unknown(id, "It was carried out; its answer is no longer kept.",
					READ_IT)
	if message.get("attempt", 1) > 1 and (message.get("epoch") != _epoch
			or _journal.may_have_begun(id)):
		return _settle_as_unknown(id,
				"%s was sent before, and may have been carried out." % message["method"],
				LOOK_FIRST)
	return false


func _settle_as_unknown(id: Variant, why: String, hint: String) -> bool:
	answered.emit(id,
			Protocol.encode_answer(id, CommandResult.failed("OUTCOME_UNKNOWN", why, hint)))
	return true


func _request_of(message: Dictionary, command: Command) -> CommandRequest:
	var context: Dictionary = message.get("context", {})
	var request := CommandRequest.new()
	request.id = message["id"]
	request.command = command
	request.params = message.get("params", {})
	request.progress_listener = _tell_progress
	request.client_id = str(context.get("clientId", ""))
	request.agent = str(context.get("agent", request.agent))
	request.permissions = Permissions.of(context)
	request.leases = Leases.of(context)
	request.trace = Protocol.trace_of(context)
	if message.has("deadlineMs"):
		request.expires_at_ms = Time.get_ticks_msec() + int(message["deadlineMs"])
	return request


func _tell_progress(request: CommandRequest, done: int, total: int, doing: String) -> void:
	var params: Dictionary = {"id": request.id, "progress": done, "message": doing}
	if total > 0:
		params["total"] = total
	progressed.emit(Protocol.encode_notification("progress", params))


func _defect(request: CommandRequest) -> CommandResult:
	return CommandResult.failed("INTERNAL_ERROR",
			"%s failed inside the addon." % request.command.name,
			"The editor's output shows the script error.")
