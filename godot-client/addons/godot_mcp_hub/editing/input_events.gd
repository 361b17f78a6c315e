## Reads and writes the input events of actions: {"type":"key","key":"Ctrl+S"} and the like.
extends RefCounted

const MODIFIERS: Array[String] = ["ctrl", "shift", "alt", "meta"]
const MOUSE_BUTTONS: Dictionary = {
	"left": MOUSE_BUTTON_LEFT, "right": MOUSE_BUTTON_RIGHT, "middle": MOUSE_BUTTON_MIDDLE, "wheel_up": MOUSE_BUTTON_WHEEL_UP,
	"wheel_down": MOUSE_BUTTON_WHEEL_DOWN, "wheel_left": MOUSE_BUTTON_WHEEL_LEFT, "wheel_right": MOUSE_BUTTON_WHEEL_RIGHT,
	"x1": MOUSE_BUTTON_XBUTTON1, "x2": MOUSE_BUTTON_XBUTTON2,
}
const ALL_DEVICES := -1
const EXPECTED := 'a key such as "Space" or "Ctrl+S", {"type":"key","key":"Space","physical":true}, {"type":"mouse_button","button":"left"},' \
		+ ' {"type":"joypad_button","button":0} or {"type":"joypad_motion","axis":0,"value":-1}'


## The event that `given` describes; null when it describes none.
static func parse(given: Variant) -> InputEvent:
	if given is String:
		return _key({"key": given, "physical": true})
	if not given is Dictionary:
		return null
	match given.get("type"):
		"key": return _key(given)
		"mouse_button": return _mouse_button(given)
		"joypad_button": return _joypad_button(given)
		"joypad_motion": return _joypad_motion(given)
	return null


static func to_json(event: InputEvent) -> Dictionary:
	if event is InputEventKey:
		return _key_to_json(event)
	if event is InputEventMouseButton:
		var button: InputEventMouseButton = event
		var name: Variant = MOUSE_BUTTONS.find_key(button.button_index)
		return _with_modifiers({"type": "mouse_button", "button": name if name != null else button.button_index}, button)
	if event is InputEventJoypadButton:
		return {"type": "joypad_button", "button": (event as InputEventJoypadButton).button_index, "device": event.device}
	if event is InputEventJoypadMotion:
		var motion: InputEventJoypadMotion = event
		return {"type": "joypad_motion", "axis": motion.axis, "value": motion.axis_value, "device": event.device}
	return {"type": event.get_class()}


static func _key(given: Dictionary) -> InputEvent:
	if not given.get("key") is String:
		return null
	var code := OS.find_keycode_from_string(given["key"])
	var plain := code & KEY_CODE_MASK
	if plain == KEY_NONE:
		return null
	var event := InputEventKey.new()
	event.device = ALL_DEVICES
	if given.get("physical", false):
		event.physical_keycode = plain as Key
	else:
		event.keycode = plain as Key
	event.ctrl_pressed = code & KEY_MASK_CTRL or given.get("ctrl", false)
	event.shift_pressed = code & KEY_MASK_SHIFT or given.get("shift", false)
	event.alt_pressed = code & KEY_MASK_ALT or given.get("alt", false)
	event.meta_pressed = code & KEY_MASK_META or given.get("meta", false)
	return event


static func _key_to_json(event: InputEventKey) -> Dictionary:
	var is_physical := event.keycode == KEY_NONE and event.physical_keycode != KEY_NONE
	var described: Dictionary = {"type": "key", "key": OS.get_keycode_string(event.physical_keycode if is_physical else event.keycode)}
	if is_physical:
		described["physical"] = true
	return _with_modifiers(described, event)


static func _mouse_button(given: Dictionary) -> InputEvent:
	var button: Variant = MOUSE_BUTTONS.get(given.get("button"), given.get("button"))
	if not (button is int or button is float) or button < 1:
		return null
	var event := InputEventMouseButton.new()
	event.device = ALL_DEVICES
	event.button_index = int(button) as MouseButton
	for modifier: String in MODIFIERS:
		event.set(modifier + "_pressed", given.get(modifier, false))
	return event


static func _joypad_button(given: Dictionary) -> InputEvent:
	if not given.get("button") is float or given["button"] < 0:
		return null
	var event := InputEventJoypadButton.new()
	event.device = int(given.get("device", ALL_DEVICES))
	event.button_index = int(given["button"]) as JoyButton
	return event


static func _joypad_motion(given: Dictionary) -> InputEvent:
	if not given.get("axis") is float or given["axis"] < 0 or not given.get("value") is float:
		return null
	var event := InputEventJoypadMotion.new()
	event.device = int(given.get("device", ALL_DEVICES))
	event.axis = int(given["axis"]) as JoyAxis
	event.axis_value = given["value"]
	return event


static func _with_modifiers(described: Dictionary, event: InputEventWithModifiers) -> Dictionary:
	for modifier: String in MODIFIERS:
		if event.get(modifier + "_pressed"):
			described[modifier] = true
	return described
