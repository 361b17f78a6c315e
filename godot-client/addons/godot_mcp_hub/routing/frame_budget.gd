## Commands' share of each frame: what has come is read and carried out, and after a command the
## share is used to listen for the next one.
##
## An answer mostly brings the next command within a millisecond or two. In the next frame that one
## would wait for all that the editor does in between: its own work, what it redraws after the last
## command, and its sleep.
extends RefCounted

const CommandRouter := preload("command_router.gd")
const HubConnection := preload("../wire/hub_connection.gd")

## How much of each frame commands may use.
const BUDGET_USEC := 8000
## How long the command after the last one is listened for. What the editor does between two frames
## does not count.
const LISTEN_USEC := 20000
## Sleep between two looks at the connection.
const LOOK_EVERY_USEC := 50

var _connection: HubConnection
var _router: CommandRouter
var _frame_rate: FrameRate
var _budget_usec: int
var _patience_usec: int
## The rest of the time to listen for the next command.
var _listen_usec: int = 0


## `budget_usec` of a frame are used at most; `patience_usec` is how long the next command is
## listened for.
func _init(connection: HubConnection, router: CommandRouter, frame_rate: FrameRate,
		budget_usec: int = BUDGET_USEC,
		patience_usec: int = LISTEN_USEC) -> void:
	_connection = connection
	_router = router
	_frame_rate = frame_rate
	_budget_usec = budget_usec
	_patience_usec = patience_usec


## Takes the share of this frame; `elapsed_ms` is the time since the last one. Without `may_begin`
## commands wait in their queue.
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
		_frame_rate.keep_short()


## Commands that wait or run want the next frame: nothing is listened for beside them.
func _is_listening() -> bool:
	return _listen_usec > 0 and not _router.is_closed and _router.pending_count() == 0 \
			and _connection.state == HubConnection.State.CONNECTED


## Makes the editor's frames short while commands flow, and gives the editor its own frame_rate back
## afterwards.
##
## The editor sleeps 6.9 ms a frame, and 100 ms while its window is in the background: without this
## a command waits that long. The editor sets its value anew when its window gains or loses the
## focus, so what it wants is read each frame.
class FrameRate extends RefCounted:
	const BUSY_SLEEP_USEC := 1000
	const LINGER_MS := 2000

	var _linger_ms: int
	var _editors_own_usec: int = 0
	var _busy_until_ms: int = 0
	var _is_lowered: bool = false

	## `linger_ms`: how long frames stay short after the last command.
	func _init(linger_ms: int = LINGER_MS) -> void:
		_linger_ms = linger_ms

	func keep_short() -> void:
		_busy_until_ms = Time.get_ticks_msec() + _linger_ms

	## To be called every frame.
	func update() -> void:
		var is_busy := Time.get_ticks_msec() < _busy_until_ms
		if is_busy and OS.low_processor_usage_mode_sleep_usec != BUSY_SLEEP_USEC:
			_editors_own_usec = OS.low_processor_usage_mode_sleep_usec
			_is_lowered = true
			OS.low_processor_usage_mode_sleep_usec = BUSY_SLEEP_USEC
		elif not is_busy:
			restore()

	func restore() -> void:
		if _is_lowered and OS.low_processor_usage_mode_sleep_usec == BUSY_SLEEP_USEC:
			OS.low_processor_usage_mode_sleep_usec = _editors_own_usec
		_is_lowered = false
