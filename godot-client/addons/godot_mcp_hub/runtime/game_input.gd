## Plays the player: sends the engine the input events that a keyboard, a mouse, fingers or a joypad
## would send.
extends RefCounted

const CommandRequest := preload("../requests/command_request.gd")
const CommandResult := preload("../requests/command_result.gd")
const FrameGate := preload("frame_gate.gd")
const GameClock := preload("frame_gate.gd").GameClock
const GameNodes := preload("game_nodes.gd")
const InputStep := preload("input_step.gd")
const NodePaths := preload("../values/node_paths.gd")
const Wait := preload("../engine/wait.gd")

const MOST_STEPS := 500
## The answer leaves this long before the caller stops waiting for it.
const ANSWER_MARGIN_MS := 250

var _root: Window
var _gate: FrameGate
var _request: CommandRequest
var _pointer: Pointer
## Paths of what was clicked, in order.
var _clicked: Array[String] = []
var _is_stopped: bool = false


func _init(root: Window, gate: FrameGate, request: CommandRequest, pointer: Pointer) -> void:
	_root = root
	_gate = gate
	_pointer = pointer
	_request = request


## Does one step after the other. What it has pressed it releases again, whatever happens.
func run(clock: GameClock) -> CommandResult:
	var result := await play()
	return result if result.is_failure() else CommandResult.succeeded(clock.stamp(result.value))


## Ends the sequence after the step that is being done, and that one at once.
func stop() -> void:
	_is_stopped = true


## Null when there is a sequence of steps of a possible length.
func refusal() -> CommandResult:
	var steps: Array = _request.params["events"]
	if not steps.is_empty() and steps.size() <= MOST_STEPS:
		return null
	return CommandResult.failed("INVALID_PARAMS", "'events' must have 1 to %d steps." % MOST_STEPS)


## What run() does; its value is {steps, clicked?}.
func play() -> CommandResult:
	var misfit := refusal()
	if misfit != null:
		return misfit
	var steps: Array = _request.params["events"]
	var done := 0
	while done < steps.size() and not _is_stopped:
		var read := InputStep.read(_root, steps[done])
		if read.is_error():
			return read.error.with("step", done)
		var step: InputStep = read.value
		if step.control != null:
			_clicked.append(NodePaths.path_of(_root, step.control))
		await _do(step)
		done += 1
		if _request.is_cancelled:
			return _request.cancelled()
		if _is_late() and not _is_stopped:
			return CommandResult.failed("TIMEOUT",
					"The sequence takes longer than its deadline: %d of %d steps were done."
					% [done, steps.size()],
					"Send it in parts.").with("dispatched", true).with("step", done - 1)
	var answer: Dictionary = {"steps": done}
	if not _clicked.is_empty():
		answer["clicked"] = _clicked
	return CommandResult.succeeded(answer)


func _do(step: InputStep) -> void:
	_send(step.presses)
	await _let_pass(step.hold_frames)
	await Wait.until(_is_unwanted, step.wait_ms, func() -> Signal: return _gate.turned)
	_send(step.releases)
	# The game sees the release before the next press of the same thing.
	if not step.releases.is_empty():
		await _let_pass(1)


## Waits for so many frames of the physics, or until the input is not wanted any more.
func _let_pass(frames: int) -> void:
	var begun_with := _gate.count(true)
	await Wait.until(
			func() -> bool: return _gate.count(true) - begun_with >= frames or _is_unwanted(),
			Wait.FOREVER, _gate.next)


func _send(events: Array[InputEvent]) -> void:
	for event: InputEvent in events:
		if event is InputEventMouse:
			_pointer.complete(event)
		Input.parse_input_event(event)
		Input.flush_buffered_events()
		if event is InputEventMouseMotion:
			_pointer.follow((event as InputEventMouseMotion).position)


func _is_unwanted() -> bool:
	return _is_stopped or _request.is_cancelled or _is_late()


func _is_late() -> bool:
	return _request.expires_at_ms > 0 \
			and Time.get_ticks_msec() > _request.expires_at_ms - ANSWER_MARGIN_MS


## Lets Controls notice a pointer that is not the machine's own: the engine tells them only of one
## that is in the window.
##
## A button that has not been entered ignores clicks, so without this a game without a window, or
## with the real pointer elsewhere, could not be clicked.
class Pointer extends RefCounted:
	var _root: Window
	## The Control that was told that the pointer is in it.
	var _entered: Control = null
	## Where it was last, in pixels of the window.
	var _position := Vector2.INF

	func _init(root: Window) -> void:
		_root = root

	## Gives an event what an own mouse would know: which buttons are held, and how far it has been
	## moved.
	func complete(event: InputEventMouse) -> void:
		event.button_mask = Input.get_mouse_button_mask()
		if event is InputEventMouseButton:
			var button: InputEventMouseButton = event
			var bit := 1 << (button.button_index - 1)
			button.button_mask = button.button_mask | bit if button.pressed \
					else button.button_mask & ~bit
		elif event is InputEventMouseMotion and _position.is_finite():
			var motion: InputEventMouseMotion = event
			motion.relative = motion.position - _position
			motion.screen_relative = motion.relative

	## The pointer has been moved to `position`, in pixels of the window.
	func follow(position: Vector2) -> void:
		_position = position
		var control: Control = null
		if _root.gui_get_hovered_control() == null:
			control = _control_at(_root.get_final_transform().affine_inverse() * position)
		if control == _entered:
			return
		leave()
		_entered = control
		if control != null:
			control.notification(Control.NOTIFICATION_MOUSE_ENTER)

	## The pointer is nowhere any more.
	func leave() -> void:
		if is_instance_valid(_entered):
			_entered.notification(Control.NOTIFICATION_MOUSE_EXIT)
		_entered = null

	## The Control that the player would hit: of those at the place, the one that is drawn last.
	func _control_at(position: Vector2) -> Control:
		var hit: Control = null
		for node: Node in GameNodes.all(_root, true):
			var control := node as Control
			if control != null and control.is_visible_in_tree() \
					and control.mouse_filter != Control.MOUSE_FILTER_IGNORE \
					and GameNodes.screen_rect(control).has_point(position):
				hit = control
		return hit
