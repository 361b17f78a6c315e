## A number of the game's frames: lets them pass, plays input meanwhile, and tells after each that
## the game has had it.
##
## A span begins where a frame begins, and ends where the one after its last begins: exactly so many
## frames are had, and input of the first one is seen in it.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FrameGate := preload("frame_gate.gd")
const GameInput := preload("game_input.gd")
const Wait := preload("../engine/wait.gd")

const MOST_FRAMES := 100_000

## Frames of the physics, or of the picture.
var is_physics: bool = true
## The game is let go for the span and paused after it.
var is_step: bool = false
## What is played meanwhile; null for nothing. It ends with the span.
var input: GameInput = null
## Called with how many frames the game has had: 0 before the first.
var on_frame := Callable()

var _gate: FrameGate
var _request: CommandRequest
var _input_result: CommandResult = null


func _init(gate: FrameGate, request: CommandRequest) -> void:
	_gate = gate
	_request = request
	is_physics = request.flag("physics", true)


## The error in a number of frames; null when there is none.
static func refusal(frames: int) -> CommandResult:
	if frames >= 1 and frames <= MOST_FRAMES:
		return null
	return CommandResult.failed("INVALID_PARAMS",
			"'frames' must be between 1 and %d." % MOST_FRAMES)


## Returns why it did not come to its end, and null when it did.
func run(frames: int) -> CommandResult:
	if is_step:
		await _gate.until_standing()
	elif _gate.is_held():
		return CommandResult.failed("CONFLICT", "The game is paused: no frames pass.",
				"game.step, and game.record with step:true, give it frames; game.set_clock {paused:false} lets it go on.")
	if not _gate.stands_before(is_physics):
		await _begin_of_next()
	var begun_with := _gate.count(is_physics)
	if is_step:
		_gate.go_on()
	_tell(0)
	if input != null:
		_play_input()
	var had := 0
	while had < frames and not _is_ended_early():
		await _gate.passed
		if _gate.count(is_physics) - begun_with > had:
			had += 1
			_tell(had)
	if is_step:
		_gate.pause()
	await _end_input()
	return _failure(had, frames)


## A held game goes on until there.
func _begin_of_next() -> void:
	if _gate.is_held():
		_gate.go_on()
	await _gate.passed
	await Wait.until(
			func() -> bool: return _gate.begins(is_physics) or _is_ended_early(), Wait.FOREVER,
			_gate.next)


func _tell(had: int) -> void:
	if on_frame.is_valid():
		on_frame.call(had)


func _play_input() -> void:
	_input_result = await input.play()


## What the input still holds is released.
func _end_input() -> void:
	if input == null:
		return
	input.stop()
	await Wait.until(func() -> bool: return _input_result != null, Wait.FOREVER, _gate.next)


func _is_ended_early() -> bool:
	var has_misfit := _input_result != null and _input_result.is_failure()
	return has_misfit or _request.is_cancelled or _is_late()


func _is_late() -> bool:
	return _request.expires_at_ms > 0 \
			and Time.get_ticks_msec() > _request.expires_at_ms - GameInput.ANSWER_MARGIN_MS


func _failure(had: int, frames: int) -> CommandResult:
	if _request.is_cancelled:
		return _request.cancelled()
	if _input_result != null and _input_result.is_failure() and had < frames:
		return _input_result
	if had < frames:
		return CommandResult.failed("TIMEOUT",
				"%d of %d frames had passed when its deadline came." % [had, frames],
				"Do it in parts, or give the call more time.").with("dispatched",
				true).with("frames", had)
	return null
