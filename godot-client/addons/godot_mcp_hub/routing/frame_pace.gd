## Makes the editor's frames short while commands flow, and gives the editor its own pace back afterwards.
##
## The editor sleeps 6.9 ms a frame, and 100 ms while its window is in the background: without this a command waits that
## long. The editor sets its value anew when its window gains or loses the focus, so what it wants is read each frame.
extends RefCounted

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
