## One request while it waits and runs: who asked, with what, and whether the answer is still
## wanted.
extends RefCounted

const Command := preload("command.gd")
const CommandResult := preload("command_result.gd")
const EngineTurns := preload("../engine/engine_turns.gd")
const Leases := preload("permissions.gd").Leases
const Permissions := preload("permissions.gd")

## Progress is reported at most this often.
const PROGRESS_INTERVAL_MS := 200
## How long a command may hold the main thread before it should let a frame pass.
const SLICE_USEC := 8000

var id: Variant = null
var command: Command = null
var params: Dictionary = {}
## Session that asked; empty when the request has no context.
var client_id: String = ""
## Name of the agent, for the undo history.
var agent: String = "agent"
## What its client may do beside the command that it has asked for.
var permissions := Permissions.new()
## What others hold, where the command writes more than it names.
var leases := Leases.new()
## W3C trace context of the request: `traceparent`, and `tracestate` if there is one; empty for
## none.
var trace: Dictionary = {}
## Told how far the command has come: takes this request, `done` of `total`, 0 for unknown, and what
## it is doing.
var progress_listener := Callable()
## Set when the asking side does not want the answer any more.
var is_cancelled: bool = false
## Time.get_ticks_msec() after which the answer is no longer awaited; 0 for none.
var expires_at_ms: int = 0
## Time.get_ticks_msec() at which it arrived.
var received_at_ms: int = Time.get_ticks_msec()

var _slice_started_usec: int = 0
var _next_progress_ms: int = 0
## How far it had come when it was reported last.
var _done: int = 0
var _total: int = 0
## Frame in which a long command has resumed: one a frame, so that several together hold no frame
## longer than one.
static var _resumed_in_frame: int = -1


func has(parameter: String) -> bool:
	return params.has(parameter)


func text(parameter: String, fallback: String = "") -> String:
	return params.get(parameter, fallback)


func number(parameter: String, fallback: int) -> int:
	return params.get(parameter, fallback)


## The place in a list that `cursor` stands for, `fallback` without one; -1 when it is none.
func place(fallback: int = 0) -> int:
	var cursor := text("cursor")
	if cursor.is_empty():
		return fallback
	return cursor.to_int() if cursor.is_valid_int() and cursor.to_int() >= 0 else -1


func not_a_cursor() -> CommandResult:
	return CommandResult.failed("INVALID_PARAMS",
			"'cursor' must be the cursor of an answer that was cut.")


func flag(parameter: String, fallback: bool) -> bool:
	return params.get(parameter, fallback)


func is_expired() -> bool:
	return expires_at_ms > 0 and Time.get_ticks_msec() > expires_at_ms


func cancelled() -> CommandResult:
	return CommandResult.failed("CANCELLED", "%s was cancelled." % command.name)


func begin_slice() -> void:
	_slice_started_usec = Time.get_ticks_usec()


## Lets a frame pass when this command has held the main thread for its slice. To be awaited between
## steps of long work.
func let_frame_pass_when_due() -> void:
	if is_slice_used():
		await let_frame_pass()


## Whether this command has held the main thread for its slice.
func is_slice_used() -> bool:
	return Time.get_ticks_usec() - _slice_started_usec >= SLICE_USEC


## Lets a frame pass, and further ones while another command's slice has its turn.
func let_frame_pass() -> void:
	await EngineTurns.next()
	while _resumed_in_frame == Engine.get_process_frames():
		await EngineTurns.next()
	_resumed_in_frame = Engine.get_process_frames()
	begin_slice()


## Tells the client how far this has come. Cheap: most calls tell nothing.
func report_progress(done: int, total: int, doing: String) -> void:
	_done = done
	_total = total
	if Time.get_ticks_msec() >= _next_progress_ms and progress_listener.is_valid():
		_next_progress_ms = Time.get_ticks_msec() + PROGRESS_INTERVAL_MS
		progress_listener.call(self, done, total, doing)


## Tells the client that it comes no further, and what it waits for.
func report_waiting(what_for: String) -> void:
	report_progress(_done, _total, what_for)
