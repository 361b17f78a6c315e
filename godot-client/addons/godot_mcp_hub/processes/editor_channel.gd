## The game's end of its line to the editor that plays it: says that it lives, asks and answers, and
## notices when the editor has died.
extends RefCounted

const EditorChannel := preload("editor_channel.gd")
const JsonLines := preload("byte_stream.gd").JsonLines
const Wait := preload("../engine/wait.gd")

## The editor's process has ended without leave-taking, or before this game has met it: no editor is
## left to end the game.
signal orphaned
## The editor leaves this game alone, and is not heard any more.
signal released
## The editor wants the monitors to be sampled for so long; to be answered with `measured` under the
## same number.
signal measurement_wanted(number: int, duration_ms: int)

const CONNECT_TIMEOUT_MS := 2000
const BEAT_INTERVAL_MS := 200
const REPLY_TIMEOUT_MS := 2000
## How long the end of this game waits for an editor that is to see its exit code, and may be busy.
## One that has died is not waited for.
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


## A connection to an editor that listens at `port`; null when there is none. Waits for it, since
## what happens next may end this process: the editor is to know of it first.
static func dial(port: int) -> JsonLines:
	var peer := StreamPeerTCP.new()
	if peer.connect_to_host("127.0.0.1", port) != OK:
		return null
	Wait.block_until(func() -> bool:
		peer.poll()
		return peer.get_status() != StreamPeerTCP.STATUS_CONNECTING, CONNECT_TIMEOUT_MS)
	return JsonLines.new(peer) if peer.get_status() == StreamPeerTCP.STATUS_CONNECTED else null


func _init(port: int, token: String) -> void:
	_lines = dial(port)
	tell({"token": token, "pid": OS.get_process_id()})


## Tells the editor something.
func tell(message: Dictionary) -> void:
	if _lines != null:
		_lines.send(message)


## Whether a person lets agents run code in this project. Asked each time: it can be switched on and
## off while games run. `turned` comes in each frame.
func may_run_code(turned: Signal) -> bool:
	_may_run_code = null
	tell({"asks": "may_run_code"})
	await Wait.until(
			func() -> bool: return _lines == null or _may_run_code != null, REPLY_TIMEOUT_MS,
			func() -> Signal: return turned)
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
	Wait.block_until(func() -> bool:
		for message: Dictionary in _lines.poll() if _lines != null else []:
			_hear(message)
		return _lines == null or not _lines.is_open() or _is_awaited, LEAVE_TIMEOUT_MS)
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


## Ends this game when its editor has ended and the game's own main loop does not notice, because it
## hangs or has been let go by the addon: a thread runs on then.
class EditorMonitor extends RefCounted:
	const INTERVAL_MS := 50
	## How long the main loop has for ending the game itself.
	const PATIENCE_MS := 1500

	var _thread := Thread.new()
	var _mutex := Mutex.new()
	var _is_over: bool = false

	func start(port: int, token: String) -> void:
		_thread.start(_watch.bind(port, token))

	## The game ends, or needs no watching any more.
	func stop() -> void:
		_mutex.lock()
		_is_over = true
		_mutex.unlock()
		if _thread.is_started():
			_thread.wait_to_finish()

	## The thread's work, on a separate connection: peers are not shared between threads.
	func _watch(port: int, token: String) -> void:
		var lines := EditorChannel.dial(port)
		if lines != null:
			lines.send({"token": token, "watches": true})
		while lines != null and lines.is_open() and not _is_stopped():
			OS.delay_msec(INTERVAL_MS)
			lines.poll()
		# An engine that has only just been started has no main loop yet.
		if not _is_stopped() and Engine.get_main_loop() != null:
			(Engine.get_main_loop() as SceneTree).quit.call_deferred()
		var given_up_at := Time.get_ticks_msec() + PATIENCE_MS
		while not _is_stopped():
			if Time.get_ticks_msec() > given_up_at:
				OS.kill(OS.get_process_id())
			OS.delay_msec(INTERVAL_MS)
		if lines != null:
			lines.close()

	func _is_stopped() -> bool:
		_mutex.lock()
		var is_stopped := _is_over
		_mutex.unlock()
		return is_stopped
