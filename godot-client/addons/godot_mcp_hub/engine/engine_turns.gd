## When this addon may call the engine: a turn comes once in a frame of the editor's own loop, and
## never while a call into the engine is under way.
##
## The engine's progress dialogs run further frames within a call: a save, an import, a list of
## classes that is written. A command that began or went on in such a frame would enter the engine a
## second time, which the editor does not survive.
## A tool script, since the editor gives static variables of other scripts no initial values.
@tool
extends RefCounted

const EngineProgress := preload("../engine_workarounds/engine_progress.gd")
const EngineTurns := preload("engine_turns.gd")

## A turn has come.
signal came

static var _shared: EngineTurns = null
## Whether turns come by take(). Otherwise, as in a game, each frame is one.
static var _are_given: bool = false
static var _is_taken: bool = false
## What is to be called between two turns, in this order.
static var _between: Array[Callable] = []


## To be awaited by whatever waits for a frame to pass.
static func next() -> Signal:
	return _turns().came if _are_given else _tree().process_frame


## From here on turns come by take().
static func begin() -> void:
	_are_given = true
	_listen()


## Turns come no more: what waits for one goes on with the frames.
static func end() -> void:
	_are_given = false
	_listen()


## Whether this addon has been taken out: what works beside the frames ends.
static func is_over() -> bool:
	return not _are_given


## Makes this frame a turn: what waits for one goes on, then `work` is done. False when a call into
## the engine is under way.
static func take(work: Callable) -> bool:
	if _is_taken or EngineProgress.is_shown():
		return false
	_is_taken = true
	_turns().came.emit()
	work.call()
	_is_taken = false
	return true


## Calls `what` between this turn and the next one: when the engine has done what it had left for
## the end of the frame, and so that it does what `what` leaves to be done. For what takes scenes or
## addons away, or shows others. To be awaited.
static func between(what: Callable) -> void:
	var is_done: Array[bool] = [false]
	_between.append(func() -> void:
		is_done[0] = true
		what.call())
	while not is_done[0]:
		await next()


static func _listen() -> void:
	if not _tree().process_frame.is_connected(_on_frame):
		_tree().process_frame.connect(_on_frame)


static func _on_frame() -> void:
	if _is_taken or EngineProgress.is_shown():
		return
	_is_taken = true
	while not _between.is_empty():
		(_between.pop_front() as Callable).call()
	_is_taken = false
	if not _are_given:
		take(func() -> void: pass)
		if _between.is_empty() and _turns().came.get_connections().is_empty():
			_tree().process_frame.disconnect(_on_frame)


static func _turns() -> EngineTurns:
	if _shared == null:
		_shared = EngineTurns.new()
	return _shared


static func _tree() -> SceneTree:
	return Engine.get_main_loop()
