## Commands' share of each frame: what has come is read and carried out, and after a command the share is used to listen for the next one.
##
## An answer mostly brings the next command within a millisecond or two. In the next frame that one would wait for all that the
## editor does in between: its own work, what it redraws after the last command, and its sleep.
extends RefCounted

const CommandRouter := preload("command_router.gd")
const FramePace := preload("frame_pace.gd")
const HubConnection := preload("../wire/hub_connection.gd")

## How much of each frame commands may use.
const BUDGET_USEC := 8000
## How long the command after the last one is listened for. What the editor does between two frames does not count.
const LISTEN_USEC := 20000
## Sleep between two looks at the connection.
const LOOK_EVERY_USEC := 50

var _connection: HubConnection
var _router: CommandRouter
var _pace: FramePace
var _budget_usec: int
var _patience_usec: int
## What is left of listening for the next command.
var _listen_usec: int = 0


## `budget_usec` of a frame are used at most; `patience_usec` is how long the next command is listened for.
func _init(connection: HubConnection, router: CommandRouter, pace: FramePace, budget_usec: int = BUDGET_USEC,
		patience_usec: int = LISTEN_USEC) -> void:
	_connection = connection
	_router = router
	_pace = pace
	_budget_usec = budget_usec
	_patience_usec = patience_usec


## Takes the share of this frame; `elapsed_ms` is the time since the last one. Without `may_begin` commands wait in their queue.
func use(elapsed_ms: float, may_begin: bool) -> void:
	_connection.poll(elapsed_ms)
	var end := Time.get_ticks_usec() + _budget_usec
	_run(end, may_begin)
	while _is_listening() and Time.get_ticks_usec() < end:
		var since := Time.get_ticks_usec()
		OS.delay_usec(LOOK_EVERY_USEC)
		_connection.poll(0.0)
		_listen_usec -= Time.get_ticks_usec() - since
		_run(end, may_begin)


func _run(end_usec: int, may_begin: bool) -> void:
	if may_begin and _router.run_queued(end_usec - Time.get_ticks_usec()):
		_listen_usec = _patience_usec
		_pace.keep_short()


## Commands that wait or run want the next frame: nothing is listened for beside them.
func _is_listening() -> bool:
	return _listen_usec > 0 and not _router.is_closed and _router.pending_count() == 0 and _connection.state == HubConnection.State.CONNECTED
