## One step of an input sequence: what is pressed, for how long, and what is released again.
extends RefCounted

const CommandResult := preload("../requests/command_result.gd")
const GameNodes := preload("game_nodes.gd")
const GameTexts := preload("game_texts.gd")
const InputEvents := preload("../values/input_events.gd")
const InputStep := preload("input_step.gd")
const NearNames := preload("../texts/near_names.gd")
const NumberTypes := preload("../values/number_types.gd")
const Result := preload("../requests/result.gd")

const TYPES: Array[String] = [
	"key", "text", "action", "mouse_button", "mouse_motion", "click", "touch", "joypad_button",
	"joypad_motion", "wait"]
## Frames of the physics for which a thing is held: enough for is_action_just_pressed() in either
## kind of frame.
const DEFAULT_HOLD := 2

## Events that begin it, and those that end it after the hold.
var presses: Array[InputEvent] = []
var releases: Array[InputEvent] = []
## Frames of the physics between them, and milliseconds to wait in addition.
var hold_frames: int = 0
var wait_ms: int = 0
## Path of the Control that a click goes to.
var control: Control = null

## Why the step cannot be done; null when it can.
var _error: CommandResult = null
var _root: Window
var _given: Dictionary


## Reads a step. What it is aimed at is looked for now: so the step is read when its turn comes.
static func read(root: Window, given: Variant) -> Result:
	var step := InputStep.new()
	step._root = root
	if not given is Dictionary or not TYPES.has((given as Dictionary).get("type")):
		step._refuse('an object with "type", one of %s' % ", ".join(PackedStringArray(TYPES)))
		return Result.err(step._error)
	step._given = given
	step._read()
	return Result.ok(step) if step._error == null else Result.err(step._error)


func _read() -> void:
	var type: String = _given["type"]
	match type:
		"text": _read_text()
		"action": _read_action()
		"mouse_motion": _read_motion()
		"click": _read_click()
		"touch": _read_touch()
		"wait": _read_wait()
		_: _read_button()
	if type != "wait" and type != "mouse_motion" and _error == null:
		_apply_hold()


## "pressed" leaves one half of it out; otherwise both are done, with a hold between them.
func _apply_hold() -> void:
	var hold: Variant = _given.get("frames", DEFAULT_HOLD)
	if not NumberTypes.is_whole(hold) or hold < 1:
		_refuse('"frames" of at least 1')
		return
	hold_frames = int(hold)
	if not _given.get("pressed") is bool:
		return
	hold_frames = 0
	if _given["pressed"]:
		releases.clear()
	else:
		presses = releases
		releases = []


func _read_button() -> void:
	var event := InputEvents.parse({"button": "left"}.merged(_given, true)
			if _given["type"] == "mouse_button" else _given)
	if event == null:
		_refuse(InputEvents.EXPECTED)
	elif event is InputEventJoypadMotion:
		event.device = maxi(event.device, 0)
		var rest: InputEventJoypadMotion = event.duplicate()
		rest.axis_value = 0.0
		_press_and_release(event, rest)
	else:
		event.device = maxi(event.device, 0)
		if event is InputEventMouseButton:
			_aim(event)
		elif event is InputEventKey:
			_complete_key(event)
		_press_both(event)


## A key is known by both its codes, whichever was given.
static func _complete_key(event: InputEventKey) -> void:
	if event.keycode == KEY_NONE:
		event.keycode = DisplayServer.keyboard_get_keycode_from_physical(event.physical_keycode)
	if event.keycode == KEY_NONE:
		event.keycode = event.physical_keycode
	if event.physical_keycode == KEY_NONE:
		event.physical_keycode = event.keycode


func _read_text() -> void:
	if not _given.get("text") is String or (_given["text"] as String).is_empty():
		_refuse('"text" to type')
		return
	for character: String in _given["text"]:
		var event := InputEventKey.new()
		event.unicode = character.unicode_at(0)
		event.keycode = OS.find_keycode_from_string(character.to_upper())
		event.pressed = true
		var up: InputEventKey = event.duplicate()
		up.pressed = false
		presses.append_array([event, up])


func _read_action() -> void:
	var action: Variant = _given.get("action")
	if not action is String or not InputMap.has_action(action):
		_refuse('"action", %s' % _known_actions(str(action)))
		return
	var event := InputEventAction.new()
	event.action = action
	event.strength = _given.get("strength", 1.0)
	_press_both(event)


## The actions that there are; the engine has many, of which the one that is most like
## `wanted` is named.
static func _known_actions(wanted: String) -> String:
	var own := InputMap.get_actions().filter(func(each: StringName) -> bool:
		return not String(each).begins_with("ui_"))
	var like := NearNames.of(wanted,
			InputMap.get_actions().filter(func(each: StringName) -> bool: return not own.has(each)))
	var of_the_engine := "one of the engine's own, such as \"%s\"" % ("ui_accept" if like.is_empty()
			else like[0])
	return of_the_engine if own.is_empty() \
			else "one of %s, or %s" % [", ".join(PackedStringArray(own)), of_the_engine]


