## Waits until the engine has drawn what is true now.
extends RefCounted

const CommandRequest := preload("command_request.gd")
const EngineTurns := preload("engine_turns.gd")

const TIMEOUT_MS := 3000

var _has_drawn: bool = false


## Whether a frame was drawn; false when none was for a while, as in a window that is minimised.
static func wait(request: CommandRequest) -> bool:
	# The first frame may have been begun before now.
	for frame: int in 2:
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
