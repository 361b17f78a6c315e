## The editor's stop button: who presses it ends the editor's own run, which to the debugger looks as if the game had been killed.
extends RefCounted

signal pressed

const BAR_CLASS := "EditorRunBar"
const STOPPING := "EditorRunBar::stop_playing"

var _button: BaseButton = null


## Finds the button, unless it is known already. An editor in which it is not found stays as it is.
func watch() -> void:
	if is_instance_valid(_button):
		return
	for bar: Node in EditorInterface.get_base_control().find_children("*", BAR_CLASS, true, false):
		for button: BaseButton in bar.find_children("*", "BaseButton", true, false):
			if _is_stopping(button):
				_button = button
				_button.pressed.connect(pressed.emit)
				return


func dispose() -> void:
	if is_instance_valid(_button):
		_button.pressed.disconnect(pressed.emit)
	_button = null


static func _is_stopping(button: BaseButton) -> bool:
	return button.pressed.get_connections().any(func(connection: Dictionary) -> bool:
		return (connection["callable"] as Callable).get_method() == STOPPING)
