## A node beside the debug adapter's: does something when the editor tells its nodes that settings have changed.
@tool
extends Node

var on_settings_changed := Callable()


func _notification(what: int) -> void:
	if what == EditorSettings.NOTIFICATION_EDITOR_SETTINGS_CHANGED and on_settings_changed.is_valid():
		on_settings_changed.call()
