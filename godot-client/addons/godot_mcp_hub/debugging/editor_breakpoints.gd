## The breakpoints of this editor, whoever has set them, as its script editor keeps them.
extends RefCounted


## Whether this version of Godot tells them.
static func are_known() -> bool:
	return EditorInterface.get_script_editor().has_method("get_breakpoints")


## Lines in ascending order, counted from 1, by file.
static func all() -> Dictionary:
	var found: Dictionary = {}
	# Texts such as "res://player.gd:12". Called by name: an older Godot does not have it.
	for entry: String in EditorInterface.get_script_editor().call(&"get_breakpoints"):
		var colon := entry.rfind(":")
		var file := entry.left(colon)
		var lines: Array = found.get_or_add(file, [])
		var line := entry.substr(colon + 1).to_int()
		if not lines.has(line):
			lines.append(line)
	for file: String in found:
		(found[file] as Array).sort()
	return found


static func lines_of(file: String) -> Array:
	return all().get(file, [])
