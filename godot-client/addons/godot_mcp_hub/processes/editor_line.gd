## The game's end of its line to the editor that plays it: says that it lives, asks and answers, and notices when the editor has died.
extends RefCounted

const JsonLines := preload("json_lines.gd")

## The editor's process has ended without leave-taking, or before this game has met it: nobody is left to end the game.
signal orphaned
## The editor leaves this game alone, and is not heard any more.
signal released
## The editor wants the monitors to be sampled for so long; to be answered with `measured` under the same number.
signal measurement_wanted(number: int, duration_ms: int)

const CONNECT_TIMEOUT_MS := 2000
const BEAT_INTERVAL_MS := 200
const REPLY_TIMEOUT_MS := 2000
## How long the end of this game waits for an editor that is to see its exit code, and may be busy. One that has died is not waited for.
const LEAVE_TIMEOUT_MS := 3000

var _lines: JsonLines = null
var _is_released: bool = false
## The editor is ready to see the end of this process.
var _is_awaited: bool = false
## There is no editor at the other end any more.
var _is_over: bool = false
var _next_beat_ms: int = 0
## What the editor has said about running code since it was asked; null while it has not.
var _may_run_code: Variant = null


## A connection to an editor that listens at `port`; null when there is none. Waits for it, since what happens next may end
## this process: the editor is to know of it first.
static func dial(port: int) -> JsonLines:
	var peer := StreamPeerTCP.new()
	if peer.connect_to_host("127.0.0.1", port) != OK:
		return null
	var deadline := Time.get_ticks_msec() + CONNECT_TIMEOUT_MS
	while peer.get_status() == StreamPeerTCP.STATUS_CONNECTING and Time.get_ticks_msec() < deadline:
		OS.delay_msec(1)
		peer.poll()
	return JsonLines.new(peer) if peer.get_status() == StreamPeerTCP.STATUS_CONNECTED else null


func _init(port: int, token: String) -> void:
	_lines = dial(port)
	tell({"token": token, "pid": OS.get_process_id()})


## Tells the editor something.
func tell(message: Dictionary) -> void:
	if _lines != null:
		_lines.send(message)


## Whether a person lets agents run code in this project. Asked each time: it can be switched on and off while games run.
## `turned` comes in each frame.
func may_run_code(turned: Signal) -> bool:
	_may_run_code = null
	tell({"asks": "may_run_code"})
	var deadline := Time.get_ticks_msec() + REPLY_TIMEOUT_MS
	while _lines != null and _may_run_code == null and Time.get_ticks_msec() < deadline:
		await turned
	return _may_run_code == true


## To be called every frame.
func poll() -> void:
	if _is_over:
		return
	for message: Dictionary in _lines.poll() if _lines != null else []:
		_hear(message)
	if _lines == null or not _lines.is_open():
		_lines = null
		_is_over = true
		if _is_released:
			released.emit()
		else:
			orphaned.emit()
	elif Time.get_ticks_msec() >= _next_beat_ms:
		_next_beat_ms = Time.get_ticks_msec() + BEAT_INTERVAL_MS
		_lines.send({"beat": Engine.get_process_frames()})


## The game ends by itself: its process may when the editor is ready to see its exit code.
func take_leave() -> void:
	tell({"leaving": true})
	var deadline := Time.get_ticks_msec() + LEAVE_TIMEOUT_MS
	while _lines != null and _lines.is_open() and not _is_awaited and Time.get_ticks_msec() < deadline:
		for message: Dictionary in _lines.poll():
			_hear(message)
		OS.delay_msec(1)
	if _is_awaited:
		tell({"ends": true})
	close()


func close() -> void:
	if _lines != null:
		_lines.poll()
		_lines.close()
		_lines = null
	_is_over = true


func _hear(message: Dictionary) -> void:
	_is_released = message.get("released", _is_released)
	_is_awaited = message.get("awaited", _is_awaited)
	_may_run_code = message.get("mayRunCode", _may_run_code)
	if message.has("measure"):
		measurement_wanted.emit(int(message["measure"]), int(message["durationMs"]))
