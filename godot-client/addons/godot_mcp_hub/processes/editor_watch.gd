## Ends this game when its editor has ended and the game's own main loop does not notice, because it hangs or has been let go by the
## addon: a thread runs on then.
extends RefCounted

const EditorLine := preload("editor_line.gd")
const JsonLines := preload("json_lines.gd")

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


## The thread's work, on a connection of its own: peers are not shared between threads.
func _watch(port: int, token: String) -> void:
	var lines := EditorLine.dial(port)
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
