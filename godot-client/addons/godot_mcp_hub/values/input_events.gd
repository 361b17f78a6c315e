## Reads and writes the input events of actions: {"type":"key","key":"Ctrl+S"} and the like.
extends RefCounted

const Permissions := preload("../requests/permissions.gd")
const PropertyParser := preload("property_parser.gd")
const PropertyValues := preload("property_values.gd")
const ValueComparison := preload("value_comparison.gd")

const MODIFIERS: Array[String] = ["ctrl", "shift", "alt", "meta"]
const MOUSE_BUTTONS: Dictionary = {
	"left": MOUSE_BUTTON_LEFT, "right": MOUSE_BUTTON_RIGHT, "middle": MOUSE_BUTTON_MIDDLE,
	"wheel_up": MOUSE_BUTTON_WHEEL_UP,
	"wheel_down": MOUSE_BUTTON_WHEEL_DOWN, "wheel_left": MOUSE_BUTTON_WHEEL_LEFT,
	"wheel_right": MOUSE_BUTTON_WHEEL_RIGHT,
	"x1": MOUSE_BUTTON_XBUTTON1, "x2": MOUSE_BUTTON_XBUTTON2,
}
const ALL_DEVICES := -1
const EXPECTED := 'a key such as "Space" or "Ctrl+S", {"type":"key","key":"Space","physical":true}, {"type":"mouse_button","button":"left"},' \
		+ ' {"type":"joypad_button","button":0} or {"type":"joypad_motion","axis":0,"value":-1}'


## Whether a value is what the engine takes for an action of the input map.
static func is_action(value: Variant) -> bool:
	var events: Variant = value.get("events") if value is Dictionary else null
	return events is Array and value.get("deadzone") is float \
			and (events as Array).all(func(event: Variant) -> bool: return event is InputEvent)


## The events that `given` describes, or the first place of it that describes none: {"events":
## Array} or {"misfit": int}. One that is given as it was read stays the event of `current` that it
## is, with all that no description tells.
static func parse_all(given: Array, current: Array, permissions: Permissions) -> Dictionary:
	var left := current.duplicate()
	# The engine writes the element's type into the file, which the editor does not.
	var events: Array = []
	for index: int in given.size():
		var known: Array = left.filter(func(event: InputEvent) -> bool:
			return ValueComparison.same_json(to_json(event), given[index]))
		var event: InputEvent = known[0] if not known.is_empty() else parse(given[index])
		if event == null:
			event = _resource(given[index], permissions)
		if event == null:
			return {"misfit": index}
		left.erase(event)
		events.append(event)
	return {"events": events}


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


## One of another class, in the form of any resource.
static func _resource(given: Variant, permissions: Permissions) -> InputEvent:
	if not given is Dictionary or given.get("type") != "Resource":
		return null
	var info: Dictionary = {"type": TYPE_OBJECT, "hint": PROPERTY_HINT_RESOURCE_TYPE,
			"hint_string": "InputEvent"}
	return PropertyParser.new(null, permissions).parse(given, info).value as InputEvent


static func to_json(event: InputEvent) -> Dictionary:
	if event is InputEventKey and (_code_of(event as InputEventKey) & KEY_CODE_MASK) != KEY_NONE:
		return _key_to_json(event)
	if event is InputEventMouseButton and (event as InputEventMouseButton) \
			.button_index > MOUSE_BUTTON_NONE:
		var button: InputEventMouseButton = event
		var name: Variant = MOUSE_BUTTONS.find_key(button.button_index)
		return _with_modifiers({"type": "mouse_button",
				"button": name if name != null else button.button_index}, button)
	if event is InputEventJoypadButton:
		return {"type": "joypad_button", "button": (event as InputEventJoypadButton).button_index,
				"device": event.device}
	if event is InputEventJoypadMotion:
		var motion: InputEventJoypadMotion = event
		return {"type": "joypad_motion", "axis": motion.axis, "value": motion.axis_value,
				"device": event.device}
	return PropertyValues.to_json(event, null)


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


static func _code_of(event: InputEventKey) -> Key:
	return event.keycode if event.keycode != KEY_NONE else event.physical_keycode


static func _key_to_json(event: InputEventKey) -> Dictionary:
	var described: Dictionary = {"type": "key", "key": OS.get_keycode_string(_code_of(event))}
	if event.keycode == KEY_NONE:
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
