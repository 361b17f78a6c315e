## Where each frame of the game begins: counts the frames, and keeps the next one from beginning
## while the game is paused.
##
## A game with frames of a fixed length is held: the engine's main loop stands where the frame
## begins, so that nothing of the game moves, also no timer, no tween and no node that runs while
## the tree is paused. After a command that changes something there, an idle frame passes, in which
## the tree is paused: the work left for the end of a frame is done, and drawn. A game that follows
## the clock has idle frames only.
extends RefCounted

const FrameGate := preload("frame_gate.gd")
const Monitors := preload("../profiling/monitor_samples.gd").Monitors
const Wait := preload("../engine/wait.gd")

## A frame of either kind begins, or a held game has had a turn.
signal passed
## The same, once a frame.
signal turned

## How long a held game sleeps after each turn.
const HELD_SLEEP_MS := 2

## The agents' pause; the game's own is the tree's.
var is_paused: bool = false
## How many steps wait until the game stands where a frame begins.
var waiting: int = 0

var _tree: SceneTree
## Frames have a fixed length and follow no clock.
var _is_fixed: bool
## Does the due work, in each turn of a held game.
var _work: Callable
## Frames that have begun, by whether they are those of the physics.
var _counts: Dictionary = {true: 0, false: 0}
## Kind of the frame that begins.
var _is_physics: bool = true
## The engine's main loop is held.
var _is_standing: bool = false
## Commands that change the game and have not ended, and whether one has since the last idle frame.
var _changing: int = 0
var _is_changed: bool = false
## The engine's number of the first idle frame; -1 while there are none.
var _idle_from: int = -1
var _own_pause: bool = false


func _init(tree: SceneTree, is_fixed: bool, work: Callable) -> void:
	_tree = tree
	_is_fixed = is_fixed
	_work = work


## A frame begins, and the game has had nothing of it. Returns when it may.
func pass_frame(is_physics: bool) -> void:
	if _idle_from < 0:
		_is_physics = is_physics
		_counts[is_physics] += 1
	elif is_physics == _is_physics and Engine.get_process_frames() > _idle_from \
			and (_changing == 0 or waiting > 0):
		_idle_from = -1
		_tree.paused = _own_pause
	passed.emit()
	if not is_physics:
		turned.emit()
		if _idle_from >= 0:
			OS.delay_msec(HELD_SLEEP_MS)
	_is_standing = is_held() and _idle_from < 0
	while _is_standing:
		_have_turn()


## How many frames of the physics have begun, or how many of the picture are over; idle ones are not
## counted.
func count(of_physics: bool) -> int:
	return _counts[of_physics] - (0 if of_physics or _is_physics else 1)


## Whether a frame of that kind begins now.
func begins(physics: bool) -> bool:
	return _is_physics == physics and _idle_from < 0


## Whether the engine's main loop is held, or idle.
func is_held() -> bool:
	return is_paused and _is_fixed


## Whether a held game has a frame of its own for the picture of what a command has changed: the next
## command sees that picture.
func is_drawing() -> bool:
	return _idle_from >= 0 and _changing == 0


## Whether a held game stands where a number of frames of that kind can begin.
func stands_before(physics: bool) -> bool:
	return _is_standing and (_is_physics or not physics)


## Waits until a game that is held stands where a frame begins. To be awaited.
func until_standing() -> void:
	waiting += 1
	await Wait.until(func() -> bool: return _is_standing or not is_held(), Wait.FOREVER, next)
	waiting -= 1


func pause() -> void:
	is_paused = true
	_tree.paused = _tree.paused or not _is_fixed


func go_on() -> void:
	is_paused = false
	_tree.paused = _tree.paused and _is_fixed


## A command begins that may change the game.
func begin_change() -> void:
	_changing += 1


func end_change() -> void:
	_changing -= 1
	_is_changed = true


## Has a held game drawn once, if it has not yet. To be awaited.
func await_picture() -> void:
	if _is_standing and Engine.get_process_frames() == 0:
		_is_changed = true
	await Wait.until(
			func() -> bool: return not is_held() or _is_standing and not _is_changed, Wait.FOREVER,
			next)


## To be awaited for a frame of either kind to begin, or for a turn of a held game.
func next() -> Signal:
	return passed


func _have_turn() -> void:
	# What a command has changed is drawn before the next command looks at it.
	if not _is_changed or waiting > 0:
		_work.call()
	passed.emit()
	turned.emit()
	DisplayServer.force_process_and_drop_events()
	if is_held() and waiting == 0 and (_is_changed or _changing > 0):
		_is_changed = false
		_idle_from = Engine.get_process_frames()
		_own_pause = _tree.paused
		_tree.paused = true
	_is_standing = is_held() and _idle_from < 0
	if _is_standing:
		OS.delay_msec(HELD_SLEEP_MS)


## The game's time: pause and time scale, and what the engine measures of itself.
class GameClock extends RefCounted:
	const MOST_TIME_SCALE := 100.0

	var gate: FrameGate

	var _tree: SceneTree

	func _init(tree: SceneTree, frame_gate: FrameGate) -> void:
		_tree = tree
		gate = frame_gate

	## Adds to an answer when it was true: the frame, and whether time stands still.
	func stamp(answer: Dictionary) -> Dictionary:
		answer.merge({"frame": Engine.get_process_frames(),
				"paused": _tree.paused or gate.is_paused, "timeScale": Engine.time_scale})
		return answer

	## A paused game answers, and can be looked at. Letting it go on also ends its own pause.
	func set_paused(is_paused: bool) -> void:
		if is_paused:
			gate.pause()
		elif gate.is_paused:
			gate.go_on()
		else:
			_tree.paused = false

	func monitors() -> Dictionary:
		return Monitors.values()
