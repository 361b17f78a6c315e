## Plays the player: sends the engine the input events that a keyboard, a mouse, fingers or a joypad would send.
extends RefCounted

const CommandRequest := preload("../command_request.gd")
const CommandResult := preload("../command_result.gd")
const GameClock := preload("game_clock.gd")
const InputStep := preload("input_step.gd")
const NodePaths := preload("../editing/node_paths.gd")
const Pointer := preload("pointer.gd")

const MOST_STEPS := 500
## The answer leaves this long before the caller stops waiting for it.
const ANSWER_MARGIN_MS := 250

var _tree: SceneTree
var _request: CommandRequest
var _pointer: Pointer
## Paths of what was clicked, in order.
var _clicked: Array[String] = []


func _init(tree: SceneTree, request: CommandRequest, pointer: Pointer) -> void:
	_tree = tree
	_pointer = pointer
	_request = request


## Does one step after the other. What it has pressed it releases again, whatever happens.
func run(clock: GameClock) -> CommandResult:
	var steps: Array = _request.params["events"]
	if steps.is_empty() or steps.size() > MOST_STEPS:
		return CommandResult.failed("INVALID_PARAMS", "'events' must have 1 to %d steps." % MOST_STEPS)
	for index: int in steps.size():
		var step := InputStep.read(_tree.root, steps[index])
		if step.failure != null:
			return step.failure.with("step", index)
		if step.control != null:
			_clicked.append(NodePaths.path_of(_tree.root, step.control))
		await _do(step)
		if _request.is_cancelled:
			return _request.cancelled()
		if _is_late():
			return CommandResult.failed("TIMEOUT", "The sequence takes longer than its deadline: %d of %d steps were done." % [index + 1, steps.size()],
					"Send it in parts.").with("dispatched", true).with("step", index)
	var answer: Dictionary = {"steps": steps.size()}
	if not _clicked.is_empty():
		answer["clicked"] = _clicked
	return CommandResult.succeeded(clock.stamp(answer))


func _do(step: InputStep) -> void:
	_send(step.presses)
	for frame: int in step.hold_frames:
		if not _is_unwanted():
			await _tree.physics_frame
	var until := Time.get_ticks_msec() + step.wait_ms
	while Time.get_ticks_msec() < until and not _is_unwanted():
		await _tree.process_frame
	_send(step.releases)
	# The game sees the release before the next press of the same thing.
	if not step.releases.is_empty():
		await _tree.physics_frame


func _send(events: Array[InputEvent]) -> void:
	for event: InputEvent in events:
		Input.parse_input_event(event)
		Input.flush_buffered_events()
		if event is InputEventMouseMotion:
			_pointer.follow((event as InputEventMouseMotion).position)


func _is_unwanted() -> bool:
	return _request.is_cancelled or _is_late()


func _is_late() -> bool:
	return _request.expires_at_ms > 0 and Time.get_ticks_msec() > _request.expires_at_ms - ANSWER_MARGIN_MS
