## Empties the editor's Output panel while a game prints without a pause.
##
## At its limit of lines each new line costs the panel milliseconds, so such a game would hold the
## editor up. What the panel shows is gone within a second then anyway; the log of the game keeps
## it.
## Godot: 4.3 to 4.6.
## Remove when: test/game/flood.test.ts passes without it.
extends RefCounted

const LINES_SHOWN := 1000
## Lines in a second from which on a game prints without a pause.
const FLOOD_LINES := 500
const WINDOW_MS := 1000

var _label: RichTextLabel = null
var _window_end_ms: int = 0
var _lines_at_begin: int = 0


## To be called often, with the number of lines that a game has printed.
func watch(lines: int) -> void:
	if lines - _lines_at_begin > FLOOD_LINES:
		_empty()
	if Time.get_ticks_msec() >= _window_end_ms:
		_window_end_ms = Time.get_ticks_msec() + WINDOW_MS
		_lines_at_begin = lines


func _empty() -> void:
	if _label == null or not is_instance_valid(_label):
		_label = _find()
	if _label != null and _label.get_paragraph_count() > LINES_SHOWN:
		_label.clear()


static func _find() -> RichTextLabel:
	for log: Node in EditorInterface.get_base_control() \
			.find_children("*", "EditorLog", true, false):
		for label: Node in log.find_children("*", "RichTextLabel", true, false):
			return label as RichTextLabel
	return null
