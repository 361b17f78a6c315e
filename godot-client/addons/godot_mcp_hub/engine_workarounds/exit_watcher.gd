## Learns with which exit code the editor's own run ends.
##
## The editor kills the process of its run as soon as its debugger notices that the game has hung
## up, which loses the exit code. So the debugger is kept from noticing until the process has ended
## by itself.
## Godot: 4.3 to 4.6.
## Remove when: the editor tells the exit code of its run (a signal or a method of EditorInterface).
extends RefCounted

## Class of the part of the editor that notices.
const DEBUGGER_CLASS := "ScriptEditorDebugger"
## How long a game may take from its last frame to its end.
const PATIENCE_MS := 3000

## Null while it is not known.
var exit_code: Variant = null

var _pid: int
var _held: Array[Node] = []
var _given_up_at_ms: int


## Waits for the end of the process `pid`, which runs. macOS gives its editors games that are not
## their children: of those nothing is learned.
func _init(pid: int) -> void:
	_pid = pid
	_given_up_at_ms = Time.get_ticks_msec() + PATIENCE_MS
	if OS.get_name() == "macOS" or not OS.is_process_running(pid):
		return
	for debugger: Node in EditorInterface.get_base_control() \
			.find_children("*", DEBUGGER_CLASS, true, false):
		if debugger.is_processing():
			debugger.set_process(false)
			_held.append(debugger)


## To be called every frame. Returns whether there is nothing more to wait for.
func poll() -> bool:
	if _held.is_empty():
		return true
	if not OS.is_process_running(_pid):
		exit_code = OS.get_process_exit_code(_pid)
		release()
	elif Time.get_ticks_msec() > _given_up_at_ms:
		release()
	return _held.is_empty()


## Lets the debugger notice. One whose session was stopped meanwhile has stopped by itself.
func release() -> void:
	for debugger: Node in _held:
		if is_instance_valid(debugger) and EditorInterface.is_playing_scene():
			debugger.set_process(true)
	_held.clear()
