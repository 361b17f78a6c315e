## Carries out requests: each at most once, one client's in their order, within a budget of each frame.
extends RefCounted

const Command := preload("command.gd")
const CommandCall := preload("command_call.gd")
const CommandResult := preload("command_result.gd")
const Journal := preload("journal.gd")
const NearNames := preload("editing/near_names.gd")
const Protocol := preload("protocol.gd")

## An answer is ready to be sent; `text` is the whole frame.
signal answered(id: Variant, text: String)
## A command begins for an agent.
signal began(agent: String, command: String)

var _commands: Dictionary = {}
var _journal := Journal.new()
var _epoch: String = ""
var _queue: Array[CommandCall] = []
## Calls that wait or run, by id.
var _calls: Dictionary = {}
## Clients whose running command holds back their next one.
var _busy: Dictionary = {}


## `epoch` names the lifetime of this journal: a resend from another one is not run blindly.
func _init(epoch: String) -> void:
	_epoch = epoch


func register(commands: Array[Command]) -> void:
	for command: Command in commands:
		assert(not _commands.has(command.name), "Command '%s' is registered twice." % command.name)
		_commands[command.name] = command


func command_table() -> Array[Command]:
	var table: Array[Command] = []
	table.assign(_commands.values())
	return table


## Takes a request: answers at once, or queues it. `request` is a message that Protocol.read_frame accepted.
func receive(request: Dictionary) -> void:
	var id: Variant = request["id"]
	if _calls.has(id):
		return
	var command: Command = _commands.get(request["method"])
	var refusal := _refusal(request, command)
	if refusal != null:
		answered.emit(id, Protocol.encode_answer(id, refusal))
		return
	if _answer_from_journal(id):
		return
	var call := _call_of(request, command)
	_calls[id] = call
	if not command.read_only:
		_journal.begin(id)
	_queue.append(call)


## The asking side does not want the answer to `id` any more: what has not begun is not begun.
func cancel(id: Variant) -> void:
	var call: CommandCall = _calls.get(id)
	if call == null:
		return
	call.is_cancelled = true
	if _queue.has(call):
		_queue.erase(call)
		_answer_without_running(call, call.cancelled())


## Begins queued commands until `budget_usec` of this frame is used. Returns whether there was anything to do.
func run_queued(budget_usec: int) -> bool:
	if _queue.is_empty():
		return not _calls.is_empty()
	var deadline := Time.get_ticks_usec() + budget_usec
	var held_back: Dictionary = {}
	var waiting := _queue
	_queue = []
	for index: int in waiting.size():
		var call := waiting[index]
		if held_back.has(call.client_id) or _busy.has(call.client_id):
			held_back[call.client_id] = true
			_queue.append(call)
		elif Time.get_ticks_usec() > deadline:
			_queue.append_array(waiting.slice(index))
			break
		else:
			_begin(call)
	return true


func _begin(call: CommandCall) -> void:
	if call.is_expired():
		_answer_without_running(call, CommandResult.failed("TIMEOUT", "%s waited longer than its deadline." % call.command.name)
				.with("dispatched", false))
		return
	began.emit(call.agent, call.command.name)
	if not call.command.long:
		_busy[call.client_id] = call
	call.begin_slice()
	var result: Variant = await call.command.handler.call(call)
	if _busy.get(call.client_id) == call:
		_busy.erase(call.client_id)
	_finish(call, result if result is CommandResult else _defect(call))


func _finish(call: CommandCall, result: CommandResult) -> void:
	_calls.erase(call.id)
	var text := Protocol.encode_answer(call.id, result)
	if not call.command.read_only:
		_journal.record(call.id, text)
	answered.emit(call.id, text)


func _answer_without_running(call: CommandCall, result: CommandResult) -> void:
	_calls.erase(call.id)
	_journal.withdraw(call.id)
	answered.emit(call.id, Protocol.encode_answer(call.id, result))


func _refusal(request: Dictionary, command: Command) -> CommandResult:
	if command == null:
		var near := NearNames.of(request["method"], _commands.keys())
		return CommandResult.failed("METHOD_NOT_FOUND", "There is no command '%s'." % request["method"], NearNames.question(near), near)
	if not command.read_only and _journal.state_of(request["id"]) == Journal.Entry.UNKNOWN and _may_have_run(request):
		return CommandResult.failed("OUTCOME_UNKNOWN", "%s may have run before this editor restarted." % command.name,
				"Look at the state before you repeat it.")
	return command.misfit(request.get("params", {}))


## Whether another lifetime of this editor may have carried out this request.
func _may_have_run(request: Dictionary) -> bool:
	return request.get("attempt", 1) > 1 and request.get("epoch") != _epoch


func _answer_from_journal(id: Variant) -> bool:
	match _journal.state_of(id):
		Journal.Entry.ANSWERED:
			answered.emit(id, _journal.answer_of(id))
			return true
		Journal.Entry.FORGOTTEN_ANSWER:
			var lost := CommandResult.failed("OUTCOME_UNKNOWN", "It was carried out; its answer is no longer kept.",
					"Read what it changed; do not repeat it.")
			answered.emit(id, Protocol.encode_answer(id, lost))
			return true
	return false


func _call_of(request: Dictionary, command: Command) -> CommandCall:
	var context: Dictionary = request.get("context", {})
	var call := CommandCall.new()
	call.id = request["id"]
	call.command = command
	call.params = request.get("params", {})
	call.client_id = str(context.get("clientId", ""))
	call.agent = str(context.get("agent", call.agent))
	if request.has("deadlineMs"):
		call.expires_at_ms = Time.get_ticks_msec() + int(request["deadlineMs"])
	return call


func _defect(call: CommandCall) -> CommandResult:
	return CommandResult.failed("INTERNAL_ERROR", "%s failed inside the addon." % call.command.name,
			"The editor's output shows the script error.")