func _read_motion() -> void:
	var event := InputEventMouseMotion.new()
	_aim(event)
	if _error == null and not _given.has("position"):
		_refuse('"position"')
	presses.append(event)
	hold_frames = 1


func _read_click() -> void:
	if _given.has("text"):
		_find_clicked(str(_given["text"]))
	elif _given.has("path"):
		_name_clicked(str(_given["path"]))
	if _error != null or not presses.is_empty():
		return
	var event := InputEventMouseButton.new()
	event.button_index = MOUSE_BUTTON_LEFT
	_aim(event)
	if _error == null and not _given.has("position"):
		_refuse('"text" or "path" of a Control, or "position"')
	_press_both(event)


func _find_clicked(text: String) -> void:
	var found := GameNodes.find_text(_root, text, true)
	if not found.is_empty() and found["node"] is PopupMenu:
		_choose(found["node"], found["text"])
	elif found.is_empty() or not found["node"] is Control:
		_refuse_unseen(text)
	else:
		var own: GameTexts = found["text"]
		_click_at(found["node"], own.rect if own.rect.has_area()
				else Rect2(Vector2.ZERO, (found["node"] as Control).size), text)


func _name_clicked(path: String) -> void:
	var found := GameNodes.find(_root, path)
	if found == null:
		_error = GameNodes.not_found(_root, path)
	elif not found is Control or not (found as Control).is_visible_in_tree():
		_refuse_unseen(path)
	else:
		_click_at(found as Control, Rect2(Vector2.ZERO, (found as Control).size), path)


func _click_at(clicked: Control, part: Rect2, what: String) -> void:
	if clicked is BaseButton and (clicked as BaseButton).disabled:
		_error = CommandResult.failed("CONFLICT", "The button '%s' is disabled." % what)
		return
	control = clicked
	_given = _given.merged({"position": GameNodes.screen_part(clicked, part).get_center()}, true)


## The engine does not tell where the items of a menu are: the one that is meant is chosen as by the
## keyboard.
func _choose(menu: PopupMenu, text: GameTexts) -> void:
	for index: int in menu.item_count:
		if menu.get_item_text(index) == text.key and not menu.is_item_separator(index):
			if menu.is_item_disabled(index):
				_error = CommandResult.failed("CONFLICT", "The item '%s' is disabled." % text.shown)
				return
			menu.set_focused_item(index)
			break
	control = menu.get_parent() as Control
	var event := InputEventKey.new()
	event.keycode = KEY_ENTER
	_complete_key(event)
	_press_both(event)


func _refuse_unseen(what: String) -> void:
	_error = CommandResult.failed("NOT_FOUND", "The game shows no Control '%s'." % what,
			"game.find with type:\"Control\" lists them.")


func _read_touch() -> void:
	var event := InputEventScreenTouch.new()
	event.index = int(_given.get("index", 0))
	var position: Variant = _position()
	if position == null:
		_refuse('"position"')
		return
	event.position = position
	_press_both(event)


func _read_wait() -> void:
	var frames: Variant = _given.get("frames", 0)
	var ms: Variant = _given.get("ms", 0)
	if not NumberTypes.is_whole(frames) or not NumberTypes.is_whole(ms) or frames < 0 or ms < 0 \
			or frames + ms <= 0:
		_refuse('"frames" or "ms" to wait')
		return
	hold_frames = int(frames)
	wait_ms = int(ms)


## Points a mouse event to the position that is given, after a motion that brings the pointer there.
func _aim(event: InputEventMouse) -> void:
	if not _given.has("position"):
		event.position = _root.get_final_transform() * _root.get_mouse_position()
		event.global_position = event.position
		return
	var position: Variant = _position()
	if position == null:
		_refuse('"position" {"x":...,"y":...}')
		return
	event.position = position
	event.global_position = position
	if event is InputEventMouseButton:
		var motion := InputEventMouseMotion.new()
		motion.position = position
		motion.global_position = position
		presses.append(motion)


## The position in the window; what is given is a position in the game's picture, which may be
## stretched.
func _position() -> Variant:
	var given: Variant = _given.get("position")
	if given is Dictionary:
		given = NumberTypes.from_json(TYPE_VECTOR2, {"type": "Vector2"}.merged(given))
	if given is Vector2:
		return _root.get_final_transform() * (given as Vector2)
	return null


func _press_both(event: InputEvent) -> void:
	event.set(&"pressed", true)
	var up := event.duplicate() as InputEvent
	up.set(&"pressed", false)
	_press_and_release(event, up)


func _press_and_release(down: InputEvent, up: InputEvent) -> void:
	presses.append(down)
	releases.append(up)


func _refuse(expected: String) -> void:
	_error = CommandResult.failed("INVALID_PARAMS",
			"A step of 'events' must be %s; given was %s."
			% [expected, JSON.stringify(_given).left(200)])
