## A number of the game's frames: lets them pass, plays input meanwhile, and tells after each that the game has had it.
##
## The engine's signals come before the nodes have the frame that they announce. So a span begins with one signal and ends with
## the one after its last frame: exactly so many frames are had, and input of the first one is seen in it.
extends RefCounted

const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const GameInput := preload("game_input.gd")

const MOST_FRAMES := 100_000

## Frames of the physics, or of the picture.
var is_physics: bool = true
## The game is let go for the span and paused after it.
var is_step: bool = false
## What is played meanwhile; null for nothing. It ends with the span.
var input: GameInput = null
## Called with how many frames the game has had: 0 before the first.
var on_frame := Callable()

var _tree: SceneTree
var _request: CommandRequest
var _input_result: CommandResult = null


func _init(tree: SceneTree, request: CommandRequest) -> void:
	_tree = tree
	_request = request
	is_physics = request.flag("physics", true)


## What is wrong with a number of frames; null when nothing is.
static func refusal(frames: int) -> CommandResult:
	if frames >= 1 and frames <= MOST_FRAMES:
		return null
	return CommandResult.failed("INVALID_PARAMS", "'frames' must be between 1 and %d." % MOST_FRAMES)


## Returns why it did not come to its end, and null when it did.
func run(frames: int) -> CommandResult:
	var signalled := _tree.physics_frame if is_physics else _tree.process_frame
	await signalled
	if is_step:
		_tree.paused = false
	_tell(0)
	if input != null:
		_play_input()
	var had := 0
	while had < frames and not _is_ended_early():
		await signalled
		had += 1
		_tell(had)
	if is_step:
		_tree.paused = true
	await _end_input(signalled)
	return _failure(had, frames)


func _tell(had: int) -> void:
	if on_frame.is_valid():
		on_frame.call(had)


func _play_input() -> void:
	_input_result = await input.play()


## What the input still holds is released.
func _end_input(signalled: Signal) -> void:
	if input == null:
		return
	input.stop()
	while _input_result == null:
		await signalled


func _is_ended_early() -> bool:
	var has_misfit := _input_result != null and _input_result.is_failure()
	return has_misfit or _request.is_cancelled or _is_late()


func _is_late() -> bool:
	return _request.expires_at_ms > 0 and Time.get_ticks_msec() > _request.expires_at_ms - GameInput.ANSWER_MARGIN_MS


func _failure(had: int, frames: int) -> CommandResult:
	if _request.is_cancelled:
		return _request.cancelled()
	if _input_result != null and _input_result.is_failure() and had < frames:
		return _input_result
	if had < frames:
		return CommandResult.failed("TIMEOUT", "%d of %d frames had passed when its deadline came." % [had, frames],
				"Do it in parts, or give the call more time.").with("dispatched", true).with("frames", had)
	return null
