## Notices that a person presses the editor's stop button: to the debugger such a run looks as if
## the game had been killed.
## Godot: 4.3 to 4.6.
## Remove when: EditorPlugin has a signal for the end of a run that says who ended it.
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
