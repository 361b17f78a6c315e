## Lets Controls notice a pointer that is not the machine's own: the engine tells them only of one that is in the window.
##
## A button that has not been entered ignores clicks, so without this a game without a window, or with the real pointer
## elsewhere, could not be clicked.
extends RefCounted

const GameNodes := preload("game_nodes.gd")

var _root: Window
## The Control that was told that the pointer is in it.
var _entered: Control = null
## Where it was last, in pixels of the window.
var _position := Vector2.INF


func _init(root: Window) -> void:
	_root = root


## Gives an event what an own mouse would know: which buttons are held, and how far it has been moved.
func complete(event: InputEventMouse) -> void:
	event.button_mask = Input.get_mouse_button_mask()
	if event is InputEventMouseButton:
		var button: InputEventMouseButton = event
		var bit := 1 << (button.button_index - 1)
		button.button_mask = button.button_mask | bit if button.pressed else button.button_mask & ~bit
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
		if control != null and control.is_visible_in_tree() and control.mouse_filter != Control.MOUSE_FILTER_IGNORE \
				and GameNodes.screen_rect(control).has_point(position):
			hit = control
	return hit
