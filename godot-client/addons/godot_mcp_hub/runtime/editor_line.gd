## The game's end of its line to the editor that plays it: says that it lives, and notices when the editor has died.
extends RefCounted

const JsonLines := preload("../json_lines.gd")

## The editor's process has ended without leave-taking: nobody is left to end this game.
signal orphaned

const CONNECT_TIMEOUT_MS := 500
const BEAT_INTERVAL_MS := 200

var _lines: JsonLines = null
var _is_released: bool = false
var _next_beat_ms: int = 0


## Waits for the connection, since what happens next may end this process: the editor is to know of it first.
func _init(port: int, token: String) -> void:
	var peer := StreamPeerTCP.new()
	if peer.connect_to_host("127.0.0.1", port) != OK:
		return
	var deadline := Time.get_ticks_msec() + CONNECT_TIMEOUT_MS
	while peer.get_status() == StreamPeerTCP.STATUS_CONNECTING and Time.get_ticks_msec() < deadline:
		OS.delay_msec(1)
		peer.poll()
	if peer.get_status() == StreamPeerTCP.STATUS_CONNECTED:
		_lines = JsonLines.new(peer)
		_lines.send({"token": token, "pid": OS.get_process_id()})


## Tells the editor something.
func tell(message: Dictionary) -> void:
	if _lines != null:
		_lines.send(message)


## To be called every frame.
func poll() -> void:
	if _lines == null:
		return
	for message: Dictionary in _lines.poll():
		_is_released = message.get("released", _is_released)
	if not _lines.is_open():
		_lines = null
		if not _is_released:
			orphaned.emit()
	elif Time.get_ticks_msec() >= _next_beat_ms:
		_next_beat_ms = Time.get_ticks_msec() + BEAT_INTERVAL_MS
		_lines.send({"beat": Engine.get_process_frames()})


func close() -> void:
	if _lines != null:
		_lines.poll()
		_lines.close()
		_lines = null
