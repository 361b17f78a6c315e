## Remembers the first emission of a signal, whatever its arguments. Needs Godot 4.5, as the whole game's side does.
extends RefCounted

var has_seen: bool = false
var arguments: Array = []

var _signal: Signal


func _init(of: Signal) -> void:
	_signal = of
	_signal.connect(_on_emitted)


func forget() -> void:
	if not _signal.is_null() and _signal.is_connected(_on_emitted):
		_signal.disconnect(_on_emitted)


func _on_emitted(...args: Array) -> void:
	if not has_seen:
		has_seen = true
		arguments = args
