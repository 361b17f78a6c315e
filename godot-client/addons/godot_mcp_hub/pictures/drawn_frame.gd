## Waits until the engine has drawn what is true now, also where it draws only when something has changed: a still game in low
## processor mode, an editor in which nothing happens.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const EngineTurns := preload("../engine/engine_turns.gd")

const TIMEOUT_MS := 3000

## How many wait: meanwhile the engine draws every frame.
static var _waiting: int
static var _was_saving: bool

var _has_drawn: bool = false


## Whether a frame was drawn; false when none was for a while, as in a window that is minimised.
static func wait(request: CommandRequest) -> bool:
	if _waiting == 0:
		_was_saving = OS.low_processor_usage_mode
		OS.low_processor_usage_mode = false
	_waiting += 1
	# The first frame may have been begun before now.
	var has_drawn := await _next(request) and await _next(request)
	_waiting -= 1
	if _waiting == 0:
		OS.low_processor_usage_mode = _was_saving
	return has_drawn


static func _next(request: CommandRequest) -> bool:
	var drawn := new()
	RenderingServer.frame_post_draw.connect(drawn._on_drawn, CONNECT_ONE_SHOT)
	var deadline := Time.get_ticks_msec() + TIMEOUT_MS
	while not drawn._has_drawn:
		if Time.get_ticks_msec() > deadline or request.is_cancelled:
			RenderingServer.frame_post_draw.disconnect(drawn._on_drawn)
			return false
		await EngineTurns.next()
	return true


func _on_drawn() -> void:
	_has_drawn = true
