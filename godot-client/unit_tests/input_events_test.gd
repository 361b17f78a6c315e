extends "unit_test.gd"

const InputEvents := preload("res://addons/godot_mcp_hub/values/input_events.gd")


func test_every_form_is_read_and_written_alike() -> void:
	var forms: Array[Dictionary] = [
		{"type": "key", "key": "Space"},
		{"type": "key", "key": "A", "physical": true, "shift": true},
		{"type": "key", "key": "F5", "ctrl": true, "alt": true, "meta": true},
		{"type": "mouse_button", "button": "wheel_up"},
		{"type": "mouse_button", "button": "right", "ctrl": true},
		{"type": "joypad_button", "button": 3, "device": -1},
		{"type": "joypad_motion", "axis": 2, "value": 1.0, "device": 0},
	]
	for form: Dictionary in forms:
		var given: Dictionary = JSON.parse_string(JSON.stringify(form))
		expect_equal(InputEvents.to_json(InputEvents.parse(given)), form)


func test_a_text_is_a_key_with_its_modifiers() -> void:
	expect_equal(InputEvents.to_json(InputEvents.parse("Ctrl+Shift+S")), {"type": "key", "key": "S", "physical": true, "ctrl": true, "shift": true})


func test_what_is_no_event_is_refused() -> void:
	for given: Variant in ["", "Spce", 5.0, null, {}, {"type": "key"}, {"type": "key", "key": ""}, {"type": "mouse_button", "button": "lft"},
			{"type": "joypad_button"}, {"type": "joypad_button", "button": -1.0}, {"type": "joypad_motion", "axis": 0.0}]:
		expect_equal(InputEvents.parse(given), null)
